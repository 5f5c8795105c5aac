"""Components of a composite electrode: materials, their phases, and the laws of pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from joulestack.errors import CaseError, Problem
from joulestack.fabrication.checks import check
from joulestack.fabrication.electrolyte import SolidElectrolyte
from joulestack.fabrication.media import Phase
from joulestack.fabrication.pressing import scaling, solid_electrolyte
from joulestack.fabrication.specification import ActivePart, Composite
from joulestack.laws.state import ROOM
from joulestack.materials import library
from joulestack.materials.library import Material
from joulestack.materials.overrides import Overrides
from joulestack.materials.property import Property
from joulestack.materials.quantities import QUANTITIES
from joulestack.materials.reader import Reader

Actives = Sequence[tuple[ActivePart, Material]]
"""Parts of the active material and what they are made of."""


def actives_of(
    spec: Composite, extra_dirs: Sequence[str | Path], key: str
) -> list[tuple[ActivePart, Material]]:
    """Parts of the active material.

    Raises:
        CaseError: an unknown material, or shares that do not add up to 1.
    """
    blended = not isinstance(spec.active, str)
    if not spec.parts:
        raise CaseError(
            Problem(f"{key}active", "is an empty blend", 'active = "NMC622", or a list of parts')
        )
    found = []
    for i, part in enumerate(spec.parts):
        where = f"{key}active[{i}].material" if blended else f"{key}active"
        found.append((part, component(part.material, "active material", extra_dirs, where)))
    shares = [part.share for part in spec.parts]
    if min(shares) <= 0 or abs(sum(shares) - 1) > 1e-6:
        shown = " + ".join(f"{s:g}" for s in shares)
        raise CaseError(
            Problem(
                f"{key}active",
                f"shares {shown} = {sum(shares):g}, not 1",
                "shares of the mass of all active material are above 0 and add up to 1",
            )
        )
    return found


def names_of(materials: Sequence[Material]) -> dict[str, str]:
    """Phase -> material, each material once: "active", "active 2", ..."""
    unique = dict.fromkeys(m.name for m in materials)
    return {"active" if i == 0 else f"active {i + 1}": name for i, name in enumerate(unique)}


def densities_of(
    spec: Composite,
    actives: Actives,
    additive: Material | None,
    extra_dirs: Sequence[str | Path],
    key: str,
) -> dict[str, float]:
    """Densities of the components, as far as they are known [kg/m3]."""
    made = spec.electrolyte
    electrolyte = component(
        made.material, "solid electrolyte", extra_dirs, f"{key}electrolyte.material"
    )
    found = {}
    for name, material in (("electrolyte", electrolyte), ("additive", additive)):
        law = material.properties.get("density") if material is not None else None
        if law is not None:
            found[name] = float(law(ROOM))
    laws = [(part.share, m.properties.get("density")) for part, m in actives]
    if all(law is not None for _, law in laws):
        found["active"] = 1 / sum(w / float(law(ROOM)) for w, law in laws if law is not None)
    if "density" in made.overrides:
        found["electrolyte"] = float(made.overrides["density"])
    return found


def component(name: str, kind: str, extra_dirs: Sequence[str | Path], where: str) -> Material:
    """A material of the wanted kind.

    Raises:
        CaseError: there is none of this name, or it is of another kind.
    """
    material = library.load(name, extra_dirs, where)
    if material.kind != kind:
        known = [m for m in library.names(extra_dirs) if library.load(m, extra_dirs).kind == kind]
        raise CaseError(
            Problem(
                where,
                f"{material.name} is of the kind {material.kind}, not {kind}",
                f"known: {', '.join(known)}",
            )
        )
    return material


def electrolyte_of(spec: Composite, extra_dirs: Sequence[str | Path], key: str) -> SolidElectrolyte:
    """The electrolyte as if pressed alone, at the pressure that the electrode was pressed at.

    Powder is mixed before it is pressed: what a layer of the same electrolyte was pressed at is no
    part of this one's history, unless nothing else is said.
    """
    made, where = spec.electrolyte, f"{key}electrolyte"
    if made.relative_density is None and spec.moulding_pressure is not None:
        made = replace(made, moulding_pressure=spec.moulding_pressure)
    check(made, where)
    material = component(made.material, "solid electrolyte", extra_dirs, where)
    described = made.sintering_temperature or made.relative_density or made.moulding_pressure
    law = material.of_class(made.particle_class)["ionic_conductivity"].form
    reference = getattr(law, "reference_density", None) or 1.0
    if described is None:
        # With the porosity given, the grains' conductivity is taken as it was measured.
        made = replace(made, relative_density=reference)
    return solid_electrolyte(replace(made, in_cell=True), material, extra_dirs, where)


def pair_laws(actives: Sequence[str], electrolyte: str) -> Mapping[str, Property]:
    """Laws that belong to a pair of active material and electrolyte.

    A blend takes those of the first of its materials that has any: unverified for the blend.
    """
    for name in actives:
        for table in library.pairs("_composites")["pairs"]:
            if name not in table["active"] or electrolyte not in table["electrolyte"]:
                continue
            reader = Reader(f"{name} + {electrolyte}")
            read = {k: reader.property(k, t, k) for k, t in table.items() if k in QUANTITIES}
            found = {k: p for k, p in read.items() if p is not None}
            if len(actives) == 1:
                return found
            note = f"borrowed for a blend with {', '.join(n for n in actives if n != name)}"
            return {k: replace(p, status="unverified", note=note) for k, p in found.items()}
    return {}


def phase_of(
    material: Material,
    pair: Mapping[str, Property],
    laws: Mapping[str, str],
    overrides: Overrides | None,
    where: str,
) -> Phase:
    """A solid beside the electrolyte; overrides of the electronic law go to the first one.

    Raises:
        CaseError: the library does not say enough.
    """
    needed = (
        "density",
        "specific_heat_capacity",
        "dense_thermal_conductivity",
        "electronic_conductivity",
        "electronic_scaling",
    )
    properties = dict(material.properties)
    properties.update({k: p for k, p in pair.items() if k == "electronic_scaling"})
    missing = [n for n in needed if n not in properties]
    if missing:
        raise CaseError(
            Problem(
                where,
                f"{material.name} has no {', '.join(missing)}",
                f"add [{missing[0]}] to {material.path}",
            )
        )
    law = properties["electronic_scaling"]
    if overrides is not None:
        own = material.properties["electronic_scaling"]
        if laws.get("electronic_conductivity") == own.form.form_name:
            properties["electronic_scaling"] = own
        law = scaling("electronic", material, properties, laws, overrides, where)
    return Phase(
        properties["density"],
        properties["specific_heat_capacity"],
        properties["dense_thermal_conductivity"],
        properties["electronic_conductivity"],
        law,
        properties.get("thermal_disorder"),
    )


def ionic_law(
    electrolyte: SolidElectrolyte,
    pair: Mapping[str, Property],
    laws: Mapping[str, str],
    overrides: Overrides,
    extra_dirs: Sequence[str | Path],
    where: str,
) -> tuple[SolidElectrolyte, Property | None]:
    """The electrolyte, and the law of its share if that is not the electrolyte's own."""
    law = laws.get("ionic_conductivity", "percolation" if "ionic_scaling" in pair else None)
    if law is None:
        return electrolyte, None
    if law == "percolation":
        if "ionic_scaling" not in pair:
            raise CaseError(
                Problem(
                    f"{where}.laws.ionic_conductivity" if where else "laws.ionic_conductivity",
                    "the library holds no percolation law for this pair of materials",
                    'choose "power" or "bruggeman"',
                )
            )
        return electrolyte, pair["ionic_scaling"]
    material = library.load(electrolyte.name, extra_dirs)
    own = {"ionic_scaling": electrolyte.ionic_scaling}
    chosen = scaling("ionic", material, own, {"ionic_conductivity": law}, overrides, where)
    return replace(electrolyte, ionic_scaling=chosen), None
