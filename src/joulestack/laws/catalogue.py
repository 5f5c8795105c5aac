"""What every law says of itself: equation, assumptions, range, reference.

One record a law, read by `joulestack laws`, by the choices of case files and by docs/laws.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class LawRecord:
    """A law as a paper would state it.

    Attributes:
        name: as case and material files write it.
        equation: with the symbols of docs/physics.md.
        assumes: when it describes nature, and what it leaves out.
        valid: range that it is known for.
        reference: paper and equation; whose fit where it is one.
        code: module and name under `joulestack.`.
    """

    name: str
    equation: str
    assumes: str
    valid: str
    reference: str
    code: str


def _table(*records: LawRecord) -> dict[str, LawRecord]:
    return {record.name: record for record in records}


_R = LawRecord
_SOLID = "relative density 0.5 to 1; zero of what the law says there below"

DENSITY = _table(
    _R("two-stage", "phi = 1 - (1 - D0) [w exp(-p/p1) + (1 - w) exp(-p/Py)]",
       "p the highest pressure; rearrangement is used up within p1, plastic flow within Py",
       "15 to 400 MPa for sulfides: Lee 2026, Table 1 within 1.6 %",
       "Heckel 1961 in two stages; fitted to Lee 2026, Table 1", "laws.densification.two_stage"),
    _R("heckel", "ln(1/(1 - phi)) = p/Py + A",
       "plastic flow alone; rearrangement is over", "only in the window of its fit",
       "Heckel 1961; Schneider 2023, Eq. 1", "laws.densification.heckel"),
    _R("table", "monotone C1 interpolation of measured points",
       "nothing but smoothness; against pressure or sintering temperature",
       "between its first and last point, held constant outside",
       "Fritsch & Butland 1984; Lee 2026, Fig. 8", "laws.forms.Table"),
)  # fmt: skip

SPRINGBACK = _table(
    _R("none", "phi stays on release", "no elastic recovery", "small released pressures", "-",
       "fabrication.electrolyte"),
    _R("elastic", "phi (1 - released/M), M = K + 4 G/3",
       "uniaxial elastic recovery in the die", "about 4 % from 1.7 GPa",
       "Schneider 2023, section 2.1", "fabrication.electrolyte"),
)  # fmt: skip

SCALING = _table(
    _R("power", "f = phi^n", "n of the library or override `..._exponent`; 1.5 for spheres apart",
       _SOLID, "Bruggeman 1935; n fitted to Lee 2026", "laws.effective_media.power"),
    _R("phi/tau^2", "f = phi/tau^2", "tau the root of the tortuosity factor", _SOLID,
       "Lee 2026, section 3.1", "laws.effective_media.tortuosity_squared"),
    _R("phi/tau", "f = phi/tau", "tau the tortuosity factor, the square of the path ratio", _SOLID,
       "Tjaden 2016 (Curr. Opin. Chem. Eng. 12, 44)", "laws.effective_media.tortuosity_factor"),
    _R("percolation", "f = ((phi - phi_c)/(1 - phi_c))^t, zero below phi_c",
       "the rest insulates; t = 2 is universal close to phi_c", "above the threshold",
       "Stauffer & Aharony 1994; fitted to Minnmann 2021", "laws.percolation.percolation"),
    _R("general effective medium", "sum f_i (v_i - x)/(v_i + A x) = 0, v = k^(1/t), "
       "A = (1 - phi_c)/phi_c", "own threshold and exponent; percolation where pores insulate",
       "any contrast", "McLachlan 1987 (J. Phys. C 20, 865)",
       "laws.percolation.general_effective_medium"),
)  # fmt: skip

MIXTURE = _table(
    _R("bruggeman", "sum f_i (k_i - k)/(k_i + 2 k) = 0", "grains and pores alike, none the matrix",
       "any fractions; insulating beyond two thirds of pores", "Bruggeman 1935",
       "laws.effective_media.bruggeman"),
    _R("maxwell", "(k - k_m)/(k + 2 k_m) = sum f_i (k_i - k_m)/(k_i + 2 k_m)",
       "spheres far apart in a matrix, the first phase", "dilute inclusions",
       "Maxwell 1873; Eucken 1940", "laws.effective_media.maxwell"),
    _R("hashin-shtrikman upper", "the best conductor encloses the others", "isotropic mixture",
       "a bound", "Hashin & Shtrikman 1962, Eqs 3.18-3.21",
       "laws.effective_media.hashin_shtrikman_upper"),
    _R("hashin-shtrikman lower", "the worst conductor encloses the others", "isotropic mixture",
       "a bound", "Hashin & Shtrikman 1962, Eqs 3.18-3.21",
       "laws.effective_media.hashin_shtrikman_lower"),
    _R("wiener upper", "k = sum f_i k_i", "everything parallel to the flux", "a bound",
       "Wiener 1912", "laws.effective_media.wiener_upper"),
    _R("wiener lower", "1/k = sum f_i/k_i", "everything in series", "a bound", "Wiener 1912",
       "laws.effective_media.wiener_lower"),
)  # fmt: skip

MEASURED = _table(
    _R("Minnmann table", "interpolation over composition",
       "NMC622 with Li6PS5Cl, no carbon, 25 degC", "volume fractions of the table",
       "Minnmann 2021, SI Tables S1 and S2", "materials.measured"),
    _R("Ketter table", "interpolation over composition", "NMC83 with Li6PS5Cl, no carbon, 25 degC",
       "volume fractions of the table", "Ketter 2025, source data", "materials.measured"),
)  # fmt: skip

HEAT = _table(
    _R("zehner-bauer-schluender", "k/k_g = 1 - sqrt(phi) + sqrt(phi) [c kappa + (1 - c) K(kappa)]",
       "grains that touch in points, in a gas; no radiation", "relative density 0.4 to 0.7",
       "Zehner & Schluender 1970; Bauer & Schluender 1978",
       "laws.loose_packings.zehner_bauer_schluender"),
    _R("solids-then-pores", "grains by bruggeman, then the electrolyte's pores",
       "composites: pores larger than grains", "as bruggeman", "this project; Ketter 2025 measured "
       "14 % more than without", "fabrication.composite.transport"),
    _R("nan spheroids", "sum over kinds of Nan's beta terms, each dressed by R k/a",
       "composites: fibres or plates with interface resistance in the electrolyte",
       "dilute inclusions", "Nan 1997 (J. Appl. Phys. 81, 6692), Eqs 5 and 9",
       "laws.inclusions.spheroids"),
)  # fmt: skip

PORE_GAS = _table(
    _R("none", "pores insulate", "or the law was measured with their gas", "-", "-",
       "fabrication.electrolyte"),
    _R("argon", "(k - k_g)/(k_s - k_g) (k_s/k)^(1 - 1/n) = phi", "argon in the pores; narrow by "
       "`pore_size`", "with phi^n", "generalised Bruggeman; Boeger 2023 measured 2 to 9 %",
       "laws.effective_media.with_pore_gas"),
    _R("air", "(k - k_g)/(k_s - k_g) (k_s/k)^(1 - 1/n) = phi", "air in the pores", "with phi^n",
       "generalised Bruggeman", "laws.effective_media.with_pore_gas"),
)  # fmt: skip

IONIC_CONTACT = _table(
    _R("stack-pressure", "made(q) x [1 - kappa(p, q) (1 - G(r)/G(q))] x held_grains(p) x "
       "held_electrodes(p, N)", "a pellet as read between pressed electrodes",
       "pressures of its fit; bounded and less certain outside",
       "Schneider 2023, sections 2.1, 2.2, 2.5; Cronau 2021", "laws.ionic_pressure"),
    _R("grains", "made(q) x [1 - kappa(p, q) (1 - G(r)/G(q))] x held_grains(p)",
       "a layer of a cell: its interfaces have resistances of their own; default there",
       "as stack-pressure", "Cronau 2021, Table S1; Doux 2020", "laws.ionic_pressure"),
    _R("loading", "made(q)", "contacts made under the highest pressure stay, and no crack opens",
       "pressures of its fit", "Cronau 2021, Table S1", "laws.ionic_pressure.made_contacts"),
    _R("release", "[1 - kappa(p, q) (1 - G(r)/G(q))] x held_grains(p)",
       "cracks open as the stack relaxes; contacts that loading makes are counted elsewhere",
       "pressures of its fit", "Cronau 2021, SI", "laws.ionic_pressure.cracked"),
    _R("none", "1", "all contacts conduct at any pressure", "high pressure", "-",
       "laws.ionic_pressure"),
)  # fmt: skip

UTILISATION = _table(
    _R("all", "1", "composites: all active material takes part, what ions reach is only said", "-",
       "-", "fabrication.composite.utilisation"),
    _R("size ratio", "what ions reach, by sizes and loading",
       "composites: LPS glass with NMC532, spheres", "size ratios and loadings of the paper",
       "Shi 2020; fitted to its packings, 5 % rms", "fabrication.composite.size_ratio"),
)  # fmt: skip

DIFFUSION_PATH = _table(
    _R("patches", "D/(1 + 5 psi), psi = [psi_tube + (psi_cap - psi_tube)/N]/sqrt(N)",
       "spheres: N patches, together a share theta of the surface, steady flux; default",
       "exact for one patch, 7 % for two", "Yovanovich 1976; harmonics of a sphere",
       "laws.grains.contact_patches.longer_way"),
    _R("whole surface", "D", "lithium enters everywhere", "liquids", "-", "laws.particles"),
)  # fmt: skip

ELECTRON_NETWORK = _table(
    _R("coordination", "P = [1 - ((4.236 - Z)/2.472)^2.5]^0.4, Z = 6 n Z_own/Z",
       "composites without carbon: spheres in a random packing; default", "Z from 1.764 to 4.236",
       "Bouvard & Lange 1991; Chen 2009", "laws.grains.coordination.connected"),
    _R("all", "1", "composites: all active material hangs together", "carbon", "-",
       "fabrication.composite.losses"),
)  # fmt: skip

FORMATION = _table(
    _R("first charge", "share that stays in contact, of the library by pair",
       "composites: grains shrink at the first charge and lose contact; default",
       "at low rates, some 20 to 75 MPa", "Rosenbach 2023; Doux 2020",
       "fabrication.composite.losses"),
    _R("all", "1", "composites: nothing is lost", "-", "-", "fabrication.composite.losses"),
)  # fmt: skip

CONDUCTIVITY = _table(
    _R("pressed ionic", "S0 f(phi)/f(phi_ref) x ionic contact x exp(-p dV/(R T)) x (T0/T) "
       "exp(-Ea/R (1/T - 1/T0))",
       "single-ion conductor; boundaries of grains apart, by the law below",
       "densities and pressures of its fit",
       "Schneider 2023; Cronau 2021; Sakuda 2013",
       "laws.conductivity.PressedIonic"),
    _R("grain boundaries", "sigma = (1 - f)/((1 - w/d)/sigma_g + R/d) + f a w/R, "
       "f = 1 - (1 - w/d)^2, R = R0 (T/T0) exp(Ea_gb/R (1/T - 1/T0))",
       "cubes of side d; across grain and boundary in series, along boundaries beside; the same "
       "for heat with a Kapitza resistance that does not follow T",
       "grains wider than their boundaries; LLZO of 5 to 600 um within 5 %",
       "Maier 1986; Milan 2023, section 2 and Table 1 (Sharafi 2017)",
       "laws.grain_boundaries.polycrystal"),
    _R("point defects", "k = k_parent arctan(u)/u, u^2 = C k_parent Gamma",
       "phonons scattered by vacancies, masses and bond lengths; a glassy share stays",
       "layered oxides; one measured series (LiCoO2), unverified for NMC and NCA",
       "Klemens 1960 (Phys. Rev. 119, 507); Gurunathan 2020", "laws.lattice.PointDefects"),
    _R("gas in narrow pores", "k_g/(1 + M/d), M proportional to T",
       "temperature jump at both walls", "any width; accommodation from memory",
       "Smoluchowski 1898", "laws.loose_packings.knudsen"),
)  # fmt: skip

FORM = _table(
    _R("value", "c", "the same at every state", "-", "-", "laws.forms.Value"),
    _R("polynomial", "sum c_i v^i", "v in SI", "range of its fit", "-", "laws.forms.Polynomial"),
    _R("linear in T", "c [1 + b (T - T0)]", "-", "range of its fit", "-",
       "laws.forms.LinearInTemperature"),
    _R("power of T", "c (T/T0)^n", "-", "range of its fit", "-", "laws.forms.PowerOfTemperature"),
    _R("einstein", "c E(theta/T)/E(theta/T0), E(x) = x^2 e^x/(e^x - 1)^2",
       "c_p = c_V, all vibrations at one frequency; theta from c over 3 R n/M",
       "Li6PS5Cl: 1 % from 298 to 523 K, 7 % low at 173 K", "Einstein 1907",
       "laws.vibrations.Einstein"),
    _R("phonons and diffusons", "c [s T0/T + (1 - s) E(theta/T)/E(theta/T0)]",
       "free path of phonons ~ 1/T, diffusivity of diffusons constant", "range of its fit",
       "Agne 2022, section II; Agne 2018 (Energy Environ. Sci. 11, 609)",
       "laws.vibrations.TwoChannels"),
    _R("arrhenius", "c exp(-Ea/R (1/T - 1/T0))", "one activation energy", "range of its fit",
       "Arrhenius 1889", "laws.forms.Arrhenius"),
    _R("logarithmic table", "10^(monotone interpolation of log10)", "values over decades",
       "between its points, held constant outside", "Fritsch & Butland 1984",
       "laws.composition.LogarithmicTable"),
    _R("sum", "sum c_i x^i + sum a exp(b x + c) + sum a tanh(b (x - c)) + sum a exp(-(x - c)^2/w)",
       "fits of U(x) and dU/dT(x)", "stoichiometries of its fit", "Chen 2020 and others",
       "laws.composition.Sum"),
    _R("decades", "c 10^(sum a exp(-(x - m)^2/w)) exp(-Ea/R (1/T - 1/T0))", "fits of D(x, T)",
       "stoichiometries of its fit", "O'Regan 2022", "laws.composition.Decades"),
    _R("logarithm", "c + b ln(v/v0), v held at its lowest", "-", "range of its fit", "-",
       "laws.composition.Logarithm"),
    _R("power of p", "c (min(p, p_high)/p0)^n exp(-Ea/R (1/T - 1/T0))",
       "critical currents: with temperature as creep, level above the last pressure measured",
       "pressures and temperatures of its data",
       "Deysher 2022 (Kasemchainan 2019); LePage 2019; foretells Spencer Jolly 2021 within 2",
       "laws.solids.creep.PowerOfPressure"),
    _R("mixture", "a mixing law of a solid with insulating pores", "as that law", "as that law",
       "-", "laws.scaling.PorousMixture"),
)  # fmt: skip

CONTACT = _table(
    _R("constant", "R", "the same at every pressure and temperature", "-", "-",
       "laws.contact.Constant"),
    _R("table", "monotone interpolation over pressure", "-", "between its points, constant outside",
       "Fritsch & Butland 1984", "laws.contact.Tabulated"),
    _R("power", "R = R_ref (p/p_ref)^-n + R_0", "constriction gives n = 0.5, plastic contact 0.95",
       "between its lowest and highest pressure, level outside",
       "Doux 2020: lithium on Li6PS5Cl 381 ohm cm2 (p/MPa)^-1.55, 1 to 20 MPa",
       "laws.contact.Power"),
    _R("cooper-mikic-yovanovich", "h = 1.25 k_s (m/s) (p/H)^0.95 + k_g/(Y + M)",
       "plastic contact of rough surfaces, for heat with gas in the gaps", "p/H below 0.02",
       "Cooper, Mikic & Yovanovich 1969; Yovanovich 1982", "laws.contact.RoughSurfaces"),
    _R("mikic", "h = 1.55 k_s (m/s) (p sqrt(2)/(E' m))^0.94 + k_g/(Y + M)",
       "elastic contact of rough surfaces, for heat with gas in the gaps", "p/P below 0.02",
       "Mikic 1974 (Int. J. Heat Mass Transfer 17, 205)", "laws.contact.RoughSurfaces"),
    _R("pair-power", "C = c x 2 k0 k1/(k0 + k1) x (p/H)^n",
       "conductance from the harmonic mean of both sides", "above its lowest pressure",
       "Cincotti 2007 (AIChE J. 53, 703)", "laws.contact.PairPower"),
)  # fmt: skip

KINETICS = _table(
    _R("butler-volmer", "j = i0 [exp((1-a) s) - exp(-a s)], s = F eta/(R T)",
       "one-electron transfer; i0 = i0_ref 2 sqrt(x (1-x)) Arrhenius", "any overpotential",
       "Newman & Thomas-Alyea 2004, chapter 8", "laws.kinetics.ButlerVolmer"),
    _R("linear", "j = i0 F eta/(R T)", "small overpotentials", "|eta| below 25 mV",
       "as butler-volmer", "laws.kinetics.Linear"),
    _R("marcus", "j/i0 = 2 tanh(s/2) erfc(a(s))/erfc(a(0))",
       "Marcus-Hush-Chidsey in closed form, scaled to the slope at s = 0",
       "10 to 19 % off the integral at large overpotentials",
       "Zeng et al. 2014 (J. Electroanal. Chem. 735, 77)", "laws.kinetics.MarcusHushChidsey"),
)  # fmt: skip

VOIDS = _table(
    _R("voids", "dw/dt = (j+ - (1 - a) j-)/Q - k w, a = exp(-w), k = k0 (p/p0)^n Arrhenius",
       "voids open at random places; plating fills, pressure closes them",
       "3 to 7 MPa, where critical currents are known",
       "this project; fitted to critical currents of Deysher 2022 (Kasemchainan 2019)",
       "laws.solids.voids.growth"),
)  # fmt: skip

CREEP = _table(
    _R("power-law creep", "rate = A (s/s0)^n exp(Q/R (1/T0 - 1/T)); s_y(T) = s_y(T0) "
       "exp(-Q/(n R) (1/T0 - 1/T))",
       "yield strength, hardness and pressures borne are stresses at one rate; no hardening",
       "lithium: 0.2 to 0.8 MPa, -25 to 125 degC",
       "Masias 2019; LePage 2019", "laws.solids.creep.strain_rate"),
)  # fmt: skip

TOUGHNESS = _table(
    _R("vickers", "K_C = 0.026 E^(1/2) P^(1/2) a/c^(3/2)",
       "half-penny cracks at the corners of an indent; pores that close take load from them",
       "cracks longer than the indent", "Lee 2026, Eq. 5; Anstis 1981",
       "laws.solids.toughness.vickers_toughness"),
)  # fmt: skip

HEAT_IDENTITY = _table(
    _R("kerrisk", "alpha = k/(rho c_p), rho = phi rho_0, c_p mass-weighted",
       "an identity: only two of k, alpha and phi are free", "any", "Lee 2026, Eqs 6-8",
       "laws.thermal.diffusivity"),
)  # fmt: skip

FIXTURE = _table(
    _R("constant pressure", "p = p0", "hydraulic or pneumatic press", "any", "Deysher 2022",
       "mechanics.fixtures.Fixture"),
    _R("spring", "p = p0 + k u, dh = u + C (p - p0)", "layers in series with springs", "any",
       "Deysher 2022", "mechanics.fixtures.Fixture"),
    _R("fixed gap", "dh = C (p - p0) + (p - p0)/k_frame", "layers and frame are elastic", "any",
       "Deysher 2022", "mechanics.fixtures.Fixture"),
)  # fmt: skip

CATALOGUE: dict[str, dict[str, LawRecord]] = {
    "relative density": DENSITY,
    "springback": SPRINGBACK,
    "scaling with density": SCALING,
    "mixtures": MIXTURE,
    "measured composites": MEASURED,
    "thermal conductivity": HEAT,
    "pore gas": PORE_GAS,
    "conductivity": CONDUCTIVITY,
    "ionic contact": IONIC_CONTACT,
    "utilisation": UTILISATION,
    "way of lithium in particles": DIFFUSION_PATH,
    "electrons without carbon": ELECTRON_NETWORK,
    "first charge": FORMATION,
    "forms of material files": FORM,
    "contact": CONTACT,
    "charge transfer": KINETICS,
    "voids": VOIDS,
    "creep of metals": CREEP,
    "fracture toughness": TOUGHNESS,
    "heat": HEAT_IDENTITY,
    "fixtures": FIXTURE,
}
"""What a law describes -> name -> record."""


def records() -> Iterator[tuple[str, LawRecord]]:
    """Every law, with what it describes."""
    for topic, table in CATALOGUE.items():
        for record in table.values():
            yield topic, record
