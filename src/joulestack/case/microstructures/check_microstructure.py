"""What models cannot check one by one: choices that exclude or need each other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from joulestack import units
from joulestack.case.messages import Where, one_of
from joulestack.case.microstructures.schema import MicrostructureTables, TransportTable
from joulestack.case.microstructures.solids import ASKED, mechanics
from joulestack.case.paths import Key
from joulestack.errors import CaseError, Problem
from joulestack.materials.quantities import QUANTITIES

RESISTANCE = {
    "thermal_conductivity": "m^2 K/W",
    "ionic_conductivity": "ohm m^2",
    "electronic_conductivity": "ohm m^2",
}
"""Unit of resistances on faces, by property."""


def check(file: MicrostructureTables, folder: Path, where: Where) -> list[Problem]:
    """Everything that is wrong between the tables of a case."""
    problems = [*_sources(file, folder, where), *_compaction(file, folder, where)]
    for index in range(len(file.transport)):
        problems += _transport(file, index, where)
    known = phases(file)
    analysis = file.analysis
    for key in ("active", "ionic", "electronic"):
        given = getattr(analysis, key)
        for name in (given,) if isinstance(given, str) else given or ():
            if name not in known:
                problems.append(
                    Problem(where("analysis", key), f'no phase "{name}"', one_of(name, known))
                )
    if analysis.active is not None and not (analysis.ionic and analysis.electronic):
        what = "utilisation needs phases for ions and electrons"
        problems.append(Problem(where("analysis"), what, "set ionic and electronic"))
    return problems


def phases(file: MicrostructureTables) -> tuple[str, ...]:
    """Names of the phases of a case's images."""
    if file.packing is not None:
        return ("pore", *dict.fromkeys(s.name for s in file.packing.species))
    return file.segmentation.phases if file.segmentation is not None else ()


def _sources(file: MicrostructureTables, folder: Path, where: Where) -> Iterator[Problem]:
    packing, image = file.packing, file.image
    if (packing is None) == (image.file is None):
        what = "neither a packing nor an image file" if packing is None else "both"
        yield Problem(where("image", "file"), what, "[packing], or image.file")
        return
    if image.file is not None:
        if not (folder / image.file).exists():
            yield Problem(where("image", "file"), f"there is no {image.file} beside the case")
        if file.compaction is not None:
            yield Problem(where("compaction"), "has no effect on an image", "leave it out")
        yield from _segmentation(file, where)
        return
    assert packing is not None
    if image.voxel_size is None:
        yield Problem(where("image", "voxel_size"), "is missing", "a tenth of a particle or less")
    if file.segmentation is not None:
        yield Problem(where("segmentation"), "has no effect on a packing", "leave it out")
    if file.compaction is None:
        yield Problem(where("compaction"), "is missing", "[compaction] relative_density = [0.8]")
    if (packing.particles is None) == (packing.thickness is None):
        what = "says not how much powder, or says it twice"
        yield Problem(where("packing"), what, "particles, or thickness at the first density")
    total = sum(s.share for s in packing.species)
    if abs(total - 1) > 1e-6:
        what = f"the shares add up to {total:g}"
        yield Problem(where("packing", "species"), what, "1: volumes of the solids")
    names = [s.name for s in packing.species]
    for index, species in enumerate(packing.species):
        key = ("packing", "species", index)
        if species.name == "pore" or names.index(species.name) != index:
            yield Problem(where(*key, "name"), f'"{species.name}" is taken', "another name")
        csv = getattr(species.diameter, "csv", None)
        if csv is not None and not (folder / csv).is_file():
            yield Problem(where(*key, "diameter", "csv"), f"there is no {csv} beside the case")


def _segmentation(file: MicrostructureTables, where: Where) -> Iterator[Problem]:
    given = file.segmentation
    if given is None:
        remedy = '[segmentation] phases = ["pore", "SE"], otsu = true'
        yield Problem(where("segmentation"), "is missing", remedy)
        return
    if given.otsu and given.thresholds is not None:
        yield Problem(where("segmentation"), "thresholds and otsu", "one of them")
    if given.thresholds is not None and len(given.thresholds) != len(given.phases) - 1:
        what = f"{len(given.thresholds)} between {len(given.phases)} phases"
        yield Problem(where("segmentation", "thresholds"), what, "one less than phases")
    if len(set(given.phases)) < len(given.phases):
        yield Problem(where("segmentation", "phases"), "a name stands twice", "different names")


