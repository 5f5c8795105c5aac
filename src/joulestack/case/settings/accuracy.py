"""What `accuracy` of a case means: the numbers of [mesh] and [time] that the case leaves open.

A number that the case gives is taken as it is; cells, given or not, are multiplied by
`mesh.refinement`, which is itself one of these.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, TypeVar, cast

from joulestack.case.quantities import Section
from joulestack.tolerances import LITHIATION, REACTANT, RELATIVE, TEMPERATURE

Accuracy = Literal["draft", "normal", "fine"]


def _steps(finer: float) -> Mapping[str, float]:
    """Of [time]: such a part of the errors of "normal", which are the defaults of scripts."""
    return {
        "relative_tolerance": RELATIVE / finer,
        "temperature_tolerance": TEMPERATURE.default / finer,
        "lithiation_tolerance": LITHIATION.default / finer,
        "reactant_tolerance": REACTANT.default / finer,
    }


LEVELS: Mapping[Accuracy, Mapping[str, Mapping[str, float]]] = MappingProxyType(
    {
        "draft": {"mesh": {"refinement": 0.5, "radial_modes": 4}, "time": _steps(0.1)},
        "normal": {"mesh": {"refinement": 1.0, "radial_modes": 6}, "time": _steps(1.0)},
        "fine": {"mesh": {"refinement": 2.0, "radial_modes": 10}, "time": _steps(10.0)},
    }
)
"""Accuracy -> section -> key -> number, in SI."""

MEANT_FOR: Mapping[Accuracy, float] = MappingProxyType(
    {"draft": 2e-2, "normal": 5e-3, "fine": 5e-4}
)
"""Relative error of headline figures that the numbers are chosen for; `joulestack accuracy` tells
what they come to in a case."""

AnySection = TypeVar("AnySection", bound=Section)


def numbers(accuracy: Accuracy, section: str) -> Mapping[str, float]:
    """What a section of the case has where the case says nothing."""
    return LEVELS[accuracy].get(section, {})


def settled(section: AnySection, name: str, accuracy: Accuracy) -> AnySection:
    """A section with every number; what the case gave is known still (`model_fields_set`)."""
    given = dict(section)
    wanted = {k: v for k, v in numbers(accuracy, name).items() if given[k] is None}
    full = type(section).model_construct(section.model_fields_set, **{**given, **wanted})
    return cast(AnySection, full)


def told(section: str, key: str) -> str:
    """The numbers of a key by accuracy, for its description."""
    return ", ".join(f"{numbers(level, section)[key]:g} {level}" for level in LEVELS)
