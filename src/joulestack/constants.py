"""Physical constants in SI units (CODATA 2018, exact where the SI defines them)."""

FARADAY = 96485.33212
"""Faraday constant [C/mol]."""

GAS_CONSTANT = 8.314462618
"""Molar gas constant [J/(mol K)]."""

AVOGADRO = 6.02214076e23
"""[1/mol]"""

ELECTRONVOLT = 96485.33212
"""One electronvolt per particle [J/mol]; the Faraday constant in another unit."""

BOLTZMANN_EV = 8.617333262e-5
"""Boltzmann constant [eV/K]."""

STEFAN_BOLTZMANN = 5.670374419e-8
"""Stefan-Boltzmann constant [W/(m2 K4)]."""

VACUUM_PERMITTIVITY = 8.8541878128e-12
"""Electric constant [F/m]."""

ROOM_TEMPERATURE = 298.15
"""Reference temperature of the property laws [K]."""

MILLIAMPERE_HOUR = 3.6
"""[C]"""

WATT_HOUR = 3600.0
"""[J]"""
