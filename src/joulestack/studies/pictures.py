"""Pictures of a study: curves over one key, maps over two, parallel coordinates over more."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from joulestack.outputs.headline import LARGEST_RISE
from joulestack.outputs.plots import style
from joulestack.studies.table import Table
from joulestack.studies.values import Varied
from joulestack.studies.work import HIGHEST_TEMPERATURE, NUMERICAL

MOST_PANELS = 9
"""Figures that are drawn; the table has all of them."""
MOST_LABELS = 12
"""Texts along an axis."""
LONGEST_LABEL = 20
TURNED = {"rotation": 18, "ha": "right", "rotation_mode": "anchor"}
"""How texts stand below an axis."""
WIDTH, HEIGHT = 3.4, 2.6
"""Of a panel [inch]."""


def draw(table: Table, path: Path) -> None:
    """Draw the figures that differ between runs; nothing is written where none does."""
    names = [n for n in table.figures if n != NUMERICAL and _differs(table.figure(n))]
    if {HIGHEST_TEMPERATURE, LARGEST_RISE} <= {*names} and not _differs(
        table.figure(HIGHEST_TEMPERATURE) - table.figure(LARGEST_RISE)
    ):
        names.remove(HIGHEST_TEMPERATURE)  # one start for all: the rise says the same
    if not names:
        path.unlink(missing_ok=True)
        return
    names = names[:MOST_PANELS]
    axes = [v for v in table.sampled.varied if len(v.values) > 1]
    with style.applied():
        if table.sampled.grid and len(axes) == 1:
            drawn = _panels(table, names, axes, _curve)
        elif table.sampled.grid and len(axes) == 2:
            drawn = _panels(table, names, axes, _map)
        else:
            drawn = _parallel(table, names)
        style.save(drawn, path)


def _differs(values: np.ndarray) -> bool:
    known = values[np.isfinite(values)]
    return len(known) > 1 and float(np.ptp(known)) > 1e-9 * float(np.abs(known).max())


def _panels(table: Table, names: Sequence[str], axes: Sequence[Varied], panel: Any) -> Any:
    columns = min(3, len(names))
    rows = -(-len(names) // columns)
    drawn = style.figure(WIDTH * columns, HEIGHT * rows + 0.3)
    grid = drawn.subplots(rows, columns, squeeze=False)
    for name, place in zip(names, grid.flat, strict=False):
        panel(drawn, place, table, name, axes)
    for place in list(grid.flat)[len(names) :]:
        place.set_visible(False)
    drawn.suptitle(table.title, x=0.01, ha="left", fontsize=9.5)
    return drawn


def _scale(place: Any, one: Varied) -> np.ndarray:
    """Positions of values along x, and their labels."""
    entries = [one.entry(value) for value in one.values]
    place.set_xlabel(one.column)
    if one.unit is not None:
        numbers = np.array(entries, dtype=float)
        if numbers.min() > 0 and numbers.max() >= 20 * numbers.min():
            place.set_xscale("log")
        return numbers
    positions = np.arange(len(entries), dtype=float)
    every = -(-len(entries) // MOST_LABELS)
    shown = [_short(str(e)) for e in entries[::every]]
    place.set_xticks(positions[::every], shown, **TURNED)
    return positions


def _short(text: str) -> str:
    """A text along an axis: without the brackets of a list of one, not too long."""
    if text.startswith('["') and text.endswith('"]') and text.count('"') == 2:
        text = text[2:-2]
    return text if len(text) <= LONGEST_LABEL else f"{text[: LONGEST_LABEL - 1]}…"


def _curve(drawn: Any, place: Any, table: Table, name: str, axes: Sequence[Varied]) -> None:
    x = _scale(place, axes[0])
    order = np.argsort(x)
    y = table.figure(name)
    place.plot(x[order], y[order], "o-", color=style.ELECTRONIC, markersize=3.5)
    for missing in x[~np.isfinite(y)]:
        place.axvline(missing, color=style.FAINT, lw=0.8, ls=":")
    place.set_ylabel(name)


def _map(drawn: Any, place: Any, table: Table, name: str, axes: Sequence[Varied]) -> None:
    first, second = axes
    values = table.figure(name).reshape(len(first.values), len(second.values))
    rows, columns = _sorted(first), _sorted(second)
    shown = np.ma.masked_invalid(values[np.ix_(rows, columns)])
    picture = place.pcolormesh(shown, cmap=style.colours())
    place.set_facecolor(style.SHADES[1])
    for which, one, order in (("y", first, rows), ("x", second, columns)):
        every = -(-len(order) // MOST_LABELS)
        labels = [_label(one, one.values[i]) for i in order[::every]]
        turned = TURNED if which == "x" and one.unit is None else {}
        places = np.arange(len(order))[::every] + 0.5
        getattr(place, f"set_{which}ticks")(places, labels, **turned)
        getattr(place, f"set_{which}label")(one.column)
    place.set_title(name)
    drawn.colorbar(picture, ax=place)


def _sorted(one: Varied) -> list[int]:
    if one.unit is None:
        return list(range(len(one.values)))
    return sorted(range(len(one.values)), key=lambda i: float(one.entry(one.values[i])))


def _label(one: Varied, value: Any) -> str:
    entry = one.entry(value)
    return f"{entry:.4g}" if isinstance(entry, float) else _short(entry)


def _parallel(table: Table, names: Sequence[str]) -> Any:
    """A line for each run through an axis for each key and figure, coloured by the first figure."""
    columns = table.columns()
    titles = [v.column for v in table.sampled.varied if len(v.values) > 1] + list(names)
    scaled, ends = [], []
    for title in titles:
        entries = columns[title]
        if any(isinstance(e, str) for e in entries):
            texts = list(dict.fromkeys(map(str, entries)))
            places = np.array([texts.index(str(e)) for e in entries], dtype=float)
            low, high = _short(texts[0]), _short(texts[-1])
        else:
            places = np.array([np.nan if e is None else e for e in entries], dtype=float)
            low, high = f"{np.nanmin(places):.4g}", f"{np.nanmax(places):.4g}"
        span = np.nanmax(places) - np.nanmin(places)
        scaled.append((places - np.nanmin(places)) / (span or 1.0))
        ends.append((low, high))
    lines = np.array(scaled)
    shade = lines[titles.index(names[0])]
    drawn = style.figure(max(6.0, 1.25 * len(titles)), 3.6)
    place = drawn.subplots()
    for line, part in zip(lines.T, shade, strict=True):
        if np.isfinite(part):
            colour = style.colours()(0.9 * part)
            place.plot(range(len(titles)), line, color=colour, lw=1.0, alpha=0.8)
    for i, (low, high) in enumerate(ends):
        place.axvline(i, color=style.FAINT, lw=0.8)
        place.text(i, -0.03, low, ha="center", va="top", fontsize=7)
        place.text(i, 1.03, high, ha="center", va="bottom", fontsize=7)
    folded = [style.folded(title) for title in titles]
    place.set_xticks(range(len(titles)), folded, rotation=30, ha="right", fontsize=7)
    place.set_ylim(-0.12, 1.12)
    place.set_yticks([])
    place.spines["left"].set_visible(False)
    place.set_title(f"{table.title}, coloured by {names[0]}")
    return drawn
