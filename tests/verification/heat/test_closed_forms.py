"""Problems 1, 2 and 5: steady problems with known answers (docs/verification.md)."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from mpi4py import MPI

from joulestack.fabrication.constant_media import GivenMedium, GivenResistance
from joulestack.mesh import LayerSpec, Line, build
from joulestack.physics.context import Contacts
from joulestack.simulation.setup import Drive, Setup
from tests.media import filler
from tests.verification.harness import Run, fixed


def line(*thickness: float, cells: int = 4) -> Any:
    names = "abcdefgh"
    return build(
        Line(tuple(LayerSpec(names[i], t, cells) for i, t in enumerate(thickness))), MPI.COMM_SELF
    )


def held(volt: float, negative: str = "bottom", positive: str = "top") -> Drive:
    return Drive(negative, positive, lambda t: None, lambda t: volt)


# -- 1 ---------------------------------------------------------------------------------------


def test_heated_slab() -> None:
    """q = 1e4 W/m3, k = 12 W/mK, L = 1 m, ends at 298 K: the parabola, exact at the nodes."""
    run = Run(
        Setup(
            line(1.0, cells=8),
            {"a": filler(k=12.0)},
            298.0,
            faces={"bottom": fixed(298.0), "top": fixed(298.0)},
            heat_sources={"a": 1e4},
        )
    )
    row = run.steady()
    rise = 1e4 / (8 * 12.0)
    assert row["Temperature max [K]"] == pytest.approx(402.1667, abs=5e-5)
    assert row["Temperature max [K]"] - 298.0 == pytest.approx(rise, rel=1e-6)
    x, T = run.profile("T", "a")
    assert np.abs(T - 1e4 / 24.0 * x * (1 - x)).max() < 1e-12 * rise
    assert row["Heat removed bottom [W]"] == pytest.approx(5e3, rel=1e-12)
    assert row["Heat removed top [W]"] == pytest.approx(5e3, rel=1e-12)
    assert row["Heat generated [W]"] == pytest.approx(1e4, rel=1e-12)


# -- 2 ---------------------------------------------------------------------------------------

SIGMA, K, LENGTH = (1.41867e6, 73069.2), (15.0, 100.0), 1.0
C_E, C_T = 75524.0, 0.2420


def two_blocks(electronic: Any, thermal: Any, pressure: float = 0.0) -> Run:
    """phi = 1 V on the outside of block a, 0 V on that of block b; both ends at 300 K."""
    media = {
        name: filler(k=k, sigma_s=sigma) for name, k, sigma in zip("ab", K, SIGMA, strict=True)
    }
    return Run(
        Setup(
            line(LENGTH, LENGTH, cells=8),
            media,
            300.0,
            {("a", "b"): Contacts(thermal=thermal, electronic=electronic)},
            {"bottom": fixed(300.0), "top": fixed(300.0)},
            held(1.0, negative="top", positive="bottom"),
            pressure=lambda t: pressure,
            thickness={"a": LENGTH, "b": LENGTH},
        )
    )


def two_blocks_closed_form(c_e: float, c_t: float) -> tuple[float, float, float, float]:
    """j, potential jump, both temperature rises at the contact."""
    j = 1.0 / (LENGTH / SIGMA[0] + LENGTH / SIGMA[1] + 1 / c_e)
    volume = [j * j / s * LENGTH for s in SIGMA]
    half = 0.5 * j * j / c_e
    # k_i rise_i / L = q_i L / 2 + half -+ c_t (rise_0 - rise_1)
    g = [k / LENGTH for k in K]
    a = np.array([[g[0] + c_t, -c_t], [-c_t, g[1] + c_t]])
    rise = np.linalg.solve(a, [volume[0] / 2 + half, volume[1] / 2 + half])
    return j, j / c_e, rise[0], rise[1]


def check_two_blocks(run: Run, c_e: float, c_t: float) -> dict[str, float]:
    """Solver against closed form to 1e-9; returns what the reference states in digits."""
    row = run.steady()
    j, jump, rise_a, rise_b = two_blocks_closed_form(c_e, c_t)
    through = c_t * (rise_a - rise_b)
    phi_a, phi_b = (run.profile("phi_s", name)[1] for name in "ab")
    T_a, T_b = (run.profile("T", name)[1] for name in "ab")
    assert row["Current [A]"] == pytest.approx(-j, rel=1e-9)
    assert phi_a[-1] - phi_b[0] == pytest.approx(jump, rel=1e-9)
    assert T_a[-1] == pytest.approx(rise_a, rel=1e-9)
    assert T_b[0] == pytest.approx(rise_b, rel=1e-9)
    assert row["a | b temperature jump [K]"] == pytest.approx(rise_a - rise_b, rel=1e-9)
    # Half of the interface heat enters each side.
    heat = row["a | b contact electronic heat [W]"]
    assert heat == pytest.approx(j * jump, rel=1e-9)
    assert row["Heat removed bottom [W]"] == pytest.approx(
        j * j / SIGMA[0] + heat / 2 - through, rel=1e-9
    )
    assert row["Heat removed top [W]"] == pytest.approx(
        j * j / SIGMA[1] + heat / 2 + through, rel=1e-9
    )
    assert run.observer.balances(steady=True)["energy_balance_relative"] < 1e-9
    return {
        "j": abs(row["Current [A]"]),
        "jump": phi_a[-1] - phi_b[0],
        "T_a": 300.0 + T_a[-1],
        "T_b": 300.0 + T_b[0],
    }


REFERENCE = {"j": 36190.77, "jump": 0.479195, "T_a": 902.004, "T_b": 477.365}
LAST_DIGIT = {"j": 0.01, "jump": 1e-6, "T_a": 1e-3, "T_b": 1e-3}


def test_two_blocks_with_joule_and_contact_heat() -> None:
    """With the conductances as printed: the reference, as far as their last digit allows."""
    found = check_two_blocks(
        two_blocks(GivenResistance(1 / C_E), GivenResistance(1 / C_T)), C_E, C_T
    )
    names = ("j", "jump", "T_a", "T_b")
    centre = np.array(two_blocks_closed_form(C_E, C_T))
    rounding = sum(
        np.abs(np.array(two_blocks_closed_form(C_E + e, C_T + t)) - centre)
        for e, t in ((0.05, 0.0), (0.0, 0.00005))
    )
    for name, spread in zip(names, rounding, strict=True):
        allowed = spread + 0.5 * LAST_DIGIT[name]
        assert found[name] == pytest.approx(REFERENCE[name], abs=allowed), name


# -- 5 ---------------------------------------------------------------------------------------

LAYERS = (0.03, 0.2, 0.05, 0.4)
CONDUCTIVITY = (0.4, 15.0, 1.2, 200.0)
RATIOS = (1e-8, 1e-6, 1e-3, 1.0, 1e3)


def unequal(ratio: float) -> list[float]:
    """Three different resistances around ratio times the layers' mean own resistance."""
    own = float(np.mean([t / k for t, k in zip(LAYERS, CONDUCTIVITY, strict=True)]))
    return [ratio * own * f for f in (1.0, 2.5, 0.6)]


