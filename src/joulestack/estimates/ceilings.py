"""Materials that a case takes to where they melt, decompose or leave their window."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from joulestack.case import Case
from joulestack.case.profiles import Convection, FixedTemperature, Radiation
from joulestack.case.stack.stack import layers as stack_layers
from joulestack.estimates.electric import signs
from joulestack.estimates.figures import ElectrodeFigures, number
from joulestack.in_time import Profile
from joulestack.laws.medium import Medium
from joulestack.materials import ceilings
from joulestack.materials.property import Property

Given = tuple[float, str]
"""A number and where it is given."""


def temperatures(case: Case) -> list[Given]:
    """Temperatures that a case gives: at the start, around its faces, in its steps [K]."""
    found = [(case.start_temperature, "at the start")]
    for face, conditions in case.thermal_conditions.items():
        for condition in conditions:
            if isinstance(condition, FixedTemperature):
                found += [(t, f"held at {face}") for t in _ends(condition.temperature)]
            elif isinstance(condition, (Convection, Radiation)):
                found += [(t, f"around {face}") for t in _ends(condition.ambient)]
    for step in case.protocol.steps:
        if step.ambient is not None:
            found.append((step.ambient, f'around the cell in "{step.text}"'))
    return found


def reached(
    case: Case,
    media: Mapping[str, Medium],
    electrodes: tuple[ElectrodeFigures, ...],
    heated: float,
) -> Iterator[str]:
    """Warnings of materials that come to an end at what a case gives.

    Args:
        case: a valid case.
        media: of its layers.
        electrodes: its composites at the start.
        heated: temperature that the cell is estimated to come to by its own heat [K]; NaN if not
            known.
    """
    given = temperatures(case)
    if not math.isnan(heated):
        given.append((heated, "estimated, by the heat of the start"))
    hottest = max(given)
    potentials = dict(_potentials(case, dict(media), electrodes))
    told: dict[tuple[str, str, str], None] = {}
    for layer, medium in media.items():
        for law in laws(medium):
            known = [hottest] if not ceilings.event(law).potential else potentials.get(layer, [])
            for value, where in known:
                if ceilings.beyond(law, value) and (layer, law.material, law.name) not in told:
                    told[layer, law.material, law.name] = None
                    yield (
                        f"{layer}: {ceilings.said(law)}, and it has {ceilings.shown(law, value)} "
                        f"({where}): {ceilings.consequence(law)} {ceilings.source(law)}"
                    )
    yield from _in_vain(case, media)


def laws(medium: Medium) -> tuple[Property, ...]:
    """Ceilings of a medium, of those that know them."""
    found: tuple[Property, ...] = getattr(medium, "ceilings", ())
    return found


def _ends(value: float | Profile) -> tuple[float, ...]:
    return value.range if isinstance(value, Profile) else (value,)


def _potentials(
    case: Case, media: dict[str, Medium], electrodes: tuple[ElectrodeFigures, ...]
) -> Iterator[tuple[str, list[Given]]]:
    """Potentials against Li/Li+ [V] that the electrolyte of a layer meets, as far as known.

    In a composite electrode its own at the start, and what the voltages of the load make of that
    of the positive one against a metal; in a layer beside a metal electrode that metal's.
    """
    sides = signs(case, media) if case.driven else {}
    starts = {e.name: e.potential for e in electrodes if not math.isnan(e.potential)}
    negative = next((n for n, sign in sides.items() if sign > 0 and n not in starts), None)
    base = math.nan if negative is None else number(media[negative].electrode_potential)
    for layer, medium in media.items():
        found: list[Given] = [(starts[layer], "at the start")] if layer in starts else []
        if layer in starts and sides.get(layer, 0.0) < 0 and not math.isnan(base):
            found += [(v + base, f"at {v:.4g} V of the cell") for v in _voltages(case)]
        if found:
            yield layer, sorted(found, reverse=True) if len(found) > 1 else found
        elif medium.conducts_ions:
            beside = _metals_beside(case, media, layer)
            if beside:
                yield layer, beside


def _metals_beside(case: Case, media: dict[str, Medium], layer: str) -> list[Given]:
    names = [body.name for body in stack_layers(case.cell)]
    at = names.index(layer) if layer in names else -2
    found = []
    for name in names[max(at - 1, 0) : at + 2]:
        potential = media[name].electrode_potential if name != layer else None
        if potential is not None:
            found.append((number(potential), f"that of {media[name].surface} beside it"))
    return found


def _voltages(case: Case) -> list[float]:
    """Voltages of the cell that its load or its stops name [V]."""
    protocol, found = case.protocol, []
    for step in protocol.steps:
        found += [e.value for e in step.ends if e.quantity == "voltage"]
        found += step.value.values if step.mode == "voltage" else ()
    return [*found, *(e.value for e in protocol.stops if e.quantity == "voltage")]


def _in_vain(case: Case, media: Mapping[str, Medium]) -> Iterator[str]:
    """Ends of the run that no material of the cell has a number for."""
    known = {ceilings.event(law).name for medium in media.values() for law in laws(medium)}
    for name in case.protocol.ceilings:
        if name not in known:
            yield (
                f'time.stop.ceilings: "{name}" has no effect, for no material of this cell has a '
                "number for it"
            )
