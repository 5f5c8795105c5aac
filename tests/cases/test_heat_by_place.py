"""Every shipped case, shortened: what each source makes in all layers and at all interfaces is all
of its heat, and electrical heat is what the terminals miss."""

from __future__ import annotations

from pathlib import Path

import pytest

import joulestack as js
from tests.cases.test_shipped import CASES

SHORT = {"time.end": "1 min", "outputs.every": "20 s", "outputs.pictures": False}
COARSE = {
    "pouch_fast_charge": "30 mm",
    "pouch_stack": "45 mm",
    "pressure_map": "15 mm",
    "uneven_clamping": "15 mm",
}
"""Largest cell in the plane of what is solved in three dimensions."""
PELLETS = ("pressed_pellet", "moulding_pressure_15MPa", "moulding_pressure_200MPa")
"""In their die: solved on half as many cells in every direction."""
COMPUTED = "powder_to_temperature"
"""Runs in `tests/microstructure`: its materials take longer than it does."""
MEASURED = ("blocking_pellet", "mixed_conductor", "thermal_wave")
"""Without a load there is nothing to run: for `impedance`, `polarisation` and `thermal-wave`."""
UNLOADED = "oven"
"""Has heat of reactions alone."""
FILES = sorted(
    file
    for file in CASES.rglob("*.toml")
    if file.parent.name not in ("microstructures", "validation")
    and file.stem not in (COMPUTED, *MEASURED)
)


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_places_make_all_heat_of_each_source(file: Path, tmp_path: Path) -> None:
    changes: dict[str, object] = dict(SHORT)
    if file.stem in COARSE:
        changes |= {"mesh.in_plane": COARSE[file.stem], "mesh.radial_modes": 3}
        changes["mesh.refinement"] = 0.5
    if file.stem == "pouch_stack":
        changes |= {"cell.unit_cells": 2, "mesh.radial_modes": 3}
    if file.stem in (*COARSE, "imported_mesh"):
        changes |= {"time.end": "5 s", "outputs.every": "5 s"}
    if file.stem in PELLETS:
        changes |= {"mesh.layers": {}, "mesh.refinement": 0.5}
    if file.stem == "stripping_voids":
        changes["time.max_step"] = "30 s"
    if file.stem == "titration":  # begins with a rest
        changes |= {"time.end": "12 min", "outputs.every": "5 min"}
    summary = js.run(js.Case.load(file, changes), tmp_path / "out", progress=False).summary
    heat, places = summary["heat_J"], summary["heat_by_layer_J"]
    assert max(map(abs, heat.values())) > 0
    for source, joules in heat.items():
        found = sum(sources.get(source, 0.0) for sources in places.values())
        assert found == pytest.approx(joules, rel=1e-9, abs=1e-12 * max(map(abs, heat.values())))
    assert {source for sources in places.values() for source in sources} <= set(heat)
    if file.stem != UNLOADED:
        assert summary["electrical_identity_relative"] < 1e-6


def test_the_entropy_of_indium_counts_at_its_interface(tmp_path: Path) -> None:
    case = js.Case.load(
        CASES / "fixtures" / "lithium_indium_anode.toml",
        {"time.end": "10 min", "outputs.pictures": False},
    )
    result = js.run(case, tmp_path / "out", progress=False)
    places = result.summary["heat_by_layer_J"]
    warming = places["Li-In foil | separator"]["reversible"]
    # i T dU/dT of the metal, whose temperature hardly moves.
    t, current = (result[name].entries for name in ("Time [s]", "Current [A]"))
    charge = float(((current[1:] + current[:-1]) * (t[1:] - t[:-1])).sum()) / 2
    slope = case.media()["Li-In foil"].electrode_entropic_coefficient
    kelvins = result["separator temperature mean [K]"].entries.mean()
    assert warming == pytest.approx(charge * slope * kelvins, rel=1e-3)
    assert result.summary["heat_J"]["reversible"] == pytest.approx(
        warming + places["cathode"]["reversible"], rel=1e-9
    )
