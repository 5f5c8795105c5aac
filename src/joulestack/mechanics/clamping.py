"""A stack between the plates of a fixture: everything that its pressure follows from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from joulestack.materials.property import Property
from joulestack.mechanics.fixtures import Fixture
from joulestack.mechanics.volume_change import VolumeLaw


@dataclass(frozen=True)
class Clamping:
    """A stack that breathes between the plates of a fixture.

    Attributes:
        fixture: what it answers.
        volumes: v(x) of each active material, by its name.
        metals: layer of plated metal -> molar volume of lithium in it [m3/mol]; it takes all of
            the lithium that leaves the particles, so there is one at most.
        stock: layer -> lithium on it at the start [mol/m2], where all of it can be stripped: a foil
            of lithium, or zero where it is plated on a collector.
        expansion: layer -> linear thermal expansion [1/K].
        balance: how the pressure spreads over the face; of `plates.BALANCES`.
        share: of the particles' volume change that reaches the thickness [-].
        area: of the face, where an imported mesh must have the one that is stated [m2].
        properties: numbers of the library that all this rests on.
        notes: for the log: what was taken as rigid or as not expanding.
    """

    fixture: Fixture
    volumes: Mapping[str, VolumeLaw] = field(default_factory=dict)
    metals: Mapping[str, float] = field(default_factory=dict)
    stock: Mapping[str, float] = field(default_factory=dict)
    expansion: Mapping[str, float] = field(default_factory=dict)
    share: float = 1.0
    balance: str = "mean"
    notes: tuple[str, ...] = ()
    properties: tuple[Property, ...] = ()
    area: float | None = None
