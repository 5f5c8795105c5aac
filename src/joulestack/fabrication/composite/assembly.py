"""Put a composite electrode together: each part from recipe and library, then all of them at once.

    amounts, choice of laws -> solids (phases, electrolyte) -> composition (shares, pores)
    composition, microstructure -> utilisation (what ions reach), losses (contact, networks)
    these -> reaction (particles, capacity)
    composition, radius of the grains -> transport (heat, ions, electrons)

What a part needs are the arguments of its function; nothing is changed once it is made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from joulestack.errors import CaseError, Problem
from joulestack.fabrication import structured
from joulestack.fabrication.composite.amounts import complete
from joulestack.fabrication.composite.checks import check, percolates, without_effect
from joulestack.fabrication.composite.components import (
    Actives,
    actives_of,
    component,
    densities_of,
    electrolyte_of,
    ionic_law,
    names_of,
    pair_laws,
    phase_of,
)
from joulestack.fabrication.composite.composition import Composition, solid_shares
from joulestack.fabrication.composite.electrode import (
    ELECTRONIC,
    HEAT,
    IONIC,
    THERMAL,
    CompositeElectrode,
)
from joulestack.fabrication.composite.grains import mixed_heat
from joulestack.fabrication.composite.losses import SLOTS as LOSSES
from joulestack.fabrication.composite.losses import losses
from joulestack.fabrication.composite.mixture import Mixture
from joulestack.fabrication.composite.reaction import reaction
from joulestack.fabrication.composite.transport import (
    SOLIDS_FIRST,
    SOLIDS_THEN_PORES,
    Measured,
    MixedHeat,
    OnMicrostructure,
    ParallelNetworks,
    ThroughElectrolyte,
    Transport,
)
from joulestack.fabrication.composite.utilisation import grain_radius, taking_part
from joulestack.fabrication.electrolyte import SolidElectrolyte
from joulestack.fabrication.law_choices import resolve
from joulestack.fabrication.media import Phase
from joulestack.fabrication.specification import Composite
from joulestack.fabrication.structured import Structure
from joulestack.laws.effective_media import MIXTURES
from joulestack.laws.state import ROOM
from joulestack.materials import ceilings
from joulestack.materials.ceilings import Ceilings
from joulestack.materials.library import Material
from joulestack.materials.measured import Tables, chosen, tables
from joulestack.materials.overrides import Overrides
from joulestack.materials.property import Property

EFFECTIVE = ("relative_density", THERMAL, f"{THERMAL}_in_plane", HEAT, IONIC, ELECTRONIC)
"""Properties of the finished electrode that a case may set."""

SLOTS = dict.fromkeys((THERMAL, IONIC, ELECTRONIC, "utilisation", *LOSSES))


def composite_electrode(
    spec: Composite, extra_dirs: Sequence[str | Path], where: str
) -> CompositeElectrode:
    """Composite electrode with its laws.

    Raises:
        CaseError: impossible or missing input, each with a remedy.
    """
    key = f"{where}." if where else ""
    actives = actives_of(spec, extra_dirs, key)
    additive = None
    if spec.additive is not None:
        additive = component(spec.additive, "carbon", extra_dirs, f"{key}additive")
    spec = complete(spec, densities_of(spec, actives, additive, extra_dirs, key), key)
    check(spec, key)
    spec, given = structured.of_electrode(spec, extra_dirs, where)
    choice = _choice(spec, where)
    overrides = Overrides(spec.overrides, "a composite electrode", where)
    solids = _solids(spec, actives, additive, choice, overrides, extra_dirs, where)
    replaced = overrides.effective(*EFFECTIVE)
    composition = _composition(spec, actives, solids, replaced.get("relative_density"), key)

    structure = structured.structure(given, float(composition.relative_density(ROOM)), where)
    radius = grain_radius(spec, actives)
    law = choice.laws.get("utilisation")
    utilisation = taking_part(spec, composition, structure, radius, law, key)
    lost = losses(
        spec,
        composition,
        {n: choice.laws[n] for n in LOSSES if n in choice.laws},
        structure.used[1] if structure is not None and structure.used else None,
        radius,
        [m.name for _, m in actives],
        key,
    )
    reacting = reaction(spec, actives, composition, utilisation.share, lost, overrides, key)
    mixture = Mixture(solids.phases, composition, reacting.stoichiometry)
    materials = actives[0][1], additive
    heat = mixed_heat(choice.thermal, spec, composition, materials, reacting.radius, overrides, key)
    ends = _ceilings(actives, additive, solids.electrolyte, overrides)
    overrides.finish()
    apart = {*replaced, *solids.measured, *(structure.provides if structure else ())}
    percolates(mixture, solids.ionic_scaling, apart, key)

    parts = [*solids.names.values(), composition.electrolyte.name, additive and additive.name]
    return CompositeElectrode(
        name=" + ".join(n for n in parts if n),
        kind="composite electrode",
        overrides=replaced,
        mixture=mixture,
        transport=_transport(heat, solids, structure),
        reaction=reacting,
        utilisation=utilisation,
        losses=lost,
        remarks=(
            *utilisation.remarks,
            *lost.remarks,
            *reacting.remarks,
            *without_effect(spec, composition),
        ),
        ceilings=ends,
    )


@dataclass(frozen=True)
class _Choice:
    """Laws that a case chooses.

    Attributes:
        laws: by property, exact names.
        thermal: law of the thermal conductivity.
        tables: measured tables instead of laws, by property.
    """

    laws: Mapping[str, str]
    thermal: str
    tables: Mapping[str, str]


def _choice(spec: Composite, where: str) -> _Choice:
    laws = resolve(spec.laws, SLOTS, where)
    measured = {s: n for s, n in laws.items() if n in tables()}
    laws = {s: n for s, n in laws.items() if s not in measured}
    heat = laws.get(THERMAL, SOLIDS_THEN_PORES)
    known = (*SOLIDS_FIRST, *MIXTURES)
    if heat not in known:
        raise CaseError(
            Problem(
                f"{where}.laws.{THERMAL}" if where else f"laws.{THERMAL}",
                f'"{heat}" is a law for one solid with pores',
                f"choose one of {', '.join(known)}",
            )
        )
    return _Choice(laws, heat, measured)


@dataclass(frozen=True)
class _Solids:
    """What the electrode is made of.

    Attributes:
        names: phase -> active material.
        phases: solids beside the electrolyte.
        electrolyte: as if pressed alone.
        ionic_scaling: of the pair of materials; None: the electrolyte's own.
        measured: tables of these materials that stand in for laws.
    """

    names: Mapping[str, str]
    phases: Mapping[str, Phase]
    electrolyte: SolidElectrolyte
    ionic_scaling: Property | None
    measured: Tables


def _solids(
    spec: Composite,
    actives: Actives,
    additive: Material | None,
    choice: _Choice,
    overrides: Overrides,
    extra_dirs: Sequence[str | Path],
    where: str,
) -> _Solids:
    key = f"{where}." if where else ""
    electrolyte = electrolyte_of(spec, extra_dirs, key)
    known = {m.name: m for _, m in actives}
    names = names_of([m for _, m in actives])
    measured = chosen(choice.tables, tuple(known), electrolyte.name, additive is not None, key)
    pair = pair_laws(tuple(known), electrolyte.name)
    phases = {
        phase: phase_of(
            known[n], pair, choice.laws, overrides if phase == "active" else None, where
        )
        for phase, n in names.items()
    }
    if additive is not None:
        phases["additive"] = phase_of(additive, {}, {}, None, where)
    electrolyte, scaling = ionic_law(electrolyte, pair, choice.laws, overrides, extra_dirs, where)
    return _Solids(names, phases, electrolyte, scaling, measured)


def _composition(
    spec: Composite, actives: Actives, solids: _Solids, density: Property | None, key: str
) -> Composition:
    """How much there is of each.

    Raises:
        CaseError: nothing says the porosity.
    """
    mass = _masses(spec.mass_fractions, actives, solids.names)
    densities = {n: p.density(ROOM) for n, p in solids.phases.items()}
    densities["electrolyte"] = solids.electrolyte.density(ROOM)
    materials = {m.name: m for _, m in actives}
    found = {p: materials[n].properties.get("relative_density") for p, n in solids.names.items()}
    absent = [solids.names[p] for p, law in found.items() if law is None]
    if absent and spec.porosity is None and density is None:
        raise CaseError(
            Problem(
                f"{key}moulding_pressure",
                f"the library holds no density of pressed {', '.join(absent)}",
                "set porosity = 0.15 instead",
            )
        )
    pressed = {p: law for p, law in found.items() if law is not None}
    volumes = solid_shares(mass, densities)
    densifies = "highest_pressure" in solids.electrolyte.compaction.law.form.variables
    holds = spec.porosity is not None and density is None and densifies and not absent
    at = spec.moulding_pressure if holds else None
    return Composition(solids.electrolyte, volumes, mass, spec.porosity, pressed, density, at)


def _transport(
    heat: Transport, solids: _Solids, structure: Structure | None
) -> dict[str, Transport]:
    """Mixed from the grains, unless computed on a microstructure or measured."""
    laws = {
        THERMAL: heat,
        IONIC: ThroughElectrolyte(solids.ionic_scaling),
        ELECTRONIC: ParallelNetworks(),
    }
    if structure is not None:
        gas = MixedHeat(SOLIDS_THEN_PORES) if solids.electrolyte.pore_gas is not None else None
        laws |= {
            n: OnMicrostructure(n, *best, solids=gas if n == THERMAL else None)
            for n, best in structure.conductors.items()
        }
    return laws | {n: Measured(*table) for n, table in solids.measured.items()}


def _ceilings(
    actives: Actives, additive: Material | None, electrolyte: SolidElectrolyte, given: Overrides
) -> Ceilings:
    """Of every material, and of those that meet; what the case gives is that of the whole."""
    own: dict[str, Property] = {}
    given.into(own, ceilings.EVENTS)
    materials = {m.name: m for m in [*(m for _, m in actives), *([additive] if additive else [])]}
    found = [law for m in materials.values() for law in ceilings.of_material(m.properties)]
    found += electrolyte.ceilings
    found += ceilings.of_mixture([*materials, electrolyte.name])
    return (*own.values(), *(law for law in found if law.name not in own))


def _masses(
    given: Mapping[str, float], actives: Actives, names: Mapping[str, str]
) -> dict[str, float]:
    """Mass fractions by phase."""
    mass = {n: w for n, w in given.items() if w > 0}
    active = mass.pop("active")
    found = {
        phase: active * sum(part.share for part, m in actives if m.name == name)
        for phase, name in names.items()
    }
    return {**found, **mass}
