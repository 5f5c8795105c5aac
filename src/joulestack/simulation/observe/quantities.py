"""Balances of what fields from outside the package conserve: what enters, what stays, what leaves.

Everything follows from the residual: summed over all test functions, conduction inside and what
passes through contacts cancel, and what is left is what is generated, stored and removed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import ufl

from joulestack.declarations import CHARGE, HEAT, Quantity
from joulestack.simulation.model import Model
from joulestack.simulation.observe.balances import Row
from joulestack.simulation.observe.faces import HeldFlows
from joulestack.simulation.observe.sums import Floats, numbers, over_ranks

MEASURED = (HEAT, CHARGE)
"""What the observer has columns of its own for."""


class Quantities:
    """Generated, stored and removed by quantity; a vector's components one by one."""

    def __init__(self, model: Model) -> None:
        """Ask for the forms."""
        self._system, self._comm = model.system, model.domain.comm
        self._names: list[tuple[str, str]] = []
        """Name and unit of each balance."""
        self._forms: list[tuple[int, int, Any]] = []
        """Balance, column (0 of everything, 1 of everything without rates), form."""
        self._held: list[tuple[int, str, HeldFlows]] = []
        for key, info in model.system.infos.items():
            if info.balance in MEASURED:
                continue
            for component in range(info.size) if info.vector else (None,):
                balance = self._balance(info.balance, component)
                self._held.append((balance, key, HeldFlows(model, key, component)))
                for block in model.fields[key].blocks:
                    whole = _summed(model.terms.residual[block.name], block, component)
                    still = whole
                    if block.rate is not None:
                        zero = ufl.as_ufl(0.0) if not info.vector else ufl.zero(info.size)
                        still = ufl.replace(whole, {block.rate: zero})
                    for column, form in enumerate((whole, still)):
                        if not form.empty():
                            self._forms.append((balance, column, model.forms.add(form)))

    def _balance(self, quantity: Quantity, component: int | None) -> int:
        axis = "" if component is None else f" {component + 1}"
        name = quantity.name[:1].upper() + quantity.name[1:] + axis, quantity.unit
        if name not in self._names:
            self._names.append(name)
        return self._names.index(name)

    def row(self, kind: str) -> tuple[Row, dict[str, tuple[float, float]]]:
        """Columns of a record, and of each balance its error beyond round-off and largest flow.

        At the start and just after a jump no rate is known: what is not removed is stored.
        """
        row: Row = {}
        found: dict[str, tuple[float, float]] = {}
        if not self._names:
            return row, found
        sums: Floats = np.zeros((len(self._names), 3))
        for balance, column, form in self._forms:
            sums[balance, column] += form[0].scalar()
        for balance, _, held in self._held:
            sums[balance, 2] += held.sums().sum()
        (sums,) = over_ranks(self._comm, [sums])
        rough: Floats = np.zeros(len(self._names))
        if kind in ("step", "steady"):
            for balance, key, _ in self._held:
                rough[balance] += self._system.round_off(key)
        columns = (numbers(column) for column in (*sums.T, rough))
        for (name, unit), whole, still, removed, noise in zip(self._names, *columns, strict=True):
            generated, stored = -still, whole - still
            if kind != "step":
                stored = 0.0 if kind == "steady" else generated - removed
            wrong = generated - removed - stored
            row[f"{name} generated [{unit}]"] = generated
            row[f"{name} removed [{unit}]"] = removed
            row[f"{name} stored [{unit}]"] = stored
            row[f"{name} imbalance [{unit}]"] = wrong
            flow = max(map(abs, (generated, removed, stored)))
            found[name.lower().replace(" ", "_")] = max(0.0, abs(wrong) - noise), flow
        return row, found


def _summed(form: Any, block: Any, component: int | None) -> Any:
    """A residual summed over all test functions of a component."""
    one: Any = ufl.as_ufl(1.0)
    if component is not None:
        one = ufl.as_vector([1.0 if k == component else 0.0 for k in range(block.size)])
    return ufl.replace(form, {block.test: one})
