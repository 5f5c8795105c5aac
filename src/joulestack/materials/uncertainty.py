"""Standard deviations of effective properties, from those of the numbers behind them.

One mechanism for both ways: every uncertain number of a medium is shifted by z of its standard
deviations, z an array, and the medium's own laws do the rest. One number at a time by one standard
deviation is first-order propagation through the laws; all at once at random is sampling. Numbers
whose sources state no uncertainty count as exact: a spread is a lower bound then, and says so.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from joulestack import xmath
from joulestack.laws.forms import Form
from joulestack.laws.state import State
from joulestack.materials.property import NOT_STATED, Property, Uncertainty
from joulestack.materials.quantities import QUANTITIES

Key = tuple[str, str, str]
"""Material, property and source: what is one number wherever it is used."""

SAMPLES = 2000
"""Draws of `sampled`; the spread of a quantile is then a few percent of the standard deviation."""


def key_of(used: Property) -> Key:
    """Identity of a number."""
    return used.material, used.name, used.source


@dataclass(frozen=True)
class Shifted(Form):
    """A law whose values are shifted by z standard deviations and kept possible.

    Attributes:
        form: the law.
        uncertainty: of its values.
        z: in standard deviations.
        low, high: values outside are impossible.
        ranges: variable -> ends of the data; beyond them a law may know that it is less certain.
    """

    form: Form
    uncertainty: Uncertainty
    z: Any
    low: float
    high: float
    ranges: Mapping[str, tuple[float, float]]

    @property
    def variables(self) -> tuple[str, ...]:
        """Those of the law."""
        return self.form.variables

    def __getattr__(self, name: str) -> Any:
        """Numbers of the law that are asked for by name."""
        if name.startswith("__") or name == "form":
            raise AttributeError(name)
        return getattr(self.form, name)

    def __call__(self, **variables: Any) -> Any:
        """Evaluate."""
        value = self.form(**variables)
        doubt = self.form.doubt(self.ranges, **variables)
        if self.uncertainty.kind == "factor":
            return value * np.exp(self.z * np.hypot(np.log(self.uncertainty.size), doubt))
        moved = value + self.z * np.hypot(self.uncertainty.of(value), doubt * value)
        return xmath.clip(moved, self.low, self.high)


def shifted(used: Property, z: Any) -> Property:
    """A property with its number shifted by z standard deviations."""
    asked, quantity = used.uncertainty, QUANTITIES[used.name]
    form = used.form.shifted(asked.kind, asked.size, z)
    if form is None:
        form = Shifted(used.form, asked, z, quantity.low, quantity.high, used.ranges)
    return dataclasses.replace(used, form=form)


def with_shifts(thing: Any, shifts: Mapping[Key, Any]) -> Any:
    """Copy of a medium whose numbers are shifted: key -> z."""
    if isinstance(thing, Property):
        z = shifts.get(key_of(thing))
        return thing if z is None else shifted(thing, z)
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        changes = {
            f.name: with_shifts(getattr(thing, f.name), shifts)
            for f in dataclasses.fields(thing)
            if f.init
        }
        return dataclasses.replace(thing, **changes)
    if isinstance(thing, Mapping):
        return {key: with_shifts(value, shifts) for key, value in thing.items()}
    if isinstance(thing, tuple):
        return tuple(with_shifts(value, shifts) for value in thing)
    return thing


def uncertain(medium: Any, state: State) -> tuple[list[Property], list[Property]]:
    """Numbers of a medium with a stated uncertainty, and those without."""
    stated: dict[Key, Property] = {}
    silent: dict[Key, Property] = {}
    for used, _ in medium.uses(state):
        into = silent if used.uncertainty.kind == NOT_STATED else stated
        into.setdefault(key_of(used), used)
    return list(stated.values()), [u for k, u in silent.items() if k not in stated]


@dataclass(frozen=True)
class Spread:
    """What first-order propagation says of one effective property.

    Attributes:
        value: [SI].
        deviation: one standard deviation; None where no source behind it states one.
        shares: number -> its part of the variance, largest first.
    """

    value: float
    deviation: float | None
    shares: Mapping[str, float]


Evaluate = Callable[[Any], Mapping[str, Any]]


def first_order(medium: Any, state: State, evaluate: Evaluate) -> dict[str, Spread]:
    """Propagate each number's standard deviation through the laws of a medium.

    Args:
        medium: fabricated.
        state: of floats.
        evaluate: effective properties of a medium by name.
    """
    numbers, _ = uncertain(medium, state)
    count = len(numbers)
    steps = np.vstack([np.zeros(count), np.eye(count)]).T if count else np.zeros((0, 1))
    moved = with_shifts(medium, {key_of(u): z for u, z in zip(numbers, steps, strict=True)})
    found = {}
    for name, values in evaluate(moved).items():
        y = np.broadcast_to(np.asarray(values, dtype=float), (count + 1,))
        change = (y[1:] - y[0]) ** 2
        total = float(change.sum())
        labels = [f"{u.material}: {u.name}" if u.material else u.name for u in numbers]
        order = [int(i) for i in np.argsort(-change) if change[i] > 0]
        shares = {labels[i]: float(change[i] / total) for i in order}
        found[name] = Spread(float(y[0]), float(np.sqrt(total)) if shares else None, shares)
    return found


def sampled(
    medium: Any, state: State, evaluate: Evaluate, samples: int = SAMPLES, seed: int = 0
) -> dict[str, tuple[float, float, float]]:
    """Quantiles 16, 50 and 84 % of effective properties over random draws of every number.

    Args:
        medium: fabricated.
        state: of floats.
        evaluate: effective properties of a medium by name.
        samples: how many draws.
        seed: of the draws.
    """
    numbers, _ = uncertain(medium, state)
    draws = np.random.default_rng(seed).standard_normal((len(numbers), samples))
    moved = with_shifts(medium, {key_of(u): z for u, z in zip(numbers, draws, strict=True)})
    found = {}
    for name, values in evaluate(moved).items():
        y = np.broadcast_to(np.asarray(values, dtype=float), (samples,))
        low, middle, high = np.quantile(y, [0.16, 0.5, 0.84])
        found[name] = float(low), float(middle), float(high)
    return found
