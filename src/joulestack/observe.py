"""What is measured at every accepted step: voltage, heat by source, temperatures, balances.

Every number is assembled from the same terms that the solver balances. All volume quantities are
assembled cell by cell in one sweep (a DG0 test function with a component for each), which gives
their sums and a field for ParaView; what never changes, like areas, is assembled once. A record
costs about as much as one residual.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import ufl
from dolfinx import fem
from mpi4py import MPI

from joulestack.domain import Interface
from joulestack.fields import Block
from joulestack.mesh import Region
from joulestack.model import Model
from joulestack.physics.context import InterfaceGroup, RegionGroup, Weighted, sides
from joulestack.physics.heat import flux as heat_flux
from joulestack.solver.forms import CELL, EXTERIOR, INTERIOR, Assembled

Row = dict[str, float]
Flows = list[list[tuple[float, float]]]
"""Current [A] and heat [W] of the electrical contacts of each cut."""

STORED, GAINED, VOLUME = "stored", "gained", "volume"
"""Volume quantities beside the heat sources."""


@dataclass
class _Cut:
    """What is measured on one interface."""

    interface: Interface
    area: list[Assembled]
    thermal_jump: list[Assembled] | None
    electrical: list[tuple[str, list[Assembled], list[Assembled]]]


@dataclass
class _Part:
    """The share of a block in a layer."""

    layer: str
    block: Block
    dofs: npt.NDArray[Any]
    form: list[Assembled]

    @cached_property
    def weights(self) -> npt.NDArray[np.float64]:
        """Integrals of the shape functions over this rank's cells of the layer [m3]."""
        whole = np.zeros_like(self.block.value.x.array)
        self.form[0].vector(whole)
        return whole[self.dofs]

    @cached_property
    def volume(self) -> float:
        """This rank's share of the layer [m3]."""
        return float(self.weights.sum())


