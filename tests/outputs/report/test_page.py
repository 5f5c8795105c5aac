"""report.html: one whole file with what the folder holds, and nothing that a name could break."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from joulestack.errors import CaseError
from joulestack.mesh import LayerSpec, Pouch
from joulestack.outputs.folder import RUN
from joulestack.outputs.report import write
from joulestack.outputs.report.citing import plain
from joulestack.outputs.report.packing import unpack
from joulestack.outputs.result import Result
from tests.outputs import stand_in
from tests.outputs.report.in_browser import HOSTILE
from tests.outputs.report.made import STRIPPED, TIMES, made
from tests.outputs.stand_in import GRADIENT

VOID = {"meta", "input", "br", "path", "link", "img"}
RISE = "Temperature rise [K]"


class Reader(HTMLParser):
    """Elements that close as they opened, ids that occur once, text outside of scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.scripts: dict[str, str] = {}
        self.text = ""
        self._script: str | None = None
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.ids += [told["id"]] if told.get("id") else []
        self.links += [told[k] or "" for k in ("href", "src") if k in told]
        if tag not in VOID:
            self.open.append(tag)
        if tag in ("script", "style"):
            self._script = told.get("id") or tag
            self.scripts[self._script] = ""

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag == "path"

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self._script = None

    def handle_data(self, data: str) -> None:
        if self._script:
            self.scripts[self._script] += data
        else:
            self.text += data


def read(path: Path) -> tuple[Reader, dict[str, Any]]:
    reader = Reader(path.read_text("utf-8"))
    assert not reader.open
    assert len(reader.ids) == len(set(reader.ids))
    return reader, json.loads(reader.scripts["data"])


@pytest.mark.parametrize("kind", ["line", "pellet", "pouch"])
def test_page_holds_what_the_folder_holds(kind: str, tmp_path: Path) -> None:
    result = made(tmp_path / "run", kind)
    path = result.report()
    assert path == tmp_path / "run" / "report.html"
    assert RUN.fullmatch(path.name)  # a run that overwrites the folder may replace it
    assert path.stat().st_size < 5e6
    reader, data = read(path)
    (run,) = data["runs"]
    assert run["times"] == list(TIMES)
    columns = {k: unpack(v) for k, v in run["series"]["columns"].items()}
    np.testing.assert_allclose(columns["Voltage [V]"], result["Voltage [V]"].entries, rtol=1e-7)
    assert columns["Time [s]"].tolist() == result["Time [s]"].entries.tolist()
    for word in ("37.10", "Discharge at 2C until 2.8 V", "Chen2020", "Böger", "2·10⁻⁹"):
        assert word in reader.text
    outside = [link for link in reader.links if not link.startswith("#")]
    assert all(link.startswith("https://doi.org/10.") for link in outside)
    assert "http" not in reader.scripts["style"]


def linear(points: Any, upper: Any, t: float) -> Any:
    return t * (points @ GRADIENT[: points.shape[1]] + 5.0 * upper)


def test_maps_have_the_values_of_their_places(tmp_path: Path) -> None:
    """The rise is linear in r and z with a jump: so is every value on the map and on the line."""
    _, data = read(made(tmp_path / "run").report())
    run = data["runs"][0]
    (mesh,) = run["meshes"]
    x, y = unpack(mesh["x"]), unpack(mesh["y"])
    triangles, regions = unpack(mesh["triangles"]), unpack(mesh["regions"])
    names = np.array([mesh["names"][str(i)] for i in regions])
    rise = unpack(mesh["fields"][RISE])
    for i, t in enumerate(TIMES):
        for corner in triangles.T:
            points = np.column_stack([x[corner], y[corner]])
            away = rise[i][corner] - linear(points, names == "upper", t)
            known = ~np.isin(names, ["plunger-", "plunger+", "die"])
            assert np.abs(away[known]).max() < 1e-4 * max(t, 1)
    profile = run["profile"]
    z, line = unpack(profile["along"]), unpack(profile["fields"][RISE])
    start = np.cumsum([0, *profile["lengths"]])
    layers = [layer["name"] for layer in run["layers"]]
    assert layers == ["plunger-", "lower", "upper", "plunger+"]
    upper = slice(start[2], start[3])
    expected = TIMES[2] * (GRADIENT[1] * z[upper] + 5.0)
    np.testing.assert_allclose(line[2][upper], expected, atol=2e-2)


