"""A picture that is named by itself: its format by its ending, whole or not there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from joulestack import __version__
from joulestack.destination import Claim, output_path
from joulestack.errors import CaseError, Problem

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NOTES = {".png": "Software", ".pdf": "Creator", ".svg": "Creator"}
"""Ending -> entry of the file's own description that says who has drawn it."""
DPI = 150


def claim(path: str | Path, overwrite: bool = False) -> Claim:
    """Of one picture; see `Claim`.

    Raises:
        CaseError: it has no name, or not one of the endings.
    """
    path = output_path(path)
    if path.suffix.lower() not in NOTES:
        endings = ", ".join(f'"{path.stem or "picture"}{e}"' for e in NOTES)
        raise CaseError(Problem(str(path), "is no name of a picture", f"one of {endings}"))
    return Claim(path.parent, path.name, re.compile(re.escape(path.name)), overwrite=overwrite)


def save(figure: Figure, path: Path) -> None:
    """Write a figure; who calls holds the claim."""
    ending = path.suffix.lower()
    draft = path.with_name(f".{path.name}.part")
    note = {NOTES[ending]: f"joulestack {__version__}"}
    figure.savefig(draft, dpi=DPI, format=ending[1:], metadata=note)
    draft.replace(path)
