"""How accurate a run is asked to be, and the error that matters in each kind of unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field, fields


@dataclass(frozen=True)
class Tolerance:
    """The error that matters in an unknown; declared with it, once.

    A time step of an unknown with a rate may err by the tolerance, and Newton's method may leave
    `Tolerances.newton` of it.

    Attributes:
        name: what it is set by: `Tolerances(temperature=...)`, `[time] temperature_tolerance` in a
            case file; of physics from outside the package `Tolerances(own={name: ...})`.
        unit: of the unknown.
        default: [unit].
        relative: a time step may also err by `Tolerances.relative` of the unknown's size.
        newton_only: Newton's method may leave all of it, as there is no error of a time step.
        of_largest: part of the largest magnitude of the unknown that matters as little as
            `default` [-]; for local unknowns whose size is not known beforehand.
    """

    name: str
    unit: str
    default: float
    _: KW_ONLY
    relative: bool = False
    newton_only: bool = False
    of_largest: float = 0.0


RELATIVE = 1e-4
"""Error of a step relative to the size of what declares it [-]."""
TEMPERATURE = Tolerance("temperature", "K", 1e-5, relative=True)
POTENTIAL = Tolerance("potential", "V", 1e-7, newton_only=True)
LITHIATION = Tolerance("lithiation", "-", 1e-4)
REACTANT = Tolerance("reactant", "-", 1e-4)
CAPACITOR = Tolerance("capacitor", "V", 3e-4)
CURRENT_DENSITY = Tolerance("current_density", "A/m^2", 1e-6, of_largest=1e-3)


@dataclass(frozen=True)
class Tolerances:
    """Accuracy asked for; by default that of a case whose `accuracy` is "normal".

    Attributes:
        temperature: absolute error of a step in temperature [K].
        relative: error of a step relative to the size of what declares it, the temperature rise
            for one [-].
        lithiation: absolute error of a step in the lithiation of particles [-].
        reactant: absolute error of a step in what is left of the reactant of a reaction [-].
        capacitor: absolute error of a step in the voltage of a blocking contact [V].
        newton: part of the step error that Newton may leave.
        potential: error that Newton may leave in a potential [V].
        own: by name, those that physics from outside the package declare [their unit].
    """

    temperature: float = TEMPERATURE.default
    relative: float = RELATIVE
    _: KW_ONLY
    lithiation: float = LITHIATION.default
    reactant: float = REACTANT.default
    capacitor: float = CAPACITOR.default
    newton: float = 1e-2
    potential: float = POTENTIAL.default
    own: Mapping[str, float] = field(default_factory=dict)

    def of(self, tolerance: Tolerance) -> float:
        """What is asked of an unknown [its unit]."""
        if tolerance.name in self.own:
            return self.own[tolerance.name]
        named = tolerance.name in {f.name for f in fields(self)}
        return float(getattr(self, tolerance.name)) if named else tolerance.default

    def step(self, tolerance: Tolerance) -> tuple[float, float]:
        """Absolute [unit] and relative [-] error that a time step may make."""
        return self.of(tolerance), self.relative if tolerance.relative else 0.0

    def left(self, tolerance: Tolerance) -> float:
        """Error that Newton's method may leave [unit]."""
        return self.of(tolerance) * (1.0 if tolerance.newton_only else self.newton)
