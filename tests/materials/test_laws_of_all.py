"""What must hold of every material's numbers, whatever they are: hypothesis over the library."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joulestack.fabrication.charge_transfer import KineticsRecipe, on_particles
from joulestack.fabrication.numbers import Numbers
from joulestack.fabrication.surfaces import of_pair
from joulestack.laws.state import State
from joulestack.materials import library
from joulestack.materials.property import Property

POSITIVE = (
    "density", "specific_heat_capacity", "dense_thermal_conductivity", "thermal_conductivity",
    "ionic_conductivity", "electronic_conductivity", "diffusivity",
)  # fmt: skip
"""Never zero, never below, and smooth in temperature."""

T = st.floats(200.0, 450.0)
FEW = settings(max_examples=12)
AT = {"p": 50e6, "p_max": 370e6, "x": 0.6}


def everything(*names: str) -> Iterator[tuple[str, Property]]:
    for material in map(library.load, library.names()):
        for known in (material.properties, *material.classes.values()):
            for name in names:
                if name in known:
                    yield material.kind, known[name]


def value(law: Property, T: float | np.ndarray) -> float | np.ndarray:
    extra = {"highest_pressure": 370e6, "pores_left": 1.0, "phi": 0.85, "grain_size": 1e-5}
    return law(State(T=T, **AT), **extra)


ALL = list(everything(*POSITIVE))
IDS = [f"{p.material} {p.name}" for _, p in ALL]


@pytest.mark.parametrize("law", [p for _, p in ALL], ids=IDS)
@FEW
@given(T)
def test_positive_and_smooth(law: Property, at: float) -> None:
    low, middle, high = (float(value(law, at + d)) for d in (-0.01, 0.0, 0.01))
    assert middle > 0
    assert np.isfinite(middle)
    # No jump: 20 mK change nothing by more than an activation energy of 1 eV would.
    assert abs(high - low) < 0.02 * 0.3 * middle


@pytest.mark.parametrize("law", [p for _, p in ALL], ids=IDS)
def test_continuous_at_the_ends_of_its_range(law: Property) -> None:
    for end in law.ranges.get("T", ()):
        below, at, above = (float(value(law, end + d)) for d in (-1e-4, 0.0, 1e-4))
        assert below == pytest.approx(at, rel=1e-4)
        assert above == pytest.approx(at, rel=1e-4)


IONS = [p for _, p in everything("ionic_conductivity") if "T" in p.form.variables]
METALS = [p for k, p in everything("electronic_conductivity") if k == "conductor"]


@pytest.mark.parametrize("law", IONS, ids=lambda p: p.material)
@FEW
@given(T, T)
def test_ions_move_faster_when_warm(law: Property, one: float, other: float) -> None:
    cold, warm = sorted((one, other))
    assert float(value(law, cold)) <= float(value(law, warm)) * (1 + 1e-12)


@pytest.mark.parametrize("law", METALS, ids=lambda p: p.material)
@FEW
@given(T, T)
def test_metals_conduct_worse_when_warm(law: Property, one: float, other: float) -> None:
    cold, warm = sorted((one, other))
    assert float(value(law, cold)) >= float(value(law, warm)) * (1 - 1e-12)
    if law.material in ("copper", "aluminium", "lithium"):
        assert value(law, 273.0) > 1.1 * value(law, 313.0)


PAIRS = [
    (active, electrolyte, surface)
    for active in ("NMC811", "NMC622", "NMC83", "NCA", "LiCoO2")
    for electrolyte in ("Li6PS5Cl", "Li3PS4", "Li3InCl6")
    for surface in of_pair("kinetics", active, electrolyte)
]


@pytest.mark.parametrize(
    ("active", "electrolyte", "surface"), PAIRS, ids=[f"{a} {s.coating} {e}" for a, e, s in PAIRS]
)
@FEW
@given(st.floats(0.0, 1.0), T, T)
def test_exchange_currents(active, electrolyte, surface, x, one, other) -> None:
    law = on_particles(KineticsRecipe(), None, surface.properties, Numbers(), "")
    assert law is not None
    cold, warm = (float(law.exchange_current(t, x)) for t in sorted((one, other)))
    assert 0 < cold <= warm * (1 + 1e-12)
    known = all(p.status != "unverified" for p in surface.properties.values())
    assert not known or "NMC811" in active  # anything else is borrowed, and says so
