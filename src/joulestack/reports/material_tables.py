"""What `joulestack materials` prints: the library, and one material as it was made."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from joulestack import units
from joulestack.fabrication.layers import AnyMedium, fabricate
from joulestack.fabrication.media import Reported
from joulestack.fabrication.specification import Composite, Fabrication
from joulestack.laws.state import State
from joulestack.materials import library
from joulestack.materials.citations import short
from joulestack.materials.library import Material
from joulestack.materials.missing_properties import gaps
from joulestack.materials.property import NOT_STATED, VARIABLE_NAMES, Property
from joulestack.reports import ionic_parts
from joulestack.reports.material_plots import plot_material

__all__ = ["list_materials", "plot_material", "show_material"]

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

SYMBOLS = {
    "relative_density": "phi",
    "density": "rho",
    "specific_heat_capacity": "c_p",
    "thermal_conductivity": "k",
    "thermal_diffusivity": "alpha",
    "ionic_conductivity": "sigma ionic",
    "grain_boundary_share": "at boundaries",
    "electronic_conductivity": "sigma electronic",
}


def list_materials(console: Console, extra_dirs: Sequence[str | Path] = ()) -> None:
    """Print all materials of the library and of the user's own folders.

    Args:
        console: rich console.
        extra_dirs: folders with a user's own files.
    """
    table = _table("material", "kind", "also called", "classes", "numbers", "unverified")
    for name in library.names(extra_dirs):
        material = library.load(name, extra_dirs)
        own = list(_properties(material))
        unverified = sum(p.status == "unverified" for p in own)
        table.add_row(
            material.name,
            material.kind,
            ", ".join(material.aliases),
            ", ".join(material.classes),
            str(len(own)),
            f"[yellow]{unverified}[/yellow]" if unverified else "0",
        )
    console.print(table)
    console.print(
        "[yellow]unverified[/yellow]: no source was read, or borrowed from a similar material."
    )


def show_material(
    name: str,
    fabrication: Fabrication | Composite | None,
    state: State,
    console: Console,
    extra_dirs: Sequence[str | Path] = (),
) -> None:
    """Print the properties of a material.

    Args:
        name: of the material; a heading for composites.
        fabrication: how it was made; None prints the library's entry alone.
        state: operating state at which it is evaluated.
        console: rich console.
        extra_dirs: folders with a user's own files.

    Raises:
        CaseError: unknown material, or an impossible fabrication.
    """
    if not isinstance(fabrication, Composite):
        material = library.load(name, extra_dirs)
        if fabrication is None and material.kind in ("conductor", "insulator", "gas"):
            fabrication = Fabrication(material.name)
    if fabrication is not None:
        _show_made(fabrication, state, console, extra_dirs)
    if not isinstance(fabrication, Composite):
        particle_class = fabrication.particle_class if fabrication else None
        _show_entry(material, particle_class, console)
        if fabrication is None:
            console.print(_hint(material))


def _show_made(
    fabrication: Fabrication | Composite,
    state: State,
    console: Console,
    extra_dirs: Sequence[str | Path],
) -> None:
    medium = fabricate(fabrication, extra_dirs)
    console.print(f"[bold]{medium.name}[/bold], {_made(fabrication)}")
    console.print(
        f"at {units.format_quantity(float(state.T), 'K')} "
        f"({float(state.T) - 273.15:.4g} degC), stack pressure "
        f"{units.format_quantity(float(state.p), 'Pa')}"
    )
    table = _table("property", "value", "+-", "sources", "status")
    for key, line in medium.values(state).items():
        table.add_row(SYMBOLS.get(key, key), *_cells(line))
    console.print(table)
    parts = ionic_parts.lines(medium, state)
    if parts:
        table = _table("sigma ionic by its parts", "value")
        for part in parts:
            table.add_row(*part)
        console.print(table)
    _warn(medium, state, console)


def _warn(medium: AnyMedium, state: State, console: Console) -> None:
    for message in medium.outside(state):
        console.print(f"[yellow]outside its range:[/yellow] {message}")
    for remark in getattr(medium, "remarks", ()):
        console.print(f"[yellow]note:[/yellow] {remark}")
    unverified = [(name, note) for name, _, status, note in medium.sources()
                  if status == "unverified"]  # fmt: skip
    for name, note in unverified:
        console.print(f"[yellow]unverified:[/yellow] {name}: {note or 'no source read'}")


def _cells(line: Reported) -> tuple[str, str, str, str]:
    value = shown(float(line.value), line.unit)
    spread = "-" if line.uncertainty is None else shown(line.uncertainty, line.unit, 2)
    return value, spread, ", ".join(s or "-" for s in line.sources), _status(line.status)


def _show_entry(material: Material, particle_class: str | None, console: Console) -> None:
    console.print(f"\n[bold]{material.name}[/bold] in the library: {material.summary}")
    for name, text in material.class_summaries.items():
        console.print(f"  class {name}: {text}")
    table = _table("property", "law", "range", "+-", "conditions", "source", "status")
    for used in material.of_class(particle_class).values():
        table.add_row(
            used.name,
            law_text(used),
            range_text(used),
            _uncertainty(used),
            used.conditions,
            short(used.source),
            _status(used.status),
        )
    console.print(table)
    missing = gaps(material)
    if missing:
        console.print(f"[yellow]no number found:[/yellow] {', '.join(missing)}")
    for used in material.of_class(particle_class).values():
        if used.note:
            console.print(f"  {used.name}: {used.note}")


def law_text(used: Property) -> str:
    """A law with its numbers: "400 W/(m K)", "table in T", "two-stage (D0 0.58, ...)"."""
    form: Any = used.form
    if form.form_name == "value":
        return shown(form.value, used.unit)
    if form.form_name in ("table", "polynomial", "logarithmic table"):
        return f"{form.form_name} in {form.variable}"
    parts = []
    for field in dataclasses.fields(form):
        value = getattr(form, field.name)
        if isinstance(value, float) and value != field.default:
            unit = field.metadata.get("unit", "1")
            parts.append(f"{field.name} {shown(value, used.unit if unit == 'value' else unit)}")
        elif field.name == "composition":
            parts.append(value)
    if not parts:  # nothing but lists of numbers
        return f"{form.form_name} in {', '.join(form.variables)}"
    return f"{form.form_name} ({', '.join(parts)})"


def shown(value: float, unit: str, digits: int = 4) -> str:
    """A value as people read it: energies in kJ/mol, conductivities of metals in S/m."""
    if unit == "J/mol":
        return f"{value / 1e3:.{digits}g} kJ/mol"
    if unit == "S/m" and abs(value) > 1e3:
        return f"{value:.{digits}g} S/m"
    return units.format_quantity(value, unit, digits)


def range_text(used: Property) -> str:
    """Validity range in words, "not stated" where there is none."""
    parts = []
    for variable, (low, high) in used.ranges.items():
        unit = VARIABLE_NAMES[variable][1]
        ends = [units.format_quantity(end, unit) for end in (low, high)]
        parts.append(f"{variable} {ends[0]} to {ends[1]}")
    return ", ".join(parts) or NOT_STATED


def _uncertainty(used: Property) -> str:
    own = used.uncertainty
    if own.kind == NOT_STATED:
        text = NOT_STATED
    elif own.kind == "absolute":
        text = shown(own.size, used.unit, 2)
    elif own.kind == "relative":
        text = f"{100 * own.size:.2g} %"
    else:
        text = f"factor {own.size:.2g}"
    return f"{text}; {own.note}" if own.note else text


def _status(status: str) -> str:
    return f"[yellow]{status}[/yellow]" if status == "unverified" else status


def _made(spec: Fabrication | Composite) -> str:
    parts = []
    if isinstance(spec, Composite):
        parts = [f"{100 * w:g} wt% {n}" for n, w in spec.mass_fractions.items()]
    elif spec.particle_class:
        parts.append(spec.particle_class)
    if spec.moulding_pressure is not None:
        parts.append(f"pressed at {units.format_quantity(spec.moulding_pressure, 'Pa')}")
    if isinstance(spec, Fabrication) and spec.pressings is not None:
        parts.append(f"{spec.pressings} times")
    if isinstance(spec, Fabrication) and spec.sintering_temperature is not None:
        parts.append(f"sintered at {spec.sintering_temperature - 273.15:.4g} degC")
    if isinstance(spec, Fabrication) and spec.relative_density is not None:
        parts.append(f"relative density {spec.relative_density:g}")
    if isinstance(spec, Fabrication) and spec.grain_size is not None:
        parts.append(f"grains of {units.format_quantity(spec.grain_size, 'm')}")
    return ", ".join(parts) or "as it comes"


def _hint(material: Material) -> str:
    if material.kind != "solid electrolyte":
        return f"{material.name} is a part of composite electrodes."
    law = material.properties.get("relative_density")
    how = ('--sintering-temperature "1100 degC"'
           if law and "sintering_temperature" in law.form.variables
           else '--moulding-pressure "200 MPa"')  # fmt: skip
    return f'Add {how} --temperature "60 degC" for its properties as a layer.'


def _properties(material: Material) -> list[Property]:
    found = list(material.properties.values())
    for group in (*material.classes.values(), *material.alternatives.values()):
        found += group.values()
    return found


def _table(*columns: str) -> Table:
    from rich.table import Table

    table = Table(show_edge=False, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
