"""Measure a case or a setup: `impedance`, `polarisation`, `thermal_wave`.

Of a case what was found is written; of a setup where a folder is given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from mpi4py import MPI
from pydantic import ValidationError

from joulestack import units
from joulestack.case.case import Case
from joulestack.case.experiments.measurement import (
    Impedance,
    Polarisation,
    Stores,
    ThermalWave,
)
from joulestack.case.messages import Where, problems_from
from joulestack.case.quantities import Section
from joulestack.errors import CaseError, Problem
from joulestack.measurements import depth, plots
from joulestack.measurements import polarisation as dc
from joulestack.measurements import thermal_wave as wave
from joulestack.measurements.impedance import Spectrum, logarithmic, measured, prepared
from joulestack.measurements.rig import (
    between_terminals,
    crossed,
    diffusivity_of,
    load_of,
    thickness_of,
    told_by,
)
from joulestack.mesh import build
from joulestack.microstructure.supply import supplied
from joulestack.outputs.folder import OutputFolder
from joulestack.outputs.plots import style
from joulestack.physics.capacitance import Charged, charged
from joulestack.physics.oscillation import Oscillation
from joulestack.simulation.case_to_setup import setup_of, terminals
from joulestack.simulation.setup import Drive, Setup
from joulestack.spelling import unknown

S = TypeVar("S", bound=Section)

DEFAULTS = {
    "blocking_capacitance": ("F/m^2", "unverified"),
    "blocking_resistance": ("ohm m^2", "assumption"),
    "double_layer": ("F/m^2", "unverified"),
    "permittivity": ("1", "unverified"),
}
"""Numbers without a source, told wherever they are used."""


def impedance(
    case: Case | Setup | str | Path,
    output: str | Path | None = None,
    frequencies: tuple[float, float] | None = None,
    overwrite: bool = False,
    allow_scripts: bool = False,
    **settings: Any,
) -> Spectrum:
    """Impedance between the terminals, as the section [impedance] of a case asks.

    Args:
        case: a case, the path of a case file, or a setup of a script; without the section all is
            default.
        output: folder of impedance.csv, .json and .png; results/NAME if not given, of a setup none.
        frequencies: lowest and highest [Hz] instead of the section's.
        overwrite: replace earlier files.
        allow_scripts: as in `joulestack.run`.
        settings: keys of the section, in place of its own.

    Raises:
        CaseError: the case is wrong, has no path for current, or files are in the way.
        ConvergenceError: no such state, or no response.
    """
    case = _loaded(case, allow_scripts, "impedance", settings)
    section = _section(case, Impedance, "impedance", settings) or Impedance()
    with _folder(case, output, "impedance", overwrite) as folder:
        if isinstance(case, Setup):
            assert case.drive is not None
            found = _spectrum(case, section, case.drive, frequencies)
        else:
            found = spectrum_of(supplied(case, MPI.COMM_WORLD), frequencies)
        columns = {
            "Frequency [Hz]": found.frequency,
            "Re Z [Ohm]": found.impedance.real,
            "Im Z [Ohm]": found.impedance.imag,
            "|Z| [Ohm]": np.abs(found.impedance),
            "Phase [degree]": found.phase,
        }
        summary = found.summary() | {"state": section.state}
        title = _title(case)
        _write(folder, "impedance", columns, summary, lambda: plots.impedance(found, title))
    return found


def spectrum_of(case: Case, frequencies: tuple[float, float] | None = None) -> Spectrum:
    """The spectrum alone, without files; see `impedance`."""
    section = case.file.impedance or Impedance()
    drive = load_of(case) if section.state == "load" else Drive(*terminals(case))
    area = None if case.geometry.face_area is None else case.electrode_area
    setup = setup_of(case)
    ends = frequencies or (section.lowest_frequency, section.highest_frequency)
    finest = depth.needed(between_terminals(setup, section, drive), max(ends))
    geometry = case.mesh_spec.refined(finest)
    if geometry != case.mesh_spec:
        setup = replace(setup, tagged=build(geometry))
    return _spectrum(setup, section, drive, frequencies, area)


def _spectrum(
    setup: Setup,
    section: Impedance,
    drive: Drive,
    frequencies: tuple[float, float] | None,
    area: float | None = None,
) -> Spectrum:
    ends = frequencies or (section.lowest_frequency, section.highest_frequency)
    sample, system = prepared(
        replace(
            between_terminals(setup, section, drive),
            radial_modes=section.radial_modes,
            resolution=Oscillation(
                ends,
                setup.start_temperature,
                section.double_layer,
                fixed="radial_modes" in section.model_fields_set,
            ),
        ),
        isothermal=section.isothermal,
        exponent=section.constant_phase_exponent,
        loaded=section.state == "load",
    )
    thickness, untold = told_by(sample.model, section)
    frequency = logarithmic(*ends, section.points_per_decade)
    found = measured(sample, system, frequency, thickness, area)
    remarks = tuple(depth.coarse(sample.model, ends))
    return replace(
        found,
        untold=untold,
        remarks=remarks,
        assumed=assumed(section, charged(sample.model.context)),
    )


def polarisation(
    case: Case | Setup | str | Path,
    output: str | Path | None = None,
    overwrite: bool = False,
    allow_scripts: bool = False,
    **settings: Any,
) -> dc.Polarisation:
    """Direct-current polarisation, as the section [polarisation] asks; see `impedance`.

    Raises:
        CaseError, ConvergenceError: as there; also without voltage and duration.
    """
    case = _loaded(case, allow_scripts, "polarisation", settings)
    section = _section(case, Polarisation, "polarisation", settings)
    if section is None:
        remedy = '[polarisation]\nvoltage = "50 mV"\nduration = "1 h"'
        raise CaseError(Problem("polarisation", "is missing", remedy))
    title = _title(case)
    with _folder(case, output, "polarisation", overwrite) as folder:
        own = _setup(case)
        drive = Drive(*terminals(case)) if isinstance(case, Case) else own.drive
        assert drive is not None
        setup = between_terminals(own, section, drive)
        found = dc.polarisation(
            setup, section.voltage, section.duration, thickness_of(own, section)
        )
        found = replace(found, assumed=assumed(section, found.stored))
        columns = {"Time [s]": found.time, "Current [A]": found.current}
        summary = found.summary()
        _write(folder, "polarisation", columns, summary, lambda: plots.polarisation(found, title))
    return found


def thermal_wave(
    case: Case | Setup | str | Path,
    output: str | Path | None = None,
    overwrite: bool = False,
    allow_scripts: bool = False,
    **settings: Any,
) -> wave.ThermalWave:
    """Thermal diffusivity by the thermal wave, as [thermal_wave] asks; see `impedance`.

    Raises:
        CaseError, ConvergenceError: as there.
    """
    case = _loaded(case, allow_scripts, "thermal_wave", settings)
    section = _section(case, ThermalWave, "thermal_wave", settings) or ThermalWave()
    title = _title(case)
    layers = crossed(case)
    L = sum(layers.values())
    if L == 0.0:
        what = "has no flat layers" if isinstance(case, Setup) else f"is a {case.cell.geometry}"
        raise CaseError(Problem("cell.geometry", what, "thermal waves need flat layers"))
    with _folder(case, output, "thermal_wave", overwrite) as folder:
        setup = _setup(case)
        chosen = section.frequencies or wave.suited(diffusivity_of(setup, layers), L)
        found = wave.thermal_wave(setup, np.array(chosen), L, section.heated, section.rear)
        columns = {
            "Frequency [Hz]": found.frequency,
            "Delay [degree]": np.degrees(found.delay),
            "Amplitude ratio [-]": np.abs(found.rear / found.heated),
            "Thermal diffusivity [m2/s]": found.diffusivity,
        }
        summary = found.summary()
        _write(folder, "thermal_wave", columns, summary, lambda: plots.thermal_wave(found, title))
    return found


def assumed(section: Stores, stored: Charged) -> dict[str, str]:
    """Defaults without a source that a measurement rests on, with their status.

    Args:
        section: what it is told.
        stored: where the model stores charge; a default without a place there counts for nothing.
    """
    own = {frozenset(c.between): c for c in section.contacts}
    blocking = [own.get(frozenset(pair)) for pair in stored.blocking]
    counts = {
        "blocking_capacitance": any(c is None or c.capacitance is None for c in blocking),
        "blocking_resistance": any(c is None or c.resistance is None for c in blocking),
    }
    if isinstance(section, Impedance):
        plain = set(stored.dielectric) - section.permittivities.keys()
        counts |= {"double_layer": stored.double_layer, "permittivity": bool(plain)}
    return {
        name: f"{units.format_quantity(getattr(section, name), unit)} ({status})"
        for name, (unit, status) in DEFAULTS.items()
        if counts.get(name) and name not in section.model_fields_set
    }


def _loaded(
    case: Case | Setup | str | Path, allow_scripts: bool, name: str, settings: Mapping[str, Any]
) -> Case | Setup:
    if isinstance(case, Setup):
        return case
    if not isinstance(case, Case):
        asked = "" if name == "polarisation" else name  # that one has no defaults
        case = Case.load(case, allow_scripts=allow_scripts, measurement=asked)
    return case.replace({f"{name}.{k}": v for k, v in settings.items()}) if settings else case


def _section(case: Case | Setup, kind: type[S], name: str, settings: Mapping[str, Any]) -> S | None:
    """What a measurement is told: by its section of a case, or by arguments."""
    if isinstance(case, Case):
        found: S | None = getattr(case.file, name)
        return found
    try:
        section = kind.model_validate(dict(settings))
    except ValidationError as error:
        raise CaseError(problems_from(error, kind, Where(dict(settings))), name) from None
    layers, faces = case.media, case.tagged.faces
    problems = [
        unknown(key, sort, value, known)
        for key, sort, known in (
            ("layer", "layer", layers), ("heated", "face", faces), ("rear", "face", faces),
        )
        if (value := getattr(section, key, None)) is not None and value not in known
    ]  # fmt: skip
    pairs = [c.between for c in getattr(section, "contacts", ())]
    problems += [
        unknown("contacts", "layer", n, layers) for p in pairs for n in p if n not in layers
    ]
    if kind is not ThermalWave and case.drive is None:
        remedy = 'drive = Drive("bottom", "top", current=0.0)'
        problems.append(Problem("drive", "is missing: it names the terminals", remedy))
    if problems:
        raise CaseError(problems, name)
    return section


def _setup(case: Case | Setup) -> Setup:
    return case if isinstance(case, Setup) else setup_of(supplied(case, MPI.COMM_WORLD))


def _title(case: Case | Setup) -> str:
    return case.title if isinstance(case, Case) else ""


def _folder(
    case: Case | Setup, output: str | Path | None, stem: str, overwrite: bool
) -> OutputFolder | nullcontext[None]:
    if isinstance(case, Setup) and output is None:
        return nullcontext()
    own = case if isinstance(case, Case) else None
    return OutputFolder(
        Path("results") / own.name if output is None and own else str(output),
        f"{stem}.json",
        re.compile(rf"{stem}\.(csv|json|png)"),
        overwrite,
        own.source.inputs() if own else (),
        MPI.COMM_WORLD,
    )


def _write(
    folder: OutputFolder | None,
    stem: str,
    columns: Mapping[str, Any],
    summary: Mapping[str, Any],
    draw: Callable[[], Any],
) -> None:
    """The first rank writes; the others wait, so that a folder is whole when a call returns."""
    if folder is None:
        return
    if folder.root:
        table = np.column_stack(list(columns.values()))
        header = ",".join(columns)
        np.savetxt(folder / f"{stem}.csv", table, "%.12g", ",", header=header, comments="")
        style.save(draw(), folder / f"{stem}.png")
        folder.finish(summary)
    MPI.COMM_WORLD.barrier()
