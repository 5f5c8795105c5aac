"""Pressing: the plates come closer in small steps, the particles make way after each."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from joulestack.errors import CaseError, Problem
from joulestack.microstructure.packings.packing import Packing
from joulestack.microstructure.packings.relaxation import FORCE_TOLERANCE, Relaxed, relax

log = logging.getLogger("joulestack")

STEP = 0.02
"""Rise of the relative density between two states of rest."""
_BETWEEN = 4.0
"""Tolerance of the states that are only passed, over that of those asked for."""
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
    state = packing
    for target in targets:
        rises = max(int(np.ceil((target - state.relative_density) / step - 1e-9)), 1)
        for density in np.linspace(state.relative_density, target, rises + 1)[1:]:
            between = density < target * (1 - 1e-9)
            made = relax(
                pressed(state, state.height_at(float(density))),
                _BETWEEN * tolerance if between else tolerance,
            )
            state = made.packing
            if progress is not None:
                progress(made)
        if made.residual > tolerance:
            log.warning(
                "packing at relative density %.4f is not at rest: force left %.1e, %.1e wanted",
                target, made.residual, tolerance,
            )  # fmt: skip
        yield made


def pressed(packing: Packing, height: float) -> Packing:
    """The packing between plates at another distance, every centre moved along."""
    centres = packing.centres.copy()
    centres[:, 2] *= height / packing.height
    return replace(packing, centres=centres, height=height)
