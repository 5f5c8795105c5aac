"""Measured tables of composite electrodes as laws, and advice on recipes: both from papers."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence

from joulestack.errors import CaseError, Problem
from joulestack.laws.state import ROOM
from joulestack.materials import library
from joulestack.materials.property import Property
from joulestack.materials.quantities import QUANTITIES
from joulestack.materials.reader import Reader

TABLED = ("thermal_conductivity", "ionic_conductivity", "electronic_conductivity")

Tables = Mapping[str, tuple[str, Property]]
"""Property -> what the fraction is of ("total" or "solids") and the table."""


@functools.cache
def tables() -> Mapping[str, tuple[tuple[str, ...], tuple[str, ...], Tables]]:
    """Name of a table -> active materials, electrolytes, and the tables of each property."""
    found = {}
    for raw in library.pairs("_composites")["tables"]:
        reader = Reader(raw["name"])
        read = {k: reader.property(k, t, k) for k, t in raw.items() if k in QUANTITIES}
        known = {k: (str(raw["fraction_of"]), p) for k, p in read.items() if p is not None}
        found[raw["name"]] = (tuple(raw["active"]), tuple(raw["electrolyte"]), known)
    return found


def chosen(
    laws: Mapping[str, str], materials: Sequence[str], electrolyte: str, carbon: bool, key: str
) -> Tables:
    """Tables that a case chooses by `laws`.

    Raises:
        CaseError: the table is of other materials, or holds nothing of a property.
    """
    found, problems = {}, []
    for slot, name in laws.items():
        if name not in tables():
            continue
        actives, electrolytes, known = tables()[name]
        where = f"{key}laws.{slot}"
        if not set(materials) <= set(actives) or electrolyte not in electrolytes or carbon:
            what = f'"{name}" was measured on {actives[0]} with {electrolytes[0]}, without carbon'
            problems.append(Problem(where, what, "leave it out"))
        elif slot not in known:
            held = ", ".join(n for n in known if n in TABLED)
            problems.append(Problem(where, f'"{name}" holds no {slot}', f"it holds {held}"))
        else:
            found[slot] = known[slot]
    if problems:
        raise CaseError(problems)
    return found


@functools.cache
def _rule(name: str) -> Property:
    rule = Reader("composites").property(name, library.pairs("_composites")["advice"][name], name)
    assert rule is not None  # the library is tested
    return rule


def advice(
    mass_fractions: Mapping[str, float], porosity: float, size_ratio: float | None
) -> Iterator[str]:
    """What papers say about how much of the active material such a recipe can use.

    Args:
        mass_fractions: of the recipe.
        porosity: of the electrode as made.
        size_ratio: diameter of the active material over that of the electrolyte; None: not known.
    """
    room = ROOM
    active = sum(w for n, w in mass_fractions.items() if n.startswith("active"))
    most, share = _rule("porosity"), _rule("active_mass_fraction")
    if porosity > most(room) and active > share(room):
        yield (
            f"porosity {100 * porosity:.0f} % with {100 * active:.0f} wt% active "
            f"material: full utilisation needs less than {100 * most(room):.0f} % "
            f"({most.source}, {most.note})"
        )
    if size_ratio is not None and size_ratio < 1:
        yield (
            "70 wt% NMC811 with 4 to 40 um Li6PS5Cl instead of finer: porosity 14 to 24 %, "
            "ionic conductivity 0.25 to 0.16 mS/cm (Schlautmann2023)"
        )