def stack_contacts(kind: str, resistances: list[float]) -> dict[tuple[str, str], Contacts]:
    return {
        pair: Contacts(**{kind: GivenResistance(R)})
        for pair, R in zip(pairwise("abcd"), resistances, strict=True)
    }


def stack(
    media: dict[str, GivenMedium], contacts: Any, drive: Drive | None, top: float, cells: int = 3
) -> Run:
    return Run(
        Setup(
            line(*LAYERS, cells=cells),
            media,
            300.0,
            contacts,
            {"bottom": fixed(300.0), "top": fixed(top)},
            drive,
            thickness=dict(zip("abcd", LAYERS, strict=True)),
        )
    )


def series(resistances: list[float]) -> float:
    return sum(t / k for t, k in zip(LAYERS, CONDUCTIVITY, strict=True)) + sum(resistances)


@pytest.mark.parametrize("ratio", RATIOS)
def test_stack_of_thermal_contacts(ratio: float) -> None:
    resistances = unequal(ratio)
    media = {n: filler(k=k) for n, k in zip("abcd", CONDUCTIVITY, strict=True)}
    run = stack(media, stack_contacts("thermal", resistances), None, top=301.0)
    row = run.steady()
    flux = 1.0 / series(resistances)
    assert not run.model.notes
    assert row["Heat removed bottom [W]"] == pytest.approx(flux, rel=1e-6)
    assert row["Heat removed top [W]"] == pytest.approx(-flux, rel=1e-6)
    for (below, above), R in zip(pairwise("abcd"), resistances, strict=True):
        jump = run.profile("T", above)[1][0] - run.profile("T", below)[1][-1]
        assert jump == pytest.approx(flux * R, rel=1e-6)
        assert row[f"{below} | {above} temperature jump [K]"] == pytest.approx(-jump, rel=1e-9)


