"""What presses a composite electrode moves its pores, its thickness and what it conducts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from joulestack.case import Case
from joulestack.estimates import evaluate
from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.specification import Composite, Fabrication
from joulestack.laws.state import State
from tests.case.samples import SAMPLES

MPA = 1e6
WEIGHTS = {"active": 0.7, "electrolyte": 0.3}
CONDUCTIVITIES = ("ionic_conductivity", "electronic_conductivity", "thermal_conductivity")


def electrode(own: float | None, layer: float | None = 370.0, **more: Any) -> Any:
    """Pressed at `own`, of an electrolyte whose own layer was pressed at `layer` [MPa]."""
    stack = more.pop("stack", None)
    powder = Fabrication(
        more.pop("electrolyte", "Li6PS5Cl"),
        None if layer is None else layer * MPA,
        particle_class=more.pop("particle_class", None),
        in_cell=True,
        stack_moulding=None if stack is None else stack * MPA,
    )
    recipe = Composite(more.pop("active", "NMC622"), powder, more.pop("weights", WEIGHTS))
    pressed = None if own is None else own * MPA
    return fabricate(replace(recipe, moulding_pressure=pressed, stoichiometry=0.5, **more))


def at(p: float = 5.0, highest: float | None = None) -> State:
    return State(T=298.15, p=p * MPA, p_max=None if highest is None else highest * MPA)


def properties(medium: Any, state: State) -> list[float]:
    found = [float(getattr(medium, name)(state)) for name in CONDUCTIVITIES]
    return [*found, float(medium.pores(state))]


@pytest.mark.parametrize("own", [15.0, 100.0, 370.0])
def test_the_pressure_of_the_electrode_counts(own: float) -> None:
    """And not that of the separator, which is made of the same powder."""
    alone = electrode(own, own)
    assert properties(electrode(own), at()) == pytest.approx(properties(alone, at()))


def test_pressing_harder_moves_everything_one_way() -> None:
    rows = np.array([properties(electrode(p), at()) for p in (15.0, 50.0, 100.0, 200.0, 370.0)])
    steps = np.diff(rows, axis=0)
    assert (steps[:, :3] > 0).all()
    assert (steps[:, 3] < 0).all()


@pytest.mark.parametrize(
    ("electrolyte", "kind", "active"),
    [
        ("Li6PS5Cl", "annealed", "NMC622"),
        ("Li6PS5Cl", "annealed", "NMC811"),
        ("Li6PS5Cl", "ball-milled", "NMC811"),
        ("Li7SiPS8", "<50 um", "NMC811"),
        ("Li7SiPS8", ">50 um", "NMC622"),
    ],
)
@pytest.mark.parametrize("held", [0.0, 5.0, 50.0, 200.0])
def test_ions_never_lose_by_pressing(electrolyte: str, kind: str, active: str, held: float) -> None:
    for share in (0.6, 0.7):
        weights = {"active": share, "electrolyte": 1 - share}
        made = [
            electrode(
                p, None, electrolyte=electrolyte, particle_class=kind, active=active,
                weights=weights,
            )
            for p in np.geomspace(60, 700, 15)
        ]  # fmt: skip
        sigma = [float(m.ionic_conductivity(at(held))) for m in made]
        assert (np.diff(sigma) >= -1e-12 * np.max(sigma)).all()


def test_ions_never_lose_by_the_press_of_the_stack() -> None:
    for electrolyte, active in (("Li6PS5Cl", "NMC811"), ("Li7SiPS8", "NMC622")):
        made = [
            electrode(
                100.0, electrolyte=electrolyte, active=active, porosity=0.25, stack=p
            ).ionic_conductivity(at(5.0))
            for p in np.geomspace(100, 700, 12)
        ]
        assert (np.diff([float(s) for s in made]) >= -1e-12).all()


def test_the_press_of_the_stack_is_the_highest() -> None:
    """Electrode and separator alike; less than what made them does nothing."""
    together = electrode(100.0, stack=370.0)
    assert properties(together, at()) == pytest.approx(properties(electrode(370.0), at()))
    less = electrode(370.0, stack=100.0)
    assert properties(less, at()) == pytest.approx(properties(electrode(370.0), at()))
    pellets = [
        fabricate(Fabrication("Li6PS5Cl", own * MPA, stack_moulding=stack))
        for own, stack in ((50.0, 300.0 * MPA), (300.0, None))
    ]
    first, second = (float(m.ionic_conductivity(at())) for m in pellets)
    assert first == pytest.approx(second)


def test_a_porosity_that_a_pressure_left_densifies_beyond_it() -> None:
    """As that of the same mixture without a porosity of its own: by the same ratio."""
    made = electrode(100.0, porosity=0.18)
    free = electrode(100.0)
    for highest in (100.0, 200.0, 500.0):
        state = at(5.0, highest)
        ratio = float(free.pores(state)) / float(free.pores(at(5.0)))
        assert float(made.pores(state)) == pytest.approx(0.18 * ratio)
    assert float(made.pores(at(5.0, 30.0))) == pytest.approx(0.18)
    assert float(made.pores(at(5.0, 500.0))) < 0.15


def test_a_porosity_without_a_pressure_stays_and_says_so() -> None:
    made = electrode(None, porosity=0.18, stack=600.0)
    assert float(made.pores(at(5.0, 900.0))) == 0.18
    assert any("600 MPa on the whole stack leaves its porosity as given" in r for r in made.remarks)
    dense = fabricate(Fabrication("Li6PS5Cl", relative_density=0.9, stack_moulding=6e8))
    assert any("no effect on it: its relative density is given" in r for r in dense.remarks)
    two = electrode(100.0)
    assert any("370 MPa is what a layer of that electrolyte" in r for r in two.remarks)


def cell(pressure: str, thickness: str | None) -> Case:
    table = SAMPLES["pellet"]()
    recipe = table["materials"]["cathode"]
    del recipe["porosity"]
    recipe["moulding_pressure"] = pressure
    (layer,) = (la for la in table["cell"]["layers"] if la["name"] == "cathode")
    del layer["thickness"]
    if thickness is None:
        recipe["loading"] = "20 mg/cm^2"
    else:
        layer["thickness"] = thickness
    return Case.from_dict(table)


def test_mass_is_conserved_where_it_is_given() -> None:
    """Thickness from the weights, the densities and the pores alone; capacity does not move."""
    capacities, sizes = [], []
    for pressure in ("50 MPa", "370 MPa"):
        case = cell(pressure, None)
        (layer,) = (la for la in case.cell.layers if la.name == "cathode")
        weights = {"NMC622": 0.7, "Li6PS5Cl": 0.27, "VGCF": 0.03}
        density = {
            "NMC622": 4650.0,
            "Li6PS5Cl": 1860.0,
            "VGCF": float(case.media()["cathode"].mixture.phases["additive"].density(at())),
        }
        solids = 0.2 / 0.7 * sum(w / density[n] for n, w in weights.items())
        pores = float(case.media()["cathode"].pores(State(T=298.15)))
        assert layer.thickness == pytest.approx(solids / (1 - pores))
        sizes.append(layer.thickness)
        capacities.append(case.capacity)
        assert not [w for w in evaluate(case).warnings if "not its thickness" in w]
        again = Case.from_dict(case.resolved())
        assert again.digest() == case.digest()
    assert sizes[1] < 0.95 * sizes[0]
    assert capacities[0] == pytest.approx(capacities[1])


def test_a_thickness_that_is_given_stays_and_is_told() -> None:
    case = cell("50 MPa", "100 um")
    (told,) = (w for w in evaluate(case).warnings if "not its thickness" in w)
    held = float(case.media()["cathode"].active_mass_density) * 100e-6 * 100
    assert f"{held:.3g} mg/cm^2" in told
