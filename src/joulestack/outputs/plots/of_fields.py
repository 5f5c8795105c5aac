"""Pictures of fields at one time: which there are of a cell, and their files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from joulestack.outputs.grid import Snapshot
from joulestack.outputs.plots import profile, stack_layers, style, temperature

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def write(now: Snapshot, folder: Path, title: str = "") -> list[Path]:
    """Draw temperature.png and profile.png, of a stack of unit cells layers.png too.

    Args:
        now: fields with the temperature rise.
        folder: for the pictures.
        title: of the case.
    """
    pictures: dict[str, Callable[[], Figure]] = {
        "temperature": lambda: temperature.draw(now, title),
        "profile": lambda: profile.draw(now, title),
    }
    if stack_layers.drawable(now.grid):
        pictures["layers"] = lambda: stack_layers.draw(now, title)
    return style.save_all(pictures, folder)
