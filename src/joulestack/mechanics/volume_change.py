"""How the volume of active materials and of metal electrodes follows the lithium they hold.

A layer's face cannot grow, so its thickness takes all of the volume: for particles of fraction eps
in a layer of thickness t, dh = share t eps (v(x) - v(x0)). `share` is what of it reaches the
thickness and does not vanish in pores. Lithium metal grows by V_Li per mole: 4.85 um per mAh/cm2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from joulestack.constants import FARADAY, ROOM_TEMPERATURE
from joulestack.errors import CaseError, Problem
from joulestack.laws.particles import Particles
from joulestack.laws.state import ROOM, State
from joulestack.materials import library
from joulestack.materials.property import Property


@dataclass(frozen=True)
class VolumeLaw:
    """Volume of an active material over that in the state its volume fraction is counted in.

    Attributes:
        material: library name.
        law: v(x); None: linear.
        ends: x of both ends of the linear law, with v there.
        source: where the numbers come from, for people.
        number: of the library that it rests on, None where the case states it.
    """

    material: str
    law: Property | None
    ends: tuple[tuple[float, float], tuple[float, float]] = ((0.0, 1.0), (1.0, 1.0))
    source: str = ""
    number: Property | None = None

    def __call__(self, x: Any) -> Any:
        """v at a lithium content."""
        if self.law is not None:
            return self.law(State(T=ROOM_TEMPERATURE, x=x))
        (x0, v0), (x1, v1) = self.ends
        return v0 + (v1 - v0) * (x - x0) / (x1 - x0)


def volume_law(particles: Particles, folders: Sequence[Any] = (), where: str = "") -> VolumeLaw:
    """v(x) of the material of particles, from the library.

    In this order: `relative_volume` as a function of x, V(x)/V(1); `relative_volume` as a number,
    full over empty (alloys, counted empty); `volume_change_on_charge`, from full to charged.

    Args:
        particles: whose material and whose window.
        folders: with a user's own materials.
        where: key of the case, for messages.

    Raises:
        CaseError: the library holds nothing on the volume of this material.
    """
    material = library.load(particles.name, folders)
    own = material.of_class(None)
    relative, change = own.get("relative_volume"), own.get("volume_change_on_charge")
    if relative is not None and "x" in relative.form.variables:
        return VolumeLaw(material.name, relative, source=_source(relative), number=relative)
    if relative is not None:
        full = float(relative(ROOM))
        return VolumeLaw(
            material.name, None, ((0.0, 1.0), (1.0, full)), _source(relative), relative
        )
    if change is not None:
        charged = particles.window[0]
        ends = ((charged, 1 + float(change(ROOM))), (1.0, 1.0))
        return VolumeLaw(material.name, None, ends, _source(change), change)
    raise CaseError(
        Problem(
            where,
            f"the library holds no volume of {material.name} against its lithium",
            f'set volume_change = {{ "{material.name}" = "-2 %" }} (from full to charged)',
        )
    )


def stated_change(particles: Particles, change: float) -> VolumeLaw:
    """A user's volume change from full (x = 1) to charged."""
    ends = ((particles.window[0], 1 + change), (1.0, 1.0))
    return VolumeLaw(particles.name, None, ends, "given in the case")


def neutral_share(first: VolumeLaw, second: VolumeLaw, x: Any, y: Any) -> Any:
    """Volume share of the first material at which a blend keeps its volume.

    Args:
        first, second: materials.
        x, y: (before, after) lithium contents of each.
    """
    a, b = first(x[1]) - first(x[0]), second(y[1]) - second(y[0])
    return b / (b - a)


def lithium_thickness(charge: Any, molar_volume: Any) -> Any:
    """Thickness of the lithium that a charge plates [m].

    Args:
        charge: per area [C/m2].
        molar_volume: of lithium in the electrode [m3/mol].
    """
    return charge * molar_volume / FARADAY


def _source(law: Property) -> str:
    return f"{law.source or 'no source read'} ({law.status})"
