"""A gas in the pores counts alike where a law, a mixture or a microstructure says k."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.specification import Composite, Computed, Fabrication
from joulestack.fabrication.tabulated import KIND
from joulestack.laws.effective_media import bruggeman, with_pore_gas
from joulestack.laws.percolation import with_gas_in
from joulestack.laws.state import State

K = "thermal_conductivity"
AT = State(T=298.15, p=5e6)
ARGON = 0.0177
"""[W/(m K)]."""


def test_ends_are_exact() -> None:
    assert with_gas_in(0.5, 0.8, 0.65, 0.0) == pytest.approx(0.5 * 0.65)
    assert with_gas_in(0.5, 0.8, 0.65, 0.65) == pytest.approx(0.65)
    assert with_gas_in(1.0, 1.0, 0.65, 0.02) == pytest.approx(0.65)
    # Maxwell's bounds of a two-phase body, and no less than empty pores.
    for phi in (0.5, 0.7, 0.9):
        upper = 0.65 + (1 - phi) / (1 / (ARGON - 0.65) + phi / (3 * 0.65))
        empty = phi**2.9
        assert empty * 0.65 < with_gas_in(empty, phi, 0.65, ARGON) < upper


def test_it_is_near_the_law_of_measured_pellets() -> None:
    """The same f of empty pores under a law of another shape, which argon helps a little less."""
    phi = np.array([0.75, 0.8, 0.85, 0.9])
    empty = 0.65 * phi**2.9
    added = with_gas_in(phi**2.9, phi, 0.65, ARGON) - empty
    ratio = added / (with_pore_gas(0.65, phi, 2.9, ARGON) - empty)
    assert (np.diff(ratio) < 0).all()  # the same for the first pores in a solid
    assert 1.0 < ratio[-1] < ratio[0] < 1.3


def table(dense: float = 1.0) -> Computed:
    """Pores of exponent 2.9 in solids that conduct `dense` times what the electrolyte does."""
    rows = [
        {
            "property": "thermal_conductivity",
            "axis": "z",
            "relative_density": phi,
            "relative": dense * phi**2.9,
            "percolating": {"SE": 1.0},
        }
        for phi in (0.7, 0.8, 0.9)
    ]
    made = {"kind": KIND, "case": "x", "hash": "ab", "resistances": False, "rows": rows}
    return Computed("cell", ("thermal_conductivity",), table=made, roles={"SE": "electrolyte"})


def pellet(gas: str, structured: bool) -> Any:
    laws, sintered = {"pore_gas": gas}, {"grain_contact_factor": 1.0}
    spec = Fabrication("Li6PS5Cl", relative_density=0.8, laws=laws)
    if structured:
        return fabricate(replace(spec, effective=table()))
    return fabricate(replace(spec, overrides=sintered))


def electrode(gas: str, structured: bool) -> Any:
    powder = Fabrication(
        "Li6PS5Cl", moulding_pressure=370e6, laws={"pore_gas": gas}, in_cell=True,
        overrides={"grain_contact_factor": 1.0},
    )  # fmt: skip
    weights = {"active": 0.7, "electrolyte": 0.3}
    recipe = Composite("NMC622", powder, weights, porosity=0.2, stoichiometry=0.5)
    made = fabricate(recipe)
    if not structured:
        return made
    grains = [float(made.mixture.grain_conductivity(K, n, AT)) for n in ("electrolyte", "active")]
    dense = bruggeman([made.shares["electrolyte"], made.shares["active"]], grains)
    return fabricate(replace(recipe, effective=table(float(dense) / grains[0])))


@pytest.mark.parametrize("layer", [pellet, electrode])
def test_argon_adds_the_same_share_to_both(layer: Any) -> None:
    """Per cent of k, by laws and by a microstructure of the same kind of pores."""
    added = []
    for structured in (False, True):
        wet, dry = (
            float(layer(gas, structured).thermal_conductivity(AT)) for gas in ("argon", "none")
        )
        added.append(wet / dry - 1)
    assert added[0] > 0.02
    assert added[1] == pytest.approx(added[0], rel=0.35)
    assert layer("argon", True).bind(lambda v: v).thermal_conductivity(AT) > 0
