"""What is measured at every accepted step: voltage, heat by source, temperatures, balances.

Every number is assembled from the same terms that the solver balances. Volume quantities are
assembled cell by cell (a DG0 test function), which gives layer sums and a field for ParaView from
one kernel each.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import ufl
from dolfinx import fem
from mpi4py import MPI

from joulestack.domain import Interface
from joulestack.fields import Block
from joulestack.model import Model
from joulestack.physics.context import InterfaceGroup, sides
from joulestack.physics.heat import flux as heat_flux
from joulestack.solver.forms import EXTERIOR, INTERIOR, Assembled

Row = dict[str, float]


@dataclass
class _Cut:
    """What is measured on one interface."""

    interface: Interface
    area: list[Assembled]
    thermal_jump: list[Assembled] | None
    electrical: list[tuple[str, list[Assembled], list[Assembled]]]


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
        self._cellwise = fem.Function(fem.functionspace(mesh, ("DG", 0)))
        v = ufl.TestFunction(self._cellwise.function_space)
        self._volume = forms.add(_total([1.0 * v * context.dx(g) for g in context.regions]))
        self._rise = forms.add(
            _total([g.blocks["T"].value * v * context.dx(g) for g in context.regions])
        )
        self._sources = {
            name: forms.add(_total([density * v * context.dx(g) for density, g in entries]))
            for name, entries in terms.sources.items()
        }
        self._vectors = self._vector_forms(vectors)
        self._reaction = [
            (group, forms.add(a_j * context.dx(group)), forms.add(a_j * U * context.dx(group)))
            for a_j, U, group in terms.reaction
        ]
        self._previous: dict[str, fem.Function] = {
            b.name: fem.Function(b.space) for b in model.fields["T"].blocks
        }
        self._stored = forms.add(
            _total(
                [
                    g.medium.volumetric_heat_capacity(context.state(g))
                    * g.blocks["T"].rate
                    * context.dx(g)
                    for g in context.regions
                ]
            )
        )
        self._gained = forms.add(_total([self._enthalpy_gain(g) for g in context.regions]))
        self._faces = {face: [forms.add(f) for f in parts] for face, parts in terms.outflow.items()}
        self._cuts = [self._cut(i, g) for g in context.interfaces for i in g.interfaces]
        self._terminals = self._terminal_means()
        self.integrals: Row = {}
        """Time integrals since the start [J]: heat by source, removed, stored."""
        self._last: Row | None = None
        self._worst_charge = 0.0
        self._largest_current = 0.0
        self._worst_power = 0.0
        self._layer_dofs: list[tuple[str, Block, npt.NDArray[Any]]] = []

    # -- construction ---------------------------------------------------------

    def _enthalpy_gain(self, group: Any) -> Any:
        """Gain since the last record, trapezoidal in T: independent of the time scheme."""
        context = self.model.context
        now, block = context.state(group), group.blocks["T"]
        before = self._previous[block.name]
        capacity = group.medium.volumetric_heat_capacity
        old = type(now)(T=context.reference_temperature + before, p=now.p, p_max=now.p_max)
        return 0.5 * (capacity(now) + capacity(old)) * (block.value - before) * context.dx(group)

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
                if self.domain.comm.allreduce(len(mine)):
                    parts.append(
                        forms.add(block.value * context.ds(1), {EXTERIOR: [(1, mine.ravel())]})
                    )
            found[side] = (area, parts)
        return found

    # -- measuring ------------------------------------------------------------

    def cellwise(self, form: list[Assembled]) -> npt.NDArray[np.float64]:
        """A cell-by-cell assembled form: values of the owned cells."""
        array = self._cellwise.x.array
        array[:] = 0.0
        form[0].vector(array)
        return array[: self.domain.owned_cells].copy()

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
        mesh = self.domain.mesh
        self._cell_vector = fem.Function(fem.functionspace(mesh, ("DG", 0, (mesh.geometry.dim,))))
        v = ufl.TestFunction(self._cell_vector.function_space)
        return {
            label: self.model.forms.add(_total([ufl.inner(q, v) * context.dx(g) for q, g in parts]))
            for label, parts in fluxes.items()
        }

    def cell_data(self) -> dict[str, npt.NDArray[np.float64]]:
        """Heat source [W/m3] and the fluxes asked for, of the owned cells; vectors as (n, 3)."""
        result = {"Heat source [W/m3]": self.heat_density()}
        if self._vectors:
            volume = self.cellwise(self._volume)
        for label, form in self._vectors.items():
            array = self._cell_vector.x.array
            array[:] = 0.0
            form[0].vector(array)
            means = array.reshape(-1, self.domain.mesh.geometry.dim)[: self.domain.owned_cells]
            result[label] = np.zeros((len(means), 3))
            result[label][:, : means.shape[1]] = means / volume[:, None]
        return result

    def heat_density(self) -> npt.NDArray[np.float64]:
        """Total volumetric heat source of the owned cells [W/m3] (contact heat not included)."""
        watts = sum(
            (self.cellwise(f) for f in self._sources.values()),
            start=np.zeros(self.domain.owned_cells),
        )
        return watts / self.cellwise(self._volume)

    def _by_layer(self, values: npt.NDArray[np.float64]) -> dict[str, float]:
        """Sums over layers, all ranks."""
        regions = self.domain.regions
        sums = np.bincount(
            self.domain.cell_region[: self.domain.owned_cells],
            weights=values,
            minlength=len(regions) + 1,
        )
        sums = self.domain.comm.allreduce(sums)
        result: dict[str, float] = {}
        for r in regions:
            result[r.layer] = result.get(r.layer, 0.0) + float(sums[r.id])
        return result

    def _sum(self, *forms: list[Assembled]) -> float:
        return float(self.domain.comm.allreduce(sum(f[0].scalar() for f in forms)))

    def measure(self, t: float, kind: Literal["start", "step", "steady"] = "step") -> Row:
        """Record the present state of the model (values, rates and raw residuals up to date).

        At the start no rate is known yet: what is not removed is stored, by definition.
        """
        setup = self.model.setup
        row: Row = {"Time [s]": t}
        heat: Row = {}
        for name, form in self._sources.items():
            heat[name] = float(sum(self._by_layer(self.cellwise(form)).values()))
        ionic_balance, chemical = self._electrochemistry()
        for cut in self._cuts:
            for name, _, watts in cut.electrical:
                heat[name] = heat.get(name, 0.0) + self._sum(watts)
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
        stored = self._sum(self._stored) if kind == "step" else 0.0
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
        row |= self._interfaces()
        self._integrate(t, row, heat)
        self.row = row
        return row

    def _electrochemistry(self) -> tuple[float, float | None]:
        """Net current into all electrolytes [A] and the chemical power -sum(I_reaction U) [W]."""
        if self.model.setup.drive is None:
            return 0.0, None
        net = power = 0.0
        for _, a_j, a_j_U in self._reaction:
            net += self._sum(a_j)
            power -= self._sum(a_j_U)
        for cut in self._cuts:
            for name, i_n, _ in cut.electrical:
                if name != "charge transfer metal":
                    continue
                media = [self.model.setup.media[layer] for layer in cut.interface.layers]
                into = self._sum(i_n) * (1.0 if media[0].electrode_potential is not None else -1.0)
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
        negative = -float(self.domain.comm.allreduce(out["negative terminal"]))
        given = self.model.current()
        if math.isnan(given):
            given = float(self.domain.comm.allreduce(out["positive terminal"]))
        return given, given - negative

    def voltage(self) -> float:
        """Terminal voltage of the values now in the model [V]."""
        means = {
            side: self._sum(*parts) / self._sum(area)
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
        return result | {face: float(self.domain.comm.allreduce(v)) for face, v in fixed.items()}

    def _temperatures(self) -> Row:
        start = self.model.setup.start_temperature
        if not self._layer_dofs:
            self._layer_dofs = [
                (r.layer, f, f.region_dofs(self.domain, [r]))
                for r in self.domain.regions
                for f in [self.model.fields["T"].block(r)]
            ]
            self._layer_volume = self._by_layer(self.cellwise(self._volume))
        low: Row = {}
        high: Row = {}
        for layer, block, dofs in self._layer_dofs:
            values = block.value.x.array[dofs]
            if values.size:
                low[layer] = min(low.get(layer, math.inf), float(values.min()))
                high[layer] = max(high.get(layer, -math.inf), float(values.max()))
        layers = list(dict.fromkeys(layer for layer, _, _ in self._layer_dofs))
        bounds = np.array(
            [[-low.get(name, math.inf), high.get(name, -math.inf)] for name in layers]
        )
        self.domain.comm.Allreduce(MPI.IN_PLACE, bounds, op=MPI.MAX)
        means = self._by_layer(self.cellwise(self._rise))
        row: Row = {"Temperature max [K]": start + float(bounds[:, 1].max())}
        row["Temperature min [K]"] = start - float(bounds[:, 0].max())
        for name, (lowest, highest) in zip(layers, bounds, strict=True):
            row[f"{name} temperature min [K]"] = start - float(lowest)
            row[f"{name} temperature mean [K]"] = start + means[name] / self._layer_volume[name]
            row[f"{name} temperature max [K]"] = start + float(highest)
        return row

    def _interfaces(self) -> Row:
        row: Row = {}
        for cut in self._cuts:
            area = self._sum(cut.area)
            if cut.thermal_jump is not None:
                row[f"{cut.interface.name} temperature jump [K]"] = (
                    self._sum(cut.thermal_jump) / area
                )
            for name, i_n, heat in cut.electrical:
                current = self._sum(i_n)
                row[f"{cut.interface.name} {name} current [A]"] = current
                watts = self._sum(heat)
                row[f"{cut.interface.name} {name} heat [W]"] = watts
        return row

    # -- in time --------------------------------------------------------------

    def _integrate(self, t: float, row: Row, heat: Row) -> None:
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
            self.integrals["stored"] = self.integrals.get("stored", 0.0) + self._sum(self._gained)
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
    result = forms[0]
    for form in forms[1:]:
        result = result + form
    return result


__all__ = ["Observer", "Row"]
