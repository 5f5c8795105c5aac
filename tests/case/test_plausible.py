"""Values that no cell has are refused with what was read and what may be meant."""

from __future__ import annotations

from typing import Any

import pytest

from joulestack.case import Case
from joulestack.errors import CaseError
from joulestack.materials import library
from tests.case.samples import SAMPLES

SEPARATOR = "cell.layers.separator.thickness"
REFUSED: list[tuple[str, Any, str, str]] = [
    (SEPARATOR, 500, "500 m (a bare number is read in m) is not plausible", '"500 um"'),
    (SEPARATOR, "500 m", '"500 m" is not plausible', '"500 um"'),
    (SEPARATOR, 3e7, "is not plausible", ""),
    ("cell.diameter", "10 km", "is not plausible", '"10 um"'),
    ("cell.stack_pressure", 50, "50 Pa (a bare number is read in Pa)", '"50 MPa"'),
    ("cell.stack_pressure", "50 Pa", '"50 Pa" is not plausible', '"50 MPa"'),
    ("cell.stack_pressure", "50 TPa", "out of range", ""),
    ("load.current_density", "5 GA/m^2", "is not plausible", ""),
    ("materials.cathode.particle_radius", 4, "4 m (a bare number is read in m)", '"4 um"'),
    ("cell.start_temperature", "2500 degC", "is not plausible", ""),
    ("materials.separator.moulding_pressure", 370, "370 Pa", '"370 MPa"'),
    ("cell.capacity", "5e9 A h", "is not plausible", ""),
]


@pytest.mark.parametrize(("key", "value", "what", "meant"), REFUSED)
def test_refused(key: str, value: Any, what: str, meant: str) -> None:
    with pytest.raises(CaseError) as error:
        Case.from_dict(SAMPLES["pellet"]()).replace({key: value})
    (problem,) = error.value.problems
    assert what in str(problem)
    assert not meant or f"did you mean {meant}?" in problem.remedy


@pytest.mark.parametrize(
    ("sentence", "meant"),
    [
        ("Discharge at 20 MA for 1 h", "20 mA"),
        ("Discharge at 20 mA until 4200 kV", ""),
        ("Discharge at 2 GW for 1 h", "2 mW"),
    ],
)
def test_sentences(sentence: str, meant: str) -> None:
    load = {"protocol": [sentence]}
    with pytest.raises(CaseError) as error:
        Case.from_dict({**SAMPLES["pellet"](), "load": load, "time": {}})
    (problem,) = error.value.problems
    assert "is not plausible" in problem.what
    assert f'did you mean "{meant}"?' in problem.remedy or not meant


MATERIAL = """
name = "mine"
kind = "insulator"
[dense_thermal_conductivity]
form = "arrhenius"
value = 1e7
activation_energy = {energy}
source = ""
status = "unverified"
uncertainty = "not stated"
conditions = "not stated"
range = "not stated"
"""


@pytest.mark.parametrize("energy", ['"0.39 eV"', '"37.62928 kJ/mol"', "37629.28"])
def test_energies_of_material_files(energy: str) -> None:
    made = library.parse(library.tomllib.loads(MATERIAL.format(energy=energy)))
    law = made.properties["dense_thermal_conductivity"].form
    assert law.activation_energy == pytest.approx(37629.28, rel=1e-6)


@pytest.mark.parametrize(
    ("energy", "said"),
    [('"6.2e-20 J"', "per mole"), ("6.2e-20", "energies are per mole"), ("0.39", "0.4 eV")],
)
def test_energies_that_say_no_mole(energy: str, said: str) -> None:
    with pytest.raises(CaseError, match=said):
        library.parse(library.tomllib.loads(MATERIAL.format(energy=energy)))
