"""Charge-transfer laws one by one: what all share, and that every room knows the same ones."""

from __future__ import annotations

from dataclasses import fields
from typing import get_args

import numpy as np
import pytest

from joulestack.case.layers.kinetics import KineticsTable
from joulestack.constants import FARADAY, GAS_CONSTANT
from joulestack.errors import CaseError
from joulestack.fabrication.charge_transfer import KineticsRecipe, on_metal, on_particles
from joulestack.fabrication.numbers import Numbers
from joulestack.laws.kinetics import KINETICS, ButlerVolmer, Kinetics, VolumetricChargeTransfer

OWN = {"butler-volmer": {"transfer_coefficient": 0.35}, "marcus": {"reorganisation_energy": 20e3}}


def law(name: str) -> Kinetics:
    return KINETICS[name](exchange_current_density=2.0, activation_energy=0.0, **OWN.get(name, {}))


@pytest.mark.parametrize("name", KINETICS)
def test_small_overpotentials_are_linear(name: str) -> None:
    """j = i0 s up to second order: the error of the residual falls with s squared at least."""
    s = np.array([1e-2, 1e-3])
    missed = np.abs(law(name).mismatch(2.0 * s, 2.0, s))
    assert (missed < 0.1 * s**2).all()
    # Twice the current does not belong to this force.
    assert (np.abs(law(name).mismatch(4.0 * s, 2.0, s)) > 0.4 * s).all()


@pytest.mark.parametrize("s", [-12.0, -0.3, 0.7, 9.0])
def test_butler_volmer_is_the_textbook_form(s: float) -> None:
    a, i0 = 0.35, 2.0
    j = i0 * (np.exp((1 - a) * s) - np.exp(-a * s))
    assert law("butler-volmer").mismatch(j, i0, s) == pytest.approx(0.0, abs=1e-12)


def test_the_case_and_the_recipe_know_every_law_and_parameter() -> None:
    words = get_args(KineticsTable.model_fields["law"].annotation)
    assert set(words) == set(KINETICS)
    for made in KINETICS.values():
        # The share of a face in contact is the interface's, no parameter of a law.
        names = {f.name for f in fields(made)} - {"contact_area"}
        assert names <= {f.name for f in fields(KineticsRecipe)}
        assert names <= set(KineticsTable.model_fields)


@pytest.mark.parametrize("name", KINETICS)
@pytest.mark.parametrize("parameter", ["transfer_coefficient", "reorganisation_energy"])
def test_a_parameter_of_another_law_is_refused(name: str, parameter: str) -> None:
    given = KineticsRecipe(name, 2.0, None, 0.0, **{**OWN.get(name, {}), parameter: 0.4})
    numbers = Numbers()
    made = on_particles(given, None, {}, numbers, "kinetics.")
    if parameter in {f.name for f in fields(KINETICS[name])}:
        assert getattr(made, parameter) == 0.4
        return
    assert made is None
    assert [p.where for p in numbers.problems] == [f"kinetics.{parameter}"]


def test_a_metal_needs_a_number_of_its_own() -> None:
    with pytest.raises(CaseError, match="is missing, and no number for a metal"):
        on_metal(KineticsRecipe(), 1.0)
    half = on_metal(KineticsRecipe(exchange_current_density=3.0, film_resistance=1e-3), 0.5)
    # The current crowds into half of the face.
    assert half == ButlerVolmer(
        exchange_current_density=1.5, activation_energy=0.0, film_resistance=2e-3, contact_area=0.5
    )


def test_a_resistance_is_the_slope_at_rest() -> None:
    """i0 = R T/(F R_ct): small currents of the law and of the linear electrode agree."""
    R, T, eta = 5e-3, 298.15, 1e-6
    made = on_metal(KineticsRecipe("linear", charge_transfer_resistance=R), 1.0)
    volt = GAS_CONSTANT * T / FARADAY
    j = VolumetricChargeTransfer(1.0, R, 3.8).current(eta)
    assert j == pytest.approx(eta / R)
    i0 = made.exchange_current(T)
    assert made.mismatch(j, i0, eta / volt) == pytest.approx(0.0, abs=1e-9 * eta / volt)
