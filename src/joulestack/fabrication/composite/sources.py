"""What the properties of a composite electrode rest on, number by number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from joulestack.fabrication.composite import computed
from joulestack.fabrication.media import Use
from joulestack.laws.state import State
from joulestack.materials.measured import TABLED

if TYPE_CHECKING:
    from joulestack.fabrication.composite.electrode import CompositeElectrode

REACHED = ("fraction", "size_ratio")
"""Variables of the law of utilisation."""


def uses(medium: CompositeElectrode, state: State) -> Iterator[Use]:
    """Properties that an electrode evaluates, overrides apart, with their variables."""
    f = medium.fractions(state)
    replaced = {*medium.overrides, *medium.tables, *medium.computed}
    se = medium.electrolyte
    heat, ions = "volumetric_heat_capacity", "ionic_conductivity"
    for name, phase in medium.phases.items():
        at = medium.at(state, name)
        yield phase.density, at
        if heat not in replaced:
            yield phase.specific_heat, at
        if "thermal_conductivity" not in replaced:
            yield from phase.thermal_uses(state, at)
        if "electronic_conductivity" not in replaced:
            yield phase.electronic, at
    if "electronic_conductivity" not in replaced:
        for names, phi in medium.networks(state):
            yield medium.phases[names[0]].electronic_scaling, {"phi": phi}
    yield se.density, {}
    if heat not in replaced:
        yield se.specific_heat, {}
    if "thermal_conductivity" not in replaced:
        for used in (se.dense_conductivity, se.grain_contact, se.pore_gas):
            if used is not None:
                yield used, {}
        if medium.pores_last:
            yield se.thermal_scaling, {"phi": medium.relative_density(state)}
    if ions not in replaced:
        yield se.ionic, se.pressed(state)
        if medium.ionic_scaling is None:
            yield se.ionic_scaling, {"phi": f["electrolyte"]}
        else:
            yield medium.ionic_scaling, {"phi": f["electrolyte"]}
            yield se.ionic_scaling, {"phi": se.relative_density(state)}
    pressed = medium.porosity is None and "relative_density" not in replaced
    if pressed or (ions not in replaced and medium.ionic_scaling is not None):
        yield se.compaction.law, se.compaction.variables(state)
    if pressed:
        for name, law in medium.pressed_active.items():
            yield law, medium.at(state, name)
    for used in medium.kinetics_properties:
        yield used, medium.at(state)
    for population in medium.particles or ():
        for law in population.laws():
            yield law, {"x": population.start}
    if medium.capacity is not None:
        yield medium.capacity, {}
    if medium.reached is not None:
        yield medium.reach, dict(zip(REACHED, medium.reached, strict=True))
    for name in medium.computed:
        yield from computed.uses(medium, name, state)
    for name in medium.tables:
        if used_table := medium.given(name, state):
            yield used_table


def parts(medium: CompositeElectrode, state: State) -> dict[str, tuple[Any, str, list[Use]]]:
    """Effective properties with the numbers behind them, though a mixture is not their product."""
    f = medium.fractions(state)
    at = {n: medium.at(state, n) for n in medium.phases}
    phi, heat = medium.relative_density(state), medium.volumetric_heat_capacity(state)
    solids: list[Use] = []
    for name, phase in medium.phases.items():
        solids += [(phase.density, at[name]), (phase.specific_heat, at[name])]
        solids += phase.thermal_uses(state, at[name])
    se = medium.electrolyte
    density = sum(f[n] * p.density(state, **at[n]) for n, p in medium.phases.items())
    density = density + f["electrolyte"] * se.density(state)
    pressed: list[Use] = []
    if medium.porosity is None:
        pressed = [(se.compaction.law, se.compaction.variables(state))]
        pressed += [(law, at[n]) for n, law in medium.pressed_active.items()]
    ions: list[Use] = [(se.ionic, se.pressed(state))]
    ions.append((medium.ionic_scaling or se.ionic_scaling, {"phi": f["electrolyte"]}))
    electrons: list[Use] = []
    for name, phase in medium.phases.items():
        electrons.append((phase.electronic, at[name]))
    for names, filled in medium.networks(state):
        electrons.append((medium.phases[names[0]].electronic_scaling, {"phi": filled}))
    own: dict[str, list[Use]] = {n: [u] if (u := medium.given(n, state)) else [] for n in TABLED}
    for name in medium.computed:
        own[name] = own[name] or list(computed.uses(medium, name, state))
    rest: list[Use] = [
        *solids,
        (se.density, {}),
        (se.specific_heat, {}),
        (se.dense_conductivity, {}),
    ]
    found: dict[str, tuple[Any, str, list[Use]]] = {
        "relative_density": (phi, "1", medium.replaced("relative_density") or pressed),
        "density": (density, "kg/m^3", rest[:1]),
        "specific_heat_capacity": (heat / density, "J/(kg K)", rest),
        "thermal_conductivity": (
            medium.thermal_conductivity(state),
            "W/(m K)",
            own["thermal_conductivity"] or rest,
        ),
        "thermal_diffusivity": (medium.thermal_diffusivity(state), "m^2/s", rest),
        "ionic_conductivity": (
            medium.ionic_conductivity(state),
            "S/m",
            own["ionic_conductivity"] or ions,
        ),
        "electronic_conductivity": (
            medium.electronic_conductivity(state),
            "S/m",
            own["electronic_conductivity"] or electrons,
        ),
    }
    if medium.reached is not None:
        at_sizes = dict(zip(REACHED, medium.reached, strict=True))
        value = medium.reach(state, **at_sizes)
        found["utilisation"] = (value, "1", [(medium.reach, at_sizes)])
    return found
