"""Particles of a composite electrode from its recipe and the library, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from joulestack.fabrication.charge_transfer import KineticsRecipe, on_particles
from joulestack.fabrication.composite.losses import Losses
from joulestack.fabrication.numbers import Numbers
from joulestack.fabrication.specification import ActivePart, Composite
from joulestack.fabrication.surfaces import diffusivity_of, kinetics_of
from joulestack.laws.forms import Form
from joulestack.laws.particles import Particles
from joulestack.laws.state import ROOM
from joulestack.materials import blend
from joulestack.materials.extension import levelled, voltage
from joulestack.materials.library import Material
from joulestack.materials.property import Property, user_property
from joulestack.materials.quantities import QUANTITIES


def populations(
    spec: Composite,
    materials: Sequence[Material],
    fractions: Sequence[float],
    lost: Losses,
    entropic: float | None,
    electrolyte: str,
    numbers: Numbers,
    key: str,
) -> tuple[Particles, ...] | None:
    """Populations at their start, None where something is missing.

    Args:
        spec: the recipe.
        materials: of each part of the recipe.
        fractions: volume fraction of each part in the electrode.
        lost: what is lost of their surface and diffusion.
        entropic: dU/dT instead of the library's [V/K].
        electrolyte: library name of what the particles lie in.
        numbers: takes numbers of the library that went in, apart from the laws of the particles,
            and what is missing or impossible.
        key: path of the material in the case, with a dot.
    """
    made = []
    blended = not isinstance(spec.active, str)
    for i, part in enumerate(spec.parts):
        where = f"{key}active[{i}]." if blended else key
        one = _Population(spec, part, materials[i].properties, electrolyte, numbers, where)
        found = one.made(materials[i].name, fractions[i], lost, entropic)
        if found is not None:
            made.append(found)
    if numbers.problems:
        return None
    pressed = spec.contact_under_pressure
    if pressed is not None:
        numbers.remarks.append(
            f"contact_under_pressure (assumption): {pressed.least:.3g} of contact_fraction "
            f"without pressure, half of the rest at {pressed.half / 1e6:.3g} MPa"
        )
    return _started(spec, made, numbers, key)


def _started(
    spec: Composite, made: Sequence[Particles], numbers: Numbers, key: str
) -> tuple[Particles, ...] | None:
    x, charge = spec.stoichiometry, spec.state_of_charge
    several = len({p.name for p in made}) > 1
    if x is not None and charge is not None:
        numbers.complain(f"{key}state_of_charge", "stoichiometry says it already", "keep one")
    elif x is not None and several:
        numbers.complain(
            f"{key}stoichiometry",
            "does not say x of each material of a blend",
            "give state_of_charge: the materials then share one voltage",
        )
    elif x is not None:
        return tuple(replace(p, start=x) for p in made)
    elif charge is not None:
        return blend.started(made, charge)
    else:
        numbers.complain(
            f"{key}state_of_charge",
            "is missing: nothing says how much lithium the particles hold",
            'set state_of_charge = "100 %", or stoichiometry',
        )
    return None


@dataclass(frozen=True)
class _Population:
    """One part of the recipe: its own numbers, else the recipe's, else those of the library."""

    spec: Composite
    part: ActivePart
    own: Mapping[str, Property]
    electrolyte: str
    numbers: Numbers
    where: str

    def made(
        self, name: str, fraction: float, lost: Losses, entropic: float | None
    ) -> Particles | None:
        """The population, None where something is missing."""
        numbers, own, spec, where = self.numbers, self.own, self.spec, self.where
        before = len(numbers.problems)
        radius = self._number("particle_radius", '"2.5 um"')
        c_max = self._number("maximum_concentration", '"50000 mol/m^3"')
        window = self._window()
        given = self.part.kinetics or spec.kinetics or KineticsRecipe()
        kinetics = on_particles(
            given,
            spec.charge_transfer_resistance,
            self._surface(name, given),
            numbers,
            f"{where}kinetics.",
        )
        D = diffusivity_of(name, self.electrolyte) or own.get("diffusivity")
        own_D = self._given("diffusivity")
        if own_D is not None:
            D = user_property("diffusivity", "m^2/s", own_D, name)
        if D is None:
            self._absent("diffusivity", '"1e-14 m^2/s"')
        U = own.get("open_circuit_voltage")
        if U is None:
            numbers.complain(
                f"{where}open_circuit_voltage",
                f"the library holds no U(x) of {name}",
                "add [open_circuit_voltage] to a material file of your own, or set a constant "
                'one, open_circuit_voltage = "3.8 V", without kinetics and state_of_charge',
            )
        slope = own.get("entropic_coefficient")
        if entropic is not None:
            slope = user_property("entropic_coefficient", "V/K", entropic, name)
        if slope is None:
            numbers.remarks.append(
                f"{name}: no number for dU/dT; its reversible heat counts as zero. Set "
                "overrides.entropic_coefficient"
            )
        if len(numbers.problems) > before:
            return None
        assert U is not None  # or there would be problems
        assert D is not None
        assert window is not None
        assert kinetics is not None
        return Particles(
            name,
            fraction,
            radius,
            float(lost.contact_fraction),
            c_max,
            voltage(U),
            None if slope is None else levelled(slope),
            levelled(D),
            window[0],
            window,
            kinetics,
            spec.contact_under_pressure,
            lost.way,
        )

    def _surface(self, name: str, given: KineticsRecipe) -> Mapping[str, Property]:
        """Numbers of charge transfer between this material and the electrolyte."""
        i0, R = given.exchange_current_density, given.charge_transfer_resistance
        rates = i0, R, self.spec.charge_transfer_resistance
        warmed = given.activation_energy is not None
        warmed |= isinstance(i0, Form) and "T" in i0.variables
        stated = warmed and any(r is not None for r in rates)
        coating = self.part.coating or self.spec.coating
        where = f"{self.where}coating"
        return kinetics_of(name, coating, self.electrolyte, stated, self.numbers, where)

    def _given(self, name: str) -> float | None:
        """Of the part, else of the recipe."""
        own: float | None = getattr(self.part, name)
        of_all: float | None = getattr(self.spec, name)
        return of_all if own is None else own

    def _number(self, name: str, example: str) -> float:
        given, law = self._given(name), self.own.get(name)
        if given is None and law is None:
            self._absent(name, example)
            return 0.0
        return self.numbers.take(given, law, ROOM, "", "")

    def _absent(self, name: str, example: str) -> None:
        self.numbers.complain(
            f"{self.where}{name}",
            f"is missing and not in the library ({QUANTITIES[name].doc})",
            f"set {name} = {example}",
        )

    def _window(self) -> tuple[float, float] | None:
        window = self.part.window or self.spec.window
        where = f"{self.where}window"
        if window is None:
            ends = [self.own.get(f"{n}_stoichiometry") for n in ("charged", "discharged")]
            laws = [law for law in ends if law is not None]
            if len(laws) < 2:
                self.numbers.complain(
                    where,
                    "is missing and not in the library",
                    "set window = [0.3, 0.9]: x of the charged and the discharged electrode",
                )
                return None
            self.numbers.use(*laws)
            window = (float(laws[0](ROOM)), float(laws[1](ROOM)))
        if not (0 <= min(window) < max(window) <= 1):
            self.numbers.complain(
                where,
                f"{window[0]:g} to {window[1]:g} is impossible",
                "x of the charged, then of the discharged electrode, both between 0 and 1",
            )
            return None
        return window
