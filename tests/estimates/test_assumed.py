"""What a case leaves open is listed with what is taken for it, and nothing that it states."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from joulestack.case import Case
from joulestack.estimates.assumed import assumed
from tests.case import samples

CELL = Path(__file__).parents[2] / "cases" / "validation" / "nam2018_thick.toml"


def rows(**changes: Any) -> dict[tuple[str, str], tuple[str, str]]:
    case = Case.load(CELL, changes)
    return {(row.where, row.what): (row.taken, row.origin) for row in assumed(case)}


def test_what_follows_is_shown_as_it_follows() -> None:
    """721 um of 150 mg, as check has it in its table of layers."""
    found = rows()
    assert found["separator", "thickness"][0] == "721 um"
    assert found["cathode", "x at the start"][0] == "0.9"  # as assembled
    assert found["anode", "particle radius"][1].startswith("Chen2020")
    assert ("anode", "porosity") not in found


@pytest.mark.parametrize(
    ("key", "value", "where", "what"),
    [
        ("materials.cathode.diffusivity", "1e-15 m^2/s", "cathode", "diffusivity at the start"),
        ("materials.cathode.stoichiometry", 0.8, "cathode", "x at the start"),
        ("materials.cathode.porosity", 0.2, "cathode", "porosity"),
        ("materials.anode.particle_radius", "5 um", "anode", "particle radius"),
        ("materials.cathode.window", [0.2, 0.9], "cathode", "window of x"),
    ],
)
def test_what_is_stated_is_not_listed(key: str, value: Any, where: str, what: str) -> None:
    assert (where, what) in rows()
    assert (where, what) not in rows(**{key: value})


def test_numbers_of_nobody_say_so() -> None:
    found = rows()
    origin = found["cathode", "NMC622 | Li6PS5Cl: diffusivity"][1]
    assert "borrowed from NMC811" in origin
    assert "no source" in found["anode", "composites: charge_transfer_resistance"][1]


def test_heat_alone_leaves_nothing_of_electricity_open() -> None:
    """No 1C, no particles; the temperature at the start is the default and said."""
    found = {(row.where, row.what) for row in assumed(Case.from_dict(samples.line()))}
    assert found <= {("cell", "temperature at the start"), ("cell", "stack pressure")}
