"""A lithium-metal half-cell with a single-ion electrolyte, as PyBaMM's DFN.

Every number is in `CELL`, in SI units, so that another program can be set up identically. Runs in
an environment that has PyBaMM; nothing of joulestack is imported.
"""

from __future__ import annotations

from collections.abc import Callable
from math import log
from typing import Any

import pybamm

T0, FARADAY, GAS_CONSTANT = 298.15, 96485.33212, 8.314462618

CELL: dict[str, Any] = {
    "area_m2": 1e-4,
    "nominal_capacity_Ah": 3.5e-3,
    "reference_temperature_K": T0,
    "negative_collector": {
        "thickness_m": 10e-6,
        "electronic_conductivity_S_per_m": 5.8e7,
        "heat_capacity_J_per_m3_K": 3.4e6,
    },
    "lithium": {
        "thickness_m": 20e-6,
        "electronic_conductivity_S_per_m": 1.08e7,
        "heat_capacity_J_per_m3_K": 1.9e6,
        "exchange_current_A_per_m2": 10.0,
        "exchange_current_activation_J_per_mol": 40e3,
        "transfer_coefficient": 0.5,
    },
    "separator": {
        "thickness_m": 30e-6,
        "ionic_conductivity_S_per_m": 0.25,
        "ionic_activation_J_per_mol": 30e3,
        "heat_capacity_J_per_m3_K": 1.8e6,
    },
    "cathode": {
        "thickness_m": 60e-6,
        "effective_ionic_conductivity_S_per_m": 0.05,
        "ionic_activation_J_per_mol": 30e3,
        "effective_electronic_conductivity_S_per_m": 10.0,
        "heat_capacity_J_per_m3_K": 2.6e6,
        "active_material_fraction": 0.55,
        "particle_radius_m": 2.5e-6,
        "maximum_concentration_mol_per_m3": 63104.0,
        "exchange_current_at_half_A_per_m2": 2.0,
        "exchange_current_activation_J_per_mol": 30e3,
        "transfer_coefficient": 0.5,
        "diffusivity_activation_J_per_mol": 12047.503,
        "open_circuit_voltage_V": {
            "coefficients": [4.4875, -0.809],
            "tanh_amplitudes": [-0.0428, -17.7326, 17.5842],
            "tanh_rates": [18.5138, 15.789, 15.9308],
            "tanh_centres": [0.5542, 0.3117, 0.312],
        },
        "diffusivity_m2_per_s": {
            "constant": {"value": 4e-15},
            "decades": {
                "value": 2.9606e-14,
                "amplitudes": [-0.9231, -0.4066, -0.993],
                "centres": [0.3216, 0.4532, 0.8098],
                "widths": [0.002534, 0.003926, 0.09924],
            },
        },
    },
    "positive_collector": {
        "thickness_m": 15e-6,
        "electronic_conductivity_S_per_m": 3.6e7,
        "heat_capacity_J_per_m3_K": 2.4e6,
    },
    "cooling": {
        "heat_transfer_coefficient_W_per_m2_K": 2.5,
        "cooled_area_m2": 1e-4,
        "ambient_temperature_K": T0,
        "initial_temperature_K": T0,
    },
}

POROSITY = 0.3
"""Of the cathode; with t+ = 1 it only carries the Bruggeman factor."""


STRETCH = 4.0
"""Grading of the radial mesh towards the surface."""


def arrhenius(activation: float, T: Any) -> Any:
    """exp(Ea/R (1/T0 - 1/T))."""
    return pybamm.exp(activation / GAS_CONSTANT * (1 / T0 - 1 / T))


def open_circuit_voltage(x: Any) -> Any:
    """NMC811 of Chen 2020."""
    law = CELL["cathode"]["open_circuit_voltage_V"]
    result = law["coefficients"][0] + law["coefficients"][1] * x
    for a, b, c in zip(law["tanh_amplitudes"], law["tanh_rates"], law["tanh_centres"], strict=True):
        result = result + a * pybamm.tanh(b * (x - c))
    return result


