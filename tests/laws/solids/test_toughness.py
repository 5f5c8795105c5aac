"""Vickers toughness: Lee 2026, Eq. 5, by hand and over the toughnesses of its Fig. 4."""

from __future__ import annotations

import math

import pytest

from joulestack.laws.solids.toughness import VICKERS, crack_length, indent, vickers_toughness
from joulestack.laws.state import ROOM
from joulestack.materials import library

HALF_A_KILOGRAM = 0.5 * 9.80665
"""Load of Lee 2026, section 2.2.2 [N]."""


def test_by_hand() -> None:
    """E = 25 GPa, P = 4 N, a = 20 um, c = 100 um."""
    by_hand = 0.026 * math.sqrt(25e9) * 2.0 * 20e-6 / (1e-4 * 1e-2)
    assert vickers_toughness(25e9, 4.0, 20e-6, 1e-4) == pytest.approx(by_hand)
    assert pytest.approx(2 * math.sin(math.radians(68)), rel=1e-4) == VICKERS


def test_cracks_of_the_sulfides_are_longer_in_the_brittle_one() -> None:
    """0.32 and 0.44 MPa m^0.5 at 0.5 kgf: cracks of some 0.1 mm, longer than the indent, as the
    equation needs; the tougher glass has the shorter ones."""
    lengths = {}
    for name, K in (("Li6PS5Cl", 0.32e6), ("LPS glass", 0.44e6)):
        own = library.load(name).properties
        assert own["fracture_toughness"](ROOM) == pytest.approx(K)
        E = float(own["youngs_modulus"](ROOM))
        a = indent(HALF_A_KILOGRAM, 1e9)
        c = lengths[name] = crack_length(E, HALF_A_KILOGRAM, a, K)
        assert vickers_toughness(E, HALF_A_KILOGRAM, a, c) == pytest.approx(K)
        assert c > 1.5 * a
    assert lengths["Li6PS5Cl"] > lengths["LPS glass"]
