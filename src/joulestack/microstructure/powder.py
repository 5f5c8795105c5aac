"""From the tables of a case to pressed packings, kept by the hash of what they follow from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from joulestack.case.microstructures.microstructure import MicrostructureCase
from joulestack.case.microstructures.microstructure_key import CACHE, density_of, digest
from joulestack.case.microstructures.schema import (
    GammaSizes,
    LognormalSizes,
    MeasuredSizes,
    SpeciesTable,
    UniformSizes,
)
from joulestack.case.microstructures.solids import NEEDED, mechanics
from joulestack.case.tables import read_columns
from joulestack.errors import CaseError, Problem
from joulestack.microstructure.packings.compaction import compact, press
from joulestack.microstructure.packings.contact_law import Solid
from joulestack.microstructure.packings.filling import Species, fill
from joulestack.microstructure.packings.packing import Kind, Packing
from joulestack.microstructure.packings.pressure import Loaded, loaded
from joulestack.microstructure.packings.relaxation import Relaxed
from joulestack.microstructure.packings.sizes import (
    Gamma,
    Lognormal,
    Measured,
    Sizes,
    Uniform,
    from_counts,
)
from joulestack.microstructure.packings.voxelising import growth

Progress = Callable[[str], None]


def sizes_of(given: Any, folder: Path) -> Sizes:
    """Distribution of a species.

    Raises:
        CaseError: a CSV file that holds none.
    """
    inf = float("inf")
    if isinstance(given, float):
        return Uniform(given, given)
    if isinstance(given, UniformSizes):
        return Uniform(given.smallest, given.largest)
    if isinstance(given, GammaSizes):
        return Gamma(given.shape, given.scale, given.smallest or 0.0, given.largest or inf)
    if isinstance(given, LognormalSizes):
        return Lognormal(given.median, given.deviation, given.smallest or 0.0, given.largest or inf)
    assert isinstance(given, MeasuredSizes)
    return _measured(folder / given.csv)


def _measured(path: Path) -> Measured:
    """Diameters with counts, or with the share of particles that is smaller."""
    tried = []
    for column in ("cumulative", "count"):
        try:
            read = read_columns(path, {"diameter": "m", column: "1"})
        except ValueError as error:
            tried.append(str(error))
            continue
        if column == "cumulative":
            return Measured(read["diameter"], read[column])
        return from_counts(np.array(read["diameter"]), np.array(read[column]))
    remedy = "columns diameter [um] and count, or diameter [um] and cumulative"
    raise CaseError(Problem("diameter.csv", tried[-1], remedy), str(path))


def targets(case: MicrostructureCase) -> tuple[tuple[float, ...], tuple[float | None, ...]]:
    """Relative densities that are asked for, and the pressures that make them [Pa].

    Raises:
        CaseError: the library does not know the density of the material.
    """
    packing, given = case.file.packing, case.file.compaction
    assert packing is not None
    assert given is not None
    if given.relative_density is not None:
        nothing: tuple[float | None, ...] = (None,) * len(given.relative_density)
        return given.relative_density, given.pressure or nothing
    if given.thickness is not None:
        solid = loose(case).solid
        return tuple(solid / (packing.width**2 * t) for t in given.thickness), (None,) * len(
            given.thickness
        )
    assert given.pressure is not None
    return tuple(density_of(given, p) for p in given.pressure), given.pressure


def loose(case: MicrostructureCase) -> Packing:
    """The heap before pressing.

    Raises:
        CaseError: see `filling.fill`.
    """
    packing = case.file.packing
    assert packing is not None
    solid = None
    if packing.thickness is not None:
        solid = packing.width**2 * packing.thickness * targets(case)[0][0]
    return fill(
        _mixture(case),
        (packing.width, packing.width),
        particles=packing.particles,
        solid=solid,
        relative_density=packing.filled,
        plates=packing.plates,
        cohesion=packing.cohesion,
        friction=packing.friction,
        seed=packing.seed,
    )


def _mixture(case: MicrostructureCase) -> list[Species]:
    assert case.file.packing is not None
    given = case.file.packing.species
    stiff = [s.stiffness for s in given]
    if forces(case) is not None:  # springs in the ratio of the forces in plastic contacts
        hard = [s.hardness for s in solids(case)]
        stiff = [h / min(hard) for h in hard]
    return [_species(s, k, case.folder) for s, k in zip(given, stiff, strict=True)]


def _species(given: SpeciesTable, stiffness: float, folder: Path) -> Species:
    kind = Kind(given.name, stiffness, given.rigid)
    return Species(kind, sizes_of(given.diameter, folder), given.share, given.length)


def solids(case: MicrostructureCase) -> tuple[Solid, ...]:
    """Matter of each species.

    Raises:
        CaseError: something of its mechanics is known neither to the case nor to the library.
    """
    assert case.file.packing is not None
    found = []
    for index, species in enumerate(case.file.packing.species):
        own = mechanics(species, f"packing.species[{index}]", case.folder)
        e, nu, hardness = (float(own[key] or 0.0) for key in NEEDED)
        found.append(Solid(e, nu, hardness, own["fracture_toughness"]))
    return tuple(found)


def forces(case: MicrostructureCase) -> Callable[[Packing], Loaded] | None:
    """Contacts of a packing under load; None: its pressure is assigned, not computed."""
    if case.file.compaction is None or case.file.compaction.pressing is None:
        return None
    matter = solids(case)
    return lambda packing: loaded(packing, matter, growth(packing))


def pressures(case: MicrostructureCase) -> tuple[float | None, ...]:
    """Pressure of each state of a case [Pa]; None: not given."""
    given = case.file.compaction
    if given is not None and given.pressing is not None:
        return given.pressure or ()
    return targets(case)[1]


def pressed(
    case: MicrostructureCase, cache: Path | None = CACHE, progress: Progress | None = None
) -> list[Relaxed]:
    """Packings at all densities of a case, from the cache where they are.

    Raises:
        CaseError: see `filling.fill` and `compaction.compact`.
    """
    assert case.file.packing is not None
    assert case.file.compaction is not None
    bearing = forces(case)
    goal = pressures(case) if bearing is not None else targets(case)[0]
    species = [asdict(s) for s in _mixture(case)]
    table = case.file.packing.model_dump(mode="json") | {"species": species}
    about = [asdict(s) for s in solids(case)] if bearing is not None else "assigned"
    key = digest(table, goal, about, case.file.compaction.step)
    stored = None if cache is None else cache / f"packing_{key}.npz"
    heap = loose(case)
    if stored is not None and stored.is_file():
        return _read(stored, heap)

    def say(now: Relaxed) -> None:
        if progress is not None:
            p = now.packing
            progress(f"pressed to {p.relative_density:.3f}, {now.iterations} iterations")

    step = case.file.compaction.step
    if bearing is None:
        states = list(compact(heap, targets(case)[0], step=step, progress=say))
    else:
        wanted = case.file.compaction.pressure or ()
        states = [s for s, _ in press(heap, wanted, bearing, step=step, progress=say)]
    if stored is not None:
        _write(stored, states)
    return states


def _write(path: Path, states: Sequence[Relaxed]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.part.npz")
    np.savez(
        draft,
        centres=np.stack([s.packing.centres for s in states]),
        height=[s.packing.height for s in states],
        residual=[s.residual for s in states],
        iterations=[s.iterations for s in states],
        stress=[s.stress for s in states],
    )
    draft.replace(path)


def _read(path: Path, heap: Packing) -> list[Relaxed]:
    from dataclasses import replace

    states = []
    with np.load(path) as data:
        for k in range(len(data["height"])):
            moved = replace(heap, centres=data["centres"][k], height=float(data["height"][k]))
            x, y, z = data["stress"][k]
            states.append(
                Relaxed(
                    moved,
                    float(data["residual"][k]),
                    int(data["iterations"][k]),
                    (float(x), float(y), float(z)),
                )
            )
    return states
