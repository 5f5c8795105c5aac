"""From what a case or a recipe says of charge transfer to its law: particles, metals, linear.

The laws are those of `laws/kinetics.py`. What a recipe leaves out comes from the library: numbers
of the pair of active material and electrolyte (`surfaces`), else placeholders; plain numbers on
metals.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from joulestack.constants import ROOM_TEMPERATURE
from joulestack.errors import CaseError, Problem
from joulestack.fabrication.numbers import Numbers
from joulestack.laws.forms import Form
from joulestack.laws.kinetics import (
    KINETICS,
    ButlerVolmer,
    ExchangeCurrent,
    Kinetics,
    VolumetricChargeTransfer,
    thermal_voltage,
)
from joulestack.laws.particles import Particles, specific_area
from joulestack.laws.state import ROOM, State
from joulestack.materials import library
from joulestack.materials.library import Material
from joulestack.materials.nudges import kept
from joulestack.materials.property import Property
from joulestack.materials.reader import Reader

_SHARED = frozenset(f.name for f in fields(Kinetics))
_EXAMPLES = {"reorganisation_energy": '"20 kJ/mol"', "transfer_coefficient": "0.5"}
"""Parameters that one law alone has, as a case would set them."""


@dataclass(frozen=True)
class KineticsRecipe:
    """Charge transfer on a surface, as far as a case says; None: the default.

    Attributes:
        law: a name in `laws.kinetics.KINETICS`.
        exchange_current_density: i0 at 298.15 K, on particles at x = 1/2 [A/m2]; or on these a law
            of x and T.
        charge_transfer_resistance: instead of i0 = R T/(F R_ct) [Ohm m2].
        activation_energy: of i0 [J/mol].
        transfer_coefficient: [-].
        film_resistance: of a layer on the surface [Ohm m2].
        reorganisation_energy: [J/mol]; for "marcus".
    """

    law: str = ButlerVolmer.law
    exchange_current_density: float | Form | None = None
    charge_transfer_resistance: float | None = None
    activation_energy: float | None = None
    transfer_coefficient: float | None = None
    film_resistance: float = 0.0
    reorganisation_energy: float | None = None


@kept
def default(name: str) -> Property:
    """The placeholder of the library used on active material where a case gives none."""
    found = Reader("composites").property(name, _defaults()[name], "defaults")
    assert found is not None  # the library is tested
    return found


def _defaults() -> Mapping[str, Mapping[str, object]]:
    tables: Mapping[str, Mapping[str, object]] = library.pairs("_composites")["defaults"]
    return tables


def on_particles(
    given: KineticsRecipe,
    resistance: float | None,
    known: Mapping[str, Property],
    numbers: Numbers,
    where: str,
) -> Kinetics | None:
    """Law of one population; None where there are problems.

    Args:
        given: what the case says.
        resistance: charge_transfer_resistance on the particles [Ohm m2], where `given` has none.
        known: numbers of this pair of materials; what is missing there are placeholders.
        numbers: takes numbers of the library that went in, and what contradicts itself.
        where: path of `given` in the case, with a dot.
    """
    R = given.charge_transfer_resistance
    R = resistance if R is None else R
    problems = tuple(_problems(given, R, where))
    numbers.problems += problems
    if problems:
        return None

    def number(own: float | None, name: str) -> float:
        law = None if own is not None else known.get(name) or default(name)
        return numbers.take(own, law, ROOM, "", "")

    i0 = given.exchange_current_density
    if i0 is None:
        volt = thermal_voltage(ROOM_TEMPERATURE)
        i0 = volt / number(R, "charge_transfer_resistance")
    if isinstance(i0, Form) and "T" in i0.variables:
        energy = 0.0
    else:
        energy = number(given.activation_energy, "charge_transfer_activation_energy")
    return KINETICS[given.law](
        exchange_current_density=ExchangeCurrent.of(i0) if isinstance(i0, Form) else float(i0),
        activation_energy=energy,
        film_resistance=float(given.film_resistance),
        **{name: number(getattr(given, name), name) for name in _own(given.law)},
    )


def on_metal(given: KineticsRecipe, contact_area: float) -> Kinetics:
    """Law of a metal electrode, per area of the whole face.

    Where a share f of the face is in contact, i0 becomes f i0 and the interphase R/f: the current
    crowds into that share, and both see f times less area.

    Args:
        given: as the case has it, per area in contact.
        contact_area: f.

    Raises:
        CaseError: something is missing or contradicts itself; problems name the key.
    """
    if given.exchange_current_density is None and given.charge_transfer_resistance is None:
        raise CaseError(
            Problem(
                "exchange_current_density",
                "is missing, and no number for a metal on a solid electrolyte is in the library",
                'exchange_current_density = "1 mA/cm^2", or charge_transfer_resistance',
            )
        )
    energy, alpha = given.activation_energy, given.transfer_coefficient
    if given.law == ButlerVolmer.law and alpha is None:
        alpha = ButlerVolmer.transfer_coefficient
    given = replace(given, activation_energy=energy or 0.0, transfer_coefficient=alpha)
    numbers = Numbers()
    law = on_particles(given, None, {}, numbers, "")
    if law is None:
        raise CaseError(numbers.problems)
    return replace(
        law,
        exchange_current_density=law.exchange_current_density * contact_area,
        film_resistance=law.film_resistance / contact_area,
        contact_area=float(contact_area),
    )


def linear(
    active: Material,
    *,
    area: float,
    resistance: float | None,
    voltage: float | None,
    x: float | None,
    entropic: float | None,
    known: Mapping[str, Property],
    numbers: Numbers,
    key: str,
) -> VolumetricChargeTransfer | None:
    """Linear charge transfer at a constant voltage; None where there are problems.

    Args:
        active: the active material.
        area: active area per electrode volume [1/m].
        resistance: on that area [Ohm m2]; None: that of `known`, else the placeholder.
        voltage: U against Li/Li+ [V].
        x: stoichiometry, for the library's dU/dT; None: no number, counted as zero.
        entropic: dU/dT instead of the library's [V/K].
        known: numbers of this pair of materials.
        numbers: takes what went in and what is missing.
        key: path of the material in the case, with a dot.
    """
    state = State(T=ROOM_TEMPERATURE, x=x)
    name = "charge_transfer_resistance"
    given = resistance, known.get(name) or default(name)
    R = numbers.take(*given, state, f"{key}charge_transfer_resistance", "")
    remedy = 'set state_of_charge = "80 %" for U(x), or a constant open_circuit_voltage = "3.8 V"'
    U = numbers.take(voltage, None, state, f"{key}open_circuit_voltage", remedy)
    law = active.properties.get("entropic_coefficient") if x is not None else None
    if entropic is None and law is not None:
        entropic = numbers.take(None, law, state, "", "")
    elif entropic is None and voltage is not None:
        numbers.remarks.append(
            f"{active.name}: the reversible heat counts as zero at a constant "
            "open_circuit_voltage. Set overrides.entropic_coefficient, or state_of_charge "
            "for U(x) and dU/dT(x)"
        )
    if numbers.problems:
        return None
    return VolumetricChargeTransfer(area, R, U, 0.0 if entropic is None else entropic)


def linearised(populations: Sequence[Particles]) -> VolumetricChargeTransfer:
    """Linear charge transfer at the start, x-dependence of i0 left out: for estimates."""
    areas, conductances, voltages, slopes = [], [], [], []
    for p in populations:
        state = State(T=ROOM_TEMPERATURE, x=p.start)
        law = p.kinetics
        area = float(specific_area(p.fraction, p.radius, p.contact_fraction))
        areas.append(area)
        volt = thermal_voltage(ROOM_TEMPERATURE)
        i0 = law.exchange_current_density
        if isinstance(i0, ExchangeCurrent):
            i0 = float(i0(ROOM_TEMPERATURE, p.start))
        conductances.append(area / (volt / i0 + law.film_resistance))
        voltages.append(float(p.open_circuit_voltage(state)))
        slope = p.entropic_coefficient
        slopes.append(0.0 if slope is None else float(slope(state)))
    whole = sum(conductances)
    shares = [c / whole for c in conductances]
    return VolumetricChargeTransfer(
        sum(areas),
        sum(areas) / whole,
        sum(w * u for w, u in zip(shares, voltages, strict=True)),
        sum(w * s for w, s in zip(shares, slopes, strict=True)),
    )


def _own(law: str) -> list[str]:
    """Parameters that a law has beyond those of all."""
    return [f.name for f in fields(KINETICS[law]) if f.name not in _SHARED]


def _problems(given: KineticsRecipe, resistance: float | None, where: str) -> Iterator[Problem]:
    own = _own(given.law) if given.law in KINETICS else []
    if given.law not in KINETICS:
        yield Problem(f"{where}law", f'"{given.law}" is unknown', ", ".join(KINETICS))
    if given.exchange_current_density is not None and resistance is not None:
        yield Problem(
            f"{where}exchange_current_density",
            "charge_transfer_resistance says it already: i0 = R T/(F R_ct)",
            "keep one",
        )
    law = given.exchange_current_density
    if isinstance(law, Form):
        if given.activation_energy is not None and "T" in law.variables:
            what = "has no effect: the law of exchange_current_density says how it follows T"
            yield Problem(f"{where}activation_energy", what, "leave it out")
        try:
            ExchangeCurrent.of(law)
        except (ValueError, KeyError, TypeError) as error:
            yield Problem(f"{where}exchange_current_density", str(error), "see docs/materials.md")
    for name in own:
        if getattr(given, name) is None and name not in _defaults():
            yield Problem(
                f"{where}{name}",
                "is missing and not in the library",
                f'law = "{given.law}" needs it: {name} = {_EXAMPLES[name]}',
            )
    for name in _EXAMPLES:
        if getattr(given, name) is not None and name not in own:
            fitting = next(law for law in KINETICS if name in _own(law))
            yield Problem(
                f"{where}{name}",
                f'has no effect on law = "{given.law}"',
                f'leave it out, or choose law = "{fitting}"',
            )
