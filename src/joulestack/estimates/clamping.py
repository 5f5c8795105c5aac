"""What a fixture will do to the stack pressure, estimated from the capacity before any solve."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from joulestack.case import Case
from joulestack.constants import FARADAY, MILLIAMPERE_HOUR
from joulestack.mechanics.clamping import Clamping
from joulestack.units import format_quantity

_AREAL = MILLIAMPERE_HOUR / 1e-4
"""mAh/cm2 in C/m2."""


@dataclass(frozen=True)
class Swing:
    """Thickness and pressure when all particles have gone to one end of their window.

    Attributes:
        end: "charged" or "discharged".
        charge: taken out (positive) or put in until there [C/m2].
        expansion: free, of all identical cells [m].
        pressure: of the fixture then, below zero where contact is lost long before [Pa].
    """

    end: str
    charge: float
    expansion: float
    pressure: float


def swings(case: Case) -> tuple[Swing, ...]:
    """Both ends of the window; empty without a fixture or without particles.

    A first estimate: every particle of every layer reaches the end, nothing is warm.
    """
    clamping = case.clamping
    if clamping is None:
        return ()
    media, found = case.media(), []
    for number, end in enumerate(("charged", "discharged")):
        expansion = charge = 0.0
        for layer in case.cell.layers:
            for p in media[layer.name].particles or ():
                x = p.window[number]
                law = clamping.volumes[p.name]
                size = (layer.thickness or 0.0) * case.cell.unit_cells
                share = float(p.fraction) * size
                grown = float(law(x)) - float(law(p.start))
                expansion += clamping.share * share * grown
                charge += FARADAY * float(p.maximum_concentration) * share * (x - p.start)
        expansion -= sum(clamping.metals.values()) * charge / FARADAY
        expansion *= clamping.fixture.cells
        assembly = case.stack_pressure.value(0.0)
        pressure = float(clamping.fixture.elastic(expansion, assembly))
        found.append(Swing(end, charge / case.cell.unit_cells, expansion, pressure))
    return tuple(found) if any(s.charge for s in found) else ()


def reached(case: Case) -> tuple[float, ...]:
    """Pressures at both ends of the window [Pa], zero where contact is lost."""
    return tuple(max(s.pressure, 0.0) for s in swings(case))


def fixture_warnings(case: Case) -> Iterator[str]:
    """Say where the fixture lets go of the stack before the cell is charged or discharged."""
    clamping = case.clamping
    if clamping is None:
        return
    assembly = case.stack_pressure.value(0.0)
    for swing in swings(case):
        yield from _stripped(clamping, swing)
        if swing.pressure >= 0:
            continue
        reserve = clamping.fixture.reserve(assembly)
        share = reserve / -swing.expansion
        charge = abs(swing.charge) * share / _AREAL
        yield (
            f"the {clamping.fixture.kind} loses contact about {charge:.3g} mAh/cm^2 on the way to "
            f"the {swing.end} cell: the stack shrinks by "
            f"{format_quantity(-swing.expansion, 'm', 3)}, and "
            f"{format_quantity(reserve, 'm', 3)} use up the {format_quantity(assembly, 'Pa', 3)} "
            "of assembly; contacts then keep what their laws leave at no pressure"
        )


def _stripped(clamping: Clamping, swing: Swing) -> Iterator[str]:
    """Less lithium on the metal electrode than the particles take up."""
    for layer, stock in clamping.stock.items():
        charge = stock * FARADAY
        if swing.charge > max(1.001 * charge, 1e-3 * _AREAL):
            yield (
                f"{layer}: {charge / _AREAL:.3g} mAh/cm^2 of lithium are there at the "
                f"start, the {swing.end} cell takes {swing.charge / _AREAL:.3g}: a "
                "discharge ends where no lithium is left"
            )


def remarks(case: Case) -> Iterator[str]:
    """Where the volumes come from, and what the fixture takes for granted."""
    clamping = case.clamping
    if clamping is None:
        return
    for law in clamping.volumes.values():
        yield f"volume of {law.material} against lithium: {law.source}"
    if clamping.share == 1.0 and clamping.volumes:
        yield (
            "breathing_share = 1 (assumption): all of the particles' volume change reaches the "
            "thickness, none is lost in pores"
        )
    steps = {s.number for s in case.protocol.steps if s.stack_pressure is not None}
    if steps and not clamping.fixture.holds:
        yield (
            f"the fixture is tightened anew in {len(steps)} of the steps; estimates of its "
            "pressure count from assembly"
        )
    yield from clamping.notes
