"""Reactions of a material that heat it: how fast, how much, and what is left.

A reaction turns a reactant, of which a share c is left, at

    dc/dt = -k(T) c^n (1 - c)^m exp(-z/z0),  k = A exp(-E/(R T)),

with order n, autocatalysis m and a barrier z that grows as the reactant goes, as the layer between
carbon and electrolyte does (Hatchard, MacNeil, Basu and Dahn, J. Electrochem. Soc. 148 (2001)
A755). Where the reactant must diffuse, k is held below a largest rate k_l: k/(1 + Da), Da = k/k_l
(Kurzawski and others, doi:10.1016/j.proci.2020.06.270).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from joulestack import xmath
from joulestack.constants import GAS_CONSTANT
from joulestack.laws.binding import FIXED

SMALLEST_SHARE = 1e-6
"""Share of the reactant [-] below which a power that is no whole number turns into a line."""

COLDEST = 100.0
"""Temperature [K] below which nothing reacts faster than there."""


@dataclass(frozen=True)
class Activated:
    """A rate that temperature sets: A exp(-E/(R T)).

    Attributes:
        pre_exponential: A [1/s].
        energy: E [J/mol].
    """

    pre_exponential: Any
    energy: Any

    def at(self, T: Any) -> Any:
        """Rate [1/s] at a temperature [K]; held below `COLDEST`, where trial steps may lead."""
        T = xmath.maximum(T, COLDEST)
        return self.pre_exponential * xmath.exp(-self.energy / (GAS_CONSTANT * T))


@dataclass(frozen=True)
class Barrier:
    """A layer that grows as fast as the reactant goes, and is in its way.

    Attributes:
        start: z where nothing has reacted since the start [-].
        scale: z0, the growth that slows the reaction to 1/e [-].
    """

    start: Any
    scale: Any


@dataclass(frozen=True)
class Reaction:
    """One reaction of a material, in a layer.

    Attributes:
        name: of the reaction.
        k: its rate.
        reactant: mass of it per volume of the layer, where c = 1 [kg/m3].
        enthalpy: heat that a mass of it releases; negative where it takes heat up [J/kg].
        order: n. As `autocatalysis` a number that is compiled in.
        autocatalysis: m.
        start: c at the start.
        barrier: that grows; None: none.
        limit: largest rate; None: none.
        gas: mass of gas from a mass of reactant [-].
    """

    name: str
    k: Activated
    reactant: Any
    enthalpy: Any
    order: float = field(default=1.0, metadata=FIXED)
    autocatalysis: float = field(default=0.0, metadata=FIXED)
    start: Any = 1.0
    barrier: Barrier | None = None
    limit: Activated | None = None
    gas: Any = 0.0

    def consumption(self, c: Any, T: Any) -> Any:
        """-dc/dt [1/s].

        Args:
            c: share of the reactant that is left [-].
            T: temperature [K].
        """
        k = self.k.at(T)
        if self.limit is not None:
            most = self.limit.at(T)
            k = k * most / (k + most)
        found = k * power(c, self.order)
        if self.autocatalysis:
            found = found * power(1 - c, self.autocatalysis)
        if self.barrier is not None:
            grown = self.barrier.start + self.start - c
            found = found * xmath.exp(-grown / self.barrier.scale)
        return found

    @property
    def heat(self) -> Any:
        """What all of the reactant releases, from c = 1 to 0 [J/m3]."""
        return self.reactant * self.enthalpy


def power(c: Any, n: float) -> Any:
    """c^n of a share, n >= 0: smooth at c = 0, and odd below it, where a step may overshoot.

    Whole numbers above 0 are taken as they are; else c (c^2 + e^2)^((n - 1)/2), with e of
    `SMALLEST_SHARE`, which is within 1e-6 of c^n from c = 1e-3 on.
    """
    whole = round(n)
    if whole == n and whole > 0:
        return c if whole == 1 else c**whole
    return c * (c * c + SMALLEST_SHARE**2) ** (0.5 * (n - 1.0))
