"""Where electrons on one side of an interface meet ions on the other.

Unknowns of such a point, a current density above all, see the potential of the electrons, that of
the ions and the temperatures of both sides at their vertex. The current leaves the one potential
for the other, and half of its heat goes to each side.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ufl

from joulestack.discretisation.fields import Block
from joulestack.laws.medium import Medium
from joulestack.laws.state import State
from joulestack.physics.context import Context, InterfaceGroup
from joulestack.physics.sources import Crossing, HeatSource
from joulestack.physics.terms import LocalModel, Terms


def metal_side(first: Medium, second: Medium) -> int:
    """Side (0 or 1) of the metal electrode, of two media one of which is one."""
    return 0 if first.electrode_potential is not None else 1


def potentials(group: InterfaceGroup, side: int) -> tuple[str, str] | None:
    """Keys of the potentials of side 0 and 1, electrons on `side`; None if one does not exist."""
    keys = ("phi_s", "phi_e") if side == 0 else ("phi_e", "phi_s")
    return keys if all(k in s.blocks for s, k in zip(group.sides, keys, strict=True)) else None


class Meeting:
    """The points of a group of interfaces, and what they may be written with.

    Attributes:
        unknowns, rates: a variable for each component of `group.current`; no rates if none has one.
        phi_s, phi_e: potential of the electrons and of the ions [V].
        T: mean temperature of both sides [K].
        state: operating state there.
        group: interfaces, integrated at their vertices.
        block: holds the unknowns.
    """

    def __init__(self, context: Context, group: InterfaceGroup, side: int) -> None:
        """Electrons are on `side` (0 or 1) of the group, whose `current` holds the unknowns."""
        keys, block = potentials(group, side), group.current
        assert keys is not None
        assert block is not None
        self._context, self.group, self.block = context, group.at_nodes(), block
        self._side, self._sign = side, 1 if side == 0 else -1
        marks = ("+", "-") if side == 0 else ("-", "+")
        own, other = group.sides[side].blocks, group.sides[1 - side].blocks
        self._fields = own["phi_s"], other["phi_e"], own["T"], other["T"]
        pairs = list(zip(self._fields, marks * 2, strict=True))
        self._marks = {b.name: mark for b, mark in pairs} | {block.name: marks[0]}
        self._values = [ufl.variable(b.value(mark)) for b, mark in pairs]
        self.phi_s, self.phi_e, T_own, T_other = self._values
        self.unknowns = self._components(block.value)
        self.rates = () if block.rate is None else self._components(block.rate)
        self.T = context.reference_temperature + 0.5 * (T_own + T_other)
        self.state: State = context.interface_state(self.group, self.T)

    def _restrict(self, of: Block, value: Any) -> Any:
        return value(self._marks[of.name])

    def _components(self, function: Any) -> tuple[Any, ...]:
        on_side = self._restrict(self.block, function)
        return tuple(ufl.variable(on_side[k]) for k in range(self.block.size))

    def obey(
        self,
        terms: Terms,
        source: HeatSource,
        j: Any,
        heat: Any,
        potential: Any,
        residual: Sequence[Any],
        exchange: Any = None,
    ) -> None:
        """Let j flow from electrons to ions [A/m2] and the unknowns follow their equations.

        Args:
            terms: receive the current, its heat and the points.
            source: of the heat.
            j: current density, an expression of the unknowns.
            heat: what it makes [W/m2].
            potential: voltage that it works against beside what heats [V], as in `Crossing`.
            residual, exchange: as in `LocalModel`.
        """
        sign, block = self._sign, self.block
        terms.heat(source, heat, self.group, block)
        terms.crossings.append(Crossing(source, sign * j, self.group, self._side, potential))
        terms.points.append(
            LocalModel(
                block=block,
                unknowns=self.unknowns,
                rates=self.rates,
                residual=tuple(residual),
                inputs=tuple(zip(self._fields, self._values, strict=True)),
                feeds=tuple(zip(self._fields[:2], (j, -j), strict=True)),
                group=self.group,
                measure=self._context.plain_dS(self.group),
                weighted=self._context.dS(self.group),
                restrict=self._restrict,
                exchange=exchange,
            )
        )
