"""Carbon against electrolyte: Deysher 2022, Fig. 2c, in words."""

from __future__ import annotations

import numpy as np
import pytest

from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.specification import Composite, Fabrication
from joulestack.laws.state import State

STATE = State(T=298.15, p=50e6)
SHARES = (0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2, 0.3)
"""Mass of carbon; carbon and electrolyte are 40 % together."""


def resistivity(carbon: str, share: float) -> float:
    """Of ions in and electrons out, 1/sigma_e + 1/sigma_s [Ohm m]."""
    made = fabricate(Composite(
        "NMC532", Fabrication("LPSCl", 370e6),
        {"active": 0.6, "electrolyte": 0.4 - share, "additive": share}, carbon,
        porosity=0.15, stoichiometry=0.98,
    ))  # fmt: skip
    return float(1 / made.ionic_conductivity(STATE) + 1 / made.electronic_conductivity(STATE))


BEST = {"VGCF": (0.005, 0.02), "carbon black": (0.02, 0.05)}


@pytest.mark.parametrize("carbon", BEST)
def test_there_is_an_optimum_of_carbon_to_electrolyte(carbon: str) -> None:
    """With an active material that hardly conducts (NMC532 full of lithium for their sulfur), more
    and less carbon both conduct worse; fibres need less of it than black."""
    found = np.array([resistivity(carbon, share) for share in SHARES])
    least = int(found.argmin())
    assert BEST[carbon][0] <= SHARES[least] <= BEST[carbon][1]
    assert np.all(np.diff(found[: least + 1]) < 0)
    assert np.all(np.diff(found[least:]) > 0)
    assert found[0] > 1.5 * found[least]
    assert found[-1] > 10 * found[least]
