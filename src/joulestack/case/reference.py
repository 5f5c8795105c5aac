"""Reference of the case language from its models: `python3 -m joulestack.case.reference FILE`.

Rewrites what stands between the marks in docs/case_files.md; a test asserts that it is current.
"""

from __future__ import annotations

import inspect
import re
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from joulestack import units
from joulestack.case import petsc, time_tables
from joulestack.case.clamping import fixture
from joulestack.case.experiments import measurement
from joulestack.case.interfaces import voids
from joulestack.case.layers import fabrication, kinetics
from joulestack.case.load import load, measured, thermal
from joulestack.case.quantities import CRate, Quantity
from joulestack.case.settings import numerics
from joulestack.case.stack import cell
from joulestack.case.unions import OneOf
from joulestack.fabrication.contacts import LAWS

TABLES: tuple[tuple[str, type[BaseModel]], ...] = (
    ("[cell]", cell.Cell),
    ("[[cell.layers]], [[cell.below]], [[cell.above]]", cell.Layer),
    ("[[cell.die]]", cell.Ring),
    ("[cell.tabs] negative, positive", cell.Tab),
    ("[cell.terminals]", cell.Terminals),
    ("[[cell.layers]] heat_source as a table", time_tables.HeatSourceTable),
    ("[cell] stack_pressure as a table", cell.PressureTable),
    ("[cell.fixture]", fixture.Fixture),
    ("[cell.fixture] springs", fixture.Spring),
    ("[cell.fixture] stops", fixture.FixtureStop),
    ("[cell.fixture] frame", fixture.Frame),
    ("[materials.NAME]: a fabricated material", fabrication.Fabricated),
    ("[materials.NAME] effective", fabrication.Effective),
    ("[materials.NAME]: a composite electrode", fabrication.CompositeElectrode),
    ("[materials.NAME] mass_fractions", fabrication.MassFractions),
    ("[materials.NAME] volume_fractions", fabrication.VolumeFractions),
    ("[materials.NAME] kinetics", kinetics.KineticsTable),
    ("[materials.NAME] contact_under_pressure", fabrication.PressedContact),
    ("[materials.NAME] active as a blend", fabrication.ActivePart),
    ("[[interfaces]]", fabrication.Interface),
    ("[[interfaces]] kinetics", kinetics.MetalKineticsTable),
    ("[[interfaces]] voids", voids.Voids),
    ("[load]", load.Load),
    ("[[load.steps]]", load.LoadStep),
    ("[load.table]", load.LoadTable),
    ("[load] protocol: a step with surroundings", load.ProtocolStep),
    ("[load] protocol: a repeated group", load.ProtocolGroup),
    ("[load.measured]", measured.Measured),
    ('[thermal.faces] kind = "fixed temperature"', thermal.FixedTemperatureFace),
    ('[thermal.faces] kind = "convection"', thermal.ConvectionFace),
    ('[thermal.faces] kind = "radiation"', thermal.RadiationFace),
    ('[thermal.faces] kind = "heat flux"', thermal.HeatFluxFace),
    ('[thermal.faces] kind = "cooling plate"', thermal.CoolingPlateFace),
    ('[thermal.faces] kind = "adiabatic"', thermal.AdiabaticFace),
    ("[thermal.faces] ambient as a table", time_tables.AmbientTable),
    ("[thermal.faces] temperature as a table", time_tables.TemperatureTable),
    ("[thermal.faces] coefficient as a table", time_tables.CoefficientTable),
    ("[thermal.faces] flux as a table", time_tables.FluxTable),
    ("[mesh]", numerics.Mesh),
    ("[time]", numerics.TimeControl),
    ("[time.stop]", numerics.Stop),
    ("[solver]", numerics.Solver),
    ("[outputs]", numerics.Outputs),
    ("[[probes]]", numerics.Probe),
    ("[impedance]", measurement.Impedance),
    ("[polarisation]", measurement.Polarisation),
    ("[[impedance.contacts]], [[polarisation.contacts]]", measurement.BlockingContact),
    ("[thermal_wave]", measurement.ThermalWave),
)
BEGIN, END = "<!-- generated: begin -->", "<!-- generated: end -->"


