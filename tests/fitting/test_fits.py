"""Fits give back what went in, within the intervals they state; published tables come out."""

from __future__ import annotations

import json

import numpy as np
import pytest

from joulestack.constants import ELECTRONVOLT, GAS_CONSTANT, ROOM_TEMPERATURE
from joulestack.fitting.arrhenius import fit_arrhenius
from joulestack.fitting.conductivity import fit_conductivity
from joulestack.fitting.contact import fit_contact
from joulestack.fitting.densification import fit_densification
from joulestack.fitting.regression import Parameter, fit
from joulestack.laws.conductivity import PressedIonic, nernst_einstein_factor
from joulestack.laws.densification import heckel, two_stage
from joulestack.materials import library


def csv(path, head, *columns):
    rows = [",".join(f"{v:.9g}" for v in row) for row in zip(*columns, strict=True)]
    path.write_text("\n".join([head, *rows]) + "\n")
    return path


def inside(result, **truth):
    for estimate in result.fit.estimates:
        if estimate.name in truth:
            assert estimate.low <= truth[estimate.name] <= estimate.high, estimate


def test_two_stages_come_back(tmp_path):
    truth = {"D0": 0.5, "w": 0.4, "p1": 40e6, "Py": 500e6}
    p = np.linspace(5, 900, 40)
    phi = two_stage(p * 1e6, **truth) + np.random.default_rng(4).normal(0, 0.002, 40)
    result = fit_densification(csv(tmp_path / "a.csv", "pressure [MPa],phi", p, phi))
    inside(result, **truth)
    assert all(e.determined == "yes" for e in result.fit.estimates)
    assert result.fit.values["Py"] == pytest.approx(500e6, rel=0.15)
    assert result.fit.misfit == pytest.approx(0.002, rel=0.3)
    # The snippet is a property of a material file.
    table = library.tomllib.loads('name = "mine"\nkind = "insulator"\n' + result.toml)
    read = library.parse(table).properties["relative_density"]
    assert read.form.Py == pytest.approx(result.fit.values["Py"], rel=1e-3)
    assert read.status == "user"


def test_in_die_data_become_released_ones(tmp_path):
    p = np.linspace(100, 1000, 12)
    loaded = heckel(p * 1e6, 800e6, 0.9)
    path = csv(tmp_path / "a.csv", "pressure [MPa],phi", p, loaded)
    held = fit_densification(path, "heckel")
    assert held.fit.values["Py"] == pytest.approx(800e6, rel=1e-6)
    out = fit_densification(path, "heckel", modulus=40e9)
    assert out.fit.values["Py"] > 850e6  # out of die the slope is smaller: Schneider 2023, S9d
    assert "after release" in out.toml


def test_coverage_of_the_intervals():
    """95 % intervals hold the truth in 95 % of many experiments."""
    p, rng, truth = np.linspace(100e6, 500e6, 8), np.random.default_rng(11), (400e6, 0.9)
    parameters = (Parameter("Py", "Pa", (300e6,)), Parameter("A", "1", (1.0,), "linear", 0.1))
    # Expected 95 %, and four standard deviations of the count either way.
    for runs, sigma, profile in ((80, None, True), (400, None, False), (400, 0.004, False)):
        hits = np.zeros(2)
        for _ in range(runs):
            y = heckel(p, *truth) + rng.normal(0, 0.004, len(p))
            given = None if sigma is None else np.full(len(p), sigma)
            own = fit(lambda v: heckel(p, v["Py"], v["A"]), parameters, y, given, profile=profile)
            hits += [e.low <= t <= e.high for e, t in zip(own.estimates, truth, strict=True)]
        assert np.all(np.abs(hits - 0.95 * runs) < 4 * (runs * 0.95 * 0.05) ** 0.5), (hits, runs)


def test_profile_and_covariance_agree_where_the_law_is_straight():
    x = np.linspace(0, 1, 30)
    y = 2 + 3 * x + np.random.default_rng(0).normal(0, 0.1, 30)
    parameters = [Parameter(n, "1", (1.0,), "linear", 0.1) for n in "ab"]

    def model(v):
        return v["a"] + v["b"] * x

    both = [fit(model, parameters, y, profile=how) for how in (True, False)]
    for a, b in zip(both[0].estimates, both[1].estimates, strict=True):
        assert (a.low, a.high) == pytest.approx((b.low, b.high), rel=1e-4)
    line, covariance = np.polyfit(x, y, 1, cov=True)
    assert both[0].values["b"] == pytest.approx(line[0], rel=1e-6)
    assert both[0].estimates[1].deviation == pytest.approx(covariance[0, 0] ** 0.5, rel=1e-4)
    assert both[0].band(model).mean() == pytest.approx(
        2.048 * 0.1 * (2 / 30) ** 0.5, rel=0.25
    )  # fmt: skip


