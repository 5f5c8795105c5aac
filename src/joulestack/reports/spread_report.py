"""`joulestack materials NAME --uncertainty`: spreads of effective properties and their causes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.media import effective
from joulestack.fabrication.specification import Composite, Fabrication
from joulestack.laws.state import State
from joulestack.materials.uncertainty import SAMPLES, first_order, sampled, uncertain
from joulestack.reports.material_tables import SYMBOLS, shown

if TYPE_CHECKING:
    from rich.console import Console


def show_uncertainty(
    fabrication: Fabrication | Composite,
    state: State,
    console: Console,
    extra_dirs: Sequence[str | Path] = (),
) -> None:
    """Print each effective property with its spread, by propagation and by sampling.

    Args:
        fabrication: how it was made.
        state: operating state.
        console: rich console.
        extra_dirs: folders with a user's own files.

    Raises:
        CaseError: unknown material, or an impossible fabrication.
    """
    from rich.table import Table

    medium = fabricate(fabrication, extra_dirs)
    parts = medium.parts(state)
    spreads = first_order(medium, state, effective(state))
    ranges = sampled(medium, state, effective(state))
    table = Table(show_edge=False, pad_edge=False)
    for title in ("property", "value", "+-", "16 % to 84 %", "mostly from"):
        table.add_column(title, overflow="fold")
    for name, spread in spreads.items():
        unit = parts[name][1]
        low, _, high = ranges[name]
        known = spread.deviation is not None
        causes = [
            f"{cause} {100 * share:.0f} %" for cause, share in list(spread.shares.items())[:3]
        ]
        table.add_row(
            SYMBOLS.get(name, name),
            shown(spread.value, unit),
            shown(spread.deviation, unit, 2) if spread.deviation is not None else "not stated",
            f"{shown(low, unit, 3)} to {shown(high, unit, 3)}" if known else "",
            ", ".join(causes),
        )
    console.print(f"\n[bold]Uncertainty[/bold] of {medium.name}: one standard deviation by")
    console.print(f"first-order propagation through the laws, and quantiles of {SAMPLES} draws.")
    console.print(table)
    _, silent = uncertain(medium, state)
    if silent:
        names = ", ".join(dict.fromkeys(f"{u.material}: {u.name}".lstrip(": ") for u in silent))
        console.print(f"[yellow]no uncertainty stated, counted as exact:[/yellow] {names}")
