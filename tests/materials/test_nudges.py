"""A number of the library moved where it enters, and nothing of it left afterwards."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pytest

from joulestack.errors import CaseError
from joulestack.fabrication.composite.size_ratio import utilisation
from joulestack.laws.binding import bound
from joulestack.laws.forms import Form
from joulestack.laws.state import State
from joulestack.materials import library
from joulestack.materials.nudges import Nudge, nudged, raised, scaled
from joulestack.materials.property import NOT_STATED, Property
from joulestack.materials.uncertainty import key_of

AT: Mapping[str, float] = {
    "T": 320.0, "p": 5e6, "highest_pressure": 3e8, "phi": 0.9, "x": 0.6, "k": 1.2, "fraction": 0.6,
    "grain_size": 2e-6, "size_ratio": 3.0, "pores_left": 0.8, "sintering_temperature": 1200.0,
}  # fmt: skip


def _at(form: Form) -> float:
    return float(form(**{name: AT[name] for name in form.variables}))


def _properties() -> list[Property]:
    found = []
    for name in library.names():
        found += library.load(name).properties.values()
    return found


def test_every_law_of_the_library_is_scaled_and_raised_or_refused() -> None:
    """A law stays of its kind, for whoever asks: nothing is compiled anew where it is linear."""
    refused, kinds = set(), set()
    for used in _properties():
        value, kind = _at(used.form), type(used.form)
        try:
            more, higher = scaled(used.form, 1.25), raised(used.form, 0.5)
        except CaseError:
            refused.add(kind.form_name)
            continue
        kinds.add(kind)
        assert isinstance(more, kind)
        assert more.form_name == kind.form_name
        assert _at(more) == pytest.approx(1.25 * value, rel=1e-12)
        assert _at(higher) == pytest.approx(value + 0.5, rel=1e-9)
        numbers: list[float] = []
        bound(higher, lambda x, told=numbers: told.append(x) or x)  # type: ignore[misc]
        assert numbers, "an amount that is compiled in"
    assert refused == {"power", "point defects", "pressed ionic"}  # the last is scaled only
    assert len(kinds) > 8


def test_a_nudge_goes_by_what_the_source_states() -> None:
    by_kind = {p.uncertainty.kind: p for p in _properties() if not p.form.variables}
    assert {"relative", "factor", "absolute", NOT_STATED} <= by_kind.keys()
    z = 0.3
    for kind, used in by_kind.items():
        with nudged(Nudge(key_of(used), z)):
            moved = library.load(used.material).properties[used.name]
        value, size = _at(used.form), used.uncertainty.size
        expected = {
            "relative": value * (1 + z * size),
            "factor": value * size**z if size else value,
            "absolute": value + z * size,
            NOT_STATED: value * (1 + z),
        }[kind]
        assert _at(moved.form) == pytest.approx(expected, rel=1e-12)
        assert _at(library.load(used.material).properties[used.name].form) == value


def test_laws_of_pairs_are_moved_too_and_nothing_is_kept() -> None:
    law = utilisation()
    with nudged(Nudge(key_of(law), 0.1)):
        moved = utilisation()
    assert isinstance(moved.form, type(law.form))
    assert not math.isclose(_at(moved.form), _at(law.form))
    assert utilisation() is law
    assert law(State(T=300.0), fraction=0.6, size_ratio=3.0) == pytest.approx(_at(law.form))
