"""What the fixture does to the stack: pressure, thickness change of the layers."""

from __future__ import annotations

import math

from joulestack.simulation.model import Model
from joulestack.simulation.observe.balances import Row


def mechanics(model: Model, t: float) -> Row:
    """Stack pressure [MPa]; with a fixture, thickness, its change [um] and what has let go.

    Layers and changes are those of free growth; "Stack thickness [um]" is that under the present
    pressure, all cells together.
    "Lithium left [um]" is the thickness of the metal on each lithium electrode.
    "Contact lost [-]" is the share of the face on which nothing presses any more.

    Args:
        model: with the values of the moment.
        t: [s].
    """
    row: Row = {"Stack pressure [MPa]": model.pressure.now(t) / 1e6}
    clamp = model.pressure.clamp
    if clamp is None:
        return row
    if clamp.face is not None:
        row["Stack pressure min [MPa]"] = float(clamp.columns.min()) / 1e6
        row["Stack pressure max [MPa]"] = float(clamp.columns.max()) / 1e6
    breathing = clamp.breathing
    for name, size, change in zip(
        breathing.layers, breathing.sizes, breathing.changes, strict=True
    ):
        row[f"{name} thickness [um]"] = 1e6 * float(size + change)
        row[f"{name} thickness change [um]"] = 1e6 * float(change)
    row["Stack thickness change [um]"] = 1e6 * breathing.stack
    row["Stack thickness [um]"] = 1e6 * clamp.thickness(model.pressure.now(t))
    if math.isfinite(breathing.left):
        row["Lithium left [um]"] = 1e6 * max(breathing.left, 0.0)
        if clamp.face is not None:
            row["Lithium left min [um]"] = 1e6 * max(clamp.left, 0.0)
    row["Contact lost [-]"] = clamp.lost
    return row
