"""Numbers of the library moved a little, wherever they enter: for derivatives with respect to them.

Every number of a material goes through `Reader.property`. While a nudge is on, the one that it
names comes out moved, and with it all that a case makes of it: densities of layers, capacities,
currents given as C-rates, contacts, fixtures.
"""

from __future__ import annotations

import dataclasses
import functools
import inspect
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

from joulestack.errors import CaseError, Problem
from joulestack.laws.composition import Decades, Logarithm, LogarithmicTable, Sum
from joulestack.laws.conductivity import PressedIonic
from joulestack.laws.forms import (
    Arrhenius,
    Form,
    LinearInTemperature,
    Polynomial,
    PowerOfTemperature,
    Table,
    Value,
)
from joulestack.laws.scaling import Power
from joulestack.materials.property import NOT_STATED, Property
from joulestack.materials.uncertainty import Key, key_of

LINEAR = (
    Arrhenius, Decades, LinearInTemperature, Logarithm, LogarithmicTable, Polynomial,
    PowerOfTemperature, PressedIonic, Sum, Table, Value,
)  # fmt: skip
"""Forms whose values go as all their fields of the unit of the value together, and that are asked
for these by name too."""

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
        # Of a power law by far the most is in the exponent.
        power = isinstance(form, Power) and form.shifted("absolute", form.exponent, z)
        return power or scaled(form, 1 + z)
    if asked.kind == "absolute":
        return raised(form, z * asked.size)
    return scaled(form, asked.size**z if asked.kind == "factor" else 1 + z * asked.size)


def scaled(form: Form, factor: float) -> Form:
    """A law times a factor: of the same kind where that is linear in its numbers."""
    if not isinstance(form, LINEAR):
        return _wrapped(form, factor, 0.0)
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
    return _wrapped(form, 1.0, amount)


def _times(value: Any, factor: float) -> Any:
    return tuple(v * factor for v in value) if isinstance(value, tuple) else value * factor


def _wrapped(law: Form, factor: float, amount: float) -> Form:
    """factor f + amount, of a law f that cannot be moved by its own numbers.

    It is of the law's own class, for whoever asks; factor and amount are numbers of it as any
    other, so that they are not compiled in.

    Raises:
        CaseError: more than its value is asked of the law.
    """
    cls = type(law)
    if more := _asked(cls):
        what = f"its law is asked for {more[0]}() beside its value"
        raise CaseError(Problem("", what, "vary a number of the law itself"))
    known = {f.name: getattr(law, f.name) for f in dataclasses.fields(law) if f.init}
    moved: Form = _class(cls)(**known, nudge_factor=factor, nudge_amount=amount)
    return moved


_classes: dict[type[Form], Any] = {}


def _class(cls: type[Form]) -> Any:
    """A class of that kind whose laws have a factor and an amount; always the same one."""
    if cls not in _classes:
        _classes[cls] = _made(cls)
    return _classes[cls]


def _made(cls: type[Form]) -> Any:
    def call(self: Any, *args: Any, **variables: Any) -> Any:
        return self.nudge_factor * cls.__call__(self, *args, **variables) + self.nudge_amount

    extra = [
        (name, float, dataclasses.field(default=value, kw_only=True))
        for name, value in (("nudge_factor", 1.0), ("nudge_amount", 0.0))
    ]
    return dataclasses.make_dataclass(
        cls.__name__, extra, bases=(cls,), namespace={"__call__": call}, frozen=True
    )


def _asked(cls: type[Form]) -> list[str]:
    """What a law answers beside its value."""
    return [
        name
        for kind in cls.__mro__[: cls.__mro__.index(Form)]
        for name, member in vars(kind).items()
        if inspect.isfunction(member) and not name.startswith("_") and not hasattr(Form, name)
    ]


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


__all__ = ["Nudge", "kept", "moved", "nudged", "on", "raised", "scaled", "smallest"]
