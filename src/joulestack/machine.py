"""What this machine can hold."""

from __future__ import annotations

import os
from pathlib import Path

from joulestack import units

MEMORY = "JOULESTACK_MEMORY"
"""Says how much memory runs have, "512 GB", where they run on other machines than this one."""
_GROUP = Path("/sys/fs/cgroup/memory.max")


def memory() -> float:
    """Memory that a run can have [bytes]: as the variable says, of the control group, or all.

    Raises:
        ValueError: the variable is no number of bytes.
    """
    told = os.environ.get(MEMORY, "").strip()
    if told:
        number = units.number_of(told)
        power = {"": 0, "B": 0, "MB": 6, "GB": 9, "TB": 12}.get(told.lstrip("+.0123456789eE "))
        if number is None or power is None:
            raise ValueError(f'{MEMORY} is no memory; write "512 GB"')
        return number * 10.0**power
    whole = float(os.sysconf("SC_PAGE_SIZE")) * os.sysconf("SC_PHYS_PAGES")
    try:
        return min(whole, float(_GROUP.read_text("ascii")))
    except (OSError, ValueError):  # no group, or "max"
        return whole