class Observer:
    """Measures a model. Create it before `model.finish()`, so that its forms compile along.

    Attributes:
        model: what is measured.
        row: the last record.
    """

    def __init__(self, model: Model, vectors: Collection[str] = ()) -> None:
        """Ask for all forms.

        Args:
            model: what is measured.
            vectors: cell-wise fluxes wanted for files: "heat_flux", "current_density".
        """
        self.model = model
        self.domain = model.domain
        self.row: Row = {}
        mesh, forms, context, terms = model.domain.mesh, model.forms, model.context, model.terms
        self._vectors = self._vector_forms(vectors)
        self._reaction = [
            (group, forms.add(a_j * context.dx(group)), forms.add(a_j * U * context.dx(group)))
            for a_j, U, group in terms.reaction
        ]
        self._previous: dict[str, fem.Function] = {
            b.name: fem.Function(b.space) for b in model.fields["T"].blocks
        }
        volumes = {
            **terms.sources,
            STORED: [(self._storage(g), g) for g in context.regions],
            GAINED: [(self._enthalpy_gain(g), g) for g in context.regions],
            VOLUME: [(1.0, g) for g in context.regions],
        }
        self._columns = {name: i for i, name in enumerate(volumes)}
        self._source_columns = {name: self._columns[name] for name in terms.sources}
        self._cells = fem.Function(fem.functionspace(mesh, ("DG", 0, (len(volumes),))))
        v = ufl.TestFunction(self._cells.function_space)
        self._volumes = forms.add(
            _total(
                [
                    density * v[self._columns[name]] * context.dx(group)
                    for name, entries in volumes.items()
                    for density, group in entries
                ]
            )
        )
        self._layers = self._layer_parts()
        self._faces = {face: [forms.add(f) for f in parts] for face, parts in terms.outflow.items()}
        self._cuts = [self._cut(i, g) for g in context.interfaces for i in g.interfaces]
        self._terminals = self._terminal_means()
        self.integrals: Row = {}
        """Time integrals since the start [J]: heat by source, removed, stored."""
        self._last: Row | None = None
        self._worst_charge = 0.0
        self._largest_current = 0.0
        self._worst_power = 0.0
        self._constants: dict[int, float] = {}

    # -- construction ---------------------------------------------------------

    def _layer_parts(self) -> list[_Part]:
        """Layers by block, with the form that weighs their dofs for means."""
        domain, context = self.domain, self.model.context
        shares: dict[tuple[str, Block], list[Region]] = {}
        for r in domain.regions:
            shares.setdefault((r.layer, self.model.fields["T"].block(r)), []).append(r)
        return [
            _Part(
                layer,
                block,
                block.region_dofs(domain, regions),
                self.model.forms.add(
                    block.test * Weighted(context.weight, context.cells(1)),
                    {CELL: [(1, domain.cells_of(regions))]},
                ),
            )
            for (layer, block), regions in shares.items()
        ]

    def _storage(self, group: RegionGroup) -> Any:
        """rho c_p dT/dt [W/m3]."""
        capacity = group.medium.volumetric_heat_capacity(self.model.context.state(group))
        return capacity * group.blocks["T"].rate

    def _enthalpy_gain(self, group: RegionGroup) -> Any:
        """Gain since the last record [J/m3], trapezoidal in T: independent of the time scheme."""
        context = self.model.context
        now, block = context.state(group), group.blocks["T"]
        before = self._previous[block.name]
        capacity = group.medium.volumetric_heat_capacity
        old = type(now)(T=context.reference_temperature + before, p=now.p, p_max=now.p_max)
        return 0.5 * (capacity(now) + capacity(old)) * (block.value - before)

    def _cut(self, interface: Interface, group: InterfaceGroup) -> _Cut:
        context, forms = self.model.context, self.model.forms
        mine = {INTERIOR: [(1, interface.facets.ravel())]}
        dS = context.dS(group, 1)
        T0, T1 = sides(group, "T")
        jump = forms.add((T0 - T1) * dS, mine) if group.contacts.thermal is not None else None
        one = ufl.as_ufl(1.0)
        electrical = []
        for name, i_n, of in self.model.terms.currents:
            if of is group:
                heat = next(d for d, g in self.model.terms.interface_sources[name] if g is group)
                electrical.append((name, forms.add(i_n * dS, mine), forms.add(heat * dS, mine)))
        return _Cut(interface, forms.add(one * dS, mine), jump, electrical)

    def _terminal_means(self) -> dict[str, tuple[list[Assembled], list[list[Assembled]]]]:
        drive = self.model.setup.drive
        if drive is None:
            return {}
        context, forms = self.model.context, self.model.forms
        found = {}
        for side, face in (("negative", drive.negative), ("positive", drive.positive)):
            facets = self.domain.face_facets(face)
            whole = {EXTERIOR: [(1, facets.ravel())]}
            area = forms.add(ufl.as_ufl(1.0) * context.ds(1), whole)
            parts = []
            for block in self.model.fields["phi_s"].blocks:
                mine = facets[
                    np.isin(self.domain.cell_region[facets[:, 0]], [r.id for r in block.regions])
                ]
                if self.domain.total(len(mine)):
                    parts.append(
                        forms.add(block.value * context.ds(1), {EXTERIOR: [(1, mine.ravel())]})
                    )
            found[side] = (area, parts)
        return found

    # -- measuring ------------------------------------------------------------

    def _sweep(self) -> npt.NDArray[np.float64]:
        """All volume quantities of the owned cells, a column each; a view, good until the next."""
        array = self._cells.x.array
        array[:] = 0.0
        self._volumes[0].vector(array)
        return array.reshape(-1, len(self._columns))[: self.domain.owned_cells]

    def _vector_forms(self, wanted: Collection[str]) -> dict[str, list[Assembled]]:
        """Forms of the cell means of fluxes, by label."""
        context, terms = self.model.context, self.model.terms
        fluxes: dict[str, list[tuple[Any, Any]]] = {}
        if "heat_flux" in wanted:
            fluxes["Heat flux [W/m2]"] = [(heat_flux(context, g), g) for g in context.regions]
        if "current_density" in wanted:
            for key, label in (("phi_s", "Electronic"), ("phi_e", "Ionic")):
                if terms.current_density[key]:
                    fluxes[f"{label} current density [A/m2]"] = terms.current_density[key]
        if not fluxes:
            return {}
        mesh = self.domain.mesh
        self._cell_vector = fem.Function(fem.functionspace(mesh, ("DG", 0, (mesh.geometry.dim,))))
        v = ufl.TestFunction(self._cell_vector.function_space)
        return {
            label: self.model.forms.add(_total([ufl.inner(q, v) * context.dx(g) for q, g in parts]))
            for label, parts in fluxes.items()
        }

    def cell_data(self) -> dict[str, npt.NDArray[np.float64]]:
        """Heat source [W/m3] and the fluxes asked for, of the owned cells; vectors as (n, 3)."""
        cells = self._sweep()
        volume = cells[:, self._columns[VOLUME]].copy()
        watts = cells[:, list(self._source_columns.values())].sum(axis=1)
        # Contact heat is not included: it has no volume.
        result = {"Heat source [W/m3]": watts / volume}
        for label, form in self._vectors.items():
            array = self._cell_vector.x.array
            array[:] = 0.0
            form[0].vector(array)
            means = array.reshape(-1, self.domain.mesh.geometry.dim)[: self.domain.owned_cells]
            result[label] = np.zeros((len(means), 3))
            result[label][:, : means.shape[1]] = means / volume[:, None]
        return result

    def _constant(self, form: list[Assembled]) -> float:
        """What depends on the mesh alone, assembled once."""
        if id(form) not in self._constants:
            self._constants[id(form)] = self._sum(form)
        return self._constants[id(form)]

    def _sum(self, *forms: list[Assembled]) -> float:
        return float(self.domain.total(sum(f[0].scalar() for f in forms)))

    def measure(self, t: float, kind: Literal["start", "step", "steady"] = "step") -> Row:
        """Record the present state of the model (values, rates and raw residuals up to date).

        At the start no rate is known yet: what is not removed is stored, by definition.
        """
        setup = self.model.setup
        row: Row = {"Time [s]": t}
        volumes = self.domain.total(self._sweep().sum(axis=0))
        heat: Row = {name: float(volumes[i]) for name, i in self._source_columns.items()}
        flows = self._flows()
        ionic_balance, chemical = self._electrochemistry(flows)
        for cut, here in zip(self._cuts, flows, strict=True):
            for (name, _, _), (_, watts) in zip(cut.electrical, here, strict=True):
                heat[name] = heat.get(name, 0.0) + watts
        current = math.nan
        if setup.drive is not None:
            current, mismatch = self._terminal_currents()
            row["Current [A]"] = current
            row["Voltage [V]"] = self.voltage()
            self._largest_current = max(self._largest_current, abs(current))
            self._worst_charge = max(self._worst_charge, abs(mismatch), abs(ionic_balance))
            row["Charge imbalance [A]"] = max(abs(mismatch), abs(ionic_balance))
        row["Stack pressure [MPa]"] = setup.pressure(t) / 1e6
        generated = sum(heat.values())
        removed = self._removed()
        stored = float(volumes[self._columns[STORED]]) if kind == "step" else 0.0
        if kind == "start":
            stored = generated - sum(removed.values())
        row |= {f"Heat {name} [W]": value for name, value in sorted(heat.items())}
        row["Heat generated [W]"] = generated
        row |= {f"Heat removed {face} [W]": value for face, value in removed.items()}
        row["Heat removed [W]"] = sum(removed.values())
        row["Heat stored [W]"] = stored
        imbalance = generated - sum(removed.values()) - stored
        row["Heat imbalance [W]"] = imbalance
        scale = max(abs(v) for v in (generated, stored, 1e-300, *removed.values()))
        self._worst_power = max(self._worst_power, abs(imbalance) / scale)
        if setup.drive is not None and chemical is not None:
            irreversible = generated - heat.get("reversible", 0.0) - heat.get("given", 0.0)
            row["Chemical power [W]"] = chemical
            row["Electrical identity error [W]"] = irreversible - (
                chemical - current * row["Voltage [V]"]
            )
        row |= self._temperatures()
        row |= self._interfaces(flows)
        self._integrate(t, row, heat, float(volumes[self._columns[GAINED]]))
        self.row = row
        return row

    def _flows(self) -> Flows:
        """Current and heat of every electrical contact."""
        return [
            [(self._sum(i_n), self._sum(watts)) for _, i_n, watts in cut.electrical]
            for cut in self._cuts
        ]

    def _electrochemistry(self, flows: Flows) -> tuple[float, float | None]:
        """Net current into all electrolytes [A] and the chemical power -sum(I_reaction U) [W]."""
        if self.model.setup.drive is None:
            return 0.0, None
        net = power = 0.0
        for _, a_j, a_j_U in self._reaction:
            net += self._sum(a_j)
            power -= self._sum(a_j_U)
        for cut, here in zip(self._cuts, flows, strict=True):
            for (name, _, _), (current, _) in zip(cut.electrical, here, strict=True):
                if name != "charge transfer metal":
                    continue
                media = [self.model.setup.media[layer] for layer in cut.interface.layers]
                into = current * (1.0 if media[0].electrode_potential is not None else -1.0)
                metal = next(m for m in media if m.electrode_potential is not None)
                net += into
                power -= into * float(metal.electrode_potential or 0.0)
        return net, power

    def _terminal_currents(self) -> tuple[float, float]:
        """Discharge current and the mismatch between both terminals [A]."""
        system = self.model.system
        out = {"negative terminal": 0.0, "positive terminal": 0.0}
        for condition in system.prescribed:
            if condition.name in out and condition.active():
                out[condition.name] += system.outflow(condition)
        negative = -float(self.domain.total(out["negative terminal"]))
        given = self.model.current()
        if math.isnan(given):
            given = float(self.domain.total(out["positive terminal"]))
        return given, given - negative

    def voltage(self) -> float:
        """Terminal voltage of the values now in the model [V]."""
        means = {
            side: self._sum(*parts) / self._constant(area)
            for side, (area, parts) in self._terminals.items()
        }
        return means["positive"] - means["negative"]

    def hottest(self) -> float:
        """Highest temperature of the values now in the model [K]."""
        rises = [
            float(b.value.x.array.max(initial=-math.inf)) for b in self.model.fields["T"].blocks
        ]
        rise = self.domain.comm.allreduce(max(rises), op=MPI.MAX)
        return self.model.setup.start_temperature + float(rise)

    def _removed(self) -> Row:
        """Heat leaving through each face [W]."""
        result = {face: self._sum(*parts) for face, parts in self._faces.items()}
        taken: set[tuple[str, int]] = set()
        fixed: Row = {}
        for condition in self.model.system.prescribed:
            if condition.block.info.key == "T":
                fixed[condition.name] = fixed.get(condition.name, 0.0) + self.model.system.outflow(
                    condition, taken
                )
        return result | {face: float(self.domain.total(v)) for face, v in fixed.items()}

    def _temperatures(self) -> Row:
        start = self.model.setup.start_temperature
        layers = list(dict.fromkeys(part.layer for part in self._layers))
        bounds = np.full((len(layers), 2), -math.inf)
        sums = np.zeros((len(layers), 2))
        for part in self._layers:
            i, weights = layers.index(part.layer), part.weights
            values = part.block.value.x.array[part.dofs]
            if values.size:
                bounds[i] = np.maximum(bounds[i], (-values.min(), values.max()))
            sums[i] += weights @ values, part.volume
        self.domain.comm.Allreduce(MPI.IN_PLACE, bounds, op=MPI.MAX)
        self.domain.comm.Allreduce(MPI.IN_PLACE, sums, op=MPI.SUM)
        row: Row = {"Temperature max [K]": start + float(bounds[:, 1].max())}
        row["Temperature min [K]"] = start - float(bounds[:, 0].max())
        for name, (lowest, highest), (total, volume) in zip(layers, bounds, sums, strict=True):
            row[f"{name} temperature min [K]"] = start - float(lowest)
            row[f"{name} temperature mean [K]"] = start + float(total / volume)
            row[f"{name} temperature max [K]"] = start + float(highest)
        return row

    def _interfaces(self, flows: Flows) -> Row:
        row: Row = {}
        for cut, here in zip(self._cuts, flows, strict=True):
            area = self._constant(cut.area)
            if cut.thermal_jump is not None:
                row[f"{cut.interface.name} temperature jump [K]"] = (
                    self._sum(cut.thermal_jump) / area
                )
            for (name, _, _), (current, watts) in zip(cut.electrical, here, strict=True):
                row[f"{cut.interface.name} {name} current [A]"] = current
                row[f"{cut.interface.name} {name} heat [W]"] = watts
        return row

    # -- in time --------------------------------------------------------------

    def _integrate(self, t: float, row: Row, heat: Row, gained: float) -> None:
        """Energies by the trapezoidal rule over the accepted steps."""
        powers = {f"heat {k}": v for k, v in heat.items()}
        powers |= {"removed": row["Heat removed [W]"], "generated": row["Heat generated [W]"]}
        powers["magnitude"] = sum(abs(v) for v in heat.values()) + abs(row["Heat removed [W]"])
        if self._last is not None:
            dt = t - self._last["t"]
            for key, value in powers.items():
                self.integrals[key] = self.integrals.get(key, 0.0) + 0.5 * dt * (
                    value + self._last.get(key, value)
                )
            self.integrals["stored"] = self.integrals.get("stored", 0.0) + gained
        else:
            self.integrals = {key: 0.0 for key in (*powers, "stored")}
        self._last = powers | {"t": t}
        for block in self.model.fields["T"].blocks:
            self._previous[block.name].x.array[:] = block.value.x.array

    def flow(self, key: str) -> float:
        """Size of the flow that a field balances: heat [W] or current [A]; 0 if not known yet."""
        if key == "T":
            return max(
                (
                    abs(self.row.get(f"Heat {k} [W]", 0.0))
                    for k in ("generated", "removed", "stored")
                ),
                default=0.0,
            )
        given = self.model.current()
        return self._largest_current if math.isnan(given) else abs(given)

    def balances(self, steady: bool = False) -> Row:
        """Relative balances of the run so far."""
        total = self.integrals
        if steady:
            scale = max(
                abs(self.row["Heat generated [W]"]), abs(self.row["Heat removed [W]"]), 1e-300
            )
            energy = abs(self.row["Heat imbalance [W]"]) / scale
        else:
            scale = max(total.get("magnitude", 0.0), abs(total.get("stored", 0.0)), 1e-300)
            energy = (
                abs(
                    total.get("generated", 0.0)
                    - total.get("removed", 0.0)
                    - total.get("stored", 0.0)
                )
                / scale
            )
        return {
            "energy_balance_relative": energy,
            "power_balance_relative_max": self._worst_power,
            "charge_balance_relative": self._worst_charge / max(self._largest_current, 1e-300)
            if self._largest_current
            else 0.0,
        }


def _total(forms: list[Any]) -> Any:
    """Sum of forms in one go: adding them one by one analyses every partial sum."""
    return ufl.Form([integral for form in forms for integral in form.integrals()])


__all__ = ["Observer", "Row"]
