"""Heat sources: the one record of each, which everything that measures or shows heat reads.

The physics that makes a heat declares a `HeatSource` and says with `Terms.heat` how much of it is
made where. Balances, sums by layer and interface, losses, files and pictures follow from that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from joulestack.discretisation.fields import Block
    from joulestack.laws.state import State
    from joulestack.physics.context import InterfaceGroup, RegionGroup


class Origin(Enum):
    """What a heat is made from."""

    JOULE = "Joule"
    CONTACT = "contact"
    CHARGE_TRANSFER = "charge transfer"
    FILM = "film"
    ENTROPY = "entropy"
    REACTION = "reaction"
    LATENT = "latent"
    GIVEN = "given"

    @property
    def electrical(self) -> bool:
        """A current falls down a voltage: the terminals miss what the cell is heated by.

        So electrical heat is the equilibrium voltage less the terminal voltage, times the current
        (Bernardi, Pawlikowski and Newman, J. Electrochem. Soc. 132 (1985) 5, Eq 20, without the
        entropic heat and the heat of mixing). Entropy, side reactions, changes of phase and what
        is given heat the cell too, but no voltage shows it.
        """
        return self in _ELECTRICAL


_ELECTRICAL = (Origin.JOULE, Origin.CONTACT, Origin.CHARGE_TRANSFER, Origin.FILM)


@dataclass(frozen=True)
class Pointwise:
    """A given heat that differs from place to place or follows the state.

    Attributes:
        density: UFL of the coordinates x of the mesh [m], the time t [s] and the `State` there,
            (x, t, state) -> [W/m3], positive when it heats.
    """

    density: Callable[[Any, Any, State], Any]


@dataclass(frozen=True)
class Loss:
    """A part of the voltage that electrical heat takes away: what it costs is P/I.

    Attributes:
        name: in columns and pictures; several sources may share one.
        colours: in pictures; of a loss `by_place` of one place after another, in turn.
        by_place: told for each layer and interface on its own.
    """

    name: str
    colours: tuple[str, ...]
    by_place: bool = False


@dataclass(frozen=True)
class HeatSource:
    """What a heat source is.

    Attributes:
        name: in columns and files.
        origin: what the heat is made from.
        loss: where the voltage shows it; None of what is not electrical.
        label: in legends; the name unless given.
        colour, hatch: in pictures, as matplotlib writes them.
    """

    name: str
    origin: Origin
    loss: Loss | None = None
    label: str = ""
    colour: str = "#8a9099"
    hatch: str = ""

    def __post_init__(self) -> None:
        """Fill in the label.

        Raises:
            ValueError: electrical without a loss, or the other way round.
        """
        if self.origin.electrical != (self.loss is not None):
            which = "needs" if self.origin.electrical else "has no voltage to take, hence no"
            raise ValueError(f'heat source "{self.name}": {self.origin.value} heat {which} a loss')
        if not self.label:
            object.__setattr__(self, "label", self.name)


@dataclass(frozen=True)
class Heat:
    """What a source makes in one place.

    Attributes:
        source: of the heat.
        density: UFL expression [W/m3], on interfaces [W/m2], half of which goes to each side;
            positive where it heats.
        group: regions or interfaces where it is made.
        local: unknowns at single vertices that the density is written with, None without: then
            their `LocalModel` hands it to the temperature.
    """

    source: HeatSource
    density: Any
    group: RegionGroup | InterfaceGroup
    local: Block | None = None


@dataclass(frozen=True)
class Crossing:
    """A current through interfaces.

    Attributes:
        source: of the heat that it makes there.
        i_n: current density from side 0 to side 1 [A/m2].
        group: the interfaces.
        electrons: side (0 or 1) of the electrons where they meet ions; None where one of both
            passes on.
        potential: voltage of the electrons against the ions that the current works against beside
            what heats: U of a reaction, the charge of a capacitor [V].
    """

    source: HeatSource
    i_n: Any
    group: InterfaceGroup
    electrons: int | None = None
    potential: Any = 0.0

    @property
    def into(self) -> float:
        """1 where i_n goes from electrons to ions, -1 the other way round, else 0."""
        return 0.0 if self.electrons is None else 1.0 - 2.0 * self.electrons
