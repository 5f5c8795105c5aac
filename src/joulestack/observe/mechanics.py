"""What the fixture does to the stack: pressure, thickness change of the layers."""

from __future__ import annotations

from joulestack.mechanics.fixtures import TOUCH, lost
from joulestack.model import Model
from joulestack.observe.balances import Row


def mechanics(model: Model, t: float) -> Row:
    """Stack pressure [MPa]; with a fixture, growth since assembly [um] and what has let go.

    "Contact lost [-]" is the share of the face on which nothing presses any more.

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
    if model.face is not None:
        row["Stack pressure min [MPa]"] = float(model.face_pressure.min()) / 1e6
        row["Stack pressure max [MPa]"] = float(model.face_pressure.max()) / 1e6
        row["Contact lost [-]"] = model.face.mean((model.face_pressure < 0.5 * TOUCH).astype(float))
        return row
    elastic = clamping.fixture.elastic(breathing.stack, model.setup.pressure(0.0))
    row["Contact lost [-]"] = float(bool(lost(elastic)))
    return row
