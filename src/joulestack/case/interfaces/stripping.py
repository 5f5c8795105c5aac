"""Where a case strips metal, as far as its load says: voids open there unless told not to."""

from __future__ import annotations

from collections.abc import Iterator

from joulestack.case.load.load import Drive, Load
from joulestack.case.protocol.build import readable
from joulestack.case.root import CaseFile

DISCHARGE, CHARGE = 1, -1
_VERBS = {"discharge": DISCHARGE, "charge": CHARGE}


def directions(load: Load | None) -> frozenset[int]:
    """Which ways current may flow: `DISCHARGE`, `CHARGE`, both or none.

    A hold goes on in the direction of the steps before it; what cannot be told goes both ways.
    """
    return frozenset(_directions(load)) if load is not None else frozenset()


def _directions(load: Load) -> Iterator[int]:
    if load.protocol is not None:
        begun = False
        for sentences in readable(load).values():  # each once: a repeat goes no other way
            for sentence in sentences:
                if sentence.verb in _VERBS:
                    yield _VERBS[sentence.verb]
                    begun = True
                elif sentence.verb != "rest" and not (begun and sentence.verb == "hold"):
                    yield from (DISCHARGE, CHARGE)
    elif load.table is not None:
        yield from (DISCHARGE, CHARGE)
    else:
        for drive in load.steps or (load,):
            yield from _of_drive(drive)


def _of_drive(drive: Drive) -> Iterator[int]:
    if drive.voltage is not None:
        yield from (DISCHARGE, CHARGE)
    for name in drive.drives:
        value = getattr(drive, name)
        if name != "voltage" and value:
            yield DISCHARGE if value > 0 else CHARGE


def strips(case: CaseFile, metal: str, other: str) -> bool:
    """Whether a metal electrode on an electrolyte may be stripped while time goes on.

    Args:
        case: its load and layers.
        metal, other: names of both layers.
    """
    way = stripped_by(case, metal, other)
    return way is not None and not case.time.steady and way in directions(case.load)


def stripped_by(case: CaseFile, metal: str, other: str) -> int | None:
    """The way of the current that strips a metal electrode on an electrolyte; else it plates.

    Args:
        case: its layers from bottom to top: the lower electrode is the negative one.
        metal, other: names of both; of what is no layer None.
    """
    names = [layer.name for layer in case.cell.layers]
    if metal not in names or other not in names:
        return None
    return DISCHARGE if names.index(metal) < names.index(other) else CHARGE