def diffusivity(name: str) -> Callable[[Any, Any], Any]:
    """D(x, T), "constant" or "decades" (O'Regan 2022)."""
    law = CELL["cathode"]["diffusivity_m2_per_s"][name]

    def D(x: Any, T: Any) -> Any:
        power: Any = 0
        for a, c, w in zip(
            law.get("amplitudes", []), law.get("centres", []), law.get("widths", []), strict=True
        ):
            power = power + a * pybamm.exp(-((x - c) ** 2) / w)
        heat = arrhenius(CELL["cathode"]["diffusivity_activation_J_per_mol"], T)
        return law["value"] * pybamm.exp(log(10) * power) * heat

    return D


def exchange_current(c_e: Any, c: Any, c_max: Any, T: Any) -> Any:
    """i0 2 sqrt(x (1-x)); written with a logarithm, which PyBaMM does not regularise."""
    cathode, x = CELL["cathode"], c / c_max
    heat = arrhenius(cathode["exchange_current_activation_J_per_mol"], T)
    shape = 2 * pybamm.exp(0.5 * pybamm.log(x * (1 - x)))
    return cathode["exchange_current_at_half_A_per_m2"] * shape * heat


def lithium_exchange_current(c_e: Any, c_Li: Any, T: Any) -> Any:
    """Constant but for temperature."""
    heat = arrhenius(CELL["lithium"]["exchange_current_activation_J_per_mol"], T)
    return CELL["lithium"]["exchange_current_A_per_m2"] * heat


def conductivity(c_e: Any, T: Any) -> Any:
    """The separator's; a Bruggeman factor makes it the cathode's."""
    separator = CELL["separator"]
    heat = arrhenius(separator["ionic_activation_J_per_mol"], T)
    return separator["ionic_conductivity_S_per_m"] * heat


def parameters(
    stoichiometry: float, cutoffs: tuple[float, float], D: str = "constant", dUdT: float = 0.0
) -> pybamm.ParameterValues:
    """PyBaMM's parameters; what the model never uses stays at Xu 2019."""
    cathode, lithium, separator = CELL["cathode"], CELL["lithium"], CELL["separator"]
    ratio = (
        cathode["effective_ionic_conductivity_S_per_m"] / separator["ionic_conductivity_S_per_m"]
    )
    values: dict[str, Any] = {
        "Electrode height [m]": CELL["area_m2"] ** 0.5,
        "Electrode width [m]": CELL["area_m2"] ** 0.5,
        "Nominal cell capacity [A.h]": CELL["nominal_capacity_Ah"],
        "Current function [A]": CELL["nominal_capacity_Ah"],
        "Lower voltage cut-off [V]": cutoffs[0],
        "Upper voltage cut-off [V]": cutoffs[1],
        "Separator thickness [m]": separator["thickness_m"],
        "Separator porosity": 1.0,
        "Separator Bruggeman coefficient (electrolyte)": 0.0,
        "Positive electrode thickness [m]": cathode["thickness_m"],
        "Positive electrode porosity": POROSITY,
        "Positive electrode Bruggeman coefficient (electrolyte)": log(ratio) / log(POROSITY),
        "Positive electrode Bruggeman coefficient (electrode)": 0.0,
        "Positive electrode active material volume fraction": cathode["active_material_fraction"],
        "Positive electrode conductivity [S.m-1]": cathode[
            "effective_electronic_conductivity_S_per_m"
        ],
        "Positive particle radius [m]": cathode["particle_radius_m"],
        "Maximum concentration in positive electrode [mol.m-3]": cathode[
            "maximum_concentration_mol_per_m3"
        ],
        "Initial concentration in positive electrode [mol.m-3]": stoichiometry
        * cathode["maximum_concentration_mol_per_m3"],
        "Positive electrode OCP [V]": open_circuit_voltage,
        "Positive electrode OCP entropic change [V.K-1]": dUdT,
        "Positive particle diffusivity [m2.s-1]": diffusivity(D),
        "Positive electrode exchange-current density [A.m-2]": exchange_current,
        "Exchange-current density for lithium metal electrode [A.m-2]": lithium_exchange_current,
        "Negative electrode thickness [m]": lithium["thickness_m"],
        "Negative electrode conductivity [S.m-1]": lithium["electronic_conductivity_S_per_m"],
        "SEI resistivity [Ohm.m]": 0.0,
        "Initial SEI thickness [m]": 0.0,
        "Electrolyte conductivity [S.m-1]": conductivity,
        "Electrolyte diffusivity [m2.s-1]": 1e-10,
        "Cation transference number": 1.0,
        "Thermodynamic factor": 1.0,
        "Reference temperature [K]": T0,
        **_thermal(),
    }
    result = pybamm.ParameterValues("Xu2019")
    result.update(values, check_already_exists=False)
    return result


