"""Laws of particles that a load is sure to take outside the range of their source."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from joulestack.case import Case
from joulestack.estimates.electric import signs
from joulestack.estimates.electrodes import electrodes
from joulestack.laws.medium import Medium
from joulestack.laws.state import State
from joulestack.materials.property import Property


def prescribed_charge(case: Case) -> tuple[float, float, bool]:
    """Least and most charge given since the start [C], as far as the load says it, and if it does.

    A step with a voltage, a power, a resistance or a limit may be over any time: what comes after
    is not known.
    """
    charge, least, most, start, end = 0.0, 0.0, 0.0, 0.0, case.end_time
    for step in case.protocol.steps:
        if step.mode in ("voltage", "power", "resistance") or step.ends:
            return least, most, False
        lasts = min(end - start, math.inf if step.duration is None else step.duration)
        if lasts <= 0:
            break
        knots = [0.0, *(t for t in step.value.times if 0.0 < t < lasts), lasts]
        charge += float(np.trapezoid([step.value.value(t) for t in knots], knots))
        least, most, start = min(least, charge), max(most, charge), start + lasts
    return least, most, True


def extrapolated(case: Case, media: dict[str, Medium]) -> Iterator[str]:
    """Say which law of which particles the charge of the load takes out of its range.

    By the mean lithium of an electrode of one material: the surface of its particles goes further.
    What starts outside is told of the start.
    """
    if not case.driven or case.time.steady:
        return
    least, most, _ = prescribed_charge(case)
    roles = signs(case, media)
    for electrode in electrodes(case, media):
        parts = media[electrode.name].particles or ()
        if len({p.name for p in parts}) != 1 or not electrode.theoretical > 0:
            continue
        x = electrode.stoichiometry
        for charge in (least, most):
            reached = min(max(x - roles[electrode.name] * charge / electrode.theoretical, 0), 1)
            for law in parts[0].laws():
                if not isinstance(law, Property) or not charge:
                    continue
                known = law.outside(State(T=case.start_temperature, x=x))
                for text in law.outside(State(T=case.start_temperature, x=reached)):
                    if not known:
                        yield f"{electrode.name}, by the charge of the load: {text}"
