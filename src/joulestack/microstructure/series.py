"""Properties along a compaction: a table over density and pressure, kept by its hash."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from joulestack.case.microstructures.check_microstructure import conductivities, resistances
from joulestack.case.microstructures.microstructure import MicrostructureCase
from joulestack.case.microstructures.microstructure_key import CACHE, key_of
from joulestack.case.microstructures.schema import TransportTable
from joulestack.fabrication.tabulated import KIND
from joulestack.microstructure.conduction.progress import Bar
from joulestack.microstructure.conduction.solver import Conduction, conduct
from joulestack.microstructure.contact_factor import contact_factor
from joulestack.microstructure.imaging import Sample, samples
from joulestack.microstructure.powder import Progress
from joulestack.microstructure.staircase import staircase
from joulestack.microstructure.tortuosity import Transport
from joulestack.microstructure.utilisation import of_sample

AXES = {"x": 0, "y": 1, "z": 2}

Keep = Callable[[Sample, TransportTable, Conduction], None]
"""Called with every solution, to write its fields."""


@dataclass(frozen=True)
class Row:
    """One conduction problem on one image.

    Attributes:
        sample: name of the image.
        property: what was computed.
        axis: of the flux.
        relative_density: volume fraction of all solids in the whole packing; of an image from a
            file, of all phases but the first.
        pressure: [Pa]; None: not given.
        fraction: volume fraction of the phases that conduct.
        value: effective property [SI].
        relative: over the best conductor's.
        conductor: name of the best conductor.
        tortuosity_factor, tortuosity, formation_factor: see `tortuosity`; of the best conductor
            where one phase conducts, None where several do or nothing percolates.
        percolating: share of each conducting phase that is joined to both ends.
        imbalance: largest deviation of the flux through a slice.
        iterations: of the solver.
        precision: of the values on the image's grid.
        staircase: factor on the resistances, if there are any.
        contact_factor: in `value` and `relative`, what contacts leave of the image's conductivity;
            1 where pressures are assigned. See `contact_factor`.
    """

    sample: str
    property: str
    axis: str
    relative_density: float
    pressure: float | None
    fraction: float
    value: float
    relative: float
    conductor: str
    tortuosity_factor: float | None
    tortuosity: float | None
    formation_factor: float | None
    percolating: Mapping[str, float]
    imbalance: float
    iterations: int
    precision: str
    staircase: float
    contact_factor: float = 1.0


@dataclass(frozen=True)
class Reached:
    """Active material on one image.

    Attributes:
        sample: name of the image.
        relative_density: as of `Row`.
        utilisation: share of its volume in particles that ions and electrons reach.
        contact: share of the surface of these that touches electrolyte joined to the separator.
        surface: of that contact per volume of the image [1/m].
    """

    sample: str
    relative_density: float
    utilisation: float
    contact: float
    surface: float


@dataclass(frozen=True)
class Series:
    """Everything that a cell takes from a microstructure.

    Attributes:
        rows: one for each conduction problem on each image.
        reached: one for each image, where the case names the active material.
    """

    rows: list[Row]
    reached: list[Reached]


def solve(
    sample: Sample,
    given: TransportTable,
    checkpoint: Path | None = None,
    bar: bool = False,
) -> Conduction:
    """Solve one conduction problem of a case on one image.

    Args:
        sample: image.
        given: problem.
        checkpoint: where a long run keeps its state; see `conduct`.
        bar: show a progress bar with the imbalance, where somebody looks.

    Raises:
        CaseError: the image does not fit into memory.
    """
    known = conductivities(given)
    between, particles = resistances(given)
    title = f"{given.property} at {sample.name}"
    with Bar(title, given.tolerance) if bar else nullcontext() as shown:
        return conduct(
            sample.image,
            {name: known.get(name, 0.0) for name in sample.image.phases.values()},
            axis=AXES[given.axis],
            sides=given.sides,
            interface_resistance=between,
            particle_resistance=particles,
            staircase=staircase(sample, given),
            tolerance=given.tolerance,
            progress=shown.update if shown is not None else None,
            checkpoint=checkpoint,
        )


def row(
    sample: Sample, given: TransportTable, found: Conduction, released: float | None = None
) -> Row:
    """What goes into the table; `released` is the pressure left as it is measured [Pa]."""
    image, known = sample.image, conductivities(given)
    best = max(known.values())
    fraction = sum(image.fraction(n) for n, value in known.items() if value > 0)
    pressed, value = sample.pressed, found.conductivity
    factor = 1.0
    if pressed is not None:
        factor = contact_factor(pressed, given, found.axis, value, released)
    value *= factor
    relative = value / best if best > 0 else 0.0
    plain = len([v for v in known.values() if v > 0]) == 1 and fraction > 0
    numbers = Transport(fraction, relative) if plain and relative > 0 else None
    return Row(
        sample.name,
        given.property,
        given.axis,
        density_of(sample),
        None if pressed is None else pressed.pressure,
        fraction,
        value,
        relative,
        max(known, key=lambda name: known[name]),
        numbers.tortuosity_factor if numbers else None,
        numbers.tortuosity if numbers else None,
        numbers.formation_factor if numbers else None,
        found.percolating,
        found.imbalance,
        found.iterations,
        found.precision,
        staircase(sample, given),
        factor,
    )


def density_of(sample: Sample) -> float:
    """Volume fraction of all solids: of the whole packing, or of an image from a file."""
    if sample.pressed is not None:
        return sample.pressed.relaxed.packing.relative_density
    return 1 - sample.image.fraction(sample.image.phases[0])


def reached(sample: Sample, case: MicrostructureCase) -> Reached:
    """Active material that a cell can use on one image."""
    used = of_sample(sample, case.file.analysis)
    return Reached(sample.name, density_of(sample), used.both, used.contact, used.surface)


def series(
    case: MicrostructureCase,
    cache: Path | None = CACHE,
    progress: Progress | None = None,
    keep: Keep | None = None,
    bar: bool = False,
) -> Series:
    """All conduction problems on all images of a case, and the active material that is reached.

    Args:
        case: with [[transport]].
        cache: folder of tables and packings; a table that is there is read, not computed.
        progress: told what has been done.
        keep: takes every solution; nothing is read from the cache then.
        bar: show a progress bar for every solution, where somebody looks.

    Raises:
        CaseError: a packing, an image or a problem that cannot be had.
    """
    stored = None if cache is None else cache / f"table_{key_of(case.file, case.folder)}.json"
    if stored is not None and stored.is_file() and keep is None:
        return read(stored)
    left = case.file.compaction.released if case.file.compaction is not None else None
    rows, active = [], []
    for sample in samples(case, cache, progress):
        for number, given in enumerate(case.file.transport):
            state = None
            if stored is not None:
                stored.parent.mkdir(parents=True, exist_ok=True)
                state = stored.with_suffix(f".{sample.name}.{number}.state")
            found = solve(sample, given, state, bar)
            rows.append(row(sample, given, found, left))
            if progress is not None:
                progress(f"{given.property} at {sample.name}: {told(found)}")
            if keep is not None:
                keep(sample, given, found)
        if case.file.analysis.active is not None:
            active.append(reached(sample, case))
    made = Series(rows, active)
    if stored is not None:
        write(stored, case, made)
    return made


def told(found: Conduction) -> str:
    """What somebody who waits wants to know of a solution."""
    why = "" if found.precision == "single" else ", float64 for its contrast"
    return f"{found.iterations} iterations{why}"


def read(path: Path) -> Series:
    """A table that `write` has written."""
    table = json.loads(path.read_text("utf-8"))
    return Series([Row(**r) for r in table["rows"]], [Reached(**r) for r in table["reached"]])


def write(path: Path, case: MicrostructureCase, made: Series) -> None:
    """Write a table as JSON; materials read it by `effective = {microstructure = "..."}`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.part")
    text = json.dumps(table_of(case, made), indent=2, allow_nan=False)
    draft.write_text(text + "\n", "utf-8")
    draft.replace(path)


def table_of(case: MicrostructureCase, made: Series) -> dict[str, Any]:
    """The table of all problems and of the active material reached, as it is written."""
    return {
        "kind": KIND,
        "case": case.name,
        "title": case.file.title,
        "hash": key_of(case.file, case.folder),
        "resistances": any(
            t.particle_resistance is not None or t.interface_resistance for t in case.file.transport
        ),
        "rows": [asdict(r) for r in made.rows],
        "reached": [asdict(r) for r in made.reached],
    }
