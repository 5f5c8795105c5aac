"""Checks of [impedance], [polarisation] and [thermal_wave]."""

from __future__ import annotations

from collections.abc import Iterator

from joulestack.case.check_context import CheckContext
from joulestack.case.experiments.measurement import Impedance, Stores
from joulestack.case.messages import one_of
from joulestack.case.paths import Key
from joulestack.case.stack.check_cell import known_layers
from joulestack.errors import Problem


def measurements_fit(look: CheckContext) -> Iterator[Problem]:
    """What they name exists, and a spectrum has a beginning and an end."""
    case = look.case
    for name in ("impedance", "polarisation"):
        section = getattr(case, name)
        if section is not None:
            yield from _stores(look, (name,), section)
    if case.impedance is not None:
        yield from _impedance(look, case.impedance)
    if case.polarisation is not None and case.polarisation.voltage == 0.0:
        yield look.problem(("polarisation", "voltage"), "is zero", 'voltage = "50 mV"')
    faces = look.geometry.face_names
    if case.thermal_wave is not None and faces:
        for key in ("heated", "rear"):
            face = getattr(case.thermal_wave, key)
            if face not in faces:
                what = f'a {case.cell.geometry} has no face "{face}"'
                yield look.problem(("thermal_wave", key), what, one_of(face, faces))


def _impedance(look: CheckContext, section: Impedance) -> Iterator[Problem]:
    if section.lowest_frequency >= section.highest_frequency:
        yield look.problem(
            ("impedance", "lowest_frequency"),
            f"is {section.lowest_frequency:g} Hz, not below the highest "
            f"({section.highest_frequency:g} Hz)",
            "exchange them",
        )
    if section.state == "load" and look.case.load is None:
        yield look.problem(
            ("impedance", "state"), "is load, but there is none", 'add [load], or state = "rest"'
        )
    for key in ("permittivities", "chemical_capacitance"):
        for layer in getattr(section, key):
            yield from _layer(look, ("impedance", key, layer), layer)


def _stores(look: CheckContext, loc: tuple[Key, ...], section: Stores) -> Iterator[Problem]:
    if section.layer is not None:
        yield from _layer(look, (*loc, "layer"), section.layer)
    touching = {frozenset(pair) for pair in look.geometry.touching()}
    for i, contact in enumerate(section.contacts):
        place = (*loc, "contacts", i, "between")
        unknown = [p for name in contact.between for p in _layer(look, place, name)]
        yield from unknown
        if not unknown and touching and frozenset(contact.between) not in touching:
            a, b = contact.between
            yield look.problem(place, f'"{a}" and "{b}" do not touch', "name two that do")


def _layer(look: CheckContext, loc: tuple[Key, ...], name: str) -> Iterator[Problem]:
    layers = known_layers(look)
    if name not in layers:
        yield look.problem(loc, f'there is no layer "{name}"', one_of(name, layers))
