"""The shipped case of voids: stripping takes the contact, rest and plating give it back."""

import math
from pathlib import Path

import pytest

from tests.cases.test_shipped import run

NAME = "lower lithium | separator"
OTHER = "separator | upper lithium"


def test_stripping_voids(tmp_path: Path) -> None:
    result = run("fixtures/stripping_voids", tmp_path / "voids", power=1e-5)
    t = result["Time [s]"].entries
    lower, upper = (result[f"{n} contact area [-]"].entries for n in (NAME, OTHER))
    at = {hour: int(abs(t - 3600 * hour).argmin()) for hour in (3, 6, 9)}
    # k = 0.2/(1 mAh/cm2 ln 2) = 0.2885/h; w = 0.5/0.2885 (1 - exp(-3 k)), then exp(-3 k) of it.
    k = 0.2 / math.log(2)
    w = 0.5 / k * -math.expm1(-3 * k)
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
