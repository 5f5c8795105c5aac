"""What must hold of every material's numbers, whatever they are: each property over the library.

One test a property, over all laws at once; a failure names the laws that broke it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from joulestack.fabrication.charge_transfer import KineticsRecipe, on_particles
from joulestack.fabrication.numbers import Numbers
from joulestack.fabrication.surfaces import of_pair
from joulestack.materials import library, limits
from joulestack.materials.property import Property
from joulestack.materials.quantities import QUANTITIES

POSITIVE = (
    "density", "specific_heat_capacity", "dense_thermal_conductivity", "thermal_conductivity",
    "ionic_conductivity", "electronic_conductivity", "diffusivity", "yield_strength", "hardness",
    "youngs_modulus", "creep_rate", "maximum_concentration", "particle_radius",
    "highest_stack_pressure", "lowest_stack_pressure", *limits.CURRENTS,
)  # fmt: skip
"""Never zero and never below, at any temperature, pressure, lithium or grain size."""

AT = {
    "T": 298.15, "p": 50e6, "highest_pressure": 370e6, "x": 0.6, "phi": 0.85, "pores_left": 1.0,
    "sintering_temperature": 1500.0, "grain_size": 1e-5, "fraction": 0.5, "size_ratio": 3.0,
    "k": 5.0,
}  # fmt: skip
SWEPT = {
    "T": (200.0, 450.0), "p": (1e5, 1e9), "highest_pressure": (1e5, 2e9), "x": (0.0, 1.0),
    "phi": (0.4, 1.0), "pores_left": (0.0, 1.0), "sintering_temperature": (1200.0, 1700.0),
    "grain_size": (1e-7, 1e-3), "fraction": (0.0, 1.0), "size_ratio": (0.5, 20.0), "k": (0.1, 30.0),
}  # fmt: skip
"""Wider than any source, where solvers and users ask."""


def everything(*names: str) -> Iterator[tuple[str, Property]]:
    """Kind of material and law; alternatives, classes and limits of pairs too; all, or of names."""
    found = []
    for material in map(library.load, library.names()):
        others = (*material.alternatives.values(), *material.classes.values())
        for known in (material.properties, *others):
            found += [(material.kind, law) for law in known.values()]
    for electrode in ("lithium", "lithium-indium"):
        found += [("pair", law) for law in limits.limits_of(electrode, "Li6PS5Cl")]
    return ((kind, law) for kind, law in found if not names or law.name in names)


def value(law: Property, **state: Any) -> Any:
    given = AT | state
    return law.form(**{v: given[v] for v in law.form.variables})


def sweep(variable: str, points: int) -> np.ndarray:
    low, high = SWEPT[variable]
    if high > 100 * low > 0:
        return np.geomspace(low, high, points)
    return np.linspace(low, high, points)


def over(law: Property, variable: str, points: int = 300) -> np.ndarray:
    """A law along one of its variables."""
    found = value(law, **{variable: sweep(variable, points)})
    return np.broadcast_to(np.asarray(found, float), (points,))


def called(law: Property, variable: str = "") -> str:
    return f"{law.material} {law.name} {law.form.form_name} {variable}".strip()


def test_the_whole_library_is_here() -> None:
    laws = list(everything())
    assert len(laws) > 400
    assert len({law.form.form_name for _, law in laws}) > 15
    assert {v for _, law in laws for v in law.form.variables} <= set(SWEPT)


def test_numbers_are_possible() -> None:
    """Finite and within the bounds of the quantity: shares from 0 to 1, Poisson's below 0.5."""
    wrong = []
    for _, law in everything():
        quantity = QUANTITIES[law.name]
        for variable in law.form.variables or ("T",):
            found = over(law, variable)
            # Fits of lithium hold in their range; `materials.extension` sees to the rest.
            if variable in law.ranges and variable == "x":
                low, high = law.ranges["x"]
                found = found[(sweep("x", 300) >= low) & (sweep("x", 300) <= high)]
            low, high = quantity.low - 1e-12 * abs(quantity.low), quantity.high * (1 + 1e-12)
            if not (np.all(np.isfinite(found)) and low <= found.min() <= found.max() <= high):
                wrong.append(called(law, variable))
    assert not wrong


