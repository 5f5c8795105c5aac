"""Heat sources from outside the package: told of once, found in everything that a run writes."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import ufl
from mpi4py import MPI

import joulestack as js
from joulestack.outputs.legend import of_folder
from joulestack.outputs.plots import overpotentials
from joulestack.outputs.result import Result
from joulestack.physics.base import Physics
from joulestack.physics.context import Context, RegionGroup
from joulestack.physics.sources import HeatSource, Loss, Origin
from joulestack.physics.terms import Terms
from joulestack.simulation.case_to_setup import setup_of
from joulestack.simulation.model import Model
from joulestack.simulation.observe import Observer
from tests.simulation.test_capacity import CELL

AREA, SEPARATOR = 2e-4, 30e-6
DECAY = HeatSource("reaction", Origin.REACTION, colour="#123456")
"""Called as other quantities of a layer are, so that a name mixed up with a key would show."""
MELTING = HeatSource("melting", Origin.LATENT, label="melting of the seam", hatch="//")
MIXING = HeatSource("mixing", Origin.REACTION, colour="#654321")
SHUNT = HeatSource("shunt", Origin.JOULE, Loss("shunt", ("#111111", "#222222"), by_place=True))
Q_LAYER, Q_FACE, Q_SURFACE = 2e5, -3.0, 4e4


class From(Physics):
    """A process that only contributes."""

    def __init__(self, contribute: Callable[[Context, Terms], None]) -> None:
        self.contribute = contribute  # type: ignore[method-assign]


def layer(context: Context, name: str) -> RegionGroup:
    return next(g for g in context.regions if g.regions[0].layer == name)


def decay(context: Context, terms: Terms) -> None:
    """W/m3 in the separator."""
    terms.heat(DECAY, context.wrap(Q_LAYER), layer(context, "separator"))


def melting(context: Context, terms: Terms) -> None:
    """W/m2 that cools the interface of the lithium, in two shares as two laws might give them."""
    (group,) = (g for g in context.interfaces if g.interfaces[0].layers[0] == "lithium")
    terms.heat(MELTING, context.wrap(0.5 * Q_FACE), group)
    terms.heat(MELTING, context.wrap(0.5 * Q_FACE), group.at_nodes())


def mixing(context: Context, terms: Terms) -> None:
    """W/m3 that follows how far the surfaces of the first particles are from their mean."""
    point = terms.points[-1]
    spread = sum(point.unknowns[1 : point.modes])
    terms.heat(MIXING, Q_SURFACE * spread, point.group, point.block)


def shunt(context: Context, terms: Terms) -> None:
    """Electrons of collector and cathode conduct better than their media say."""
    for group in context.regions:
        if "phi_s" in group.blocks:
            phi, more = group.blocks["phi_s"], context.wrap(0.5)
            gradient = ufl.grad(phi.value)
            terms.add(phi, more * ufl.inner(gradient, ufl.grad(phi.test)) * context.dx(group))
            terms.heat(SHUNT, more * ufl.inner(gradient, gradient), group)


def unpaid(context: Context, terms: Terms) -> None:
    """Joule heat of no current."""
    source = HeatSource("unpaid", Origin.JOULE, Loss("unpaid", ("#333333",)))
    terms.heat(source, context.wrap(1e4), layer(context, "separator"))


def run(
    folder: Path, physics: Sequence[Any], protocol: str = "Discharge at C/2 for 2 min"
) -> Result:
    changes = {"load.protocol": [protocol], "outputs.fields": ["temperature", "heat_source",
                                                              "interfaces"]}  # fmt: skip
    case = js.Case.from_dict(CELL, name="outside").replace(changes)
    return js.run(case, folder / "out", progress=False, physics=[From(p) for p in physics])


@pytest.fixture(scope="module")
def more(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return run(tmp_path_factory.mktemp("more"), (decay, melting, mixing, shunt))


def test_heat_by_source_and_by_place(more: Result) -> None:
    heat, places = more.summary["heat_J"], more.summary["heat_by_layer_J"]
    by_hand = {"reaction": Q_LAYER * SEPARATOR * AREA * 120.0, "melting": Q_FACE * AREA * 120.0}
    assert {k: heat[k] for k in by_hand} == pytest.approx(by_hand, rel=1e-9)
    assert places["separator"]["reaction"] == pytest.approx(by_hand["reaction"], rel=1e-9)
    assert places["lithium | separator"]["melting"] == pytest.approx(by_hand["melting"], rel=1e-9)
    assert heat["mixing"] > 0
    assert places["cathode"]["mixing"] == pytest.approx(heat["mixing"], rel=1e-9)
    for source, joules in heat.items():
        found = sum(sources.get(source, 0.0) for sources in places.values())
        assert found == pytest.approx(joules, rel=1e-9, abs=1e-15), source


def test_balances_close_with_it(more: Result) -> None:
    """What is told of as heat is what the temperature receives, from layers, faces and points."""
    assert more.summary["power_balance_relative_max"] < 1e-6
    assert more.summary["energy_balance_relative"] < 4e-3
    assert more.summary["electrical_identity_relative"] < 1e-5


def test_columns_of_the_time_series(more: Result) -> None:
    constant = {
        "Heat reaction [W]": Q_LAYER * SEPARATOR * AREA,
        "Heat melting [W]": Q_FACE * AREA,
        "lithium | separator melting heat [W]": Q_FACE * AREA,
    }
    for name, watts in constant.items():
        assert more[name].entries == pytest.approx(watts, rel=1e-9), name
    made = sum(more[c].entries for c in more if c.endswith(" heat [W]"))
    assert made == pytest.approx(more["Heat generated [W]"].entries, rel=1e-9)


def test_fields_for_paraview(more: Result) -> None:
    snapshot = more.snapshot(0.0)
    names = {r.id: r.name for r in snapshot.grid.regions}
    own = np.array([names[i] == "separator" for i in snapshot.grid.cell_region])
    widths = np.ptp(snapshot.grid.points[snapshot.grid.cells, 0], axis=1)
    density = snapshot.cells["Heat source [W/m3]"]
    found = AREA * float(density[own] @ widths[own])
    assert found == pytest.approx(more["separator heat [W]"].entries[0], rel=1e-9)
    assert found > Q_LAYER * SEPARATOR * AREA
    between = more._fields.snapshot(0, interfaces=True)
    (face,) = (r.id for r in between.grid.regions if r.name == "lithium | separator")
    heat = between.cells["Contact heat [W/m2]"][between.grid.cell_region == face]
    there = [c for c in more if c.startswith("lithium | separator ") and c.endswith(" heat [W]")]
    assert len(there) == 2
    assert float(heat.sum()) * AREA == pytest.approx(
        sum(more[c].entries[0] for c in there), rel=1e-9
    )


def test_pictures_take_label_and_colour_from_the_record(more: Result) -> None:
    axes = more.plot(kind="timeseries").axes
    (shown,) = (a for a in axes if a.get_ylabel().startswith("heat by source"))
    handles, labels = shown.get_legend_handles_labels()
    drawn = dict(zip(labels, handles, strict=True))
    assert {"reaction", "melting of the seam"} <= set(drawn)
    assert drawn["reaction"].get_facecolor()[0, :3] == pytest.approx(
        np.array([0x12, 0x34, 0x56]) / 255
    )
    assert drawn["melting of the seam"].get_hatch() == "//"


def test_manifest_tells_what_each_source_is(more: Result) -> None:
    told = {entry["name"]: entry for entry in more.manifest["heat_sources"]}
    assert set(told) == set(more.summary["heat_J"])
    assert (told["melting"]["origin"], told["melting"]["loss"]) == ("latent", None)
    assert (told["shunt"]["origin"], told["shunt"]["loss"]) == ("Joule", "shunt")


def test_its_loss_is_part_of_the_voltage(more: Result) -> None:
    parts = {e.label: more[e.column].entries for e in of_folder(more.path).losses}
    assert [n for n in parts if n.startswith("shunt")] == ["shunt lithium", "shunt cathode",
                                                           "shunt collector"]  # fmt: skip
    assert parts["shunt cathode"].min() > 0
    gap = more["Equilibrium voltage [V]"].entries - more["Voltage [V]"].entries
    assert sum(parts.values()) == pytest.approx(gap, abs=1e-8)
    table = {name: more[name].entries for name in more}
    assert set(overpotentials.losses(table, of_folder(more.path))) == set(
        of_folder(more.path).losses
    )


def test_heat_that_no_current_pays_for_is_said_loudly(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "joulestack"):
        result = run(tmp_path, (unpaid,))
    assert "BALANCE NOT CLOSED: electrical_identity_relative" in caplog.text
    error = result["Electrical identity error [W]"].entries
    assert error == pytest.approx(1e4 * SEPARATOR * AREA, rel=1e-4)
    assert result.summary["energy_balance_relative"] < 4e-3
    assert (
        "unpaid" in json.loads((result.path / "manifest.json").read_text())["losses"][-2]["label"]
    )


def built(physics: Any) -> Observer:
    case = js.Case.from_dict(CELL, name="outside")
    return Observer(Model(replace(setup_of(case, MPI.COMM_SELF), physics=(From(physics),))))


def told(source: HeatSource) -> Any:
    return lambda context, terms: terms.heat(source, context.wrap(1.0), context.regions[0])


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (HeatSource("film", Origin.GIVEN), 'two heat sources are called "film"'),
        (HeatSource("new", Origin.FILM, Loss("film", ("red",))), 'two losses are called "film"'),
        (HeatSource("stored", Origin.GIVEN), "that is a total"),
        (HeatSource("removed bottom", Origin.GIVEN), "that is a total"),
        (HeatSource("new", Origin.FILM, Loss("diffusion", ("red",))), "Loss diffusion"),
    ],
)
def test_names_are_taken_once(source: HeatSource, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        built(told(source))


def test_a_heat_of_unknowns_that_nobody_solves_for(tmp_path: Path) -> None:
    def lost(context: Context, terms: Terms) -> None:
        terms.heat(DECAY, context.wrap(1.0), context.regions[0], terms.points[-1].block)

    with pytest.raises(ValueError, match="no point model"):
        built(lost)


def test_electrical_heat_takes_voltage_and_no_other_does() -> None:
    with pytest.raises(ValueError, match="needs a loss"):
        HeatSource("new", Origin.CONTACT)
    with pytest.raises(ValueError, match="no voltage"):
        HeatSource("new", Origin.LATENT, Loss("new", ("red",)))
