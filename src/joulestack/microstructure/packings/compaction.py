"""Pressing: the plates come closer in small steps, the particles make way after each."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from joulestack.errors import CaseError, Problem
from joulestack.microstructure.packings.packing import Packing
from joulestack.microstructure.packings.pressure import Loaded
from joulestack.microstructure.packings.relaxation import FORCE_TOLERANCE, Relaxed, relax

log = logging.getLogger("joulestack")

STEP = 0.02
"""Rise of the relative density between two states of rest."""
_PASSED = 4.0
"""Tolerance of the states that are only passed, over that of those asked for."""
PRESSURE_TOLERANCE = 0.02
"""Distance of a packing's pressure from the one asked for, relatively, that is let stand."""
_FAR = 0.1
"""The same, beyond which it is an error: few particles move in jumps."""
_TRIES = 80
LARGEST_DENSITY = 0.98
"""Relative density up to which spheres with overlap are a picture of a pellet."""

Progress = Callable[[Relaxed], None]


def compact(
    packing: Packing,
    relative_densities: Sequence[float],
    *,
    step: float = STEP,
    tolerance: float = FORCE_TOLERANCE,
    progress: Progress | None = None,
) -> Iterator[Relaxed]:
    """Press along z to relative densities, one after another.

    Every centre moves with the plates, then the forces push the particles to rest. The densities
    are mass-conserving: thickness follows from volume of powder, area and density.

    Args:
        packing: to start from.
        relative_densities: rising, none below that of the packing [-].
        step: rise of the density from one state of rest to the next.
        tolerance: see `relaxation.FORCE_TOLERANCE`.
        progress: is shown every state of rest.

    Yields:
        State at each density.

    Raises:
        CaseError: densities that fall, or are too large.
    """
    problems = []
    targets = np.asarray(relative_densities, dtype=float)
    start = packing.relative_density
    if np.any(np.diff(targets) <= 0):
        problems.append(Problem("relative_density", "does not rise", "smallest first"))
    if len(targets) and targets[0] < start * (1 - 1e-9):
        what = f"{targets[0]:.3g} is looser than the heap, {start:.3g}"
        problems.append(Problem("relative_density", what, "a looser filling"))
    if len(targets) and targets[-1] > LARGEST_DENSITY:
        what = f"{targets[-1]:.3g}"
        problems.append(Problem("relative_density", what, f"at most {LARGEST_DENSITY}"))
    if problems:
        raise CaseError(problems)
    state, made = packing, None
    for target in targets:
        rises = max(int(np.ceil((target - state.relative_density) / step - 1e-9)), 1)
        for density in np.linspace(state.relative_density, target, rises + 1)[1:]:
            between = density < target * (1 - 1e-9)
            made = relax(
                pressed(state, state.height_at(float(density))),
                _PASSED * tolerance if between else tolerance,
                since=made,
            )
            state = made.packing
            if progress is not None:
                progress(made)
        assert made is not None
        if made.residual > tolerance:
            log.warning(
                "packing at relative density %.4f is not at rest: force left %.1e, %.1e wanted",
                target, made.residual, tolerance,
            )  # fmt: skip
        yield made


def press(
    packing: Packing,
    pressures: Sequence[float],
    forces: Callable[[Packing], Loaded],
    *,
    step: float = STEP,
    tolerance: float = FORCE_TOLERANCE,
    progress: Progress | None = None,
) -> Iterator[tuple[Relaxed, Loaded]]:
    """Press along z to pressures, one after another: the density is what the contacts make of it.

    The density rises in steps until the forces hold more than the pressure asked for, then the
    step before is taken again with a part of it, until the pressure is met.

    Args:
        packing: loose, to start from.
        pressures: rising, above 0 [Pa].
        forces: contacts of a packing at rest, such as `pressure.loaded` with the solids.
        step, tolerance, progress: as for `compact`.

    Yields:
        State and forces at each pressure.

    Raises:
        CaseError: pressures that fall, or that the powder does not bear or already has.
    """
    if np.any(np.diff(pressures) <= 0):
        raise CaseError(Problem("pressure", "does not rise", "smallest first"))
    height, largest = packing.height_at(LARGEST_DENSITY), 2 * float(packing.radii.max())
    if height < (largest if packing.plates else 2 * largest):
        what = f"{1e6 * height:.3g} um high when dense is too flat for particles of "
        what += f"{1e6 * largest:.3g} um"
        raise CaseError(Problem("packing", what, "more particles, or a narrower box"))
    low = _Held(relax(packing, tolerance), 0.0, None)
    for target in pressures:
        high: _Held | None = None
        guess = low.density + step
        for _ in range(_TRIES):
            if low.state is not None and abs(low.pressure / target - 1) <= PRESSURE_TOLERANCE:
                break
            if low.density >= LARGEST_DENSITY * (1 - 1e-6):
                what = f"{1e-6 * target:.4g} MPa, the contacts bear {1e-6 * low.pressure:.4g} MPa "
                what += f"at {LARGEST_DENSITY:g}"
                raise CaseError(Problem("pressure", what, "less: no pores are left to close"))
            rest = low.relaxed.packing
            guess = min(guess, LARGEST_DENSITY)
            made = relax(pressed(rest, rest.height_at(guess)), tolerance, since=low.relaxed)
            state = forces(made.packing)
            if progress is not None:
                progress(made)
            held = _Held(made, state.pressure, state)
            if abs(held.pressure / target - 1) <= PRESSURE_TOLERANCE:
                low = held
                break
            if held.pressure < target:
                low = held
            else:
                high = held
            if high is not None and high.density <= low.density:
                high = None  # in smaller steps the powder has gone past it
            guess = low.density + step if high is None else _between(low, high, target)
        if low.state is None or abs(low.pressure / target - 1) > _FAR:
            what = f"{1e-6 * target:.4g} MPa is not met, {1e-6 * low.pressure:.4g} MPa at "
            what += f"{low.density:.4f}"
            remedy = "more particles, a smaller step, or a looser filling"
            raise CaseError(Problem("pressure", what, remedy))
        yield low.relaxed, low.state


@dataclass(frozen=True)
class _Held:
    """A packing at rest and the pressure that its contacts hold [Pa]."""

    relaxed: Relaxed
    pressure: float
    state: Loaded | None

    @property
    def density(self) -> float:
        return self.relaxed.packing.relative_density


def _between(low: _Held, high: _Held, target: float) -> float:
    """Density at which a straight line between two states meets a pressure."""
    share = (target - low.pressure) / (high.pressure - low.pressure)
    return low.density + min(max(share, 0.1), 0.9) * (high.density - low.density)


def pressed(packing: Packing, height: float) -> Packing:
    """The packing between plates at another distance, every centre moved along."""
    centres = packing.centres.copy()
    centres[:, 2] *= height / packing.height
    return replace(packing, centres=centres, height=height)
