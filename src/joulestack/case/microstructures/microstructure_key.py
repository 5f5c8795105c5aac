"""Hash of everything that the table of a microstructure follows from, and where it lies."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from joulestack.case.microstructures.schema import CompactionTable, MicrostructureTables
from joulestack.case.microstructures.solids import mechanics
from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.specification import Fabrication
from joulestack.laws.state import State

CACHE = Path("results/cache")
KEY_VERSION = 3
"""Rises when the same input would give another packing or table."""

_COUNTED = {"active", "ionic", "electronic", "ends"}
"""What a table takes from [analysis]; the rest is statistics."""


def digest(*parts: Any) -> str:
    """Short hash of plain data and of the version of the algorithms."""
    text = json.dumps([KEY_VERSION, *parts], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def density_of(given: CompactionTable, pressure: float) -> float:
    """Relative density that a pressure [Pa] gives the material of a compaction.

    Raises:
        CaseError: the library does not know.
    """
    made: Any = fabricate(Fabrication(given.material or "", pressure), (), "compaction")
    return float(made.relative_density(State(T=298.15, p=pressure)))


def key_of(file: MicrostructureTables, folder: Path) -> str:
    """Hash of everything that the table of a microstructure follows from.

    Args:
        file: complete tables.
        folder: that file names start from.
    """
    left_out = {"title", "analysis", "joulestack"}
    parts: list[Any] = [file.model_dump(mode="json", exclude=left_out)]
    if file.analysis.active is not None:
        parts.append(file.analysis.model_dump(mode="json", include=_COUNTED))
    pressed = file.compaction
    if pressed is not None and pressed.material is not None:
        parts.append([density_of(pressed, p) for p in pressed.pressure or ()])
    if pressed is not None and pressed.pressing is not None and file.packing is not None:
        parts.append([mechanics(s, "packing.species", folder) for s in file.packing.species])
    if file.packing is not None:
        for species in file.packing.species:
            if csv := getattr(species.diameter, "csv", None):
                parts.append((folder / csv).read_bytes().hex())
    elif file.image.file is not None:
        image = folder / file.image.file
        for path in (image, *(sorted(image.iterdir()) if image.is_dir() else ())):
            about = path.stat()
            parts += [path.name, about.st_size, about.st_mtime_ns]
    return digest(parts)


def table_path(file: MicrostructureTables, folder: Path, cache: Path = CACHE) -> Path:
    """Where the table of a microstructure is kept, once it has been computed."""
    return cache / f"table_{key_of(file, folder)}.json"
