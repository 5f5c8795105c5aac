"""Energies in time, and how well heat, charge and energy are balanced."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from joulestack.simulation.observe.integral import Integral

Row = dict[str, float]
TINY = 1e-300
QUIET = 1e-9
"""Energy [J] of a run, or heat flow [W] of a steady state, below which nothing happens: the
round-off of a cell at rest is out of balance with itself, which is no error."""

LEAST_PASSED = 1e-6
"""Of all sites of an electrode: charge below which a cell is at rest, and lithium lost is compared
with this."""


class Balances:
    """Integrates the records of a run and keeps the worst imbalances.

    Attributes:
        integrals: since the start [J]: generated, removed, stored, magnitude, electric energy
            given; the charge given and that passed either way [C].
        heat: by source since the start [J].
        largest_current: seen so far [A].
    """

    REMEMBERS = (
        "integrals", "heat", "largest_current", "_integral", "_names", "_at", "_jumped", "_given",
        "_worst_charge", "_worst_lithium", "_held", "_worst_power", "_worst_identity",
        "_largest_heat", "_others",
    )  # fmt: skip

    def __init__(self) -> None:
        """Nothing has been recorded."""
        self.integrals: Row = {}
        self.heat: Row = {}
        self.largest_current = 0.0
        self._integral = Integral()
        self._names: tuple[str, ...] = ()
        self._at: float | None = None
        self._jumped = self._given = 0.0
        self._worst_charge = 0.0
        self._worst_lithium: float | None = None
        self._held = 0.0
        self._worst_power = 0.0
        self._worst_identity: float | None = None
        self._largest_heat = 0.0
        self._others: dict[str, tuple[float, float]] = {}

    def charge(self, current: float, imbalance: float) -> None:
        """Note a current and what of it is out of balance [A]."""
        self.largest_current = max(self.largest_current, abs(current))
        self._worst_charge = max(self._worst_charge, imbalance)

    def power(self, imbalance: float, flows: list[float]) -> None:
        """Note what is out of balance among heat flows [W]."""
        scale = max(TINY, *map(abs, flows))
        self._worst_power = max(self._worst_power, abs(imbalance) / scale)

    def electrical(self, error: float, heat: list[float], carried: float) -> None:
        """Note by how much electrical heat differs from the power that the terminals miss [W].

        Args:
            error: heat less power.
            heat: by electrical source.
            carried: what the charge out of balance carries at the terminal voltage. Newton's method
                leaves it, it is judged as charge, and at a current of next to nothing it is more
                than the heat; so twice that is no error here.
        """
        unexplained = max(abs(error) - 2.0 * abs(carried), 0.0)
        self._worst_identity = max(unexplained, self._worst_identity or 0.0)
        self._largest_heat = max(self._largest_heat, sum(map(abs, heat)))

    def other(self, name: str, imbalance: float, flow: float) -> None:
        """Note what is out of balance of another quantity and the largest of its flows."""
        worst, largest = self._others.get(name, (0.0, 0.0))
        self._others[name] = max(worst, abs(imbalance)), max(largest, flow)

    def energy(
        self,
        t: float,
        heat: Row,
        removed: float,
        gained: float,
        terminals: tuple[float, float],
        step: Sequence[float] | None,
        lithium: Sequence[float] = (),
        held: float = 0.0,
    ) -> None:
        """Integrate to time t.

        Args:
            t: [s].
            heat: by source now [W].
            removed: through all faces now [W].
            gained: enthalpy since the last record [J].
            terminals: current [A] and electric power [W] given by the cell now.
            step: as of `Integral.add`.
            lithium: what the particles of each electrode gain less what the current brings [A].
            held: charge of all the sites of an electrode [C].
        """
        powers = {"removed": removed, "generated": sum(heat.values())}
        powers["charge"], powers["electric"] = terminals
        powers["magnitude"] = sum(map(abs, heat.values())) + abs(removed)
        powers["charge passed"] = abs(powers["charge"])
        self._names = tuple(powers)
        self._integral.add(t, np.array([*powers.values(), *heat.values(), *lithium]), step)
        values = [float(v) for v in self._integral.value]
        first = self._at is None
        self.integrals = {**self.integrals, **dict(zip(powers, values, strict=False))}
        self.heat = dict(zip(heat, values[len(powers) :], strict=False))
        for lost in values[len(powers) + len(heat) :]:
            self._worst_lithium = max(abs(lost), self._worst_lithium or 0.0)
        self._held = held
        self.integrals["stored"] = 0.0 if first else self.integrals["stored"] + gained
        if t == self._at:
            # In no time only a held face that jumps can give heat: that to its own nodes.
            self._jumped += gained
            self._given += abs(gained)
        self.integrals["removed"] -= self._jumped
        self.integrals["magnitude"] += self._given
        self._at = t

    def charge_until(self, t: float, current: float, step: Sequence[float] | None) -> float:
        """Charge given since the start [C], up to a time after the last record."""
        if self._at is None:
            return 0.0
        place = self._names.index("charge")
        rates = np.zeros(len(self._integral.value))
        rates[place] = current
        return float(self._integral.until(t, rates, step)[place])

    def relative(self, steady: Row | None = None) -> Row:
        """Relative balances of the run so far; of energy, those of a steady record if given."""
        total = self.integrals
        if steady is not None:
            # Heat may pass through, in at one face and out at another.
            flows = [v for k, v in steady.items() if k.startswith("Heat removed ")]
            flows.append(steady["Heat generated [W]"])
            energy, scale = steady["Heat imbalance [W]"], max(map(abs, flows))
        else:
            generated, removed, stored, scale = (
                total.get(k, 0.0) for k in ("generated", "removed", "stored", "magnitude")
            )
            energy, scale = generated - removed - stored, max(scale, abs(stored))
        found = {
            "energy_balance_relative": abs(energy) / max(scale, QUIET),
            "power_balance_relative_max": self._worst_power,
            "charge_balance_relative": self._per_current(self._worst_charge),
        }
        if self._worst_identity is not None:
            scale = max(self._largest_heat, QUIET)
            found["electrical_identity_relative"] = self._worst_identity / scale
        if self._worst_lithium is not None:
            passed = max(total["charge passed"], LEAST_PASSED * self._held, TINY)
            found["lithium_balance_relative"] = self._worst_lithium / passed
        for name, (worst, largest) in self._others.items():
            found[f"{name}_balance_relative"] = worst / max(largest, TINY)
        return found

    def _per_current(self, imbalance: float) -> float:
        return imbalance / self.largest_current if self.largest_current else 0.0
