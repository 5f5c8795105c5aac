"""Measured capacities belong to steps that there are."""

from __future__ import annotations

from collections.abc import Iterator

from joulestack.case.check_context import CheckContext
from joulestack.case.protocol import build
from joulestack.case.protocol.cell_facts import facts_of
from joulestack.errors import Problem

_LOC = ("load", "measured")


def measured_fits(look: CheckContext) -> Iterator[Problem]:
    """Each belongs to one step of the protocol, and the mass that mA h/g count is known."""
    load = look.case.load
    measured = None if load is None else load.measured
    if load is None or measured is None:
        return
    facts = facts_of(look.case, look.folder)
    steps = {s.number for s in build.protocol_of(load, look.case.time, facts).steps}
    given = {"capacity": measured.capacity, "specific_capacity": measured.specific_capacity}
    if not any(given.values()):
        remedy = 'specific_capacity = { 2 = "145 mA h/g" }'
        yield look.problem(_LOC, "has no effect: it holds no capacity", remedy)
    for key, values in given.items():
        for number in values:
            if int(number) not in steps:
                what = f"there is no step {number}: the load has {max(steps)}"
                yield look.problem((*_LOC, key, number), what, "steps count from 1")
            elif key == "specific_capacity" and number in measured.capacity:
                what = f"step {number} has a capacity already"
                yield look.problem((*_LOC, key, number), what, "keep one")
    if measured.specific_capacity and facts.active_mass() is None:
        yield look.problem(
            (*_LOC, "specific_capacity"),
            "no composite electrode tells the mass of active material",
            'capacity = { 2 = "3.1 mA h" }',
        )