def _thermal() -> dict[str, float]:
    thickness = 0.0
    values: dict[str, float] = {}
    for name, layer in (
        ("Negative current collector", CELL["negative_collector"]),
        ("Negative electrode", CELL["lithium"]),
        ("Separator", CELL["separator"]),
        ("Positive electrode", CELL["cathode"]),
        ("Positive current collector", CELL["positive_collector"]),
    ):
        thickness += layer["thickness_m"]
        values[f"{name} density [kg.m-3]"] = 1000.0
        values[f"{name} specific heat capacity [J.kg-1.K-1]"] = (
            layer["heat_capacity_J_per_m3_K"] / 1000
        )
        values[f"{name} thermal conductivity [W.m-1.K-1]"] = 1.0  # lumped: unused
        if "collector" in name:
            values[f"{name} thickness [m]"] = layer["thickness_m"]
            values[f"{name} conductivity [S.m-1]"] = layer["electronic_conductivity_S_per_m"]
    cooling = CELL["cooling"]
    return values | {
        "Cell volume [m3]": thickness * CELL["area_m2"],
        "Cell cooling surface area [m2]": cooling["cooled_area_m2"],
        "Total heat transfer coefficient [W.m-2.K-1]": cooling[
            "heat_transfer_coefficient_W_per_m2_K"
        ],
        "Ambient temperature [K]": cooling["ambient_temperature_K"],
        "Initial temperature [K]": cooling["initial_temperature_K"],
    }


def simulation(
    values: pybamm.ParameterValues,
    points: tuple[int, int, int],
    lumped: bool = False,
    mixing: bool = False,
    graded: bool = False,
    tolerances: tuple[float, float] = (1e-8, 1e-8),
) -> pybamm.Simulation:
    """The half-cell with (separator, cathode, radial) finite volumes and (rtol, atol) in time.

    Where temperature is a state, PyBaMM averages the ionic conductivity arithmetically between
    separator and cathode, an error of first order in the cells there (0.7 mV at 5C with uniform
    cells of 0.75 um). Graded meshes make those cells, and those at the particle surface, small.
    """
    options = {
        "working electrode": "positive",
        "thermal": "lumped" if lumped else "isothermal",
        "cell geometry": "arbitrary",
        "calculate heat source for isothermal models": "true",
        "heat of mixing": "true" if mixing else "false",
    }
    model = pybamm.lithium_ion.DFN(options)
    submeshes = dict(model.default_submesh_types)
    if graded:
        submeshes["separator"] = pybamm.MeshGenerator(pybamm.Chebyshev1DSubMesh)
        submeshes["positive electrode"] = submeshes["separator"]
        submeshes["positive particle"] = pybamm.MeshGenerator(
            pybamm.Exponential1DSubMesh, submesh_params={"side": "right", "stretch": STRETCH}
        )
    return pybamm.Simulation(
        model,
        parameter_values=values,
        solver=pybamm.IDAKLUSolver(
            rtol=tolerances[0],
            atol=tolerances[1],
            options={"max_error_test_failures": 100},  # corners of the drive cycle
        ),
        var_pts={**model.default_var_pts, "x_s": points[0], "x_p": points[1], "r_p": points[2]},
        submesh_types=submeshes,
    )
