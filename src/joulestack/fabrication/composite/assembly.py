"""Put a composite electrode together from its components and its recipe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from joulestack.errors import CaseError, Problem
from joulestack.fabrication import structured
from joulestack.fabrication.composite import composition
from joulestack.fabrication.composite.amounts import complete
from joulestack.fabrication.composite.checks import check, percolates
from joulestack.fabrication.composite.components import (
    actives_of,
    component,
    densities_of,
    electrolyte_of,
    ionic_law,
    names_of,
    pair_laws,
    phase_of,
)
from joulestack.fabrication.composite.electrode import (
    SOLIDS_FIRST,
    SOLIDS_THEN_PORES,
    CompositeElectrode,
)
from joulestack.fabrication.composite.grains import with_grains
from joulestack.fabrication.composite.reaction import with_reaction
from joulestack.fabrication.composite.utilisation import with_reach
from joulestack.fabrication.law_choices import resolve
from joulestack.fabrication.specification import ActivePart, Composite
from joulestack.laws.effective_media import MIXTURES
from joulestack.laws.state import State
from joulestack.materials.library import Material
from joulestack.materials.measured import chosen, tables
from joulestack.materials.overrides import Overrides

SLOTS = dict.fromkeys(
    ("thermal_conductivity", "ionic_conductivity", "electronic_conductivity", "utilisation")
)
_ROOM = State(T=298.15)


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
    spec, structure = structured.of_electrode(spec, extra_dirs, where)
    laws = resolve(spec.laws, SLOTS, where)
    measured = {s: n for s, n in laws.items() if n in tables()}
    laws = {s: n for s, n in laws.items() if s not in measured}
    thermal_law = laws.get("thermal_conductivity", SOLIDS_THEN_PORES)
    if thermal_law not in (*SOLIDS_FIRST, *MIXTURES):
        raise CaseError(
            Problem(
                f"{key}laws.thermal_conductivity",
                f'"{thermal_law}" is a law for one solid with pores',
                f"choose one of {', '.join((*SOLIDS_FIRST, *MIXTURES))}",
            )
        )
    overrides = Overrides(spec.overrides, "a composite electrode", where)
    electrolyte = electrolyte_of(spec, extra_dirs, key)
    solids = {m.name: m for _, m in actives}
    names = names_of([m for _, m in actives])
    measured_tables = chosen(measured, tuple(solids), electrolyte.name, additive is not None, key)
    pair = pair_laws(tuple(solids), electrolyte.name)
    phases = {
        phase: phase_of(solids[n], pair, laws, overrides if phase == "active" else None, where)
        for phase, n in names.items()
    }
    if additive is not None:
        phases["additive"] = phase_of(additive, {}, {}, None, where)
    electrolyte, ionic_scaling = ionic_law(electrolyte, pair, laws, overrides, extra_dirs, where)
    densities = {"electrolyte": electrolyte.density(_ROOM)}
    densities.update({n: p.density(_ROOM) for n, p in phases.items()})
    mass = _masses(spec, actives, names)
    pressed = {p: solids[n].properties.get("relative_density") for p, n in names.items()}
    result = CompositeElectrode(
        name=" + ".join([*solids, electrolyte.name, *([additive.name] if additive else [])]),
        kind="composite electrode",
        overrides=overrides.effective(
            "relative_density",
            "thermal_conductivity",
            "thermal_conductivity_in_plane",
            "volumetric_heat_capacity",
            "ionic_conductivity",
            "electronic_conductivity",
        ),
        phases=phases,
        electrolyte=electrolyte,
        shares=composition.solid_shares(mass, densities),
        mass_fractions=mass,
        ionic_scaling=ionic_scaling,
        thermal_law=thermal_law,
        porosity=spec.porosity,
        pressed_active={p: law for p, law in pressed.items() if law is not None},
        stoichiometry={}
        if spec.stoichiometry is None
        else dict.fromkeys(names, float(spec.stoichiometry)),
        tables=measured_tables,
    )
    absent = [names[p] for p, law in pressed.items() if law is None]
    if absent and spec.porosity is None and "relative_density" not in result.overrides:
        raise CaseError(
            Problem(
                f"{key}moulding_pressure",
                f"the library holds no density of pressed {', '.join(absent)}",
                "set porosity = 0.15 instead",
            )
        )
    result, spec = structured.with_structure(result, spec, structure, where)
    result, spec = with_reach(result, spec, actives, laws, key)
    result, radius = with_reaction(result, spec, actives, overrides, key)
    result = with_grains(result, spec, (solids[names["active"]], additive), radius, overrides, key)
    overrides.finish()
    percolates(result, key)
    return result


def _masses(
    spec: Composite, actives: Sequence[tuple[ActivePart, Material]], names: Mapping[str, str]
) -> dict[str, float]:
    """Mass fractions by phase."""
    mass = {n: w for n, w in spec.mass_fractions.items() if w > 0}
    active = mass.pop("active")
    found = {
        phase: active * sum(part.share for part, m in actives if m.name == name)
        for phase, name in names.items()
    }
    return {**found, **mass}
