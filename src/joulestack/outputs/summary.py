"""summary.json: the figures of a run, for programs and people."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from joulestack.outputs.folder import ResultFolder
from joulestack.outputs.vtu import replace


def plain(value: Any) -> Any:
    """JSON's own types: numpy numbers become Python's, nan and infinities null."""
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, Collection):
        return [plain(v) for v in value]
    return str(value)


def write_json(path: Path, table: Mapping[str, Any]) -> None:
    """Write a table as JSON; the file is whole or not there."""
    text = json.dumps(plain(table), indent=2, ensure_ascii=False, allow_nan=False)
    replace(Path(path), text.encode(), b"\n")


def write_summary(folder: ResultFolder, table: Mapping[str, Any], comm: Any = None) -> None:
    """Write summary.json on rank 0."""
    if comm is None or comm.rank == 0:
        write_json(folder / "summary.json", table)
