"""c_p and k of vibrations against data that the laws did not see, and their limits."""

from __future__ import annotations

import pytest

from joulestack.laws.state import State
from joulestack.laws.vibrations import Einstein, TwoChannels, dulong_petit, einstein
from joulestack.materials import library


def test_limits() -> None:
    assert einstein(1e-3) == pytest.approx(1, rel=1e-6)
    assert einstein(1.0) == pytest.approx(0.92067, rel=1e-4)  # tabulated, Einstein functions
    assert einstein(30.0) < 1e-9
    assert dulong_petit(1, 0.0635) == pytest.approx(3 * 8.314 / 0.0635, rel=1e-4)  # copper


@pytest.mark.parametrize(("T", "measured"), [(250.0, 18.221), (350.0, 21.276), (400.0, 22.142)])
def test_silicon_from_one_number_of_its_own(T: float, measured: float) -> None:
    """JANAF, 20.0 J/(mol K) at 298.15 K."""
    law = Einstein(20.0 / 0.0280855, 1.0, 0.0280855)
    assert float(law(T=T)) * 0.0280855 == pytest.approx(measured, rel=0.01)


def test_argyrodite_from_its_value_at_room_temperature_alone() -> None:
    """Against phonons computed at four temperatures (Boeger 2023)."""
    law = Einstein(1020.0, 13.0, 0.26856)
    assert float(law(T=373.0)) == pytest.approx(1080.0, rel=0.01)
    assert float(law(T=523.0)) == pytest.approx(1140.0, rel=0.01)
    assert float(law(T=173.0)) == pytest.approx(800.0, rel=0.08)


def test_the_shipped_k_meets_both_ends() -> None:
    """0.71 at 173 K and 0.65 W/(m K) at 523 K, each +- 0.045; 0.65 at room temperature."""
    law = library.load("Li6PS5Cl").properties["dense_thermal_conductivity"]
    found = [float(law(State(T=T))) for T in (173.0, 298.15, 523.0)]
    assert found[0] == pytest.approx(0.71, abs=0.045)
    assert found[1] == pytest.approx(0.65)
    assert found[2] == pytest.approx(0.65, abs=0.045)


def test_either_channel_alone() -> None:
    assert TwoChannels(1.0, 1.0, 400.0)(T=596.3) == pytest.approx(0.5)
    held = einstein(400 / 500) / einstein(400 / 298.15)
    assert TwoChannels(2.0, 0.0, 400.0)(T=500.0) == pytest.approx(2 * held)


def test_a_value_above_the_limit_is_refused() -> None:
    with pytest.raises(ValueError, match="Dulong-Petit"):
        Einstein(1300.0, 13.0, 0.26856)