def test_lee_table_1_does_not_fix_four_numbers(tmp_path):
    """Four points: the law goes through them; they determine Py weakly."""
    p, phi = [15, 50, 100, 200], [52.4, 65.8, 73.0, 77.7]
    bare = fit_densification(csv(tmp_path / "a.csv", "pressure [MPa],phi [%]", p, phi))
    assert bare.fit.freedom == 0
    assert {e.determined for e in bare.fit.estimates} == {"no"}
    assert "4 points for 4 numbers" in bare.notes[0]
    assert bare.fit.values["p1"] == pytest.approx(37e6, rel=0.1)  # our fit to Lee 2026, Table 1
    head = "pressure [MPa],phi [%],phi uncertainty [%]"
    known = fit_densification(csv(tmp_path / "b.csv", head, p, phi, [0.034 * v for v in phi]))
    found = {e.name: e for e in known.fit.estimates}
    assert found["Py"].determined in ("no", "from below")
    assert any("do not bound" in note for note in known.notes)


@pytest.mark.parametrize(
    ("phi", "Py", "A"),
    [((65.8, 73.0, 77.7), 368, 0.977), ((65.1, 73.1, 77.5), 362, 0.963),
     ((68.3, 73.8, 76.9), 503, 1.086)],
)  # fmt: skip
def test_heckel_slopes_of_record_99(tmp_path, phi, Py, A):
    """Lee 2026, Table 1 as lines of ln(1/(1 - phi)); least squares of phi weigh otherwise."""
    path = csv(tmp_path / "a.csv", "pressure [MPa],phi [%]", [50, 100, 200], phi)
    result = fit_densification(path, "heckel", (50e6, 200e6))
    assert result.fit.values["Py"] == pytest.approx(Py * 1e6, rel=0.10)
    assert result.fit.values["A"] == pytest.approx(A, rel=0.05)
    assert result.fit.misfit < 0.016
    inside(result, Py=Py * 1e6, A=A)


def test_sakuda_2013(tmp_path):
    """Sakuda 2013: P_y = 212 MPa, A = 0.65 in the window 150-450 MPa."""
    p, phi = [30, 75, 150, 200, 300, 350, 450], [50, 62, 75, 80, 86.5, 90, 94]
    path = csv(tmp_path / "a.csv", "pressure [MPa],density [%],density uncertainty [%]", p, phi,
               [3] * 7)  # fmt: skip
    result = fit_densification(path, "heckel", (150e6, 450e6))
    inside(result, Py=212e6, A=0.65)
    assert result.fit.values["Py"] == pytest.approx(212e6, rel=0.06)


def test_doux_2020(tmp_path):
    """Doux 2020: exponent 1.55; one point of release does not bound what is kept."""
    p, R, peak = [1, 5, 10, 15, 20, 5], [297, 50, 12, 5.7, 2.5, 12], [1, 5, 10, 15, 20, 25]
    path = csv(tmp_path / "a.csv", "pressure [MPa],R [ohm cm^2],p_max [MPa]", p, R, peak)
    result = fit_contact(path)
    values = result.fit.values
    assert values["exponent"] == pytest.approx(1.55, abs=0.03)
    at_one = values["reference_resistance"] * (1e6 / 6e6) ** -values["exponent"]
    assert at_one * 1e4 == pytest.approx(381, rel=0.03)
    assert values["kept"] == pytest.approx(0.386, abs=0.02)
    inside(result, exponent=1.55, kept=0.386)
    assert [e.determined for e in result.fit.estimates] == ["yes", "yes", "from above"]
    snippet = library.tomllib.loads(result.toml)["interfaces"][0]["charge_transfer"]
    assert snippet["law"] == "power"
    assert snippet["reference_pressure"] == "6 MPa"


def test_contact_with_a_constant_in_series_comes_back(tmp_path):
    p = np.geomspace(0.5, 50, 25)
    peak = np.where(np.arange(25) % 2, 50.0, p)
    from joulestack.laws.contact import Power
    from joulestack.laws.state import State

    truth = Power("power", 3e-3, 5e6, 1.2, 4e-4, 1.0, None, kept=0.45)
    R = truth.resistance(State(T=300.0, p=p * 1e6, p_max=peak * 1e6))
    R = R * np.exp(np.random.default_rng(3).normal(0, 0.03, 25))
    head = "pressure [MPa],resistance [ohm m^2],highest_pressure [MPa]"
    result = fit_contact(csv(tmp_path / "a.csv", head, p, R, peak), series=True)
    inside(result, exponent=1.2, kept=0.45, series_resistance=4e-4)
    assert all(e.determined == "yes" for e in result.fit.estimates)


