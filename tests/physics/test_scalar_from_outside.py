"""A scalar field that the package has never heard of, with a source of one per second."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import ufl
from mpi4py import MPI

from joulestack.case.profiles import Probe
from joulestack.declarations import FieldInfo, Quantity
from joulestack.discretisation.domain import Domain
from joulestack.errors import CaseError
from joulestack.outputs.fields import FieldWriter
from joulestack.physics.base import Physics, Placed, SetupView
from joulestack.physics.context import Context
from joulestack.physics.terms import Terms
from joulestack.simulation.probes import Probes
from joulestack.simulation.setup import Setup
from joulestack.tolerances import Tolerance, Tolerances
from tests.mpi import on_ranks
from tests.verification.cells import full_cell
from tests.verification.harness import Run

TRACER = FieldInfo(
    "c", "tracer", "mol/m^3", Quantity("tracer", "mol/s"), Tolerance("tracer", "mol/m^3", 1e-4),
    rate=True,
)  # fmt: skip
KINDS = ("line", "pellet", "pouch")
LINEAR = ("direct", "iterative")


class Spreading(Physics):
    """dc/dt = div(D grad c) + 1, in all layers, continuous over every contact."""

    def __init__(self, info: FieldInfo = TRACER) -> None:
        self.info = info

    def fields(self, setup: SetupView, domain: Domain) -> Iterable[Placed]:
        yield Placed(self.info, domain.regions)

    def contribute(self, context: Context, terms: Terms) -> None:
        for group in context.regions:
            c, dx = group.blocks["c"], context.dx(group)
            terms.add(c, (c.rate - 1.0) * c.test * dx)
            terms.add(c, 1e-9 * ufl.inner(ufl.grad(c.value), ufl.grad(c.test)) * dx)


def with_tracer(kind: str, comm: Any, info: FieldInfo = TRACER) -> Setup:
    """A loaded cell with the tracer, so that the field stands beside all others."""
    return full_cell(kind, comm, cells=2, density=10.0, physics=(Spreading(info),))


def final(kind: str, linear: str, comm: Any) -> dict[str, float]:
    """Lowest and highest value after 60 s, and the balance of the tracer."""
    run = Run(with_tracer(kind, comm), linear=linear)
    assert run.stepper.statistics.solver == linear
    run.advance(60.0)
    values = [b.value.x.array for b in run.model.fields["c"].blocks]
    found: dict[str, float] = {
        "low": comm.allreduce(min(float(v.min(initial=np.inf)) for v in values), op=MPI.MIN),
        "high": comm.allreduce(max(float(v.max(initial=-np.inf)) for v in values), op=MPI.MAX),
        "volume": comm.allreduce(float(run.observer._volumes.cell_volumes.sum())),
        "relative": run.observer.balances()["tracer_balance_relative"],
    }
    return found | {k: v for k, v in run.row.items() if k.startswith("Tracer")}


def everything(comm: Any) -> list[Any]:
    return [[kind, linear, final(kind, linear, comm)] for kind in KINDS for linear in LINEAR]


@cache
def on_two_ranks() -> Mapping[tuple[str, str], Any]:
    return {(kind, linear): found for kind, linear, found in on_ranks(2, everything)}


@pytest.mark.parametrize("ranks", [1, pytest.param(2, marks=pytest.mark.mpi)])
@pytest.mark.parametrize("linear", LINEAR)
@pytest.mark.parametrize("kind", KINDS)
def test_one_per_second_for_a_minute_is_sixty(kind: str, linear: str, ranks: int) -> None:
    found = on_two_ranks()[kind, linear] if ranks == 2 else final(kind, linear, MPI.COMM_SELF)
    assert (found["low"], found["high"]) == pytest.approx((60.0, 60.0), abs=1e-5)
    assert found["Tracer generated [mol/s]"] == pytest.approx(found["volume"], rel=1e-12)
    assert found["Tracer stored [mol/s]"] == pytest.approx(found["volume"], rel=1e-6)
    assert found["Tracer removed [mol/s]"] == 0.0
    assert found["relative"] < 1e-6


def test_a_field_without_a_preconditioner_is_refused_by_name() -> None:
    """And solved where none is needed."""
    bare = replace(TRACER, preconditioner=None)
    run = Run(with_tracer("line", MPI.COMM_SELF, bare), linear="iterative", measured=False)
    with pytest.raises(CaseError, match=r"field 'c' \(tracer\).*left out by the preconditioner"):
        run.advance(60.0)
    run = Run(with_tracer("line", MPI.COMM_SELF, bare), measured=False)
    run.advance(60.0)
    assert run.values("c", "SE")[1] == pytest.approx(60.0, abs=1e-9)


def test_a_field_that_is_declared_twice_is_refused() -> None:
    setup = replace(with_tracer("line", MPI.COMM_SELF), physics=(Spreading(), Spreading()))
    with pytest.raises(CaseError, match=r"field 'c'.*two processes"):
        Run(setup, measured=False)


def test_tolerances_of_its_own() -> None:
    """They reach the step control; what nobody declares is refused."""
    setup = with_tracer("line", MPI.COMM_SELF)
    with pytest.raises(CaseError, match="tolerance 'trace'"):
        Run(setup, measured=False, tolerances=Tolerances(own={"trace": 1.0}))
    asked = Tolerances(own={"tracer": 0.5})
    assert asked.of(TRACER.tolerance) == 0.5
    assert asked.left(TRACER.tolerance) == 0.5 * asked.newton
    assert Tolerances().of(TRACER.tolerance) == 1e-4


def test_files_and_probes_show_it(tmp_path: Path) -> None:
    """Under its name, beside what was there before, and only if it is asked for."""
    run = Run(with_tracer("line", MPI.COMM_SELF), measured=False)
    run.model.fields["c"].fill(run.model.domain, 3.0, layer="SE")
    writer = FieldWriter(run.model, tmp_path / "fields.pvd")
    nodes = writer.snapshot(0.0).nodes
    region = next(r.id for r in run.model.domain.regions if r.layer == "SE")
    assert nodes["Tracer [mol/m^3]"][writer.sampling.grid.node_region == region] == (
        pytest.approx(3.0)
    )
    assert {"Temperature [K]", "Temperature rise [K]", "Ionic potential [V]"} < set(nodes)
    chosen = FieldWriter(run.model, tmp_path / "chosen.pvd", fields=["tracer"])
    assert list(chosen.snapshot(0.0).nodes) == ["Tracer [mol/m^3]"]
    hidden = Run(with_tracer("line", MPI.COMM_SELF, replace(TRACER, shown=())), measured=False)
    others = FieldWriter(hidden.model, tmp_path / "hidden.pvd").snapshot(0.0).nodes
    assert set(nodes) - set(others) == {"Tracer [mol/m^3]"}
    probes = Probes(run.model, [Probe(name="middle", layer="SE", position=0.5)])
    assert probes.measure()["middle tracer [mol/m^3]"] == pytest.approx(3.0)
