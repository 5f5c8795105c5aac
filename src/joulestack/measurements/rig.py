"""What holds a sample: terminals, stores of charge at contacts, what it is told by."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from joulestack.case.case import Case
from joulestack.case.experiments.measurement import Impedance, Stores
from joulestack.case.interfaces.contacts import contact_of
from joulestack.declarations import IONIC
from joulestack.errors import CaseError, Problem
from joulestack.laws.state import State
from joulestack.physics.capacitance import Capacitances
from joulestack.physics.context import Blocking
from joulestack.simulation.case_to_setup import terminals
from joulestack.simulation.setup import Drive, Setup

if TYPE_CHECKING:
    from joulestack.laws.medium import ContactLaw
    from joulestack.simulation.model import Model


def load_of(case: Case) -> Drive:
    """The load as it starts."""
    step = case.protocol.steps[0]
    given: dict[str, Any] = {"current" if step.mode == "rest" else step.mode: step.value.value}
    return Drive(*terminals(case), **given)


def between_terminals(setup: Setup, section: Stores, drive: Drive) -> Setup:
    """The setup with a drive, and with the charge that a section says is stored at contacts.

    Raises:
        CaseError: a blocking contact has no resistance, or an impossible one.
    """
    media, problems = setup.media, []

    def law(choice: Any, pair: tuple[str, str]) -> ContactLaw:
        first, second = (media[name] for name in pair)
        found = contact_of(choice, "ionic", (first, second))
        if found is None:
            remedy = 'give it a small resistance, e.g. "0.01 ohm cm^2"'
            raise CaseError(Problem("", "a blocking contact has a resistance", remedy))
        return found

    default = f"{section.blocking_resistance!r} ohm m^2"
    contacts: dict[tuple[str, str], Blocking] = {}
    for i, contact in enumerate(section.contacts):
        capacitance = contact.capacitance or section.blocking_capacitance
        try:
            resistance = law(contact.resistance or default, contact.between)
        except CaseError as error:
            where = f"contacts {i + 1} ({' | '.join(contact.between)}) resistance"
            problems += [replace(p, where=f"{where} {p.where}".strip()) for p in error.problems]
            continue
        contacts[contact.between] = Blocking(capacitance, resistance)
    if problems:
        raise CaseError(problems)
    any_layer = next(iter(media))
    common = Blocking(section.blocking_capacitance, law(default, (any_layer, any_layer)))
    more: dict[str, Any] = {"double_layer": 0.0}
    if isinstance(section, Impedance):
        more = {
            "double_layer": section.double_layer,
            "permittivity": section.permittivity,
            "layers": section.permittivities,
            "chemical": section.chemical_capacitance,
        }
    stores = Capacitances(blocking=common, contacts=contacts, **more)
    return replace(setup, drive=drive, capacitances=stores)


def thickness_of(setup: Setup, section: Stores) -> float:
    """Of the layer named, or of all that conduct ions [m]; nan if a mesh file alone knows, and
    where layers are not flat.
    """
    found = [
        thickness
        for name, thickness in setup.thickness.items()
        if name == section.layer or (section.layer is None and setup.media[name].conducts_ions)
    ]
    return sum(found) if found and setup.tagged.flat else math.nan


def told_by(model: Model, section: Stores) -> tuple[float, str]:
    """Thickness that an apparent conductivity is told by [m], or nan and why there is none.

    It means something where ions cross layers that do nothing else, from electrode to electrode.
    """
    setup, name = model.setup, section.layer
    names = [name] if name else []
    if name is None:
        ions = model.fields.get(IONIC.key)
        names = list(dict.fromkeys(r.layer for r in ions.regions)) if ions else []
        active = [n for n in names if setup.media[n].particles or setup.media[n].charge_transfer]
        if active:
            return math.nan, (
                f"no apparent conductivity: the intercept is of {' and '.join(active)} too, where "
                "ions and electrons move side by side; name a layer that it is to be counted on"
            )
        if not names:
            return math.nan, "no apparent conductivity: no ions move between the terminals"
    found = [setup.thickness.get(n, 0.0) for n in names]
    if not (setup.tagged.flat and all(found)):
        return math.nan, f"no apparent conductivity: {' and '.join(names)} has no known thickness"
    return sum(found), ""


def crossed(case: Case | Setup) -> dict[str, float]:
    """Thickness of the flat layers that heat crosses in turn [m]; none where they are not known."""
    if isinstance(case, Setup):
        return dict(case.tagged.thickness) if case.tagged.flat else {}
    layers = case.cell.layers if case.geometry.layered and case.geometry.flat else ()
    return {layer.name: layer.thickness or 0.0 for layer in layers}


def diffusivity_of(setup: Setup, thickness: Mapping[str, float]) -> float:
    """L^2 over the square of sum t/sqrt(alpha): what a wave needs to cross the layers in turn."""
    p = setup.pressure(0.0)
    state = State(T=setup.start_temperature, p=p, p_max=p)
    time = 0.0
    for name, own in thickness.items():
        medium = setup.media[name]
        k, rho_cp = medium.thermal_conductivity(state), medium.volumetric_heat_capacity(state)
        time += own / math.sqrt(float(k) / float(rho_cp))
    return (sum(thickness.values()) / time) ** 2
