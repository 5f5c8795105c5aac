"""A flat lithium cell under an uneven clamp: where the contact is good the current and the heat go.

The case of cases/fixtures/uneven_clamping.toml, with points that have their own springs. After the
warnings of Deysher 2022, section 3.2, and the contact of Doux 2020.
"""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

import numpy as np
from compare import Row, picture, show

import joulestack as js

FILE = Path(__file__).parents[1] / "fixtures" / "uneven_clamping.toml"
WIDTH = 20.0
"""Of the face along the uneven direction [mm]."""


@functools.cache
def solved() -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray, np.ndarray]:
    """Time series; x [mm], temperature rise [mK] and pressure [MPa] of the last written state."""
    with tempfile.TemporaryDirectory() as folder:
        found = js.run(FILE, Path(folder) / "uneven", progress=False)
        state = found.snapshot(found.field_times[-1])
        x = 1e3 * np.asarray(state.grid.points)[:, 0]
        rise = 1e3 * state.nodes["Temperature rise [K]"]
        series = {label: found[label].entries for label in found}
        return series, x, rise, state.nodes["Stack pressure [MPa]"]


def edges() -> tuple[float, float]:
    """Thickness change where it is pressed least and most, when charged [um]."""
    series = solved()[0]
    top = int(np.argmax(series["Stack pressure [MPa]"]))
    response = js.Case.load(FILE).clamping.fixture.response * 1e-12
    low, high = (series[f"Stack pressure {word} [MPa]"] for word in ("min", "max"))
    return (low[top] - low[0]) / response, (high[top] - high[0]) / response


def rows() -> list[Row]:
    """The mean is that of the fixture; lithium is plated where it is pressed."""
    series, x, rise, _ = solved()
    top = int(np.argmax(series["Stack pressure [MPa]"]))
    response = js.Case.load(FILE).clamping.fixture.response * 1e-12
    mean = 4.0 + response * series["Stack thickness change [um]"][top]
    loose, tight = edges()
    assert tight > 1.2 * loose
    assert abs(x[np.argmax(rise)] - WIDTH) < 0.2 * WIDTH, "the hot spot is at the pressed edge"
    return [
        Row("mean pressure, charged", series["Stack pressure [MPa]"][top], mean, "MPa", 1e-4,
            "the fixture's law at the mean thickness"),
        Row("growth at the pressed over the loose edge", tight / loose, 1.0, "", None,
            "1 under an even clamp"),
    ]  # fmt: skip


def main() -> None:
    """Print and draw."""
    _, x, rise, pressure = solved()
    loose, tight = edges()
    notes = [
        f"charged: {loose:.2f} um grown at the loose edge, {tight:.2f} um at the pressed one",
        f"last state: {pressure.min():.2f} to {pressure.max():.2f} MPa, "
        f"+{rise.min():.1f} to +{rise.max():.1f} mK, hottest at x = {x[np.argmax(rise)]:.1f} mm",
    ]
    show("Uneven clamping: 2 to 6 MPa over 20 mm", rows(), notes)
    order = np.argsort(x)
    panels = [
        {"x": "x [mm]", "y": name, "points": [(x[order], values[order], "nodes")]}
        for name, values in (("stack pressure [MPa]", pressure), ("temperature rise [mK]", rise))
    ]
    picture("uneven_clamping", panels)


if __name__ == "__main__":
    main()
