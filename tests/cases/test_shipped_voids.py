"""The shipped case of voids: stripping takes the contact, rest and plating give it back."""

import math
from pathlib import Path

import pytest

import joulestack as js
from joulestack.outputs.result import Result
from tests.cases.test_shipped import CASES, run

NAME = "lower lithium | separator"
OTHER = "separator | upper lithium"


def test_stripping_voids(tmp_path: Path) -> None:
    result = run("fixtures/stripping_voids", tmp_path / "voids", power=1e-5)
    t = result["Time [s]"].entries
    lower, upper = (result[f"{n} contact area [-]"].entries for n in (NAME, OTHER))
    at = {hour: int(abs(t - 3600 * hour).argmin()) for hour in (3, 6, 9)}
    # Q = 0.069 mAh/cm2 (Schlenker 2020), k = 0.2/(Q ln 2) = 4.18/h: w = 0.5/(Q k) (1 - exp(-3 k)),
    # then exp(-3 k) of it.
    Q = 0.069
    k = 0.2 / (Q * math.log(2))
    w = 0.5 / (Q * k) * -math.expm1(-3 * k)
    assert lower[at[3]] == pytest.approx(math.exp(-w), rel=1e-3)
    assert lower[at[6]] == pytest.approx(math.exp(-w * math.exp(-3 * k)), rel=1e-3)
    assert lower[at[9]] > 0.9
    # The other side is plated on full contact, and stripped in its turn.
    assert upper[: at[6]].min() > 0.9999
    assert upper[at[9]] == pytest.approx(math.exp(-w), rel=1e-3)
    resistance = result[f"{NAME} contact resistance [ohm m^2]"].entries
    assert resistance * lower == pytest.approx(resistance[0], rel=1e-6)
    summary = result.summary
    assert summary["voids"][NAME]["contact_area_min"] == pytest.approx(math.exp(-w), rel=1e-3)
    assert summary["voids"][NAME]["lost_at_s"] is None
    assert any("critical stripping current" in limit for limit in summary["limits"])


def emptied(second: str, folder: Path) -> Result:
    """A charged cell whose contact goes within minutes, then asked for more than it can give."""
    changes = {
        "cell.stack_pressure": "3 MPa",
        "materials.cathode.state_of_charge": 1.0,
        "interfaces": [
            {"between": ["lithium", "separator"], "voids": {"capacity": "0.05 mAh/cm^2"}}
        ],
        "load.protocol": ["Discharge at 1 mA/cm^2 for 20 minutes", second],
        "outputs.pictures": False,
    }
    case = js.Case.load(CASES / "fixtures" / "spring.toml", changes)
    return js.run(case, output=folder, progress=False)


def test_a_cell_without_contact_says_why_it_ends(tmp_path: Path) -> None:
    """0.2 mA/cm2 leaves half, 1 mA/cm2 a twentieth by then; 3 are too much for it."""
    result = emptied("Discharge at 3 mA/cm^2 for 1 hour", tmp_path / "voids")
    summary = result.summary
    why = "voids have taken more than half of the contact of lithium | separator"
    assert why in summary["stopped_by"]
    assert [step["end_s"] for step in summary["protocol"]] == pytest.approx([1200.0, 1200.0])
    lost = summary["voids"]["lithium | separator"]
    k = 0.2 / (0.05 * math.log(2)) / 3600
    depth = 5 * math.log(2) * -math.expm1(-1200 * k)
    # The spring lets go by 1 % while it is stripped.
    assert lost["contact_area_min"] == pytest.approx(math.exp(-depth), rel=0.05)
    assert 100 < lost["lost_at_s"] < 1200
    log = (tmp_path / "voids" / "run.log").read_text()
    assert "lithium | separator: contact is lost to voids at t = " in log


def test_a_power_that_voids_forbid_names_them(tmp_path: Path) -> None:
    """The power ends at once, with what the cell could give and the contact that is left."""
    said = emptied("Discharge at 20 mW for 1 hour", tmp_path / "power").summary["stopped_by"]
    assert "the cell cannot carry the power" in said
    assert "mW at most" in said
    assert "voids have left 5.1 % of the contact of lithium" in said