def test_planes_of_layers_in_a_pouch(tmp_path: Path) -> None:
    _, data = read(made(tmp_path / "run", "pouch").report())
    run = data["runs"][0]
    planes = {s["layer"]: run["meshes"][s["mesh"]] for s in run["scenes"] if s["layer"]}
    assert set(planes) == {"Cu", "lower", "upper"}
    assert run["scenes"][0]["layer"] == "upper"  # the hottest comes first
    mesh = planes["upper"]
    height = 1e-5 + 1e-4 + 0.501 * 8e-5
    points = np.column_stack([unpack(mesh["x"]), unpack(mesh["y"])])
    points = np.column_stack([points, np.full(len(points), height)])
    rise = unpack(mesh["fields"][RISE])[2]
    np.testing.assert_allclose(rise, linear(points, True, TIMES[2]), atol=1e-2)


def test_every_layer_of_a_stack_has_the_plane_that_is_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planes are made one after another, and each is told by what it is, not by where it lay."""
    layers = [LayerSpec(f"layer {i}", 1e-4, 2) for i in range(30)] + [LayerSpec("upper", 1e-4, 2)]
    spec = Pouch(tuple(layers), 0.03, 0.05, in_plane_size=1e-2)
    monkeypatch.setitem(stand_in.SPECS, "stack", spec)
    _, data = read(made(tmp_path / "run", "stack").report())
    run = data["runs"][0]
    planes = [s for s in run["scenes"] if s["layer"]]
    assert len(planes) == 24
    assert planes[0]["layer"] == "upper"
    heights = {layer["name"]: 0.5 * (layer["start"] + layer["end"]) for layer in run["layers"]}
    for scene in planes:
        mesh = run["meshes"][scene["mesh"]]
        names = {mesh["names"][str(i)] for i in np.unique(unpack(mesh["regions"]))}
        assert names == {scene["layer"]}
        x, y = unpack(mesh["x"]), unpack(mesh["y"])
        z = np.full(len(x), heights[scene["layer"]])
        rise = unpack(mesh["fields"][RISE])[1]
        expected = linear(np.column_stack([x, y, z]), True, TIMES[1])
        np.testing.assert_allclose(rise, expected, atol=5e-2)
    (section,) = (run["meshes"][s["mesh"]] for s in run["scenes"] if s["layer"] is None)
    assert section["axes"] == ["y", "z"]
    assert len(section["stretch"]["edges"]) == 32


def test_names_of_people_break_nothing(tmp_path: Path) -> None:
    result = made(tmp_path / "run", "line", HOSTILE)
    text = result.report().read_text("utf-8")
    assert text.count("<script") == 2
    reader, data = read(result.path / "report.html")
    assert data["runs"][0]["title"] == HOSTILE
    assert HOSTILE in reader.text


def test_each_warning_once(tmp_path: Path) -> None:
    reader, _ = read(made(tmp_path / "run", "line").report())
    assert reader.text.count("of stripping") == 1
    assert STRIPPED in reader.text
    assert reader.text.count("contact is lost to voids") == 1
    assert reader.text.count("stoichiometry reached 1") == 1


def test_a_long_protocol_says_what_it_leaves_out(tmp_path: Path) -> None:
    result = made(tmp_path / "run", "line")
    table = json.loads((result.path / "summary.json").read_text())
    table["protocol"] = [table["protocol"][0] | {"step": i + 1} for i in range(30_000)]
    (result.path / "summary.json").write_text(json.dumps(table))
    path = Result(result.path).report()
    assert path.stat().st_size < 1e6
    reader, _ = read(path)
    assert reader.text.count("Discharge at 2C until 2.8 V") == 400
    assert "29600 steps in the middle are left out" in reader.text


def test_a_folder_that_an_interrupted_run_leaves(tmp_path: Path) -> None:
    result = made(tmp_path / "run", "line")
    for name in ("summary.json", "manifest.json", "references.bib", "run.log", "case.toml"):
        (result.path / name).unlink()
    reader, data = read(Result(result.path).report())
    assert "interrupted" in reader.text
    assert data["runs"][0]["times"] == list(TIMES)
    (result.path / "fields.pvd").unlink()
    _, data = read(Result(result.path).report())
    assert "times" not in data["runs"][0]


@pytest.mark.parametrize("name", ["summary.json", "manifest.json", "timeseries.csv", "fields.pvd"])
def test_a_damaged_file_is_named(name: str, tmp_path: Path) -> None:
    result = made(tmp_path / "run", "line")
    (result.path / name).write_text("[1, 2\nno, number\n")
    with pytest.raises(CaseError, match=re.escape(name)):
        Result(result.path).report()
    assert not (result.path / "report.html").exists()


def test_two_results_side_by_side(tmp_path: Path) -> None:
    first, second = made(tmp_path / "a"), made(tmp_path / "b", title="other", volts=3.9)
    table = json.loads((second.path / "manifest.json").read_text())
    table["case"]["cell"]["layers"][0]["thickness"] = 2e-3
    (second.path / "manifest.json").write_text(json.dumps(table))
    rows = "".join(f"{t},{4.0 - t / 50 - 0.01}\n" for t in range(0, 61, 5))
    (tmp_path / "cell.csv").write_text(f"time (s),voltage (V)\n{rows}")
    path = write.compare(first, second, tmp_path / "both.html", measured=[tmp_path / "cell.csv"])
    reader, data = read(path)
    assert [run["title"] for run in data["runs"]] == ["made", "other"]
    assert re.search(r"cell\.layers\.lower\.thickness\s*0\.001\s*0\.002", reader.text)
    assert "diameter" not in reader.text
    assert "A: cell.csv, voltage: root mean square 0.01 V" in reader.text
    (curve,) = data["measured"]
    assert unpack(curve["values"])[0] == pytest.approx(3.99)


def test_pages_replace_pages_alone(tmp_path: Path) -> None:
    result = made(tmp_path / "run", "line")
    result.report()
    result.report()  # its own
    foreign = tmp_path / "mine.html"
    foreign.write_text("<p>mine</p>")
    for overwrite in (False, True):
        with pytest.raises(CaseError, match=r"mine\.html"):
            result.report(foreign, overwrite)
    with pytest.raises(CaseError, match="no name of a page"):
        result.report(tmp_path / "page.pdf")
    result.report(tmp_path / "page.html")
    with pytest.raises(CaseError, match="--overwrite"):
        result.report(tmp_path / "page.html")
    (result.path / "report.html").write_text("<p>mine</p>")
    with pytest.raises(CaseError, match=r"report\.html"):
        result.report()


def test_tex_as_text() -> None:
    assert plain(r"B{\"o}ger and {\v{S}}edo, \'Etude {An}") == "Böger and Šedo, Étude An"


def test_measured_capacities_and_bands_have_their_place(tmp_path: Path) -> None:
    """80 mAh/g measured, 100 computed; a rise of 2 K give or take half a kelvin by one number."""
    result = made(tmp_path / "made")
    path = result.path / "summary.json"
    table = json.loads(path.read_text("utf-8"))
    row = {"step": 1, "text": "Discharge <at> 1C", "ratio": 1.25}
    row |= {"measured_mAh": 1.6, "computed_mAh": 2.0}
    row |= {"measured_mAh_per_g": 80.0, "computed_mAh_per_g": 100.0}
    table["measured"] = {"source": "a paper", "steps": [row]}
    band = {"value": 2.0, "deviation": 0.5, "relative": 0.25, "shares": {"k of the separator": 1}}
    table["uncertainty"] = {"largest rise [K]": band}
    path.write_text(json.dumps(table), "utf-8")
    text = Reader(write.write(Result(result.path)).read_text("utf-8")).text
    assert "Beside what was measured" in text
    assert re.search(r"Discharge <at> 1C\s*100\s*80\s*1\.2", text)
    assert re.search(r"0\.5\s*k of the separator", text)
    assert "Beside what was measured" not in Reader(page_of(made(tmp_path / "plain"))).text


def page_of(result: Result) -> str:
    """The page of a result."""
    return write.write(result).read_text("utf-8")