def test_cronau_2021(tmp_path):
    """Li6PS5Cl uC pressed at 389 MPa, Cronau 2021; Cronau 2021 finds p_c 56-89 MPa, S0 4.4-5.0."""
    p = [49, 68, 97, 146, 195, 243, 292, 389]
    sigma = [2.22, 2.55, 2.87, 3.26, 3.41, 3.46, 3.44, 3.39]
    path = csv(tmp_path / "a.csv", "pressure [MPa],conductivity [mS/cm]", p, sigma)
    result = fit_conductivity(path, {"activation_volume": 1.4e-6})
    found = {e.name: e for e in result.fit.estimates}
    assert 10 * found["value"].value == pytest.approx(4.85, rel=0.01)
    assert found["contact_pressure"].value == pytest.approx(56e6, rel=0.02)
    assert found["contact_pressure"].determined == "yes"
    assert result.fit.misfit < 0.01


def test_both_branches_come_back(tmp_path):
    law = PressedIonic(
        0.6, 0.0, None, 0.1, 250e6, 1.3, contact_pressure=6e6, activation_volume=1.4e-6
    )
    p = np.array([10, 30, 60, 100, 200, 300, 500, 800, 1200, 1700.0])
    both = np.concatenate([p, p[:-1]]) * 1e6
    peak = np.concatenate([p, np.full(9, 1700.0)]) * 1e6
    sigma = law(T=ROOM_TEMPERATURE, p=both, highest_pressure=peak)
    sigma = sigma * np.exp(np.random.default_rng(5).normal(0, 0.01, 19))
    head = "pressure [MPa],conductivity [mS/cm],highest_pressure [MPa]"
    path = csv(tmp_path / "a.csv", head, both / 1e6, 10 * sigma, peak / 1e6)
    result = fit_conductivity(path, free=("making_exponent",))
    inside(result, value=0.6, contact_pressure=6e6, activation_volume=1.4e-6, unpressed=0.1,
           making_pressure=250e6, making_exponent=1.3)  # fmt: skip
    assert result.fit.values["activation_volume"] == pytest.approx(1.4e-6, rel=0.05)


def test_arrhenius(tmp_path):
    T = np.linspace(273.15, 353.15, 9)
    sigma = 0.26 * nernst_einstein_factor(T, 0.39 * ELECTRONVOLT, ROOM_TEMPERATURE)
    sigma = sigma * np.exp(np.random.default_rng(6).normal(0, 0.02, 9))
    path = csv(tmp_path / "a.csv", "T [degC],sigma [mS/cm]", T - 273.15, 10 * sigma)
    result = fit_arrhenius(path)
    inside(result, value=0.26, activation_energy=0.39 * ELECTRONVOLT)
    read = library.parse(
        library.tomllib.loads('name = "mine"\nkind = "insulator"\n' + result.toml)
    ).properties["ionic_conductivity"]
    assert read.form(T=ROOM_TEMPERATURE, p=0.0, highest_pressure=0.0) == pytest.approx(
        result.fit.values["value"], rel=1e-3
    )
    D = csv(tmp_path / "b.csv", "T [K],diffusivity [m^2/s]", T, 1e-14 * np.exp(-4000 / T))
    other = fit_arrhenius(D, "diffusivity")
    assert other.fit.values["activation_energy"] == pytest.approx(4000 * GAS_CONSTANT, rel=1e-6)


def test_a_result_is_written(tmp_path):
    path = csv(tmp_path / "a.csv", "pressure [MPa],phi", [50, 100, 200, 300], [0.6, 0.7, 0.8, 0.85])
    written = fit_densification(path, "heckel").write(tmp_path / "out" / "mine")
    data = json.loads(written[0].read_text())
    assert data["parameters"]["Py"]["unit"] == "Pa"
    assert data["degrees_of_freedom"] == 2
    assert written[1].read_bytes()[:4] == b"\x89PNG"
    assert written[2].read_text().startswith("[relative_density]")


def test_fewer_points_than_numbers():
    two = [Parameter(n, "1", (1.0,)) for n in "ab"]
    with pytest.raises(ValueError, match="1 measurements cannot fix 2 numbers"):
        fit(lambda v: np.array([v["a"] + v["b"]]), two, np.array([1.0]))
