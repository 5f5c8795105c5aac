"""Arrays as text inside a page: base64, little endian, unpacked by page/data.js."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import numpy.typing as npt

SCALE = 65534
"""Of the scale that a field at one time is stored on; 65535 stands for nan."""

Packed = dict[str, Any]


def pack(array: npt.ArrayLike, kind: str = "f4") -> Packed:
    """An array as it is: `kind`, `shape` and base64 `data`.

    Args:
        array: of numbers.
        kind: NumPy's letter and bytes: "f4", "f8", "u4".
    """
    whole = np.ascontiguousarray(array, dtype=f"<{kind}")
    return {"kind": kind, "shape": list(whole.shape), "data": _text(whole)}


def pack_field(columns: npt.ArrayLike) -> Packed:
    """A field at several times, 16 bits a value: off by 1/131068 of that time's range at most.

    Args:
        columns: one column for each time; nan where the field does not exist.

    Returns:
        `low` and `step` by time [unit of the field], `shape` (times, points), base64 `data`.
    """
    rows = np.asarray(columns, dtype=np.float64).T
    known = np.isfinite(rows)
    low = np.where(known, rows, np.inf).min(axis=1, initial=np.inf)
    high = np.where(known, rows, -np.inf).max(axis=1, initial=-np.inf)
    low, high = np.where(np.isfinite(low), low, 0.0), np.where(np.isfinite(high), high, 0.0)
    step = (high - low) / SCALE
    part = (rows - low[:, None]) / np.where(step > 0, step, 1.0)[:, None]
    codes = np.where(known, np.rint(np.where(known, part, 0.0)), SCALE + 1).astype("<u2")
    return {
        "low": low.tolist(),
        "step": step.tolist(),
        "shape": list(rows.shape),
        "data": _text(codes),
    }


def unpack(packed: Packed) -> npt.NDArray[Any]:
    """What `pack` or `pack_field` (one row for each time) has packed."""
    raw = base64.b64decode(packed["data"])
    if "kind" in packed:
        return np.frombuffer(raw, f"<{packed['kind']}").reshape(packed["shape"])
    codes = np.frombuffer(raw, "<u2").reshape(packed["shape"])
    low, step = (np.array(packed[key])[:, None] for key in ("low", "step"))
    return np.where(codes > SCALE, np.nan, low + step * codes)


def _text(array: npt.NDArray[Any]) -> str:
    return base64.b64encode(array.tobytes()).decode("ascii")
