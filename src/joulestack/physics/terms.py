"""What physics write into: residuals, models of local unknowns, heat sources, currents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import ufl

from joulestack.discretisation.fields import Block
from joulestack.physics.context import InterfaceGroup, RegionGroup, Weighted
from joulestack.physics.radial import RadialBasis
from joulestack.physics.sources import Crossing, Heat, HeatSource


@dataclass(frozen=True)
class Component:
    """One component of a vector field.

    Attributes:
        block: of the field.
        number: of the component.
    """

    block: Block
    number: int


@dataclass(frozen=True)
class Inside:
    """What a law of places inside a point adds to its residual, such as D(x) along a radius.

    residual_k += sum_q law(x_q) sum_l pull_qkl y_l at x_q = sum_l values_ql y_l, of the leading
    unknowns y. The law alone is compiled, once for each place; its sums are a page of C.

    Attributes:
        law: expression at a value of x, which is a variable.
        values: shape (places, unknowns).
        pull: shape (places, unknowns, unknowns).
    """

    law: Callable[[Any], Any]
    values: npt.NDArray[np.float64]
    pull: npt.NDArray[np.float64]


@dataclass(frozen=True)
class LocalModel:
    """Unknowns of a point: what they obey and what they do to the fields there.

    All expressions hold at one vertex. Derivatives are taken with respect to the variables, so the
    expressions must be written with them and not with the functions behind them.

    Attributes:
        block: holds the unknowns.
        unknowns, rates: a variable for each component; rates of algebraic ones do not matter.
        residual: one expression for each component, of order one, that vanishes.
        inputs: field blocks that the residual depends on, each with the variable for its value; of
            vectors their components.
        feeds: field blocks and the density that their residual receives; likewise.
        group: regions or interfaces where the points are.
        measure, weighted: vertex quadrature over them, in mesh coordinates and with their weight.
        restrict: puts a function of a block onto the measure (the right side of an interface).
        modes: leading components whose sum is a filling of sites, 0 empty, 1 full; 0 if there are
            none.
        exchange: exchange current density [A/m2] that the last component, a current density, has in
            a law like sinh; None where the law is linear.
        inside: what else is in the residual; None: nothing.
    """

    block: Block
    unknowns: tuple[Any, ...]
    rates: tuple[Any, ...]
    residual: tuple[Any, ...]
    inputs: tuple[tuple[Block | Component, Any], ...]
    feeds: tuple[tuple[Block | Component, Any], ...]
    group: RegionGroup | InterfaceGroup
    measure: Any
    weighted: Weighted
    restrict: Callable[[Block, Any], Any]
    modes: int = 0
    exchange: Any = None
    inside: Inside | None = None


@dataclass(frozen=True)
class Touching:
    """How much of an interface carries current, where that is an unknown.

    Attributes:
        share: of the face that is in contact [-].
        conductance: of the whole face at small currents [S/m2].
        group: interfaces, integrated at their vertices.
    """

    share: Any
    conductance: Any
    group: InterfaceGroup


class Terms:
    """Collects what the physics contribute.

    Attributes:
        heats: what each heat source makes in each place.
        crossings: currents through interfaces.
        reaction: a_s j, the U it acts against, and the group where it does.
        in_contact: share of the particles' surface that touches electrolyte, where it follows the
            pressure, and the group where it does.
        current_density: potential -> list of (i = -sigma grad phi, group) [A/m2].
        outflow: face -> heat flux density leaving through it [W/m2], where it is a function of T.
        points: unknowns that live at single points.
        bases: functions of the particles, by local state.
        touching: interfaces whose contact area is an unknown.
        charging: by store of charge, the rate [1/s] it charges at: zero but in a linearisation.
    """

    def __init__(self) -> None:
        """Start empty."""
        self._residual: dict[str, list[Any]] = defaultdict(list)
        self.heats: list[Heat] = []
        self.crossings: list[Crossing] = []
        self.reaction: list[tuple[Any, Any, RegionGroup]] = []
        self.in_contact: list[tuple[Any, RegionGroup]] = []
        self.current_density: dict[str, list[tuple[Any, RegionGroup]]] = defaultdict(list)
        self.outflow: dict[str, list[Any]] = defaultdict(list)
        self.points: list[LocalModel] = []
        self.touching: list[Touching] = []
        self.bases: dict[str, RadialBasis] = {}
        self.charging: dict[str, Any] = {}

    def add(self, block: Block, form: Any) -> None:
        """Add a term to a block's residual."""
        self._residual[block.name] += form.integrals()

    def charging_rate(self, store: str, wrap: Callable[[float], Any]) -> Any:
        """Rate [1/s] that a store of charge charges at, the same wherever it is asked for."""
        if store not in self.charging:
            self.charging[store] = wrap(0.0)
        return self.charging[store]

    def heat(
        self,
        source: HeatSource,
        density: Any,
        group: RegionGroup | InterfaceGroup,
        local: Block | None = None,
    ) -> None:
        """Tell of heat; it reaches the temperature by itself. Arguments as in `Heat`.

        Raises:
            ValueError: another source, or another loss, has the same name.
        """
        for other in self.sources:
            loss, known = source.loss, other.loss
            if other.name == source.name and other != source:
                raise ValueError(f'two heat sources are called "{source.name}"')
            if loss and known and loss.name == known.name and loss != known:
                raise ValueError(f'two losses are called "{loss.name}"')
        self.heats.append(
            Heat(source, density, group if local is None else group.at_nodes(), local)
        )

    def cross(self, crossing: Crossing, drop: Any, local: Block | None = None) -> None:
        """Tell of a current through interfaces that heats by a drop [V], from side 0 to side 1."""
        self.heat(crossing.source, crossing.i_n * drop, crossing.group, local)
        self.crossings.append(crossing)

    @property
    def sources(self) -> tuple[HeatSource, ...]:
        """All heat sources, in the order in which they were told of."""
        return tuple(dict.fromkeys(h.source for h in self.heats))

    @property
    def residual(self) -> dict[str, Any]:
        """Block name -> UFL form whose test function lives on that block."""
        return {name: ufl.Form(integrals) for name, integrals in self._residual.items()}
