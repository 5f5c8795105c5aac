"""What the fixture does to the stack: pressure, thickness change of the layers."""

from __future__ import annotations

from joulestack.mechanics.fixtures import lost
from joulestack.model import Model
from joulestack.observe.balances import Row


def mechanics(model: Model, t: float) -> Row:
    """Stack pressure [MPa]; with a fixture, growth since assembly [um] and whether it still holds.

    Args:
        model: with the values of the moment.
        t: [s].
    """
    row: Row = {"Stack pressure [MPa]": model.stack_pressure(t) / 1e6}
    breathing, clamping = model.breathing, model.setup.clamping
    if breathing is None or clamping is None:
        return row
    for name, change in zip(breathing.layers, breathing.changes, strict=True):
        row[f"{name} thickness change [um]"] = 1e6 * float(change)
    row["Stack thickness change [um]"] = 1e6 * breathing.stack
    elastic = clamping.fixture.elastic(breathing.stack, model.setup.pressure(0.0))
    row["Contact lost [-]"] = float(bool(lost(elastic)))
    return row
