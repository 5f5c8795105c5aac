"""Particles of a composite electrode from its recipe and the library, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from joulestack.constants import ROOM_TEMPERATURE
from joulestack.errors import Problem
from joulestack.fabrication.composite import composition
from joulestack.fabrication.composite.charge_transfer import THERMAL_VOLTAGE, kinetics_law
from joulestack.fabrication.specification import ActivePart, Composite, Kinetics
from joulestack.laws.medium import ChargeTransfer
from joulestack.laws.state import State
from joulestack.materials import blend
from joulestack.materials.extension import levelled, voltage
from joulestack.materials.library import Material
from joulestack.materials.overrides import Overrides
from joulestack.materials.particles import Particles
from joulestack.materials.property import Property, user_property
from joulestack.materials.quantities import QUANTITIES

_ROOM = State(T=ROOM_TEMPERATURE)


@dataclass
class Populations:
    """Collects the populations of one recipe.

    Attributes:
        spec: the recipe.
        key: path of the material in the case, with a dot.
        problems: what is missing or impossible.
        used: library numbers that went in, apart from the laws of the particles.
        remarks: what a user should know.
    """

    spec: Composite
    key: str

    def __post_init__(self) -> None:
        """Start without problems."""
        self.problems: list[Problem] = []
        self.used: list[Property] = []
        self.remarks: list[str] = []

    def build(
        self,
        materials: Sequence[Material],
        fractions: Sequence[float],
        overrides: Overrides,
    ) -> tuple[Particles, ...] | None:
        """Populations at their start, None where something is missing.

        Args:
            materials: of each part of the recipe.
            fractions: volume fraction of each part in the electrode.
            overrides: of the composite; the entropic coefficient is taken.
        """
        entropic = overrides.take("entropic_coefficient")
        made = []
        blended = not isinstance(self.spec.active, str)
        for i, part in enumerate(self.spec.parts):
            where = f"{self.key}active[{i}]." if blended else self.key
            found = self._one(part, materials[i], fractions[i], entropic, where)
            if found is not None:
                made.append(found)
        if self.problems:
            return None
        pressed = self.spec.contact_under_pressure
        if pressed is not None:
            self.remarks.append(
                f"contact_under_pressure (assumption): {pressed.least:.3g} of contact_fraction "
                f"without pressure, half of the rest at {pressed.half / 1e6:.3g} MPa"
            )
        return self._started(made)

    def _started(self, made: Sequence[Particles]) -> tuple[Particles, ...] | None:
        x, charge = self.spec.stoichiometry, self.spec.state_of_charge
        several = len({p.name for p in made}) > 1
        if x is not None and charge is not None:
            self._complain("state_of_charge", "stoichiometry says it already", "keep one")
        elif x is not None and several:
            self._complain(
                "stoichiometry",
                "does not say x of each material of a blend",
                "give state_of_charge: the materials then share one voltage",
            )
        elif x is not None:
            return tuple(replace(p, start=x) for p in made)
        elif charge is not None:
            return blend.started(made, charge)
        else:
            self._complain(
                "state_of_charge",
                "is missing: nothing says how much lithium the particles hold",
                'set state_of_charge = "100 %", or stoichiometry',
            )
        return None

    def _complain(self, name: str, what: str, remedy: str) -> None:
        self.problems.append(Problem(f"{self.key}{name}", what, remedy))

    def _one(
        self,
        part: ActivePart,
        material: Material,
        fraction: float,
        entropic: float | None,
        where: str,
    ) -> Particles | None:
        before = len(self.problems)
        own, spec = material.properties, self.spec
        radius = self._number(part, "particle_radius", own, where, '"2.5 um"')
        c_max = self._number(part, "maximum_concentration", own, where, '"50000 mol/m^3"')
        window = self._window(part, own, where)
        law = kinetics_law(
            part.kinetics or spec.kinetics or Kinetics(), spec.charge_transfer_resistance, where
        )
        self.problems += law.problems
        self.used += [p for p in law.used if p not in self.used]
        D = own.get("diffusivity")
        given = part.diffusivity if part.diffusivity is not None else spec.diffusivity
        if given is not None:
            D = user_property("diffusivity", "m^2/s", given, material.name)
        if D is None:
            self._absent(where, "diffusivity", '"1e-14 m^2/s"')
        U = own.get("open_circuit_voltage")
        if U is None:
            self.problems.append(
                Problem(
                    f"{where}open_circuit_voltage",
                    f"the library holds no U(x) of {material.name}",
                    "add [open_circuit_voltage] to a material file of your own, or set a constant "
                    'one, open_circuit_voltage = "3.8 V", without kinetics and state_of_charge',
                )
            )
        slope = own.get("entropic_coefficient")
        if entropic is not None:
            slope = user_property("entropic_coefficient", "V/K", entropic, material.name)
        if slope is None:
            self.remarks.append(
                f"{material.name}: no number for dU/dT; its reversible heat counts as zero. Set "
                "overrides.entropic_coefficient"
            )
        if len(self.problems) > before:
            return None
        assert U is not None  # or there would be problems
        assert D is not None
        assert window is not None
        assert law.law is not None
        return Particles(
            material.name,
            fraction,
            radius,
            float(spec.contact_fraction),
            c_max,
            voltage(U),
            None if slope is None else levelled(slope),
            levelled(D),
            window[0],
            window,
            law.law,
            spec.contact_under_pressure,
        )

    def _number(
        self,
        part: ActivePart,
        name: str,
        own: Mapping[str, Property],
        where: str,
        example: str,
    ) -> float:
        """Of the part, else of the recipe, else of the library."""
        for holder in (part, self.spec):
            given = getattr(holder, name)
            if given is not None:
                return float(given)
        if name not in own:
            self._absent(where, name, example)
            return 0.0
        self.used.append(own[name])
        return float(own[name](_ROOM))

    def _absent(self, where: str, name: str, example: str) -> None:
        self.problems.append(
            Problem(
                f"{where}{name}",
                f"is missing and not in the library ({QUANTITIES[name].doc})",
                f"set {name} = {example}",
            )
        )

    def _window(
        self, part: ActivePart, own: Mapping[str, Property], where: str
    ) -> tuple[float, float] | None:
        window = part.window or self.spec.window
        names = ("charged_stoichiometry", "discharged_stoichiometry")
        if window is None:
            if any(n not in own for n in names):
                self.problems.append(
                    Problem(
                        f"{where}window",
                        "is missing and not in the library",
                        "set window = [0.3, 0.9]: x of the charged and the discharged electrode",
                    )
                )
                return None
            self.used += [own[n] for n in names]
            window = (float(own[names[0]](_ROOM)), float(own[names[1]](_ROOM)))
        if not (0 <= min(window) < max(window) <= 1):
            self.problems.append(
                Problem(
                    f"{where}window",
                    f"{window[0]:g} to {window[1]:g} is impossible",
                    "x of the charged, then of the discharged electrode, both between 0 and 1",
                )
            )
            return None
        return window


def linearised(populations: Sequence[Particles]) -> ChargeTransfer:
    """Linear charge transfer at the start, x-dependence of i0 left out: for estimates."""
    areas, conductances, voltages, slopes = [], [], [], []
    for p in populations:
        state = State(T=ROOM_TEMPERATURE, x=p.start)
        law = p.kinetics
        area = float(composition.specific_area(p.fraction, p.radius, p.contact_fraction))
        areas.append(area)
        resistance = THERMAL_VOLTAGE / law.exchange_current_density + law.film_resistance
        conductances.append(area / resistance)
        voltages.append(float(p.open_circuit_voltage(state)))
        slope = p.entropic_coefficient
        slopes.append(0.0 if slope is None else float(slope(state)))
    whole = sum(conductances)
    shares = [c / whole for c in conductances]
    return ChargeTransfer(
        sum(areas),
        sum(areas) / whole,
        sum(w * u for w, u in zip(shares, voltages, strict=True)),
        sum(w * s for w, s in zip(shares, slopes, strict=True)),
    )