def test_positive() -> None:
    wrong = [
        called(law, variable)
        for _, law in everything(*POSITIVE)
        for variable in law.form.variables or ("T",)
        if over(law, variable).min() <= 0
    ]
    assert not wrong


def jumps(coarse: np.ndarray, fine: np.ndarray) -> bool:
    """With four times as many points the largest step falls; that of a jump stays."""
    before, after = (float(np.abs(np.diff(found)).max()) for found in (coarse, fine))
    return after > 0.6 * before and after > 1e-6 * float(np.abs(fine).max())


def test_no_law_jumps() -> None:
    wrong = [
        called(law, variable)
        for _, law in everything()
        for variable in law.form.variables
        if jumps(over(law, variable), over(law, variable, 1200))
    ]
    assert not wrong
    steep, step = (lambda v: np.tanh(40 * (v - 0.4))), (lambda v: v + 0.01 * (v > 0.4))
    assert not jumps(*(steep(np.linspace(0, 1, n)) for n in (300, 1200)))
    assert jumps(*(step(np.linspace(0, 1, n)) for n in (300, 1200)))


def test_continuous_at_the_ends_of_ranges() -> None:
    wrong = []
    for _, law in everything():
        for variable in {*law.form.variables} & law.ranges.keys():
            for end in law.ranges[variable]:
                near = end * (1 + np.array([-1e-7, 0.0, 1e-7]))
                found = np.broadcast_to(np.asarray(value(law, **{variable: near}), float), (3,))
                if np.ptp(found) > 1e-5 * np.abs(over(law, variable)).max():
                    wrong.append(called(law, variable))
    assert not wrong


def test_ions_move_faster_and_metals_conduct_worse_when_warm() -> None:
    ions = [p for _, p in everything("ionic_conductivity") if "T" in p.form.variables]
    metals = [p for k, p in everything("electronic_conductivity") if k == "conductor"]
    assert len(ions) > 12
    assert len(metals) > 3
    wrong = [called(law) for law in ions if np.any(np.diff(over(law, "T")) < 0)]
    wrong += [called(law) for law in metals if np.any(np.diff(over(law, "T")) > 0)]
    pure = [p for p in metals if p.material in ("copper", "aluminium", "lithium")]
    wrong += [called(p) for p in pure if not value(p, T=273.0) > 1.1 * value(p, T=313.0)]
    assert not wrong


def test_metals_soften_and_bear_more_stripping_when_warm() -> None:
    soft = ("yield_strength", "hardness", "highest_stack_pressure", "lowest_stack_pressure")
    wrong = [called(p) for _, p in everything(*soft)
             if "T" in p.form.variables and np.any(np.diff(over(p, "T")) >= 0)]  # fmt: skip
    wrong += [called(p, v) for _, p in everything(*limits.CURRENTS) for v in p.form.variables
              if np.any(np.diff(over(p, v)) < 0)]  # fmt: skip
    assert not wrong


def test_exchange_currents() -> None:
    """Positive, finite and rising with temperature, on any pair and at any lithium."""
    T, wrong, seen = np.linspace(200.0, 450.0, 60), [], 0
    for active in ("NMC811", "NMC622", "NMC83", "NCA", "LiCoO2", "graphite", "LiFePO4"):
        for electrolyte in ("Li6PS5Cl", "Li3PS4", "Li3InCl6"):
            for surface in of_pair("kinetics", active, electrolyte):
                law = on_particles(KineticsRecipe(), None, surface.properties, Numbers(), "")
                assert law is not None
                seen += 1
                for x in (0.0, 1e-6, 0.3, 0.6, 1.0):
                    found = np.asarray(law.exchange_current(T, x), float)
                    if not (found.min() > 0 and np.all(np.diff(found) >= 0)):
                        wrong.append(f"{active} {surface.coating} {electrolyte} at x = {x}")
                known = all(p.status != "unverified" for p in surface.properties.values())
                if known and "NMC811" not in active:
                    wrong.append(f"{active} {electrolyte} does not say that it is borrowed")
    assert seen > 10
    assert not wrong
