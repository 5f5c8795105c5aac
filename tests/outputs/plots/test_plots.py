from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from joulestack.declarations import RISE
from joulestack.outputs import plots
from joulestack.outputs.fields import FieldWriter
from joulestack.outputs.grid import Snapshot
from joulestack.outputs.legend import Entry, Legend
from joulestack.outputs.plots import cuts, history, maps, profile, stack, style, temperature
from joulestack.outputs.reading import FieldFile
from joulestack.outputs.timeseries import TimeSeries
from tests.outputs.stand_in import GRADIENT, fill, stand_in

ROWS = {
    "Time [s]": 0.0,
    "Current [A]": 0.01,
    "Voltage [V]": 3.7,
    "Heat ionic [W]": 1e-3,
    "Heat reversible [W]": -1e-4,
    "Heat generated [W]": 9e-4,
    "Heat removed [W]": 1e-4,
    "Heat removed side [W]": 1e-4,
    "Heat stored [W]": 8e-4,
    "Heat imbalance [W]": 0.0,
    "Temperature max [K]": 299.0,
    "Temperature min [K]": 298.0,
    "upper temperature mean [K]": 298.5,
}


def written(kind: str, folder: Path) -> Snapshot:
    model = stand_in(kind)
    writer = FieldWriter(model, folder / "fields.pvd")
    for step, scale in enumerate((1.0, 2.0, 0.5)):
        fill(model, scale)
        writer.write(float(step))
    return FieldFile(folder / "fields.pvd").snapshot(1)


@pytest.mark.parametrize("kind", ["line", "pellet", "pouch"])
def test_all_pictures(tmp_path: Path, kind: str) -> None:
    written(kind, tmp_path)
    with TimeSeries(tmp_path / "timeseries.csv") as series:
        for t in (0.0, 1.0):
            series.append(ROWS | {"Time [s]": t})
    names = [f.name for f in plots.write_all(tmp_path, "A case")]
    assert names == ["temperature.png", "profile.png", "timeseries.png"]
    assert min((tmp_path / n).stat().st_size for n in names) > 10_000
    assert not list(tmp_path.glob(".*"))


def test_the_hottest_written_state_is_drawn(tmp_path: Path) -> None:
    written("line", tmp_path)
    assert plots.hottest(FieldFile(tmp_path / "fields.pvd")).time == 1.0


def test_an_even_temperature_can_be_drawn(tmp_path: Path) -> None:
    model = stand_in("pellet")
    writer = FieldWriter(model, tmp_path / "fields.pvd")
    writer.write(0.0)
    names = [f.name for f in plots.write_all(tmp_path)]
    assert names == ["temperature.png", "profile.png"]


@pytest.mark.parametrize("kind", ["pellet", "pouch"])
def test_line_through_the_layers_keeps_the_jump(tmp_path: Path, kind: str) -> None:
    snapshot = written(kind, tmp_path)
    path, runs = stack.through(snapshot)
    thickness = {run.region.name: run.thickness for run in runs}
    assert thickness["upper"] == pytest.approx({"pellet": 1e-4, "pouch": 8e-5}[kind])
    assert stack.planar(snapshot, runs)
    border = np.flatnonzero(np.diff(path.region))
    names = {r.id: r.name for r in snapshot.grid.regions}
    at = next(i for i in border if names[path.region[i + 1]] == "upper")
    values = path.values[RISE][path.simplices]
    assert values[at + 1, 0] - values[at, 1] == pytest.approx(10.0, abs=1e-9)


def test_plane_through_a_body_is_exact_for_linear_fields(tmp_path: Path) -> None:
    snapshot = written("pouch", tmp_path)
    cut = cuts.plane(snapshot, 2, 6.1e-5)  # in the layer "lower"
    corners = cut.points[cut.simplices]
    a, b = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    area = 0.5 * np.linalg.norm(np.cross(a, b), axis=1).sum()
    assert area == pytest.approx(0.03 * 0.05)
    assert np.abs(cut.values[RISE] - 2.0 * (cut.points @ GRADIENT)).max() < 1e-9
    rim = cut.points[cuts.outline(cut)]
    assert np.linalg.norm(rim[:, 1] - rim[:, 0], axis=1).sum() == pytest.approx(0.16)


def test_thin_layers_between_thick_ones_are_found(tmp_path: Path) -> None:
    _, runs = stack.through(written("pellet", tmp_path))
    assert [r.region.name for r in runs] == ["plunger-", "lower", "upper", "plunger+"]
    assert stack.thin(runs) == (1, 2)
    assert stack.thin(runs[1:3]) is None


def test_stretched_axis_gives_each_layer_room() -> None:
    stretch = stack.Stretch(np.array([0.0, 1e-2, 1.001e-2, 1.05e-2, 2.05e-2]))
    assert np.diff(stretch.places).min() > 0.1
    assert stretch(np.array([0.5e-2])) == pytest.approx(0.5 * stretch.places[1])
    assert float(stretch(np.array([2.1e-2]))[0]) > 1.0


def test_labels_are_spread_apart() -> None:
    places = maps.spread([0.5, 0.5, 0.51, 0.9], 0.1, 0.0, 1.0)
    assert np.diff(places).min() >= 0.1 - 1e-12
    assert places[-1] == pytest.approx(0.9)
    assert maps.spread([0.01, 0.02], 0.1, 0.05, 1.0)[0] >= 0.05


def labels(figure: object) -> list[str]:
    return [t.get_text() for a in figure.axes for t in a.texts]  # type: ignore[attr-defined]


def test_what_the_pictures_say(tmp_path: Path) -> None:
    snapshot = written("pellet", tmp_path)
    figure = temperature.draw(snapshot, "A case")
    assert "hottest: 44.24 °C (+19.2 K above start), in plunger+" in figure.get_suptitle()
    assert {"upper  100 µm", "die"} <= set(labels(figure))
    assert {"upper", "500 µm"} <= set(labels(profile.draw(snapshot)))


def test_heat_is_drawn_of_the_sources_that_the_legend_names() -> None:
    table = {k: np.array([v]) for k, v in ROWS.items()}
    legend = Legend(
        heat=(
            Entry("Heat ionic [W]", "ions", "#4477aa"),
            Entry("Heat reversible [W]", "entropy", "#44aa99", "//"),
            Entry("Heat film [W]", "film", "#aa4499"),
        )
    )
    axes = history.draw(table, "", legend).axes
    assert len(axes) == 4
    assert axes[2].get_legend_handles_labels()[1] == ["ions", "entropy"]
    assert len(history.draw(table).axes) == 3


@pytest.mark.parametrize(("seconds", "text"), [(0.5, "0.5 s"), (600.0, "10 min"), (7200.0, "2 h")])
def test_durations(seconds: float, text: str) -> None:
    assert style.duration(seconds) == text


def test_lengths_and_kelvins() -> None:
    assert [style.length(x) for x in (5e-5, 5e-4, 1e-3, 1.5e-2)] == [
        "50 µm", "500 µm", "1 mm", "15 mm",
    ]  # fmt: skip
    assert [style.kelvins(x) for x in (2.7, 100.0, -0.012, 0.0)] == [
        "+2.70 K", "+100 K", "-0.0120 K", "+0 K",
    ]  # fmt: skip
