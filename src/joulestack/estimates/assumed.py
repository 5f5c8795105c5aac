"""What a case leaves open, and what is taken for it: thickness, pores, particles, state, 1C."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from joulestack.case import Case
from joulestack.case.layers.fabrication import CompositeElectrode, Fabricated
from joulestack.fabrication.composite import electrode
from joulestack.laws.state import State
from joulestack.units import format_quantity


@dataclass(frozen=True)
class Assumed:
    """One thing that the case does not say.

    Attributes:
        where: layer, or "cell".
        what: that is not said.
        taken: instead, for people.
        origin: where that comes from.
    """

    where: str
    what: str
    taken: str
    origin: str


def assumed(case: Case) -> tuple[Assumed, ...]:
    """Everything that decides capacity, heat or geometry and is not stated; layers in turn."""
    return (*_cell(case), *(row for layer in case.cell.layers for row in _layer(case, layer)))


def _cell(case: Case) -> Iterator[Assumed]:
    given = case.cell.model_fields_set
    if "stack_pressure" not in given and case.clamping is None:
        pressure = format_quantity(case.stack_pressure.value(0.0), "Pa")
        yield Assumed("cell", "stack pressure", pressure, "default")
    if "start_temperature" not in given:
        kelvin = case.start_temperature
        yield Assumed("cell", "temperature at the start", f"{kelvin - 273.15:.4g} degC", "default")
    stated = case.cell.capacity is not None or case.cell.specific_capacity is not None
    if case.driven and case.capacity is not None and not stated:
        origin = "usable capacity of the electrode that holds least"
        yield Assumed("cell", "1C", format_quantity(case.capacity / 3600, "A", 3), origin)


def _layer(case: Case, layer: Any) -> Iterator[Assumed]:
    """What is open of one layer."""
    recipe, medium = case.file.materials.get(layer.material), case.media()[layer.name]
    if layer.thickness is not None and "thickness" not in layer.model_fields_set:
        thickness = format_quantity(layer.thickness, "m", 3)
        yield Assumed(layer.name, "thickness", thickness, "its mass, and how it was pressed")
    state = State(T=case.start_temperature, p=case.stack_pressure.value(0.0))
    if isinstance(recipe, Fabricated) and not recipe.effective:
        yield from _pressed(layer.name, recipe, medium, state)
    if isinstance(recipe, CompositeElectrode) and isinstance(medium, electrode.CompositeElectrode):
        yield from _composite(case, layer.name, recipe, medium, state)


def _pressed(name: str, recipe: Fabricated, medium: Any, state: State) -> Iterator[Assumed]:
    if recipe.relative_density is None and (density := getattr(medium, "relative_density", None)):
        how = "moulding pressure" if recipe.moulding_pressure else "library, how it is usually made"
        yield Assumed(name, "relative density", f"{float(density(state)):.3g}", how)


def _composite(
    case: Case, name: str, recipe: CompositeElectrode, medium: Any, state: State
) -> Iterator[Assumed]:
    if recipe.porosity is None and recipe.effective is None:
        how = "how it was pressed"
        if recipe.volume_fractions is not None:
            how = "what the volume fractions leave"
        elif recipe.loading is not None:
            how = "its loading and thickness"
        yield Assumed(name, "porosity", f"{100 * float(medium.pores(state)):.3g} %", how)
    if not case.driven:
        return
    sources = {number: rest for number, *rest in medium.sources()}
    for population in medium.particles or ():
        yield from _particles(name, recipe, population, sources, state)
    for number, (source, status, note) in sources.items():
        if status == "unverified":
            origin = f"{source or 'no source'}, unverified" + (f": {note}" if note else "")
            yield Assumed(name, number, "library", origin)


def _particles(
    name: str, recipe: CompositeElectrode, found: Any, sources: dict[str, Any], state: State
) -> Iterator[Assumed]:
    """Radius, diffusivity, start and window of one population, where the case is silent."""
    blend = not isinstance(recipe.active, str)
    at = f"{found.name}: " if blend else ""
    if recipe.particle_radius is None and not blend:
        source = next((s for n, s in sources.items() if n.endswith(": particle_radius")), None)
        radius = format_quantity(float(found.radius), "m", 3)
        origin = ", ".join(source[:2]) if source else "library"
        yield Assumed(name, "particle radius", radius, origin)
    if recipe.diffusivity is None:
        from_start = State(T=state.T, p=state.p, x=found.start)
        shown = format_quantity(float(found.effective_diffusivity(from_start)), "m^2/s", 2)
        origin = f"library over {float(found.way):.2g}, the way to patches of contact"
        yield Assumed(name, f"{at}diffusivity at the start", shown, origin)
    if recipe.stoichiometry is None and recipe.state_of_charge is None:
        origin = "state of charge of the cell"
        yield Assumed(name, f"{at}x at the start", f"{found.start:.4g}", origin)
    if recipe.window is None and not blend:
        charged, discharged = found.window
        yield Assumed(name, "window of x", f"{charged:.3g} to {discharged:.3g}", "library")
