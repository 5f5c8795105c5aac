"""Conductivities of a composite electrode that were computed on a microstructure.

Effective value = that of the best conductor's grains at the state x f(phi). Ratios between phases
are those at room temperature for which f was computed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from joulestack.fabrication.media import Use
from joulestack.laws.state import State

if TYPE_CHECKING:
    from joulestack.fabrication.composite.electrode import CompositeElectrode


def grains(medium: CompositeElectrode, name: str, phase: str, state: State) -> Any:
    """Conductivity of the dense grains of a phase, contacts of loading apart [SI]."""
    if phase == "electrolyte":
        if name == "thermal_conductivity":
            return medium.electrolyte.dense_conductivity(state)
        return medium.electrolyte.ionic_at(state, 1.0)
    solid = medium.phases[phase]
    at = medium.at(state, phase)
    if name == "thermal_conductivity":
        return solid.thermal_conductivity(state, at)
    return solid.electronic(state, **at)


def value(medium: CompositeElectrode, name: str, state: State) -> Any:
    """Effective conductivity [SI]."""
    phase, law = medium.computed[name]
    return grains(medium, name, phase, state) * law(state, phi=medium.relative_density(state))


def uses(medium: CompositeElectrode, name: str, state: State) -> Iterator[Use]:
    """Numbers that `value` rests on."""
    phase, law = medium.computed[name]
    yield law, {"phi": medium.relative_density(state)}
    electrolyte = medium.electrolyte
    if phase == "electrolyte" and name == "thermal_conductivity":
        yield electrolyte.dense_conductivity, {}
    elif phase == "electrolyte":
        yield electrolyte.ionic, electrolyte.pressed(state)
        yield electrolyte.ionic_scaling, {"phi": electrolyte.reference_density or 1.0}
    else:
        solid = medium.phases[phase]
        at = medium.at(state, phase)
        if name == "thermal_conductivity":
            yield from solid.thermal_uses(state, at)
        else:
            yield solid.electronic, at
