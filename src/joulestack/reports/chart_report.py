"""`joulestack materials --chart FILE`: the figures of merit of all electrolytes, and a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from joulestack.laws.state import State
from joulestack.reports.chart import DENSITY, PRESSED, SINTERED, draw
from joulestack.reports.material_tables import shown

if TYPE_CHECKING:
    from rich.console import Console


def show_chart(
    path: Path,
    state: State,
    console: Console,
    extra_dirs: Sequence[str | Path] = (),
    overwrite: bool = False,
) -> None:
    """Print and draw k against ionic conductivity across the library.

    Args:
        path: file to write.
        state: operating state.
        console: rich console.
        extra_dirs: folders with a user's own files.
        overwrite: replace an earlier picture.
    """
    from rich.table import Table

    drawn, found, left_out = draw(path, state, extra_dirs, overwrite)
    table = Table(show_edge=False, pad_edge=False)
    for title in ("electrolyte", "k", "sigma", "own rise", "k/(sigma T)", "status"):
        table.add_column(title, overflow="fold")
    for point in sorted(found, key=lambda p: p.heating):
        weakest = "unverified" if "unverified" in (point.k.status, point.sigma.status) else ""
        table.add_row(
            point.name,
            shown(point.k.value, "W/(m K)", 3),
            shown(point.sigma.value, "S/m", 3),
            f"{100 * point.heating:.2g} K",
            f"{point.lorenz:.1e}",
            f"[yellow]{weakest}[/yellow]" if weakest else "",
        )
    console.print(table)
    console.print(
        "own rise: L^2/(8 sigma k) for 100 um and 1 mA/cm^2 between cold faces; k/(sigma T) in "
        "units of (k_B/e)^2, 3.3 for electrons in metals."
    )
    console.print(
        f"Layers pressed at {PRESSED / 1e6:g} MPa or sintered at {SINTERED - 273.15:g} degC; "
        f"relative density {DENSITY:g} where the library knows neither."
    )
    if left_out:
        console.print(f"[yellow]no number found for:[/yellow] {', '.join(left_out)}")
    console.print(f"drawn: {drawn}")
