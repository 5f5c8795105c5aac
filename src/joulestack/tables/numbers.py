"""Cells as numbers in SI: decimal commas, times on a clock, dates; what is none is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from joulestack import units
from joulestack.errors import shown

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

_CLOCK = (
    r"^\s*(?P<sign>-)?(?:(?P<d>\d+)\s*(?:d|days?)?\s*[,.\-\s]\s*)?"
    r"(?P<h>\d+):(?P<m>\d{1,2}):(?P<s>\d{1,2}(?:[.,]\d*)?)\s*$"
)
_DATES = (
    "ISO8601",
    *(
        f"{day} {clock}"
        for day in ("%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y/%m/%d", "%d-%b-%y", "%d-%b-%Y",
                    "%m/%d/%y", "%d.%m.%y", "%m-%d-%Y", "%d-%m-%Y")
        for clock in ("%H:%M:%S.%f", "%H:%M:%S", "%I:%M:%S %p", "%H:%M", "%I:%M:%S.%f %p")
    ),
)  # fmt: skip
_EMPTY = ("", "nan", "na", "n/a", "null", "none", "-", "--")


class BadCell(ValueError):
    """A cell that is no number: which row, and what is wrong.

    Attributes:
        row: from 0.
        what, remedy: for the message.
    """

    def __init__(self, row: int, what: str, remedy: str) -> None:
        super().__init__(f"{what}; {remedy}")
        self.row, self.what, self.remedy = row, what, remedy


def numbers(texts: pd.Series) -> np.ndarray:
    """Cells as numbers in the unit that they are written in.

    A column whose decimals have commas has no points, and the other way round.

    Raises:
        BadCell: an empty cell, no number, or a number with both marks.
    """
    import numpy as np
    import pandas as pd

    texts = texts.fillna("").str.strip()
    comma, point = texts.str.contains(",", regex=False), texts.str.contains(".", regex=False)
    if comma.any():
        both = (comma & point) | (texts.str.count(",") > 1)
        if both.any() or point.any():
            row = int(both.to_numpy().argmax()) if both.any() else int(comma.to_numpy().argmax())
            what = f'"{shown(texts.iloc[row])}" has a comma where others have points'
            raise BadCell(row, what, "write one mark for decimals, and none for thousands")
        texts = texts.str.replace(",", ".", regex=False)
    values = pd.to_numeric(texts, errors="coerce").to_numpy(float)
    wrong = ~np.isfinite(values)
    if wrong.any():
        row = int(wrong.argmax())
        text = texts.iloc[row]
        if text.casefold() in _EMPTY:
            what = f'the cell is empty ("{text}")' if text else "the cell is empty"
            raise BadCell(row, what, "write a number in each cell, or leave the row out")
        raise BadCell(row, f'"{shown(text)}" is not a number', "one number in each cell")
    return values


def si(values: np.ndarray, unit: str, target: str, spread: bool = False) -> np.ndarray:
    """Numbers of a unit in SI.

    Args:
        values: as they are written.
        unit: as `units` reads it; "" for SI.
        target: SI unit.
        spread: differences, so that degrees have no zero.

    Raises:
        ValueError: "what; remedy": another dimension.
    """
    if not unit:
        return values
    if unit == "degC" and spread:
        return values
    zero = units.parse(f"0 {unit}", target)
    # Of temperatures in degC the zero is another too; a thousandth of a round-off is nobody's.
    scale = units.parse(f"1 {unit}", target) - zero if zero else units.parse(f"1 {unit}", target)
    return zero + values * scale


def clock(texts: pd.Series) -> np.ndarray | None:
    """Times written 02:03:04, 1d 02:03:04 or 1 days, 02:03:04.5 [s]; None if not all are."""
    import numpy as np

    if ":" not in str(texts.iloc[0]):
        return None
    parts = texts.fillna("").str.extract(_CLOCK)
    if parts["h"].isna().any():
        return None
    number = {k: parts[k].fillna("0").str.replace(",", ".").astype(float) for k in "dhms"}
    seconds = ((number["d"] * 24 + number["h"]) * 60 + number["m"]) * 60 + number["s"]
    return np.where(parts["sign"].notna(), -seconds, seconds)


def dates(texts: pd.Series) -> np.ndarray | None:
    """Dates with times, as seconds since the first of them; None if they are none.

    Raises:
        ValueError: "what; remedy": day and month can be told apart in two ways that differ.
    """
    import numpy as np
    import pandas as pd

    first = str(texts.iloc[0])
    if not first.strip()[:1].isdigit() or not any(mark in first for mark in "/-.:"):
        return None
    if pd.notna(pd.to_numeric(first.replace(",", "."), errors="coerce")):
        return None  # a year is a date too, and 1200 s are none
    found: list[np.ndarray] = []
    clean = texts.fillna("").str.strip()
    for form in _DATES:
        try:
            if form != "ISO8601":
                pd.to_datetime(clean.iloc[:1], format=form)  # quick to fail
            moments = pd.to_datetime(clean, format=form)
            seconds = (moments - moments.iloc[0]).dt.total_seconds().to_numpy(float)
        except (ValueError, TypeError, OverflowError, AttributeError):
            continue
        if not np.isfinite(seconds).all():
            continue
        if form == "ISO8601":
            return seconds
        found.append(seconds)
    ordered = [s for s in found if (np.diff(s) >= 0).all()] or found
    if not ordered:
        return None
    if any(not np.array_equal(ordered[0], s) for s in ordered[1:]):
        raise ValueError(
            "its dates can be read with the day or the month first, and the times differ; "
            "write them as 2024-12-31 23:59:59"
        )
    return ordered[0]
