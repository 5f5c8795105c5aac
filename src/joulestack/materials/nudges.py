"""Numbers of the library moved a little, wherever they enter: for derivatives with respect to them.

Every number of a material goes through `Reader.property`. While a nudge is on, the one that it
names comes out moved, and with it all that a case makes of it: densities of layers, capacities,
currents given as C-rates, contacts, fixtures.
"""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

from joulestack.laws.composition import Decades, Logarithm, LogarithmicTable, Sum
from joulestack.laws.forms import (
    Arrhenius,
    Form,
    LinearInTemperature,
    Polynomial,
    PowerOfTemperature,
    Table,
    Value,
)
from joulestack.materials.property import NOT_STATED, Property
from joulestack.materials.uncertainty import Key, key_of

LINEAR = (
    Arrhenius, Decades, LinearInTemperature, Logarithm, LogarithmicTable, Polynomial,
    PowerOfTemperature, Sum, Table, Value,
)  # fmt: skip
"""Forms whose values go as all their fields of the unit of the value together."""

T = TypeVar("T")


@dataclass(frozen=True)
class Nudge:
    """A number and how far it is moved.

    Attributes:
        key: which.
        z: in standard deviations; where none is stated, in parts of the value.
    """

    key: Key
    z: float


_on: ContextVar[Nudge | None] = ContextVar("nudge", default=None)


@contextmanager
def nudged(nudge: Nudge) -> Iterator[None]:
    """What is read of the library meanwhile has one number moved."""
    token = _on.set(nudge)
    try:
        yield
    finally:
        _on.reset(token)


def on() -> bool:
    """Whether a number is moved now: what was kept before does not hold."""
    return _on.get() is not None


def kept(function: Callable[..., T]) -> Callable[..., T]:
    """As `functools.cache`, of what holds numbers of the library; nothing is kept of a nudge."""
    cached = functools.cache(function)

    @functools.wraps(function)
    def call(*args: Any) -> T:
        return function(*args) if on() else cached(*args)

    return call


def moved(used: Property) -> Property:
    """A property as the present nudge, if any, has it."""
    nudge = _on.get()
    if nudge is None or nudge.key != key_of(used):
        return used
    return dataclasses.replace(used, form=_moved(used, nudge.z))


def _moved(used: Property, z: float) -> Form:
    form, asked = used.form, used.uncertainty
    own = form.shifted(asked.kind, asked.size, z)
    if own is not None:
        return own
    if asked.kind == NOT_STATED:
        return scaled(form, 1 + z)
    if asked.kind == "absolute":
        return raised(form, z * asked.size)
    return scaled(form, asked.size**z if asked.kind == "factor" else 1 + z * asked.size)


def scaled(form: Form, factor: float) -> Form:
    """A law times a factor: of the same kind where that is linear in its numbers."""
    if not isinstance(form, LINEAR):
        return Moved(form, factor, 0.0)
    changes: dict[str, Any] = {}
    for field in dataclasses.fields(form):
        if field.metadata.get("unit") == "value":
            changes[field.name] = _times(getattr(form, field.name), factor)
    if isinstance(form, Table | LogarithmicTable):
        changes["slopes"] = None  # made anew
    return dataclasses.replace(form, **changes)


def raised(form: Form, amount: float) -> Form:
    """A law plus an amount."""
    if isinstance(form, Value | Logarithm):
        return dataclasses.replace(form, value=form.value + amount)
    if isinstance(form, Polynomial | Sum) and form.coefficients:
        first, *others = form.coefficients
        return dataclasses.replace(form, coefficients=(first + amount, *others))
    if isinstance(form, Table):
        return dataclasses.replace(form, values=tuple(v + amount for v in form.values))
    return Moved(form, 1.0, amount)


def _times(value: Any, factor: float) -> Any:
    return tuple(v * factor for v in value) if isinstance(value, tuple) else value * factor


@dataclass(frozen=True)
class Moved(Form):
    """factor f + amount, of a law f that cannot be moved by its own numbers."""

    law: Form
    factor: float
    amount: float

    @property
    def variables(self) -> tuple[str, ...]:
        """Those of the law."""
        return self.law.variables

    def __getattr__(self, name: str) -> Any:
        """Numbers of the law that are asked for by name."""
        if name.startswith("__") or name == "law":
            raise AttributeError(name)
        return getattr(self.law, name)

    def __call__(self, **variables: Any) -> Any:
        """Evaluate."""
        return self.factor * self.law(**variables) + self.amount


def smallest(used: Property, relative: float) -> float:
    """Standard deviations (parts of the value) that move a number by about so large a part of it.

    Of an absolute uncertainty, whose part is not known before the law is asked, that part of it.
    """
    asked = used.uncertainty
    if asked.kind == "factor":
        return relative / abs(math.log(asked.size))
    if asked.kind == "relative":
        return relative / asked.size
    return relative


__all__ = ["Moved", "Nudge", "kept", "moved", "nudged", "on", "raised", "scaled", "smallest"]
