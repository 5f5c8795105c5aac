"""Tables for notebooks: HTML of a few rows, whatever names people give."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

_LEFT = "style='text-align:left'"


def table(head: Sequence[str], rows: Iterable[Sequence[object]], title: str = "") -> str:
    """A table; what is said in it is text.

    Args:
        head: of the columns; none: no head.
        rows: of cells.
        title: above it.
    """
    above = f"<caption {_LEFT}><b>{escape(title)}</b></caption>" if title else ""
    top = "".join(f"<th {_LEFT}>{escape(h)}</th>" for h in head)
    cells = ("".join(f"<td {_LEFT}>{escape(str(cell))}</td>" for cell in row) for row in rows)
    body = "".join(f"<tr>{row}</tr>" for row in cells)
    return f"<table>{above}<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def text(said: str) -> str:
    """A paragraph."""
    return f"<p style='margin:.3em 0'>{escape(said)}</p>"


def curve(x: Sequence[float], y: Sequence[float], width: int = 220, height: int = 48) -> str:
    """A small curve; gaps where y is nan.

    Args:
        x: increasing.
        y: as many.
        width, height: [pixel].
    """
    known = [v for v in y if v == v]
    if len(known) < 2 or not x[-1] > x[0]:
        return ""
    low, high = min(known), max(known)
    wide, tall = (width - 4) / (x[-1] - x[0]), (height - 4) / ((high - low) or 1.0)
    path, pen = "", "M"
    for a, b in zip(x, y, strict=True):
        if b == b:
            path += f"{pen}{2 + (a - x[0]) * wide:.1f} {height - 2 - (b - low) * tall:.1f}"
        pen = "L" if b == b else "M"
    return (
        f"<svg width='{width}' height='{height}' role='img' aria-label='course over time'>"
        f"<path d='{path}' fill='none' stroke='#1f5a94' stroke-width='1.5'/></svg>"
    )
