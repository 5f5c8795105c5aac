"""A flat lithium cell under an uneven clamp: where the contact is good the current and the heat go.

The case of cases/fixtures/uneven_clamping.toml, with points that have their own springs. After the
warnings of Deysher 2022, section 3.2, and the contact of Doux 2020.
"""

from __future__ import annotations

import functools
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from compare import Promise, Row, Worth, pick, picture, show

import joulestack as js

FILE = Path(__file__).parents[1] / "fixtures" / "uneven_clamping.toml"
WIDTH = 20.0
"""Of the face along the uneven direction [mm]."""


BANDS = 8
"""Over the width, for means of the current."""


@dataclass(frozen=True)
class Solved:
    """Time series, and what varies over the width in the last written state.

    Attributes:
        series: columns of the run.
        x, rise: of the nodes [mm], [mK].
        pressure: of the nodes [MPa].
        bands, current: middle of each band [mm], mean ionic current density in the separator
            [mA/cm2].
    """

    series: dict[str, np.ndarray]
    x: np.ndarray
    rise: np.ndarray
    pressure: np.ndarray
    bands: np.ndarray
    current: np.ndarray


@functools.cache
def solved() -> Solved:
    """Run it once."""
    with tempfile.TemporaryDirectory() as folder:
        found = js.run(FILE, Path(folder) / "uneven", progress=False)
        state = found.snapshot(found.field_times[-1])
        points = 1e3 * np.asarray(state.grid.points)
        fields = found.fields()
        separator = fields.cell_data["Region"] == 2
        through = np.abs(fields.cell_data["Ionic current density [A/m2]"][separator, 2])
        middle = 1e3 * fields.cell_centers().points[separator, 0]
        band = np.minimum((middle / WIDTH * BANDS).astype(int), BANDS - 1)
        return Solved(
            {label: found[label].entries for label in found},
            points[:, 0],
            1e3 * state.nodes["Temperature rise [K]"],
            state.nodes["Stack pressure [MPa]"],
            (np.arange(BANDS) + 0.5) * WIDTH / BANDS,
            0.1 * np.bincount(band, through) / np.bincount(band),
        )


def edges() -> tuple[float, float]:
    """Thickness change where it is pressed least and most, when charged [um]."""
    series = solved().series
    top = int(np.argmax(series["Stack pressure [MPa]"]))
    response = js.Case.load(FILE).clamping.fixture.response * 1e-12
    low, high = (series[f"Stack pressure {word} [MPa]"] for word in ("min", "max"))
    return (low[top] - low[0]) / response, (high[top] - high[0]) / response


def rows() -> list[Row]:
    """The mean is that of the fixture; lithium is plated where it is pressed."""
    run = solved()
    series, x, rise = run.series, run.x, run.rise
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
        Row("current density at the pressed over the loose edge, last",
            run.current[-1] / run.current[0], 1.0, "", None, "1 under an even clamp"),
    ]  # fmt: skip


def promises() -> list[Promise]:
    """What the numbers are worth."""
    return [
        Promise("mean pressure of an uneven clamp", Worth.IDENTITY, "Deysher 2022, section 3.2",
                "the fixture's own law", pick(rows(), "mean pressure")),
    ]


def main() -> None:
    """Print and draw."""
    run, (loose, tight) = solved(), edges()
    notes = [
        f"charged: {loose:.2f} um grown at the loose edge, {tight:.2f} um at the pressed one",
        f"last state: {run.pressure.min():.2f} to {run.pressure.max():.2f} MPa, "
        f"{run.current[0]:.2f} to {run.current[-1]:.2f} mA/cm2, "
        f"+{run.rise.min():.1f} to +{run.rise.max():.1f} mK, "
        f"hottest at x = {run.x[np.argmax(run.rise)]:.1f} mm",
    ]
    show("Uneven clamping: 2 to 6 MPa over 20 mm", rows(), notes)
    at, hottest = _over_width(run.x, run.rise)
    panels = [
        {"x": "x [mm]", "y": name, "curves": [(*found, "")]}
        for name, found in (
            ("stack pressure, last state [MPa]", _over_width(run.x, run.pressure)),
            ("current density, last state [mA/cm2]", (run.bands, run.current)),
            ("temperature rise, last state [mK]", (at, hottest)),
        )
    ]
    picture("uneven_clamping", panels)


def _over_width(x: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Largest value at each x."""
    at, place = np.unique(np.round(x, 6), return_inverse=True)
    found = np.full(len(at), -np.inf)
    np.maximum.at(found, place.reshape(-1), values)
    return at, found


if __name__ == "__main__":
    main()
