"""Checks across keys: what pydantic cannot see because it concerns more than one value.

Each check says which sections it reads, and is left out where one of those is broken already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass
from pathlib import Path

from joulestack.case.check_context import CheckContext
from joulestack.case.clamping.check_fixture import fixture_keys, fixture_numbers, fixture_pressure
from joulestack.case.experiments.check_measurement import measurements_fit
from joulestack.case.interfaces.check_contacts import (
    interfaces_fit,
    metal_electrodes,
    no_way_around,
)
from joulestack.case.interfaces.check_plating import plating_fits
from joulestack.case.layers.check_materials import (
    composites,
    current_path,
    material_names,
    media_build,
    particle_settings,
    reaction_settings,
)
from joulestack.case.load.check_drives import load_complete, load_duration, thermal_faces
from joulestack.case.messages import Where
from joulestack.case.protocol.check_measured import measured_fits
from joulestack.case.protocol.checks import (
    capacity_fits,
    drive_fits,
    sentences_fit,
    starts_cold,
    steps_follow,
    surroundings,
)
from joulestack.case.root import CaseFile
from joulestack.case.settings.check_numerics import (
    mesh_keys,
    output_fields,
    output_times,
    probes_inside,
    solver_options,
    time_keys,
)
from joulestack.case.settings.check_requests import mesh_can_be_had, times_can_be_had
from joulestack.case.stack.check_cell import (
    cell_keys,
    geometry_fits,
    heat_sources_readable,
    layer_names,
    mesh_fits,
    pressure_readable,
)
from joulestack.errors import Problem

Check = Callable[[CheckContext], Iterable[Problem]]


@dataclass(frozen=True)
class Step:
    """One check and the sections it reads.

    Attributes:
        check: yields problems.
        needs: sections of the case file.
        after: checks that must have found nothing, so that one mistake is told once.
    """

    check: Check
    needs: tuple[str, ...]
    after: tuple[Check, ...] = ()


STEPS: tuple[Step, ...] = (
    Step(cell_keys, ("cell",)),
    Step(layer_names, ("cell",)),
    Step(geometry_fits, ("cell",)),
    Step(pressure_readable, ("cell",), (cell_keys,)),
    Step(heat_sources_readable, ("cell", "time")),
    Step(fixture_keys, ("cell",), (layer_names,)),
    Step(fixture_pressure, ("cell", "load"), (pressure_readable,)),
    Step(mesh_keys, ("cell", "mesh")),
    Step(material_names, ("cell", "materials")),
    Step(composites, ("materials",)),
    Step(load_complete, ("cell", "load")),
    Step(load_duration, ("load", "time"), (load_complete,)),
    Step(steps_follow, ("load", "time")),
    Step(starts_cold, ("cell", "load")),
    Step(surroundings, ("cell", "load", "thermal")),
    Step(thermal_faces, ("cell", "thermal", "time")),
    Step(time_keys, ("cell", "load", "time")),
    Step(solver_options, ("solver",)),
    Step(output_times, ("time", "outputs")),
    Step(output_fields, ("load", "outputs")),
    Step(probes_inside, ("cell", "probes"), (cell_keys, layer_names)),
    Step(
        mesh_fits, ("cell", "mesh", "thermal"), (cell_keys, layer_names, geometry_fits, mesh_keys)
    ),
    Step(
        mesh_can_be_had,
        ("cell", "mesh", "load"),
        (cell_keys, layer_names, geometry_fits, mesh_keys, mesh_fits),
    ),
    Step(times_can_be_had, ("load", "time", "outputs"), (time_keys, output_times)),
    Step(media_build, ("cell", "materials"), (material_names, composites)),
    Step(
        particle_settings,
        ("cell", "materials", "load", "mesh", "time"),
        (cell_keys, material_names, composites, media_build),
    ),
    Step(
        reaction_settings,
        ("cell", "materials", "mesh", "time", "outputs"),
        (cell_keys, material_names, composites),
    ),
    Step(
        fixture_numbers,
        ("cell", "materials", "load"),
        (cell_keys, layer_names, material_names, composites, media_build, fixture_keys),
    ),
    Step(
        plating_fits,
        ("cell", "materials"),
        (cell_keys, layer_names, material_names, composites, media_build),
    ),
    Step(
        capacity_fits,
        ("cell", "materials"),
        (cell_keys, material_names, composites, media_build),
    ),
    Step(
        sentences_fit,
        ("cell", "materials", "load"),
        (cell_keys, material_names, composites, media_build),
    ),
    Step(
        drive_fits,
        ("cell", "materials", "load", "time"),
        (cell_keys, load_complete, material_names, composites, media_build),
    ),
    Step(
        measured_fits,
        ("cell", "materials", "load", "time"),
        (sentences_fit, drive_fits, load_complete, material_names, composites, media_build),
    ),
    Step(
        interfaces_fit,
        ("cell", "materials", "interfaces"),
        (cell_keys, layer_names, material_names, composites, media_build),
    ),
    Step(
        measurements_fit,
        ("cell", "impedance", "polarisation", "thermal_wave"),
        (cell_keys, layer_names),
    ),
    Step(metal_electrodes, ("cell", "materials", "interfaces", "load"), (interfaces_fit,)),
    Step(no_way_around, ("cell", "materials", "interfaces"), (interfaces_fit,)),
    Step(
        current_path,
        ("cell", "materials", "load"),
        (
            cell_keys,
            layer_names,
            geometry_fits,
            material_names,
            composites,
            media_build,
            load_complete,
        ),
    ),
)


def run(
    case: CaseFile, folder: Path, where: Where, broken: Set[str], allow_scripts: bool = False
) -> list[Problem]:
    """Run every check whose sections are sound.

    Args:
        case: the models; sections in `broken` are stand-ins.
        folder: of the case file.
        where: for messages.
        broken: names of sections that the schema refused.
        allow_scripts: the author of the case is trusted to run scripts.
    """
    look = CheckContext(case, folder, where, allow_scripts)
    problems: list[Problem] = []
    failed: set[Check] = set()
    for step in STEPS:
        if broken & set(step.needs) or failed & set(step.after):
            failed.add(step.check)
            continue
        found = list(step.check(look))
        if found:
            failed.add(step.check)
            problems += found
    return problems
