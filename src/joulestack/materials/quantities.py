"""Names of properties, their units and physical bounds: the vocabulary of library and overrides."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf


@dataclass(frozen=True)
class Quantity:
    """What a property name stands for.

    Attributes:
        unit: SI unit in the grammar of `joulestack.units`.
        doc: one line.
        low, high: values outside are impossible (an error, not a warning).
        effective: a property of the fabricated layer; overriding it makes it constant.
    """

    unit: str
    doc: str
    low: float = 0.0
    high: float = inf
    effective: bool = False


_LAYER = {
    "relative_density": Quantity("1", "phi, solid volume per volume", 0.0, 1.0, True),
    "thermal_conductivity": Quantity("W/(m K)", "through-plane, of the layer", effective=True),
    "thermal_conductivity_in_plane": Quantity("W/(m K)", "in-plane, of the layer", effective=True),
    "volumetric_heat_capacity": Quantity("J/(m^3 K)", "rho c_p of the layer", effective=True),
    "ionic_conductivity": Quantity("S/m", "sigma_e of the layer", effective=True),
    "electronic_conductivity": Quantity("S/m", "sigma_s of the layer", effective=True),
}

_MATERIAL = {
    "density": Quantity("kg/m^3", "of the solid without pores"),
    "specific_heat_capacity": Quantity("J/(kg K)", "c_p"),
    "dense_thermal_conductivity": Quantity("W/(m K)", "of the solid without pores"),
    "thermal_disorder": Quantity("1", "k(x, composition) over dense_thermal_conductivity"),
    "grain_contact_factor": Quantity("1", "k of unsintered over k of sintered grains", 0.0, 1.0),
    "thermal_scaling": Quantity("1", "k(phi) / k(1)"),
    "reference_ionic_conductivity": Quantity("S/m", "sigma at reference density, p, T"),
    "ionic_scaling": Quantity("1", "sigma(phi) / sigma(1)"),
    "electronic_scaling": Quantity("1", "sigma(phi) / sigma(1)"),
    "bulk_modulus": Quantity("Pa", "K"),
    "shear_modulus": Quantity("Pa", "G"),
    "springback_modulus": Quantity("Pa", "M of phi (1 - released/M), of a powder class"),
    "youngs_modulus": Quantity("Pa", "E"),
    "poisson_ratio": Quantity("1", "nu", -1.0, 0.5),
    "hardness": Quantity("Pa", "of the surface"),
    "fracture_toughness": Quantity("Pa m^0.5", "K_Ic"),
    "yield_strength": Quantity("Pa", "uniaxial"),
    "tensile_strength": Quantity("Pa", "of the solid"),
    "particle_strength": Quantity("Pa", "crushing strength of a secondary particle"),
    "creep_rate": Quantity("1/s", "uniaxial strain rate at the creep stress and 298 K"),
    "creep_stress": Quantity("Pa", "at which the creep rate holds"),
    "creep_exponent": Quantity("1", "n of strain rate ~ stress^n"),
    "creep_activation_energy": Quantity("J/mol", "of power-law creep"),
    "thermal_expansion": Quantity("1/K", "linear"),
    "grain_size": Quantity("m", "of a sintered or hot-pressed body"),
    "measured_grain_size": Quantity("m", "of the body whose ionic conductivity is given"),
    "grain_boundary_resistance": Quantity("ohm m^2", "of one boundary to ions, at 25 degC"),
    "grain_boundary_activation_energy": Quantity("J/mol", "of conduction across a boundary"),
    "grain_boundary_thermal_resistance": Quantity("m^2 K/W", "of one boundary to heat (Kapitza)"),
    "grain_boundary_width": Quantity("m", "of the layer that is out of order"),
    "grain_boundary_anisotropy": Quantity("1", "conductivity along over across a boundary"),
    "melting_temperature": Quantity("K", "melting point"),
    "latent_heat": Quantity("J/kg", "of melting"),
    "open_circuit_voltage": Quantity("V", "U(x) against Li/Li+", -inf),
    "entropic_coefficient": Quantity("V/K", "dU/dT (x)", -inf),
    "charged_stoichiometry": Quantity("1", "x of the charged electrode", 0.0, 1.0),
    "discharged_stoichiometry": Quantity("1", "x of the discharged electrode", 0.0, 1.0),
    "maximum_concentration": Quantity("mol/m^3", "lithium sites"),
    "partial_molar_volume": Quantity("m^3/mol", "of lithium in the solid", -inf),
    "relative_volume": Quantity("1", "V(x) over V at one end of x"),
    "volume_change_on_charge": Quantity("1", "of the solid, full to charged", -1.0),
    "diffusivity": Quantity("m^2/s", "chemical diffusivity of lithium"),
    "specific_capacity": Quantity("C/kg", "usable charge per mass of active material"),
    "particle_radius": Quantity("m", "of the active material"),
    "electrode_potential": Quantity("V", "of a metal electrode against Li/Li+", -inf),
    "critical_current_density": Quantity("A/m^2", "of lithium plating before a short"),
    "critical_stripping_current": Quantity("A/m^2", "of lithium stripping before voids"),
    "critical_plating_current": Quantity("A/m^2", "of lithium plating before a short"),
    "void_capacity": Quantity("C/m^2", "stripped with nothing closing, leaves 1/e of the contact"),
    "time_to_short": Quantity("s", "of a symmetric lithium cell under pressure"),
    "highest_stack_pressure": Quantity("Pa", "recommended for an electrode"),
    "lowest_stack_pressure": Quantity("Pa", "recommended for an electrode"),
    "reduction_potential": Quantity("V", "below which it decomposes, against Li/Li+", -inf),
    "oxidation_potential": Quantity("V", "above which it decomposes, against Li/Li+", -inf),
    "decomposition_temperature": Quantity("K", "onset of exothermic decomposition"),
    "glass_transition_temperature": Quantity("K", "of a glass or a polymer"),
    "crystallisation_temperature": Quantity("K", "of a glass"),
    "porosity": Quantity("1", "pore volume per volume", 0.0, 1.0),
    "utilisation": Quantity("1", "share of the active material that ions reach", 0.0, 1.0),
    "contact_fraction": Quantity("1", "share of active surface that electrolyte touches", 0.0, 1.0),
    "contact_after_first_charge": Quantity("1", "share of active material that keeps it", 0.0, 1.0),
    "active_mass_fraction": Quantity("1", "of a composite electrode", 0.0, 1.0),
    "charge_transfer_resistance": Quantity("ohm m^2", "on the active surface"),
    "charge_transfer_activation_energy": Quantity("J/mol", "of the exchange current"),
    "transfer_coefficient": Quantity("1", "of charge transfer", 0.0, 1.0),
}

_GAS = {"temperature_jump": Quantity("m", "M of a gas between two walls, at 300 K and 1 atm")}

_PARAMETERS = {
    "thermal_exponent": Quantity("1", "n of k ~ phi^n"),
    "ionic_exponent": Quantity("1", "n of sigma_e ~ phi^n"),
    "electronic_exponent": Quantity("1", "n of sigma_s ~ phi^n"),
    "thermal_tortuosity": Quantity("1", "tau of heat", 1.0),
    "ionic_tortuosity": Quantity("1", "tau of ions", 1.0),
    "electronic_tortuosity": Quantity("1", "tau of electrons", 1.0),
    "thermal_threshold": Quantity("1", "volume fraction at which k percolates", 0.0, 1.0),
    "ionic_threshold": Quantity("1", "volume fraction at which sigma_e percolates", 0.0, 1.0),
    "electronic_threshold": Quantity("1", "volume fraction at which sigma_s percolates", 0.0, 1.0),
    "thermal_contact": Quantity("1", "share of a grain's section that touches a grain", 0.0, 1.0),
    "interface_resistance": Quantity("m^2 K/W", "to heat, on grains of active material"),
    "aspect_ratio": Quantity("1", "of grains of active material, length over width", 1e-3, 1e4),
    "additive_aspect_ratio": Quantity("1", "of the carbon, length over width", 1e-3, 1e4),
    "additive_radius": Quantity("m", "half the short side of the carbon", 1e-9),
    "pore_size": Quantity("m", "width of pores with a gas in them", 1e-9),
}

QUANTITIES: dict[str, Quantity] = {**_LAYER, **_MATERIAL, **_GAS, **_PARAMETERS}
"""Every name that a material file or `overrides` may use."""
