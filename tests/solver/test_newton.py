"""A state without a residual is solved, whatever its matrix."""

from __future__ import annotations

from dataclasses import replace

import pytest

import joulestack as js
from tests.measurements import samples as s


@pytest.mark.parametrize("cells", [1, 2, 4])
def test_a_cell_at_rest_that_nothing_cools_is_steady(cells: int) -> None:
    """Any temperature solves it, so that its matrix is singular."""
    layers = {
        "below": (s.lithium, s.FOIL, cells),
        "electrolyte": (s.electrolyte, s.THICK, cells),
        "above": (s.lithium, s.FOIL, cells),
    }
    kinetics = {"law": "butler-volmer", "exchange_current_density": "8 A/m^2"}
    met = js.contact(s.lithium, s.electrolyte, charge_transfer="12 ohm cm^2", kinetics=kinetics)
    setup = s.sample(layers, contacts={(e, "electrolyte"): met for e in ("below", "above")})
    ours = js.Simulation(replace(setup, drive=js.Drive("bottom", "top", current=0.0)))
    ours.advance(60.0)
    ours.steady()
    assert ours.observer.hottest() == pytest.approx(s.START, abs=1e-9)
    assert ours.observer.voltage() == pytest.approx(0.0, abs=1e-9)
