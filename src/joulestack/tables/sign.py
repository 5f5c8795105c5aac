"""Which way a current of a table flows: as the user says, as the file itself shows, or as here.

Everything inside joulestack counts discharge positive; most cyclers count charge positive, and
some write no sign at all and a column of states. A record tells by itself: the states of its steps,
its counters of charge, and the voltage, which rises when a cell is charged harder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from joulestack.spelling import normal
from joulestack.tables.titles import readings

if TYPE_CHECKING:
    import numpy as np

    from joulestack.tables.reading import Table

Sign = Literal["discharge positive", "charge positive"]
SIGNED = ("current", "c_rate", "power")

_STATES = ("state", "md", "step type", "status", "step name", "mode", "steptype", "step state")
_CHARGED = ("charge capacity", "chg. cap.", "q charge", "charging capacity", "charge capacity ah",
            "chg cap", "capacitance chg", "ah charge")  # fmt: skip
_DISCHARGED = ("discharge capacity", "dchg. cap.", "q discharge", "discharging capacity",
               "dchg cap", "ah discharge")  # fmt: skip
_SURE = 0.5
_WORD = {1: "charge positive", -1: "discharge positive"}


def directed(table: Table, name: str, sign: Sign | None) -> tuple[np.ndarray, str]:
    """A current or a power with discharge positive, and what to tell of it.

    Args:
        table: that holds it.
        name: of the column.
        sign: as the user says it.

    Raises:
        ValueError: "what; remedy": what the file shows contradicts itself.
    """
    import numpy as np

    values = np.asarray(table.values[name])
    if sign is not None:
        return (-values if sign == "charge positive" else values), f"{name} is {sign}, as stated"
    if not values.any():
        return values, ""
    states = _states(table)
    if states is not None and (values >= 0).all() and (states[values > 0] < 0).any():
        if (states[values > 0] == 0).any():
            raise ValueError(
                f"the {name} has no sign, and the states of some of its rows say neither charge "
                "nor discharge; export it with its sign"
            )
        note = f"{name} has no sign: its direction is that of the column of states"
        return -states * values, note
    votes = {
        "the states of its steps": None if states is None else _vote(values * states),
        "its counters of charge": _by_counters(table, values),
        "its voltage": _by_voltage(table, values),
    }
    shown = {why: vote for why, vote in votes.items() if vote}
    if len(set(shown.values())) > 1:
        told = " but ".join(f"{_WORD[v]} by {w}" for w, v in shown.items())
        raise ValueError(
            f'the {name} is {told}; say sign = "charge positive" or "discharge positive"'
        )
    if shown:
        vote = next(iter(shown.values()))
        return -vote * values, f"{name} is {_WORD[vote]}, as shown by {' and '.join(shown)}"
    return values, (
        f"{name} is taken as discharge positive, as in every table of joulestack; "
        'sign = "charge positive" turns it'
    )


def _vote(products: np.ndarray) -> int | None:
    """The sign that most of the products have; None where they do not agree."""
    import numpy as np

    whole = float(np.abs(products).sum())
    if not whole:
        return None
    share = float(products.sum()) / whole
    return None if abs(share) < _SURE else (1 if share > 0 else -1)


def _texts(table: Table, names: tuple[str, ...]) -> np.ndarray | None:
    """Cells of a column by its title."""
    wanted = {normal(n).rstrip(".") for n in names}
    for i, title in enumerate(table.titles):
        if any(normal(r.name).rstrip(".") in wanted for r in readings(title)):
            found: np.ndarray = table.frame.iloc[:, i].fillna("").to_numpy()
            return found
    return None


def _states(table: Table) -> np.ndarray | None:
    """1 where a row says charge, -1 discharge, 0 neither; None without such a column."""
    import numpy as np

    texts = _texts(table, _STATES)
    if texts is None:
        return None
    words = {word: _state(word) for word in set(map(str, texts))}
    found = np.array([words[str(t)] for t in texts])
    return found if found.any() else None


def _state(text: str) -> int:
    word = text.strip().casefold()
    if word in ("d", "dis") or "dchg" in word or "disch" in word or "d_cha" in word:
        return -1
    return 1 if word == "c" or "chg" in word or "charge" in word else 0


def _counter(table: Table, names: tuple[str, ...]) -> np.ndarray | None:
    """What a counter gained at each row; where it begins again, nothing."""
    import numpy as np
    import pandas as pd

    texts = _texts(table, names)
    if texts is None:
        return None
    values = pd.to_numeric(pd.Series(texts).str.replace(",", "."), errors="coerce").to_numpy()
    gained = np.diff(np.nan_to_num(values), prepend=0.0)
    gained[0] = 0.0
    return np.clip(gained, 0.0, None)


def _by_counters(table: Table, values: np.ndarray) -> int | None:
    import numpy as np

    charged, discharged = _counter(table, _CHARGED), _counter(table, _DISCHARGED)
    if charged is None or discharged is None:
        return None
    mean = 0.5 * (values + np.concatenate([values[:1], values[:-1]]))
    return _vote(np.concatenate([mean * charged, -mean * discharged]))


def _by_voltage(table: Table, values: np.ndarray) -> int | None:
    """By jumps: a resistance is positive. Without any, by the way the voltage drifts."""
    import numpy as np

    voltage = table.values.get("voltage")
    if voltage is None or len(voltage) < 3:
        return None
    change, answer = np.diff(values), np.diff(np.asarray(voltage))
    large = np.abs(change) > 0.05 * np.abs(values).max()
    if large.any():
        return _vote((change * answer)[large])
    return _vote(values[1:] * answer)