def reference() -> str:
    """Tables of every section and of the contact laws, in Markdown."""
    lines: list[str] = []
    for title, model in TABLES:
        lines += [f"### `{title}`", "", inspect.cleandoc(model.__doc__ or ""), ""]
        lines += ["| key | value | default | |", "|-|-|-|-|"]
        for name, info in model.model_fields.items():
            lines.append(
                f"| `{name}` | {_kind(info)} | {_default(info)} | {info.description or ''} |"
            )
        lines.append("")
    lines += ["### Contact laws", ""]
    for name, law in LAWS.items():
        lines += [f"`{name}`: {law.doc} ({', '.join(law.transports)})", ""]
        lines += ["| parameter | unit | default | |", "|-|-|-|-|"]
        for key, parameter in law.parameters.items():
            default = "required" if parameter.required else _number(parameter.default)
            unit = "of the resistance" if parameter.unit == "resistance" else parameter.unit
            lines.append(f"| `{key}` | {unit} | {default} | {parameter.doc} |")
        lines.append("")
    lines += [
        "### `[solver]` petsc_options",
        "",
        "The options that a case may set, with the values that they may have; others are refused. "
        "An option of a linear solver may have up to four prefixes: "
        f"{', '.join(f'`{p}`' for p in petsc.PREFIXES)}.",
        "",
        *petsc.reference(),
    ]
    return "\n".join(lines)


def _number(value: object) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return "required"
    value = info.get_default(call_default_factory=True)
    if value is None or value is PydanticUndefined or value in ((), {}, ""):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    unit = next(_units(info.annotation, info.metadata), "")
    if isinstance(value, float) and unit not in ("", "1"):
        return "25 degC" if (value, unit) == (298.15, "K") else units.format_quantity(value, unit)
    return _number(value)


def _kind(info: FieldInfo) -> str:
    """Words for the type of a key."""
    found = list(dict.fromkeys(_words(info.annotation, info.metadata)))
    return ", ".join(found).replace("|", "\\|")


def _units(annotation: Any, metadata: Any = ()) -> Iterator[str]:
    yield from (m.unit for m in metadata if isinstance(m, Quantity))
    for argument in get_args(annotation):
        yield from _units(argument, get_args(annotation)[1:])


def _marked(mark: Any) -> Iterator[str]:
    """Words that an annotation gives in place of the type."""
    if isinstance(mark, OneOf):
        yield " / ".join(f"`{name}`" for name in mark.names())
    elif isinstance(mark, Quantity):
        yield "number" if mark.unit == "1" else f"`{mark.unit}`"


def _words(annotation: Any, metadata: Any = ()) -> Iterator[str]:
    marked = next((word for m in metadata for word in _marked(m)), "")
    if marked:
        yield marked
        return
    if annotation is float and list(metadata) == list(get_args(CRate)[1:]):
        yield "C-rate"
        return
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from _words(args[0], args[1:])
    elif origin in (Union, types.UnionType):
        for argument in args:
            if argument is not type(None):
                yield from _words(argument)
    elif origin is Literal:
        yield " / ".join(f"`{a}`" for a in args)
    elif origin is tuple:
        yield from (f"list of {w}" for w in dict.fromkeys(_words(args[0])))
    elif origin is dict or (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
        yield "table"
    else:
        yield {bool: "true / false", int: "whole number", str: "text", float: "number"}[annotation]


def rewrite(text: str) -> str:
    """A document with what stands between the marks made anew."""
    pattern = re.compile(f"{BEGIN}.*?{END}", re.DOTALL)
    return pattern.sub(lambda _: f"{BEGIN}\n\n{reference()}\n{END}", text)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name)
        path.write_text(rewrite(path.read_text(encoding="utf-8")), encoding="utf-8")
