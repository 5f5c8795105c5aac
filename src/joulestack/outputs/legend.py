"""How heat sources and losses look in pictures, carried by the manifest of a run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SOURCES, LOSSES = "heat_sources", "losses"
"""Keys of the manifest."""


@dataclass(frozen=True)
class Entry:
    """One column of the time series.

    Attributes:
        column: its label, with unit.
        label: in legends.
        colour, hatch: as matplotlib writes them.
    """

    column: str
    label: str
    colour: str
    hatch: str = ""


@dataclass(frozen=True)
class Legend:
    """Of the pictures of a run.

    Attributes:
        heat: of the heat sources.
        losses: of the losses, in the order in which they are stacked.
    """

    heat: tuple[Entry, ...] = ()
    losses: tuple[Entry, ...] = field(default=())


def of_manifest(manifest: Mapping[str, Any]) -> Legend:
    """What a manifest says; nothing if it says nothing."""
    keys = ("column", "label", "colour", "hatch")
    heat, losses = (
        tuple(Entry(*(str(entry[key]) for key in keys)) for entry in manifest.get(which, ()))
        for which in (SOURCES, LOSSES)
    )
    return Legend(heat, losses)


def of_folder(folder: Path) -> Legend:
    """Of the run in a folder; empty without a manifest."""
    file = Path(folder) / "manifest.json"
    return of_manifest(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else Legend()
