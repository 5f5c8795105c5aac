"""From [cell.fixture] and the library to a `Clamping`, with what is missing told at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from joulestack.case.clamping.fixture import Fixture as FixtureModel
from joulestack.case.interfaces.contacts import is_metal_electrode
from joulestack.case.layers.recipes import material_folders
from joulestack.case.root import CaseFile
from joulestack.case.stack import stack
from joulestack.case.stack.geometry import geometry_of
from joulestack.errors import CaseError, Problem
from joulestack.laws.medium import Medium
from joulestack.materials import library
from joulestack.materials.property import Property
from joulestack.mechanics.clamping import Clamping
from joulestack.mechanics.fixtures import Fixture, Stop
from joulestack.mechanics.volume_change import ROOM, VolumeLaw, stated_change, volume_law

WHERE = "cell.fixture"


def clamping_of(case: CaseFile, media: Mapping[str, Medium], folder: Path) -> Clamping | None:
    """The fixture of a case; None where the stack pressure is held.

    Raises:
        CaseError: lists every number that is missing.
    """
    given = case.cell.fixture
    if given is None:
        return None
    problems: list[Problem] = []
    notes: list[str] = []
    used: list[Property] = []
    volumes = _volumes(given, media, folder, problems)
    metals = dict(_metals(case, given, media, folder, problems, used)) if volumes else {}
    if len(metals) > 1:
        what = f"lithium is plated on {' and '.join(metals)}: which of them is not known"
        problems.append(Problem(WHERE, what, "a fixture takes one metal electrode"))
    expansion = _by_layer(case, given.thermal_expansion, "thermal_expansion", folder, used)
    still = [b.name for b in stack.layers(case.cell) if b.name not in expansion]
    if still:
        notes.append(f"no thermal expansion is known of {', '.join(still)}: counted as zero")
    fixture = _fixture(case, given, folder, problems, notes, used)
    if problems:
        raise CaseError(problems)
    geometry = geometry_of(case.cell)
    share, balance = given.breathing_share, given.balance
    used += [law.number for law in volumes.values() if law.number is not None]
    return Clamping(
        fixture,
        volumes,
        metals,
        _stock(case, media, metals),
        expansion,
        share,
        balance,
        tuple(notes),
        tuple(used),
        None if geometry.layered else geometry.face_area,
    )


def _volumes(
    given: FixtureModel, media: Mapping[str, Medium], folder: Path, problems: list[Problem]
) -> dict[str, VolumeLaw]:
    found: dict[str, VolumeLaw] = {}
    for medium in media.values():
        for particles in medium.particles or ():
            name = particles.name
            if name in found:
                continue
            if name in given.volume_change:
                found[name] = stated_change(particles, given.volume_change[name])
                continue
            try:
                where = f"{WHERE}.volume_change"
                found[name] = volume_law(particles, material_folders(folder), where)
            except CaseError as error:
                problems += error.problems
    return found


def _metals(
    case: CaseFile,
    given: FixtureModel,
    media: Mapping[str, Medium],
    folder: Path,
    problems: list[Problem],
    used: list[Property],
) -> Iterator[tuple[str, float]]:
    """Metal electrodes that face an electrolyte, each with the molar volume of its lithium."""
    names = [layer.name for layer in case.cell.layers]
    for a, b in geometry_of(case.cell).touching():
        for metal, other in ((a, b), (b, a)):
            if not (metal in names and is_metal_electrode(media[metal])):
                continue
            if not media[other].conducts_ions:
                continue
            volume = given.molar_volume
            if volume is None:
                known = library.load(media[metal].surface, material_folders(folder)).properties
                law = known.get("partial_molar_volume")
                if law is None:
                    what = f"the library holds no volume of lithium in {media[metal].surface}"
                    remedy = f'set molar_volume = "13 cm^3/mol" (that of lithium) for {metal}'
                    problems.append(Problem(f"{WHERE}.molar_volume", what, remedy))
                    continue
                volume = float(law(ROOM))
                used.append(law)
            yield metal, volume


def _stock(
    case: CaseFile, media: Mapping[str, Medium], metals: Mapping[str, float]
) -> dict[str, float]:
    """Lithium that can be stripped from each metal electrode [mol/m2]; not known of an alloy."""
    found = {}
    for layer in case.cell.layers:
        if layer.name not in metals:
            continue
        if layer.plating is not None:
            found[layer.name] = 0.0
        elif media[layer.name].electrode_potential == 0.0 and layer.thickness:
            found[layer.name] = layer.thickness / metals[layer.name]
    return found


def _by_layer(
    case: CaseFile,
    given: Mapping[str, float],
    name: str,
    folder: Path,
    used: list[Property],
) -> dict[str, float]:
    """A property of each layer of the stack: stated, or of its material in the library."""
    found = {}
    for body in stack.layers(case.cell):
        recipe = case.materials.get(body.material)
        material = body.material if recipe is None else getattr(recipe, "material", None)
        law = None
        if material is not None:
            law = library.load(material, material_folders(folder)).properties.get(name)
        if body.name in given:
            found[body.name] = given[body.name]
        elif law is not None:
            found[body.name] = float(law(ROOM))
            used.append(law)
    return found


def _fixture(
    case: CaseFile,
    given: FixtureModel,
    folder: Path,
    problems: list[Problem],
    notes: list[str],
    used: list[Property],
) -> Fixture:
    area = geometry_of(case.cell).face_area or 1.0
    moduli = _by_layer(case, given.youngs_modulus, "youngs_modulus", folder, used)
    layers = stack.layers(case.cell)
    rigid = [b.name for b in layers if b.name not in moduli]
    compliance = 0.0
    for body in layers:
        repeats = case.cell.unit_cells if body in case.cell.layers else 1
        if body.name in moduli:
            compliance += repeats * (body.thickness or 0.0) / moduli[body.name]
    uneven = "plate" in given.balance
    if rigid and (given.kind == "fixed gap" or uneven):
        example = ", ".join(f'"{name}" = "10 GPa"' for name in rigid)
        what = (
            f"is missing: {'a rigid plate' if uneven else 'a fixed gap'} leaves nothing but the "
            "layers to give way, and of "
            f"{', '.join(rigid)} no modulus is known"
        )
        problems.append(
            Problem(f"{WHERE}.youngs_modulus", what, f"set youngs_modulus = {{ {example} }}")
        )
    elif given.kind == "spring" and rigid:
        notes.append(f"no modulus is known of {', '.join(rigid)}: counted as rigid in the fixture")
    stiffness = {
        "constant pressure": 0.0,
        "spring": sum(s.stiffness * s.number for s in given.springs) / area,
        "fixed gap": (given.frame_stiffness or float("inf")) / area,
    }[given.kind]
    frame = given.frame
    return Fixture(
        given.kind,
        stiffness,
        compliance * given.cells,
        tuple(Stop(s.travel, s.stiffness / area) for s in given.stops),
        given.cells,
        0.0 if frame is None else frame.length * frame.thermal_expansion,
    )
