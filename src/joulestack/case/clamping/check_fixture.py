"""Checks of the fixture: what is missing, what has no effect, what would happen at once."""

from __future__ import annotations

from collections.abc import Iterator

from joulestack.case.check_context import CheckContext
from joulestack.case.clamping.clamping import clamping_of
from joulestack.case.layers.recipes import media_of
from joulestack.case.messages import one_of
from joulestack.case.protocol import build
from joulestack.case.stack import stack
from joulestack.case.stack.cell import PressureTable
from joulestack.case.stack.check_cell import known_layers
from joulestack.errors import CaseError, Problem

LOC = ("cell", "fixture")


def fixture_keys(look: CheckContext) -> Iterator[Problem]:
    """Keys go with the kind of fixture, and name layers that are there."""
    given, cell = look.case.cell.fixture, look.case.cell
    if given is None:
        return
    if not look.geometry.flat:
        what = f"presses on flat layers, and those of a {cell.geometry} are not"
        yield look.problem(LOC, what, "remove it")
    if look.geometry.face_area is None:
        why = "is missing: the stiffness of the fixture is spread over it"
        yield look.problem(
            ("cell", "area"), why, 'that of the face, without tabs: area = "24 cm^2"'
        )
    only = {"springs": "spring", "stops": "spring", "frame_stiffness": "fixed gap"}
    for name, kind in only.items():
        if kind != given.kind:
            yield from look.without_effect(given, LOC, (name,), f'for kind = "{given.kind}"')
    if given.kind == "constant pressure":
        why = "where the pressure is constant"
        yield from look.without_effect(given, LOC, ("frame",), why)
        if "plate" not in given.balance:
            yield from look.without_effect(given, LOC, ("youngs_modulus",), why)
    if given.balance != "mean" and not look.geometry.face.names:
        why = f"a {cell.geometry} has no face: its only point is the mean"
        yield look.problem((*LOC, "balance"), why, 'balance = "mean"')
    if given.kind == "spring" and not given.springs:
        remedy = 'springs = [{ stiffness = "500 N/mm", number = 4 }]'
        yield look.problem((*LOC, "springs"), "is missing", remedy)
    known = known_layers(look)
    for name in ("youngs_modulus", "thermal_expansion"):
        for layer in getattr(given, name):
            if layer not in known:
                what = f'there is no layer "{layer}"'
                yield look.problem((*LOC, name, layer), what, one_of(layer, known))


def fixture_pressure(look: CheckContext) -> Iterator[Problem]:
    """A fixture that answers starts from one pressure above zero, which nothing else sets."""
    given, cell = look.case.cell.fixture, look.case.cell
    held = given is not None and given.kind == "constant pressure" and given.balance == "mean"
    if given is None or held:
        return
    pressure = cell.stack_pressure
    loc = ("cell", "stack_pressure")
    if isinstance(pressure, PressureTable):
        if pressure.time is not None or pressure.csv is not None:
            what = f"follows from the {given.kind}: a table in time has no effect"
            yield look.problem(loc, what, "give the pressure at assembly")
    elif pressure == 0.0:
        what = (
            f"is zero: without preload the {given.kind} loses contact with the first lithium that "
            "is stripped, and presses only on what has grown"
        )
        yield look.problem(loc, what, 'give the pressure at assembly: stack_pressure = "5 MPa"')
    load = look.case.load
    for path, written in build.sentences(load) if load else ():
        if not isinstance(written, str) and written.stack_pressure == 0.0:
            what = f"is zero: the {given.kind} would be taken off, and nothing would press any more"
            remedy = 'give the pressure that it is tightened to: stack_pressure = "5 MPa"'
            yield look.problem((*build.key_path(path), "stack_pressure"), what, remedy)


def fixture_numbers(look: CheckContext) -> Iterator[Problem]:
    """Everything that the fixture needs to know of the layers is known."""
    case = look.case
    if case.cell.fixture is None:
        return
    media = media_of(case, look.folder)
    names = [layer.name for layer in stack.layers(case.cell)]
    if case.load is not None and not any(media[n].particles for n in names):
        yield look.problem(
            LOC,
            "the lithium that moves is counted in particles, and no layer has any",
            'give the composite electrode a state of charge: state_of_charge = "100 %"',
        )
    given, known = case.cell.fixture, []
    for name in names:
        known += [p.name for p in media[name].particles or ()]
    for material in given.volume_change:
        if material not in known:
            what = "has no effect: no layer has particles of this material"
            yield look.problem((*LOC, "volume_change", material), what, one_of(material, known))
    try:
        clamping = clamping_of(case, media, look.folder)
    except CaseError as error:
        yield from error.problems
        return
    if clamping is not None and not clamping.metals:
        why = "without a metal electrode"
        yield from look.without_effect(given, LOC, ("molar_volume",), why)
