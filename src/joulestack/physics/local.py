"""Local unknowns of a group of regions or interfaces, and the fields they see, to write laws with.

A process that has declared a local state writes:

    here = Local(context, group, "c", ["T"])
    (c,), (rate,) = here.unknowns, here.rates
    k = law(context.reference_temperature + here.fields["T"])
    here.obey(terms, [rate + k * c], heat={DECOMPOSITION: heat * k * c})
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ufl

from joulestack.discretisation.fields import Block
from joulestack.physics.context import Context, InterfaceGroup, RegionGroup
from joulestack.physics.sources import HeatSource
from joulestack.physics.terms import Component, LocalModel, Terms

Key = str | tuple[int, str]
"""Of a field in a region; of an interface with the side (0, 1) on which it is taken."""


class Local:
    """The vertices of a group, and what equations there may be written with.

    All of it are variables: expressions must be written with them, as derivatives are taken by
    them.

    Attributes:
        group: integrated at its vertices.
        unknowns, rates: one for each component of the state; a rate of one without is zero.
        fields: value of each field asked for, a vector's as a vector; the temperature is the rise
            above `context.reference_temperature`.
    """

    def __init__(
        self,
        context: Context,
        group: RegionGroup | InterfaceGroup,
        state: str,
        fields: Sequence[Key],
    ) -> None:
        """Find state and fields.

        Args:
            context: of the model.
            group: regions or interfaces that have the state.
            state: its key.
            fields: keys of the fields that the equations see or feed.
        """
        self._context, self._block = context, group.states[state]
        self.group = group.at_nodes()
        self._marks: dict[str, str] = {}
        self._blocks = {key: self._find(key) for key in fields}
        if isinstance(group, InterfaceGroup):
            inside = [s.regions[0] in self._block.regions for s in group.sides]
            self._marks[self._block.name] = "+-"[inside.index(True)]
        self.unknowns = self._variables(self._block, self._block.value)
        zero = (ufl.as_ufl(0.0),) * self._block.size
        rate = self._block.rate
        self.rates = zero if rate is None else self._variables(self._block, rate)
        self._inputs = {
            key: self._variables(block, block.value) for key, block in self._blocks.items()
        }
        self.fields: dict[Key, Any] = {
            key: ufl.as_vector(self._inputs[key]) if block.info.vector else self._inputs[key][0]
            for key, block in self._blocks.items()
        }

    def _find(self, key: Key) -> Block:
        if isinstance(key, str):
            assert isinstance(self.group, RegionGroup)
            return self.group.blocks[key]
        assert isinstance(self.group, InterfaceGroup)
        side, name = key
        block = self.group.sides[side].blocks[name]
        self._marks.setdefault(block.name, "+-"[side])
        return block

    def _restrict(self, block: Block, value: Any) -> Any:
        return value if isinstance(self.group, RegionGroup) else value(self._marks[block.name])

    def _variables(self, block: Block, function: Any) -> tuple[Any, ...]:
        here = self._restrict(block, function)
        if not block.info.vector:
            return (ufl.variable(here),)
        return tuple(ufl.variable(here[k]) for k in range(block.size))

    def obey(
        self,
        terms: Terms,
        residual: Sequence[Any],
        feeds: Mapping[Key, Any] | None = None,
        heat: Mapping[HeatSource, Any] | None = None,
        modes: int = 0,
        exchange: Any = None,
    ) -> None:
        """Let the unknowns follow their equations.

        Args:
            terms: receive the equations, what they feed, and the heat.
            residual: one expression for each unknown, of order one, that vanishes.
            feeds: key of a field -> density that its residual receives, per volume or area;
                positive takes away. Of a vector one for each component.
            heat: source -> density of the heat that it releases [W/m3], on interfaces [W/m2].
            modes, exchange: as in `LocalModel`.
        """
        inputs = [
            (self._entry(key, k), variable)
            for key, variables in self._inputs.items()
            for k, variable in enumerate(variables)
        ]
        given = dict(feeds or {})
        for source, density in (heat or {}).items():
            terms.heat(source, density, self.group, self._block)
        fed = []
        for key, density in given.items():
            block = self._blocks[key]
            parts = [density[k] for k in range(block.size)] if block.info.vector else [density]
            fed += [(self._entry(key, k), ufl.as_ufl(part)) for k, part in enumerate(parts)]
        measure = (
            self._context.plain_dx(self.group)
            if isinstance(self.group, RegionGroup)
            else self._context.plain_dS(self.group)
        )
        weighted = (
            self._context.dx(self.group)
            if isinstance(self.group, RegionGroup)
            else self._context.dS(self.group)
        )
        terms.points.append(
            LocalModel(
                block=self._block,
                unknowns=self.unknowns,
                rates=() if self._block.rate is None else self.rates,
                residual=tuple(ufl.as_ufl(r) for r in residual),
                inputs=tuple(inputs),
                feeds=tuple(fed),
                group=self.group,
                measure=measure,
                weighted=weighted,
                restrict=self._restrict,
                modes=modes,
                exchange=exchange,
            )
        )

    def _entry(self, key: Key, component: int) -> Block | Component:
        block = self._blocks[key]
        return Component(block, component) if block.info.vector else block
