"""A sphere by finite volumes: what the radial functions are held against.

    docker/joulestack python -m tests.physics.sphere      # the whole box; ten minutes

R from 0.5 to 10 um, D from 1e-17 to 1e-13 m2/s, constant or varying a hundred times with x either
way, a jump of 1C (or so small that the particle lasts a second): the largest error of the surface
times dU/dx = 1 V, from 1 ms to hours or until the surface is 0.4 away from its start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt
from scipy.integrate import solve_ivp

from joulestack.physics.radial import RadialBasis
from joulestack.physics.resolution import Wave, chosen

Floats = npt.NDArray[np.float64]

THINNEST, RATIO, THICKEST = 1e-7, 1.06, 0.012
"""Of the shells, in radii: the first at the surface, each to the one before, and at most."""

START, SPAN, SHORTEST, HOURS = 0.5, 0.4, 1e-3, 4 * 3600.0
"""x, its change at the surface that is looked at, and times [s]."""

C_RATE = 1 / 3600 / 3
"""j/(F c_max R) of a particle that is filled in an hour [1/s]."""


@dataclass(frozen=True)
class Sphere:
    """A sphere under a constant flux from rest.

    Attributes:
        radius: [m].
        D: of x [m2/s].
        filling: j/(F c_max R) [1/s], positive into it.
    """

    radius: float
    D: Callable[[Floats], Floats]
    filling: float

    def by_volumes(self, times: Floats) -> Floats:
        """x at the surface, of two grids of second order extrapolated; nan once `SPAN` away."""
        coarse, fine = (self._by_volumes(times, size) for size in (1.0, 0.5))
        return (4 * fine - coarse) / 3

    def _by_volumes(self, times: Floats, size: float) -> Floats:
        shells = [THINNEST * size]
        while sum(shells) < 1:
            shells.append(min(shells[-1] * RATIO**size, THICKEST * size))
        # A smooth map of a smooth grid: the last shell ends at the centre.
        edges = 1 - np.concatenate([[0.0], np.cumsum(shells)])[::-1] / sum(shells)
        middle = 0.5 * (edges[1:] + edges[:-1])
        content = (edges[1:] ** 3 - edges[:-1] ** 3) / 3
        share = edges[1:-1] ** 2 / np.diff(middle) / self.radius**2
        unit, last = self.filling * self.radius**2, 1 - middle[-1]

        def rate(t: float, x: Floats) -> Floats:
            inward = share * self.D(0.5 * (x[1:] + x[:-1])) * np.diff(x)
            return np.diff(np.concatenate([[0.0], inward, [self.filling]])) / content

        def surface(x: Floats) -> Floats:
            return x[-1] + unit * last / self.D(x[-1])

        return self._solved(rate, np.full(len(middle), START), surface, times, 1)

    def by_functions(self, times: Floats, basis: RadialBasis) -> Floats:
        """The same by radial functions, as `physics/particles.py` has them."""
        pull = basis.stiffness / basis.mass[:, None]

        def rate(t: float, y: Floats) -> Floats:
            spread = np.tensordot(self.D(basis.values @ y), pull, 1) @ y / self.radius**2
            return self.filling / basis.mass - spread

        start = np.zeros(len(basis.mass))
        start[0] = START
        return self._solved(rate, start, lambda y: y.sum(axis=0), times, None)

    @staticmethod
    def _solved(
        rate: Callable[[float, Floats], Floats],
        start: Floats,
        surface: Callable[[Floats], Floats],
        times: Floats,
        band: int | None,
    ) -> Floats:
        def full(t: float, x: Floats) -> float:
            return float(SPAN - abs(surface(x) - START))

        full.terminal = True  # type: ignore[attr-defined]
        more = {} if band is None else {"lband": band, "uband": band}
        found = solve_ivp(
            rate, (0.0, times[-1]), start, "LSODA", times, events=full, rtol=1e-8, atol=1e-10,
            first_step=1e-9 * times[0], **more,
        )  # fmt: skip
        values = np.full(len(times), np.nan)
        if len(found.t):
            values[: len(found.t)] = surface(found.y)
        return values


def times(count: int = 60) -> Floats:
    """From 1 ms to hours [s]."""
    return np.geomspace(SHORTEST, HOURS, count)


Ends = tuple[float, float]

LOW, MIDDLE, HIGH = 1e-17, 1e-15, 1e-13
BOX = ((LOW, LOW), (LOW, MIDDLE), (MIDDLE, LOW), (MIDDLE, HIGH), (HIGH, MIDDLE), (HIGH, HIGH))
"""D where the particle is empty and where it is full [m2/s]: constant or varying 100 times."""


def box(
    radii: tuple[float, ...] = (0.5e-6, 2e-6, 10e-6), diffusivities: tuple[Ends, ...] = BOX
) -> Iterator[tuple[Sphere, Wave]]:
    """Spheres and what is told of them beforehand."""
    for R, (empty, filled) in product(radii, diffusivities):

        def of(x: Floats, empty: float = empty, filled: float = filled) -> Floats:
            return empty * (filled / empty) ** np.clip((x - START + SPAN) / (2 * SPAN), 0.0, 1.0)

        ends = of(np.array([START - SPAN, START + SPAN]))
        yield (
            Sphere(R, of, C_RATE),
            Wave(R, (float(ends.min()), float(ends.max())), C_RATE, 1.0, SPAN, SHORTEST, HOURS),
        )


def missed(sphere: Sphere, basis: RadialBasis) -> float:
    """Largest error of the surface by some functions [-]."""
    reference = sphere.by_volumes(times())
    found = sphere.by_functions(times(), basis)
    return float(np.nanmax(np.abs(found - reference), initial=0.0))


def main() -> None:
    """Print the box."""
    print("   R [um]  D [m2/s]          functions    b   estimated   found [x]   six functions")
    for sphere, wave in box():
        basis = chosen(wave, 6)
        low, high = wave.diffusivities
        print(
            f"{1e6 * wave.radius:8g}  {low:.1e}..{high:.1e}  {len(basis.mass):6d}"
            f"   {basis.steepness:5.1f}  {wave.error(basis):9.1e}  {missed(sphere, basis):9.1e}"
            f"  {missed(sphere, chosen(wave, 6, 1e9)):9.1e}",
            flush=True,
        )


if __name__ == "__main__":
    main()
