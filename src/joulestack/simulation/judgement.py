"""What a run is warned of: balances that do not close, laws that left their range."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from joulestack.simulation.observe import Row

_REFINE = "tighten time.relative_tolerance and time.temperature_tolerance, or refine the mesh,"
LIMITS = (
    ("energy_balance_relative", 1e-5, _REFINE),
    ("charge_balance_relative", 1e-2, _REFINE),
    (
        "electrical_identity_relative",
        1e-3,
        "tighten time.potential_tolerance, or find the electrical heat that no current pays for,",
    ),
    ("lithium_balance_relative", 1e-5, "tighten time.potential_tolerance"),
)
"""Balances, what they may be at most, and what to do: a run that exceeds one says so loudly. The
equations conserve lithium exactly, and time integrals have the weights of the steps, so only what
Newton's method leaves remains of the balances of lithium and of energy."""

log = logging.getLogger("joulestack")


def judge(balances: Row) -> list[str]:
    """Say loudly what does not close; gives the names of it."""
    wrong = []
    known = {name for name, _, _ in LIMITS}
    # Balances of quantities from outside the package are no less strict.
    others = [
        (name, 1e-2, _REFINE)
        for name in balances
        if name.endswith("_balance_relative") and name not in known
    ]
    for name, limit, remedy in (*LIMITS, *others):
        if balances.get(name, 0.0) > limit:
            wrong.append(name)
            log.warning(
                "BALANCE NOT CLOSED: %s = %.2g (limit %.0g); %s before trusting this run",
                name, balances[name], limit, remedy,
            )  # fmt: skip
    return wrong


def warn_of_ranges(left: Iterable[str]) -> None:
    """Say which laws were asked outside what is known of them, as `Ranges.news` puts it."""
    for text in left:
        log.warning("%s", text)


def warn_of_limits(exceeded: Iterable[str]) -> None:
    """Say which published limits of metal electrodes were exceeded, as `Limits.news` puts it."""
    for text in exceeded:
        log.warning("%s", text)
