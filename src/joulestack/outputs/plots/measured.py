"""measured.png: capacities of steps, computed beside measured, from the summary of a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from joulestack.outputs.plots import style

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw(table: Mapping[str, Any], title: str) -> Figure:
    """A bar for what the run gave in each step, a mark for what was measured.

    Args:
        table: as `outputs.measured.steps.table` gives it.
        title: of the case.
    """
    rows = table["steps"]
    per_gram = all("measured_mAh_per_g" in row for row in rows)
    tail, unit = ("_mAh_per_g", "mAh per g of active material") if per_gram else ("_mAh", "mAh")
    computed = [row["computed" + tail] for row in rows]
    measured = [row["measured" + tail] for row in rows]
    places = range(len(rows), 0, -1)
    with style.applied():
        figure = style.figure(7.4, 1.3 + 0.34 * len(rows))
        axes = figure.subplots()
        figure.suptitle(title, x=0.01, ha="left", fontsize=9.5)
        axes.barh(places, computed, color=style.ELECTRONIC, height=0.5, label="computed")
        axes.plot(
            measured, places, "|", color=style.TEMPERATURE, ms=15, mew=2.4,
            label=f"measured: {table['source']}" if table.get("source") else "measured",
        )  # fmt: skip
        for y, row, *values in zip(places, rows, computed, measured, strict=True):
            axes.text(max(values), y, f"   {row['ratio']:.2f}", va="center", fontsize=8)
        axes.set_yticks(list(places), [f"{row['step']}  {row['text']}" for row in rows])
        axes.set_xlim(0, 1.15 * max(*computed, *measured))
        axes.set_xlabel(f"capacity ({unit}); beside it computed over measured")
        figure.legend(loc="outside lower right", ncols=2)
        return figure
