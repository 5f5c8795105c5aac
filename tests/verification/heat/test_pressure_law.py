"""Problem 3: the pressure law behind the conductances of problem 2 (docs/verification.md)."""

from __future__ import annotations

from typing import Any

import pytest

from joulestack.fabrication.contacts import build as build_law
from joulestack.fabrication.specification import Contact
from joulestack.laws.state import State
from tests.measured import measured
from tests.media import filler
from tests.verification.heat.test_closed_forms import (
    C_E,
    C_T,
    LAST_DIGIT,
    REFERENCE,
    SIGMA,
    K,
    check_two_blocks,
    two_blocks,
)


def test_pressure_law_gives_both_conductances_and_all_digits() -> None:
    """C_T = 22810 k_h (P/H_h)^1.08, C_E = 64 sigma_h (P/H_h)^0.35 at 3000 Pa.

    H_h: harmonic mean of the hardness of AISI 304 (1.92 GPa) and of graphite (3.5 GPa).
    """
    hardness = 2 * 1.92e9 * 3.5e9 / (1.92e9 + 3.5e9)
    media = [filler(k=k, sigma_s=s) for k, s in zip(K, SIGMA, strict=True)]

    def law(transport: str, coefficient: float, exponent: float) -> Any:
        parameters = {"coefficient": coefficient, "hardness": hardness, "exponent": exponent}
        return build_law(Contact("pair-power", parameters), transport, media)

    thermal, electronic = law("thermal", 22810.0, 1.08), law("electronic", 64.0, 0.35)
    state = State(T=300.0, p=3000.0)
    c_t, c_e = 1 / thermal.resistance(state), 1 / electronic.resistance(state)
    assert c_t == pytest.approx(C_T, abs=5e-5)
    assert c_e == pytest.approx(C_E, abs=5e-2)
    measured("pressure law, C_E", c_e)
    measured("pressure law, C_T", c_t)
    found = check_two_blocks(two_blocks(electronic, thermal, 3000.0), c_e, c_t)
    for name, value in REFERENCE.items():
        assert found[name] == pytest.approx(value, abs=0.5 * LAST_DIGIT[name]), name
        measured(f"pressure law, {name}", found[name])
