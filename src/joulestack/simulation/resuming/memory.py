"""What objects remember, as plain data and arrays, and back into objects of the same make.

A class says by `REMEMBERS` which of its attributes make up its state: numbers, texts, arrays,
containers of them, functions of DOLFINx, and objects that remember themselves. All else is made
anew by whoever makes the object. Nothing is pickled: a file may be a stranger's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from joulestack.outputs.steps import StepOutcome
from joulestack.solver.stepping.history import Past

MANY = 16
"""Plain floats of a list from which they are kept as an array."""

_VALUES: dict[str, type] = {"StepOutcome": StepOutcome, "Past": Past}
"""Values that are made anew, from their fields."""
_CONTAINERS: dict[str, type] = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}


class Writer:
    """Turns what is remembered into JSON's types, with arrays apart.

    Attributes:
        arrays: those that what was written refers to, by number.
    """

    def __init__(self) -> None:
        """Nothing is written."""
        self.arrays: list[np.ndarray] = []

    def __call__(self, value: Any) -> Any:
        """Write a value.

        Raises:
            TypeError: of a kind that cannot be written.
        """
        if value is None or isinstance(value, (bool, str)):
            return value
        if isinstance(value, (int, float, np.number, np.bool_)):
            return value.item() if isinstance(value, np.generic) else value
        if isinstance(value, np.ndarray):
            return {"array": self._number(value)}
        if hasattr(value, "x") and hasattr(value.x, "array"):
            return {"function": self._number(value.x.array)}
        if hasattr(value, "REMEMBERS"):
            if hasattr(value, "before_writing"):
                value.before_writing()
            return {"object": {name: self(getattr(value, name)) for name in value.REMEMBERS}}
        return self._inside(value)

    def _inside(self, value: Any) -> Any:
        """Write what has values in it."""
        kind = type(value).__name__
        if kind in _VALUES:
            return {"value": kind, "fields": {k: self(v) for k, v in vars(value).items()}}
        if isinstance(value, Mapping) or kind in _CONTAINERS:
            return self._items(value, kind)
        raise TypeError(f"a {kind} cannot be remembered")

    def _items(self, value: Any, kind: str) -> Any:
        """Write what a container holds."""
        if isinstance(value, Mapping):
            return {"dict": [[self(k), self(v)] for k, v in value.items()]}
        found = sorted(value) if kind in ("set", "frozenset") else value
        if kind == "list" and len(found) > MANY and all(type(v) is float for v in found):
            return {"floats": self._number(np.array(found))}
        return {kind: [self(v) for v in found]}

    def _number(self, array: np.ndarray) -> int:
        self.arrays.append(np.array(array))
        return len(self.arrays) - 1


class Reader:
    """Puts what was written back."""

    def __init__(self, arrays: Mapping[int, np.ndarray]) -> None:
        """Take the arrays that it refers to."""
        self._arrays = arrays

    def __call__(self, written: Any, here: Any = None) -> Any:
        """The value that was written.

        Args:
            written: of a `Writer`.
            here: what stands in its place now; objects and functions take what they were in place.
        """
        if not isinstance(written, Mapping):
            return written
        if "array" in written:
            return np.array(self._arrays[written["array"]])
        if "floats" in written:
            return [float(v) for v in self._arrays[written["floats"]]]
        if "function" in written:
            here.x.array[:] = self._arrays[written["function"]]
            return here
        if "object" in written:
            return self._into(written["object"], here)
        if "value" in written:
            made = {k: self(v) for k, v in written["fields"].items()}
            return _VALUES[written["value"]](**made)
        if "dict" in written:
            there = here if isinstance(here, Mapping) else {}
            pairs = [(self(k), v) for k, v in written["dict"]]
            return {k: self(v, there.get(k)) for k, v in pairs}
        ((kind, items),) = written.items()
        beside = here if isinstance(here, list) and len(here) == len(items) else [None] * len(items)
        return _CONTAINERS[kind](self(v, h) for v, h in zip(items, beside, strict=True))

    def _into(self, fields: Mapping[str, Any], here: Any) -> Any:
        if hasattr(here, "before_reading"):
            here.before_reading(fields)
        for name in here.REMEMBERS:
            setattr(here, name, self(fields[name], getattr(here, name)))
        if hasattr(here, "after_reading"):
            here.after_reading()
        return here
