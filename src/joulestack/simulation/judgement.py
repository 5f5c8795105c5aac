"""Which balances must close how well, and what to do where one does not."""

from __future__ import annotations

import logging

from joulestack.simulation.observe import Row

_REFINE = "tighten time.relative_tolerance and time.temperature_tolerance, or refine the mesh,"
LIMITS = (
    ("energy_balance_relative", 1e-2, _REFINE),
    ("charge_balance_relative", 1e-2, _REFINE),
    (
        "electrical_identity_relative",
        1e-3,
        "tighten time.potential_tolerance, or find the electrical heat that no current pays for,",
    ),
    ("lithium_balance_relative", 1e-6, "tighten time.potential_tolerance"),
)
"""Balances, what they may be at most, and what to do: a run that exceeds one says so loudly. The
equations conserve lithium exactly, so only the solver's tolerance is left of its balance."""

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
