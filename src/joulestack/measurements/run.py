"""Measure a case and write what was found: `impedance`, `polarisation`, `thermal_wave`."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from mpi4py import MPI

from joulestack import units
from joulestack.case.case import Case
from joulestack.case.experiments.measurement import Impedance, Stores, ThermalWave
from joulestack.case.interfaces.contacts import contact_of
from joulestack.errors import CaseError, Problem
from joulestack.laws.state import State
from joulestack.measurements import plots
from joulestack.measurements import polarisation as dc
from joulestack.measurements import thermal_wave as wave
from joulestack.measurements.impedance import Spectrum, logarithmic, spectrum
from joulestack.microstructure.supply import supplied
from joulestack.outputs.folder import OutputFolder
from joulestack.outputs.plots import style
from joulestack.physics.capacitance import Capacitances
from joulestack.physics.context import Blocking
from joulestack.simulation.case_to_setup import setup_of, terminals
from joulestack.simulation.setup import Drive, Setup

if TYPE_CHECKING:
    from joulestack.laws.medium import ContactLaw

DEFAULTS = {
    "blocking_capacitance": ("F/m^2", "unverified"),
    "blocking_resistance": ("ohm m^2", "assumption"),
    "double_layer": ("F/m^2", "unverified"),
    "permittivity": ("1", "unverified"),
}
"""Numbers without a source, told wherever they are used."""


def impedance(
    case: Case | str | Path,
    output: str | Path | None = None,
    frequencies: tuple[float, float] | None = None,
    overwrite: bool = False,
    allow_scripts: bool = False,
) -> Spectrum:
    """Impedance of a case between its terminals, as its section [impedance] asks.

    Args:
        case: a case or the path of a case file; without the section all is default.
        output: folder of impedance.csv, .json and .png; results/NAME if not given.
        frequencies: lowest and highest [Hz] instead of the section's.
        overwrite: replace earlier files.
        allow_scripts: as in `joulestack.run`.

    Raises:
        CaseError: the case is wrong, has no path for current, or files are in the way.
        ConvergenceError: no such state, or no response.
    """
    case = _loaded(case, allow_scripts)
    section = case.file.impedance or Impedance()
    with _folder(case, output, "impedance", overwrite) as folder:
        found = spectrum_of(supplied(case, MPI.COMM_WORLD), frequencies)
        columns = {
            "Frequency [Hz]": found.frequency,
            "Re Z [Ohm]": found.impedance.real,
            "Im Z [Ohm]": found.impedance.imag,
            "|Z| [Ohm]": np.abs(found.impedance),
            "Phase [degree]": found.phase,
        }
        summary = found.summary() | {"assumed": assumed(section), "state": section.state}
        _write(folder, "impedance", columns, summary, lambda: plots.impedance(found, case.title))
    return found


def spectrum_of(case: Case, frequencies: tuple[float, float] | None = None) -> Spectrum:
    """The spectrum alone, without files; see `impedance`."""
    section = case.file.impedance or Impedance()
    drive = _drive(case) if section.state == "load" else None
    setup = replace(_between_terminals(case, section, drive), radial_modes=section.radial_modes)
    ends = frequencies or (section.lowest_frequency, section.highest_frequency)
    return spectrum(
        setup,
        logarithmic(*ends, section.points_per_decade),
        isothermal=section.isothermal,
        exponent=section.constant_phase_exponent,
        loaded=section.state == "load",
        thickness=_thickness(case, section),
        area=case.electrode_area if case.cell.geometry != "mesh" or case.cell.area else None,
    )


def polarisation(
    case: Case | str | Path,
    output: str | Path | None = None,
    overwrite: bool = False,
    allow_scripts: bool = False,
) -> dc.Polarisation:
    """Direct-current polarisation of a case, as its section [polarisation] asks; see `impedance`.

    Raises:
        CaseError, ConvergenceError: as there; also without the section.
    """
    case = _loaded(case, allow_scripts)
    section = case.file.polarisation
    if section is None:
        remedy = '[polarisation]\nvoltage = "50 mV"\nduration = "1 h"'
        raise CaseError(Problem("polarisation", "is missing", remedy))
    title = case.title
    with _folder(case, output, "polarisation", overwrite) as folder:
        case = supplied(case, MPI.COMM_WORLD)
        setup = _between_terminals(case, section, None)
        found = dc.polarisation(setup, section.voltage, section.duration, _thickness(case, section))
        columns = {"Time [s]": found.time, "Current [A]": found.current}
        summary = found.summary() | {"assumed": assumed(section)}
        _write(folder, "polarisation", columns, summary, lambda: plots.polarisation(found, title))
    return found


def thermal_wave(
    case: Case | str | Path,
    output: str | Path | None = None,
    overwrite: bool = False,
    allow_scripts: bool = False,
) -> wave.ThermalWave:
    """Thermal diffusivity of a case by the thermal wave; see `impedance`.

    Raises:
        CaseError, ConvergenceError: as there.
    """
    case = _loaded(case, allow_scripts)
    section, title = case.file.thermal_wave or ThermalWave(), case.title
    L = sum(layer.thickness or 0.0 for layer in case.cell.layers)
    if case.cell.geometry == "mesh" or L == 0.0:
        raise CaseError(Problem("cell.geometry", "is a mesh", "thermal waves need layers"))
    with _folder(case, output, "thermal_wave", overwrite) as folder:
        case = supplied(case, MPI.COMM_WORLD)
        setup = setup_of(case, MPI.COMM_WORLD)
        frequency = np.array(section.frequencies or wave.suited(_diffusivity(case, setup, L), L))
        found = wave.thermal_wave(setup, frequency, L, section.heated, section.rear)
        columns = {
            "Frequency [Hz]": found.frequency,
            "Delay [degree]": np.degrees(found.delay),
            "Amplitude ratio [-]": np.abs(found.rear / found.heated),
            "Thermal diffusivity [m2/s]": found.diffusivity,
        }
        summary = found.summary()
        _write(folder, "thermal_wave", columns, summary, lambda: plots.thermal_wave(found, title))
    return found


def assumed(section: Stores) -> dict[str, str]:
    """Defaults without a source that a measurement rests on, with their status."""
    fields, given = type(section).model_fields, section.model_fields_set
    return {
        name: f"{units.format_quantity(getattr(section, name), unit)} ({status})"
        for name, (unit, status) in DEFAULTS.items()
        if name in fields and name not in given
    }


def _loaded(case: Case | str | Path, allow_scripts: bool) -> Case:
    return case if isinstance(case, Case) else Case.load(case, allow_scripts=allow_scripts)


def _drive(case: Case) -> Drive:
    """The load as it starts."""
    step = case.protocol.steps[0]
    given: dict[str, Any] = {"current" if step.mode == "rest" else step.mode: step.value.value}
    return Drive(*terminals(case), **given)


def _between_terminals(case: Case, section: Stores, drive: Drive | None) -> Setup:
    setup, media, problems = setup_of(case, MPI.COMM_WORLD), case.media(), []

    def law(choice: Any, pair: tuple[str, str]) -> ContactLaw:
        first, second = (media[name] for name in pair)
        found = contact_of(choice, "ionic", (first, second))
        if found is None:
            remedy = 'give it a small resistance, e.g. "0.01 ohm cm^2"'
            raise CaseError(Problem("", "a blocking contact has a resistance", remedy))
        return found

    default = f"{section.blocking_resistance!r} ohm m^2"
    contacts: dict[tuple[str, str], Blocking] = {}
    for i, contact in enumerate(section.contacts):
        capacitance = contact.capacitance or section.blocking_capacitance
        try:
            resistance = law(contact.resistance or default, contact.between)
        except CaseError as error:
            where = f"contacts {i + 1} ({' | '.join(contact.between)}) resistance"
            problems += [replace(p, where=f"{where} {p.where}".strip()) for p in error.problems]
            continue
        contacts[contact.between] = Blocking(capacitance, resistance)
    if problems:
        raise CaseError(problems)
    any_layer = case.cell.layers[0].name
    common = Blocking(section.blocking_capacitance, law(default, (any_layer, any_layer)))
    more: dict[str, Any] = {"double_layer": 0.0}
    if isinstance(section, Impedance):
        more = {
            "double_layer": section.double_layer,
            "permittivity": section.permittivity,
            "layers": section.permittivities,
            "chemical": section.chemical_capacitance,
        }
    stores = Capacitances(blocking=common, contacts=contacts, **more)
    return replace(setup, drive=drive or Drive(*terminals(case)), capacitances=stores)


def _thickness(case: Case, section: Stores) -> float:
    """Of the layer named, or of all that conduct ions [m]; nan if a mesh file alone knows."""
    media = case.media()
    layers = case.cell.layers
    chosen = [b for b in layers if b.name == section.layer] or [
        b for b in layers if section.layer is None and media[b.name].conducts_ions
    ]
    found = [layer.thickness for layer in chosen if layer.thickness]
    return sum(found) if found else math.nan


def _diffusivity(case: Case, setup: Setup, thickness: float) -> float:
    """L^2 over the square of sum t/sqrt(alpha): what a wave needs to cross the layers in turn."""
    p = setup.pressure(0.0)
    state = State(T=setup.start_temperature, p=p, p_max=p)
    time = 0.0
    for layer in case.cell.layers:
        medium = setup.media[layer.name]
        k, rho_cp = medium.thermal_conductivity(state), medium.volumetric_heat_capacity(state)
        time += (layer.thickness or 0.0) / math.sqrt(float(k) / float(rho_cp))
    return (thickness / time) ** 2


def _folder(case: Case, output: str | Path | None, stem: str, overwrite: bool) -> OutputFolder:
    return OutputFolder(
        Path("results") / case.name if output is None else output,
        f"{stem}.json",
        re.compile(rf"{stem}\.(csv|json|png)"),
        overwrite,
        case.source.inputs(),
        MPI.COMM_WORLD,
    )


def _write(
    folder: OutputFolder,
    stem: str,
    columns: Mapping[str, Any],
    summary: Mapping[str, Any],
    draw: Callable[[], Any],
) -> None:
    """The first rank writes; the others wait, so that a folder is whole when a call returns."""
    if folder.root:
        table = np.column_stack(list(columns.values()))
        header = ",".join(columns)
        np.savetxt(folder / f"{stem}.csv", table, "%.12g", ",", header=header, comments="")
        style.save(draw(), folder / f"{stem}.png")
        folder.finish(summary)
    MPI.COMM_WORLD.barrier()
