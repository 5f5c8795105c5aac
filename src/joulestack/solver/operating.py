"""Which of two currents a given power means: that of the branch from open circuit.

P = I V(I) has two currents for every power below the most that a cell can give, and none above. A
real source or sink works on the branch of the smaller one, where dP/dI > 0. It is found from open
circuit, by given currents (each has one voltage), and told apart from the other one by a voltage
between both, below which the sink draws no more current (`charge.terminal`). With that the
equations have one solution at any power: beyond the most it is a voltage below this lowest one,
which is how a step in time finds out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from petsc4py import PETSc

from joulestack.errors import ConvergenceError
from joulestack.solver.problem import CoupledProblem
from joulestack.units import format_quantity

NEAR = 1e-4
"""Part of the most power that is left alone: there dP/dI is below a hundredth of the voltage, and
the equations of a given power are all but singular."""

APART = 0.25
"""Where the lowest voltage lies between that of the most power (0) and the present one (1)."""

CLOSE = 1.25
"""A voltage above so many times the lowest one is far from it."""

NO_VOLTAGE = 1e-3
"""Open-circuit voltage [V] below which a cell gives no power worth the name."""

ROOT_TRIES = 40


@dataclass(frozen=True)
class Point:
    """A consistent state under a given current.

    Attributes:
        current, voltage: discharge current [A], terminal voltage [V].
        state: all unknowns.
    """

    current: float
    voltage: float
    state: PETSc.Vec

    @property
    def power(self) -> float:
        """Given by the cell [W]."""
        return self.current * self.voltage


class GivenPower:
    """Consistent states of a model under a given power.

    Attributes:
        most: the most power that the cell can give in the present state [W], where it is asked for
            more; the state is then that of the most power. None where it can give what is asked.
    """

    REMEMBERS = ("most", "_lowest")

    def __init__(self, model: CoupledProblem, x: PETSc.Vec, solve: Callable[[], None]) -> None:
        """Work on the state `x`; `solve` solves the algebraic equations under the present load."""
        self.model, self._x, self._solve = model, x, solve
        self.most: float | None = None
        self._known: list[Point] = []
        self._lowest: float | None = None

    def forget(self) -> None:
        """Another load was there: what is known of the branch holds no more."""
        self.most, self._lowest = None, None

    def lacks(self) -> bool:
        """Whether the present load is a power of which the present state gives a part only."""
        load = self.model.load
        if load.power() is None:
            return False
        low = load.lowest_voltage() < load.cutoff
        return self.most is not None or low

    def consistent(self, asked: float) -> None:
        """Bring the state onto the branch of open circuit.

        Args:
            asked: power [W], discharge positive; that of the model's load now.

        Raises:
            ConvergenceError: not even small currents have a solution.
        """
        self.most = None
        start = self._x.copy()
        if self._lowest is not None and self._try(self._lowest, start):
            return
        self._known = []
        rest = self._under(0.0)
        if rest.voltage > NO_VOLTAGE and self._try(0.5 * rest.voltage, start):
            # Kinetics grow steeper, so V(I) flattens and the most power lies below half of it.
            return
        self._search(asked, rest)
        self._known = []

    def _try(self, lowest: float, start: PETSc.Vec) -> bool:
        """Solve from a state; tells whether the cell gives the power well above a lowest voltage.

        It is left as it is where the power is small against the most.
        """
        self._set(lowest)
        start.copy(self._x)
        try:
            self._solve()
        except ConvergenceError:
            return False
        return self.model.load.lowest_voltage() > CLOSE * lowest

    def _set(self, lowest: float) -> None:
        self._lowest = self.model.load.cutoff = lowest

    def _search(self, asked: float, rest: Point) -> None:
        """Find the current of a power between open circuit and the most power."""
        if asked == 0:
            self._set(NO_VOLTAGE)
            rest.state.copy(self._x)
            self.model.system.read(self._x)
            return
        if asked > 0:
            top = self._most(asked, rest)
            if asked > top.power * (1 - NEAR):
                self._give(top)
                return
            far, foot = top, top.voltage
        else:
            far, foot = self._charged(asked, rest), 0.5 * max(rest.voltage, 0.0)
        from scipy import optimize  # needed near the most power only, and slow to import

        low, high = sorted((rest.current, far.current))

        current = optimize.brentq(
            lambda I: self._under(I).power - asked, low, high, xtol=1e-8 * (high - low)
        )
        found = self._under(current)
        lowest = foot + APART * (found.voltage - foot)
        self._set(lowest)
        found.state.copy(self._x)
        try:
            self._solve()
            solved = self.model.load.lowest_voltage() > lowest
        except ConvergenceError:
            if asked <= 0 or asked < far.power * (1 - 100 * NEAR):
                raise
            solved = False
        if not solved:
            # Over a face the power is spread evenly and the current is not, which shifts the most.
            self._give(far)

    def _give(self, top: Point) -> None:
        """Take the state of the most power: more is asked for."""
        self._set(max(top.voltage, NO_VOLTAGE))
        self.most = top.power
        top.state.copy(self._x)
        self.model.system.read(self._x)

    def _most(self, asked: float, rest: Point) -> Point:
        """The point of the most power, from open circuit; open circuit itself without voltage."""
        if rest.voltage <= NO_VOLTAGE:
            return rest
        here = self._first(asked / rest.voltage, lambda p: p.voltage > 0.5 * rest.voltage)
        before = rest
        for _ in range(ROOT_TRIES):
            further = self._reached(2.0 * here.current)
            if further is None or further.power < here.power:
                break
            before, here = here, further
        from scipy import optimize

        found = optimize.minimize_scalar(
            lambda I: -max(getattr(self._reached(I), "power", 0.0), 0.0),
            bounds=(before.current, 2.0 * here.current),
            method="bounded",
            options={"xatol": 1e-3 * here.current},
        )
        return max((*self._known, self._under(float(found.x))), key=lambda p: p.power)

    def _charged(self, asked: float, rest: Point) -> Point:
        """A point that takes more power than is asked for (both negative)."""
        here = self._first(asked / max(rest.voltage, 1.0), lambda p: True)
        for _ in range(ROOT_TRIES):
            if here.power <= asked:
                return here
            here = self._under(2.0 * here.current)
        raise ConvergenceError(
            f"no current was found at which the cell takes {format_quantity(-asked, 'W', 6)}\n"
            "    -> ask for less power"
        )

    def _first(self, current: float, fits: Callable[[Point], bool]) -> Point:
        """A point that fits at a current or, where it does not, at a smaller one.

        Raises:
            ConvergenceError: not even small currents have a solution.
        """
        for _ in range(ROOT_TRIES):
            found = self._reached(current)
            if found is not None and fits(found):
                return found
            current *= 0.25
        return self._under(current)

    def _reached(self, current: float) -> Point | None:
        """The point at a current; None where it is too large for a solution."""
        try:
            return self._under(current)
        except ConvergenceError:
            return None

    def _under(self, current: float) -> Point:
        """The consistent state under a current, from the nearest one that is known."""
        near = min(self._known, key=lambda p: abs(p.current - current), default=None)
        if near is not None:
            if near.current == current:
                return near
            near.state.copy(self._x)
        with self.model.load.at_current(current):
            self._solve()
        found = Point(current, self.model.load.voltage(), self._x.copy())
        self._known.append(found)
        return found


def more_than(most: float, why: Sequence[str] = ()) -> str:
    """What is said where a cell is asked for more than its most power [W], and why it has less."""
    told = (
        "the cell cannot carry the power: more than it can give at this state, "
        f"{format_quantity(max(most, 0.0), 'W', 4)} at most"
    )
    return "; ".join((told, *why))