@pytest.mark.parametrize("ratio", RATIOS)
def test_stack_of_electronic_contacts(ratio: float) -> None:
    resistances = unequal(ratio)
    media = {n: filler(sigma_s=s) for n, s in zip("abcd", CONDUCTIVITY, strict=True)}
    run = stack(media, stack_contacts("electronic", resistances), held(1.0), top=300.0)
    row = run.steady()
    current = 1.0 / series(resistances)
    # Held from outside: the cell takes up current, so the discharge current is negative.
    assert row["Current [A]"] == pytest.approx(-current, rel=1e-6)
    assert row["Heat generated [W]"] == pytest.approx(current, rel=1e-6)
    for (below, above), R in zip(pairwise("abcd"), resistances, strict=True):
        jump = run.profile("phi_s", above)[1][0] - run.profile("phi_s", below)[1][-1]
        assert jump == pytest.approx(current * R, rel=1e-6)
        name = f"{below} | {above} contact electronic"
        assert row[f"{name} current [A]"] == pytest.approx(-current, rel=1e-6)
        assert row[f"{name} heat [W]"] == pytest.approx(current**2 * R, rel=2e-6)


@pytest.mark.parametrize("ratio", RATIOS)
def test_stack_of_ionic_contacts(ratio: float) -> None:
    """Metal | electrolyte b | electrolyte c | metal: charge transfer at both ends."""
    own = LAYERS[1] / CONDUCTIVITY[1] + LAYERS[2] / CONDUCTIVITY[2]
    transfer, R = (0.3 * own, 0.7 * own), ratio * own
    metal = {"sigma_s": 1e3, "electrode_potential": 0.0}
    media = {
        "a": filler(**metal),
        "b": filler(sigma_e=CONDUCTIVITY[1]),
        "c": filler(sigma_e=CONDUCTIVITY[2]),
        "d": filler(**metal),
    }
    contacts = {
        ("a", "b"): Contacts(charge_transfer=GivenResistance(transfer[0])),
        ("b", "c"): Contacts(ionic=GivenResistance(R)),
        ("c", "d"): Contacts(charge_transfer=GivenResistance(transfer[1])),
    }
    run = stack(media, contacts, held(1.0), top=300.0)
    row = run.steady()
    current = 1.0 / (own + sum(transfer) + R + (LAYERS[0] + LAYERS[3]) / 1e3)
    assert row["Current [A]"] == pytest.approx(-current, rel=1e-6)
    jump = run.profile("phi_e", "c")[1][0] - run.profile("phi_e", "b")[1][-1]
    assert jump == pytest.approx(current * R, rel=1e-6)
    assert row["Heat generated [W]"] == pytest.approx(current, rel=1e-6)


def test_zero_resistance_is_perfect() -> None:
    """R = 0 joins: one block, one unknown on the interface, no row about a jump."""
    media = {n: filler(k=k) for n, k in zip("abcd", CONDUCTIVITY, strict=True)}
    run = stack(media, stack_contacts("thermal", [0.0] * 3), None, top=301.0)
    row = run.steady()
    assert len(run.model.fields["T"].blocks) == 1
    assert run.model.system.size == 4 * 3 + 1
    assert not [key for key in row if "jump" in key]
    assert row["Heat removed bottom [W]"] == pytest.approx(1 / series([]), rel=1e-9)


def test_unresolvable_resistance_is_joined_and_noted() -> None:
    """Each interface is judged by the smaller of its layers' own resistances."""
    media = {n: filler(k=k) for n, k in zip("abcd", CONDUCTIVITY, strict=True)}
    own = [t / k for t, k in zip(LAYERS, CONDUCTIVITY, strict=True)]
    bounds = [1e-9 * min(a, b) for a, b in pairwise(own)]
    resistances = [0.9 * bounds[0], 1.1 * bounds[1], 0.9 * bounds[2]]
    run = stack(media, stack_contacts("thermal", resistances), None, top=301.0)
    assert [note.split(":")[0] for note in run.model.notes] == ["a | b", "c | d"]
    assert all("joined as perfect" in note and "thermal" in note for note in run.model.notes)
    assert len(run.model.fields["T"].blocks) == 2
    row = run.steady()
    assert "b | c temperature jump [K]" in row
    assert "a | b temperature jump [K]" not in row
