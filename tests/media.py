"""A medium for tests that care about one or two of its properties."""

from __future__ import annotations

from typing import Any

from joulestack.fabrication.constant_media import GivenMedium


def filler(**properties: Any) -> GivenMedium:
    """k and rho c_p are 1 unless given."""
    return GivenMedium(**{"name": "medium", "k": 1.0, "rho_cp": 1.0} | properties)