def _compaction(file: MicrostructureTables, folder: Path, where: Where) -> Iterator[Problem]:
    given = file.compaction
    if given is None or file.packing is None:
        return
    density, thickness, pressure = given.relative_density, given.thickness, given.pressure
    contacts = given.pressing is not None
    ways = [density is not None, thickness is not None, given.material is not None, contacts]
    if sum(ways) != 1:
        remedy = "relative_density, thickness, or pressure with material or pressing"
        yield Problem(where("compaction"), f"{sum(ways)} ways to say how far", remedy)
    if (given.material is not None) and pressure is None:
        yield Problem(where("compaction", "pressure"), "is missing", "pressures for the material")
    yield from _contacts(file, folder, where) if contacts else _without_contacts(file, where)
    if density and pressure and len(density) != len(pressure):
        what = f"{len(pressure)} beside {len(density)} densities"
        yield Problem(where("compaction", "pressure"), what, "one for each")
    if thickness and file.packing.particles is None:
        what = "needs a number of particles"
        yield Problem(where("compaction", "thickness"), what, "packing.particles")
    for key, values, sign in (
        ("relative_density", density, 1), ("pressure", pressure, 1), ("thickness", thickness, -1),
    ):  # fmt: skip
        pairs = zip(values or (), (values or ())[1:], strict=False)
        if any(sign * (b - a) <= 0 for a, b in pairs) or values == ():
            yield Problem(where("compaction", key), "is not in order", "the loosest first")


def _contacts(file: MicrostructureTables, folder: Path, where: Where) -> Iterator[Problem]:
    """What `pressing = "contacts"` needs, and what it cannot do."""
    given, packing = file.compaction, file.packing
    assert given is not None
    assert packing is not None
    if given.pressure is None:
        what = "is missing"
        yield Problem(where("compaction", "pressure"), what, 'pressure = ["100 MPa", "370 MPa"]')
    if packing.thickness is not None:
        what = "is not known before the density is"
        yield Problem(where("packing", "thickness"), what, "packing.particles")
    if packing.cohesion > 0:
        what = "has no place in the law of contacts that pressing takes the pressure from"
        yield Problem(where("packing", "cohesion"), what, "friction, which holds loose powder")
    if given.overlap == "keep":
        what = "contacts share the matter they push aside"
        yield Problem(where("compaction", "overlap"), what, "leave it out")
    if given.released is not None and given.released > min(given.pressure or (0.0,)):
        what = "more than the powder was pressed with"
        yield Problem(where("compaction", "released"), what, "at most the lowest of pressure")
    for index, species in enumerate(packing.species):
        if "stiffness" in species.model_fields_set:
            what = "has no effect: the ratio of the hardnesses counts"
            yield Problem(where("packing", "species", index, "stiffness"), what, "leave it out")
        try:
            mechanics(species, where("packing", "species", index), folder)
        except CaseError as error:
            yield from error.problems
    for index, transport in enumerate(file.transport):
        if "pore" in transport.conductivity:
            what = "is not in the network of contacts that pressing measures with"
            yield Problem(where("transport", index, "conductivity", "pore"), what, "leave it out")


def _without_contacts(file: MicrostructureTables, where: Where) -> Iterator[Problem]:
    """What only the law of contacts reads."""
    assert file.compaction is not None
    assert file.packing is not None
    remedy = '[compaction] pressing = "contacts", or leave it out'
    if file.compaction.released is not None:
        yield Problem(where("compaction", "released"), "has no effect", remedy)
    for index, species in enumerate(file.packing.species):
        for key in ("material", *ASKED):
            if getattr(species, key) is not None:
                at = where("packing", "species", index, key)
                yield Problem(at, "has no effect on densities that are assigned", remedy)


def _transport(file: MicrostructureTables, index: int, where: Where) -> Iterator[Problem]:
    given = file.transport[index]
    key: tuple[Key, ...] = ("transport", index)
    known = phases(file)
    unit, resistance = QUANTITIES[given.property].unit, RESISTANCE[given.property]
    names: list[tuple[str, tuple[Key, ...]]] = [
        (n, ("conductivity", n)) for n in given.conductivity
    ]
    values: list[tuple[str | float, str, tuple[Key, ...]]] = [
        (value, unit, ("conductivity", n)) for n, value in given.conductivity.items()
    ]
    for i, contact in enumerate(given.interface_resistance):
        names += [(n, ("interface_resistance", i)) for n in contact.between]
        path: tuple[Key, ...] = ("interface_resistance", i, "resistance")
        values.append((contact.resistance, resistance, path))
    if given.particle_resistance is not None:
        values.append((given.particle_resistance, resistance, ("particle_resistance",)))
    for name, path in names:
        if name not in known:
            yield Problem(where(*key, *path), f'no phase "{name}"', one_of(name, known))
    for value, si, path in values:
        try:
            number = units.parse(value, si)
        except ValueError as error:
            yield Problem.of(where(*key, *path), error)
            continue
        if number < 0:
            yield Problem(where(*key, *path), f"{value} is negative", "0 or more")
    if not given.conductivity:
        yield Problem(where(*key, "conductivity"), "nothing conducts", f'{{SE = "1 {unit}"}}')


def conductivities(given: TransportTable) -> dict[str, float]:
    """Phase -> conductivity [SI] of a checked case."""
    unit = QUANTITIES[given.property].unit
    return {name: units.parse(value, unit) for name, value in given.conductivity.items()}


def resistances(given: TransportTable) -> tuple[dict[tuple[str, str], float], float]:
    """Resistances between phases, and between particles [SI], of a checked case."""
    unit = RESISTANCE[given.property]
    between = {c.between: units.parse(c.resistance, unit) for c in given.interface_resistance}
    return between, units.parse(given.particle_resistance or 0.0, unit)
