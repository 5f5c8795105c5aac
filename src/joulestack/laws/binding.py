"""Turn every number of a nested property law into something else, once, for all laws.

The solver passes `fem.Constant`: then no kernel depends on a material's numbers, and a sweep over
a parameter compiles nothing new.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

T = TypeVar("T")
Wrap = Callable[[float], Any]
"""What every number of a law goes through."""

FIXED: dict[str, bool] = {"bind": False}
"""Metadata of dataclass fields that are not parameters (ranges, uncertainties)."""


def bound(thing: T, wrap: Wrap) -> T:
    """Copy of a dataclass, mapping or sequence whose floats have gone through `wrap`.

    Integers, texts and fields marked with `FIXED` stay: exponents that are part of a law's
    structure are integers.
    """
    return _bound(thing, wrap)


def _bound(thing: Any, wrap: Wrap) -> Any:
    if isinstance(thing, float):
        return wrap(thing)
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        changes = {
            f.name: _bound(getattr(thing, f.name), wrap)
            for f in dataclasses.fields(thing)
            if f.metadata.get("bind", True) and f.init
        }
        return dataclasses.replace(thing, **changes)
    if isinstance(thing, Mapping):
        return {key: _bound(value, wrap) for key, value in thing.items()}
    if isinstance(thing, (tuple, list)):
        return tuple(_bound(value, wrap) for value in thing)
    return thing
