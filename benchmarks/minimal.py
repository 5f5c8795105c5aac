"""The same cell by hand: what somebody who knows DOLFINx 0.9 would write for this one problem.

Nothing is general and nothing is checked. From joulestack it takes the mesh, so that both sides
solve the same unknowns; the solver options are those of the package (PETSc's names, copied).

    python3 benchmarks/minimal.py pellet out.csv
"""

from __future__ import annotations

import time

WALL, CPU = time.perf_counter(), time.process_time()

import csv  # noqa: E402
import json  # noqa: E402
import sys  # noqa: E402
from itertools import pairwise  # noqa: E402

import numpy as np  # noqa: E402
import ufl  # noqa: E402
from cells import (  # noqa: E402
    CELLS,
    NEWTON_SHARE,
    OPEN_CIRCUIT,
    POTENTIAL_TOLERANCE,
    RELATIVE_TOLERANCE,
    RESISTANCE,
    SPECIFIC_AREA,
    STUFF,
    TEMPERATURE_TOLERANCE,
)
from dolfinx import fem  # noqa: E402
from dolfinx.fem import petsc as fp  # noqa: E402
from dolfinx.mesh import create_submesh  # noqa: E402
from mpi4py import MPI  # noqa: E402
from petsc4py import PETSc  # noqa: E402

from joulestack.mesh import build  # noqa: E402

LOADED = time.perf_counter(), time.process_time()
name, record = sys.argv[1:3]
cell = CELLS[name]()

# -- mesh, integration entities -----------------------------------------------------------------
tagged = build(cell.spec, MPI.COMM_WORLD)
mesh = tagged.mesh
tdim = mesh.topology.dim
regions = {layer: [r.id for r in tagged.regions if r.layer == layer] for layer in cell.stuff}
layer_of = {i: layer for layer, ids in regions.items() for i in ids}
tag = np.zeros(mesh.topology.index_map(tdim).size_local, dtype=np.int32)
tag[tagged.cell_tags.indices] = tagged.cell_tags.values
mesh.topology.create_connectivity(tdim - 1, tdim)
mesh.topology.create_connectivity(tdim, tdim - 1)
f_to_c = mesh.topology.connectivity(tdim - 1, tdim)
c_to_f = mesh.topology.connectivity(tdim, tdim - 1).array.reshape(len(tag), -1)


def rows(cells, facets):
    return np.column_stack([cells, np.argmax(c_to_f[cells] == facets[:, None], axis=1)])


inner = np.flatnonzero(np.diff(f_to_c.offsets) == 2)
pair = np.column_stack([f_to_c.array[f_to_c.offsets[inner] + i] for i in (0, 1)])
inner, pair = (a[tag[pair[:, 0]] != tag[pair[:, 1]]] for a in (inner, pair))
flip = tag[pair[:, 0]] > tag[pair[:, 1]]
pair[flip] = pair[flip][:, ::-1]
both = np.hstack([rows(pair[:, 0], inner), rows(pair[:, 1], inner)]).astype(np.int32)
order = list(cell.stuff)
cuts = {}
for a, b in cell.thermal:
    where = np.isin(tag[pair[:, 0]], regions[a]) & np.isin(tag[pair[:, 1]], regions[b])
    cuts[a, b] = both[where]
cut_id = {key: n + 1 for n, key in enumerate(cuts)}
outer, outer_id = [], {}
for face in dict.fromkeys([*cell.film, cell.terminals[1]]):
    facets = tagged.facet_tags.find(tagged.faces[face])
    cells_of = f_to_c.array[f_to_c.offsets[facets]]
    for layer in dict.fromkeys(layer_of[int(i)] for i in np.unique(tag[cells_of])):
        mine = np.isin(tag[cells_of], regions[layer])
        outer_id.setdefault(face, []).append((layer, len(outer) + 1))
        outer.append((len(outer) + 1, rows(cells_of[mine], facets[mine]).astype(np.int32).ravel()))

metadata = {"quadrature_degree": 2}
dx = ufl.Measure("dx", mesh, subdomain_data=tagged.cell_tags, metadata=metadata)
dS = ufl.Measure(
    "dS", mesh, subdomain_data=[(cut_id[k], v.ravel()) for k, v in cuts.items()], metadata=metadata
)
ds = ufl.Measure("ds", mesh, subdomain_data=outer, metadata=metadata)
w = 2 * np.pi * ufl.SpatialCoordinate(mesh)[0] if tagged.coordinates == "axisymmetric" else 1.0

# -- unknowns: one function on the submesh of each group of layers ---------------------------------
maps, unknowns, of = {}, [], {}
for key, groups in cell.blocks.items():
    for group in groups:
        chosen = np.flatnonzero(np.isin(tag, [i for layer in group for i in regions[layer]]))
        sub, to_parent, _, _ = create_submesh(mesh, tdim, chosen.astype(np.int32))
        to_sub = np.full(len(tag), -1, dtype=np.int32)
        to_sub[to_parent] = np.arange(len(to_parent), dtype=np.int32)
        padded = to_sub.copy()
        for cut in cuts.values():
            for near, far in ((0, 2), (2, 0)):
                take = (to_sub[cut[:, near]] >= 0) & (to_sub[cut[:, far]] < 0)
                padded[cut[take, far]] = to_sub[cut[take, near]]
        maps[sub] = padded
        u = fem.Function(fem.functionspace(sub, ("Lagrange", 1)))
        space = u.function_space
        unknowns.append((key, u, ufl.TestFunction(space), fem.Function(space)))
        for layer in group:
            of[key, layer] = len(unknowns) - 1
sizes = [u.x.array.size for _, u, _, _ in unknowns]
ends = np.cumsum(sizes)
parts = [slice(e - s, e) for s, e in zip(sizes, ends, strict=True)]

# -- equations ------------------------------------------------------------------------------------
F = [0.0 for _ in unknowns]
heat = 0.0


def value(key, layer):
    return unknowns[of[key, layer]][1]


def add(key, layer, integrand, measure, side=None):
    i = of[key, layer]
    v = unknowns[i][2]
    F[i] += integrand * (v if side is None else v(side)) * (w if side is None else ww) * measure


ww = w("+") if isinstance(w, ufl.core.expr.Expr) else w
for layer, ids in regions.items():
    s, d = STUFF[cell.stuff[layer]], dx(tuple(ids))
    i = of["T", layer]
    _, T, v, rate = unknowns[i]
    F[i] += (s.rho_cp * rate * v + s.k * ufl.inner(ufl.grad(T), ufl.grad(v))) * w * d
    for key, sigma in (("phi_s", s.sigma_s), ("phi_e", s.sigma_e)):
        if sigma is not None:
            j = of[key, layer]
            g, q = ufl.grad(unknowns[j][1]), unknowns[j][2]
            F[j] += sigma * ufl.inner(g, ufl.grad(q)) * w * d
            add("T", layer, -sigma * ufl.inner(g, g), d)
            heat += sigma * ufl.inner(g, g) * w * d
    if layer == "cathode":
        eta = value("phi_s", layer) - value("phi_e", layer) - OPEN_CIRCUIT
        a_j = SPECIFIC_AREA / RESISTANCE * eta
        add("phi_s", layer, a_j, d)
        add("phi_e", layer, -a_j, d)
        add("T", layer, -a_j * eta, d)
        heat += a_j * eta * w * d
for (a, b), n in cut_id.items():
    q = (value("T", a)("+") - value("T", b)("-")) / cell.thermal[a, b]
    add("T", a, q, dS(n), "+")
    add("T", b, -q, dS(n), "-")
    for laws, keys in ((cell.electronic, ("phi_s", "phi_s")),
                       (cell.charge_transfer, ("phi_s", "phi_e"))):  # fmt: skip
        if (a, b) in laws:
            drop = value(keys[0], a)("+") - value(keys[1], b)("-")
            current = drop / laws[a, b]
            add(keys[0], a, current, dS(n), "+")
            add(keys[1], b, -current, dS(n), "-")
            add("T", a, -0.5 * current * drop, dS(n), "+")
            add("T", b, -0.5 * current * drop, dS(n), "-")
            heat += current * drop * ww * dS(n)
for face, h in cell.film.items():
    for layer, n in outer_id[face]:
        add("T", layer, h * value("T", layer), ds(n))
negative, positive = cell.terminals
((last, n),) = outer_id[positive]
area = fem.assemble_scalar(fem.form(w * ds(n)))
add("phi_s", last, cell.current / area, ds(n))
voltage = value("phi_s", last) * w / area * ds(n)

shift = fem.Constant(mesh, 0.0)
J = []
for f in F:
    J.append([])
    for key, u, _, rate in unknowns:
        du = ufl.TrialFunction(u.function_space)
        entry = ufl.derivative(f, u, du) if u in f.coefficients() else None
        if key == "T" and rate in f.coefficients():
            entry += shift * ufl.derivative(f, rate, du)
        J[-1].append(entry)
F, J, heat, voltage = (fem.form(f, entity_maps=maps) for f in (F, J, heat, voltage))

bcs = []
for face, key in [*((f, "T") for f in cell.cold), (negative, "phi_s")]:
    facets = tagged.facet_tags.find(tagged.faces[face])
    cells_of = f_to_c.array[f_to_c.offsets[facets]]
    space = value(key, layer_of[tag[cells_of[0]]]).function_space
    sub = space.mesh
    sub.topology.create_connectivity(tdim - 1, tdim)
    sub.topology.create_connectivity(tdim, tdim - 1)
    sub_c_to_f = sub.topology.connectivity(tdim, tdim - 1).array.reshape(-1, c_to_f.shape[1])
    r = rows(cells_of, facets)
    sub_facets = sub_c_to_f[maps[sub][r[:, 0]], r[:, 1]]
    dofs = fem.locate_dofs_topological(space, tdim - 1, sub_facets)
    bcs.append(fem.dirichletbc(0.0, dofs, space))
held = np.concatenate(
    [bc.dof_indices()[0] + parts[i].start for bc in bcs for i, (_, u, _, _) in enumerate(unknowns)
     if u.function_space == bc.function_space or u.function_space._cpp_object == bc.function_space]
).astype(np.int32)  # fmt: skip

# -- residual and Jacobian ------------------------------------------------------------------------
A = fp.create_matrix_block(J)
A.setOption(PETSc.Mat.Option.KEEP_NONZERO_PATTERN, True)
x = A.createVecRight()
x.set(0.0)
heats = [i for i, (key, *_) in enumerate(unknowns) if key == "T"]
thermal = np.concatenate([np.arange(parts[i].start, parts[i].stop) for i in heats])
electric = np.setdiff1d(np.arange(ends[-1]), thermal)


def scatter(x, rate=None):
    a = x.array_r
    b = None if rate is None else rate.array_r
    for (key, u, _, du), part in zip(unknowns, parts, strict=True):
        u.x.array[:] = a[part]
        if key == "T":
            du.x.array[:] = 0.0 if b is None else b[part]


def residual(x, rate, out):
    scatter(x, rate)
    f = out.array
    f[:] = 0.0
    for form, part in zip(F, parts, strict=True):
        fem.assemble_vector(f[part], form)
    f[held] = x.array_r[held]


def jacobian(s, P):
    shift.value = s
    P.zeroEntries()
    fp.assemble_matrix_block(P, J, bcs=bcs)
    P.assemble()


def converged(snes, it, norms):
    """What is left of the last update, if the residual tells by how much Newton contracts."""
    residual, before = snes.getFunction()[0].array_r, dict(history)
    history["thermal"] = np.abs(residual[thermal]).sum()
    history["electric"] = np.abs(residual[electric]).sum()
    if it == 0:
        return 0
    update = np.abs(snes.getSolutionUpdate().array_r)
    ok = all(
        update[rows].max() * min(history[key] / before[key], 1.0) <= tolerance
        for key, rows, tolerance in (
            ("thermal", thermal, NEWTON_SHARE * TEMPERATURE_TOLERANCE),
            ("electric", electric, POTENTIAL_TOLERANCE),
        )
        if before[key] > 0
    )
    return 2 if ok else (-5 if it > 15 else 0)


history = {}
options = PETSc.Options()
amg = {"pc_type": "hypre", "pc_hypre_type": "boomeramg",
       "pc_hypre_boomeramg_strong_threshold": 0.7, "pc_hypre_boomeramg_coarsen_type": "HMIS",
       "pc_hypre_boomeramg_interp_type": "ext+i", "pc_hypre_boomeramg_P_max": 4}  # fmt: skip
if cell.direct:
    linear = {"ksp_type": "preonly", "pc_type": "lu", "pc_factor_mat_solver_type": "mumps",
              "mat_mumps_icntl_14": 60}  # fmt: skip
else:
    linear = {"ksp_type": "gmres", "ksp_rtol": 1e-8, "ksp_atol": 1e-50, "ksp_max_it": 300,
              "ksp_gmres_restart": 100, "pc_type": "fieldsplit",
              "pc_fieldsplit_type": "multiplicative"}  # fmt: skip
    for split in ("phi", "T"):
        linear[f"fieldsplit_{split}_ksp_type"] = "preonly"
        linear |= {f"fieldsplit_{split}_{k}": v for k, v in amg.items()}
linear |= {"snes_linesearch_type": "basic", "snes_lag_jacobian": 3}
for k, v in linear.items():
    options[k] = v


def configure(solver, snes):
    snes.setConvergenceTest(converged)
    if not cell.direct:
        snes.getKSP().getPC().setType("fieldsplit")
        snes.getKSP().getPC().setFieldSplitIS(
            ("phi", PETSc.IS().createGeneral(electric.astype(np.int32))),
            ("T", PETSc.IS().createGeneral(thermal.astype(np.int32))),
        )
    solver.setFromOptions()


# Consistent start: the potentials for the temperatures given.
def start_residual(snes, x, out):
    residual(x, None, out)
    out.array[thermal] = 0.0


def start_jacobian(snes, x, _, P):
    jacobian(0.0, P)
    P.zeroRowsColumns(thermal.astype(np.int32), diag=1.0)


READY = time.perf_counter(), time.process_time()
snes = PETSc.SNES().create()
snes.setFunction(start_residual, x.duplicate())
snes.setJacobian(start_jacobian, A)
configure(snes, snes)
snes.solve(None, x)
assert snes.getConvergedReason() > 0
snes.destroy()

# -- time -----------------------------------------------------------------------------------------
ts = PETSc.TS().create()
ts.setType("bdf")
ts.setEquationType(PETSc.TS.EquationType.DAE_IMPLICIT_INDEX1)


def ifunction(ts, t, u, udot, out):
    residual(u, udot, out)


def ijacobian(ts, t, u, udot, s, _, P):
    scatter(u, udot)
    jacobian(s, P)


ts.setIFunction(ifunction, x.duplicate())
ts.setIJacobian(ijacobian, A)
ts.setMaxTime(cell.end)
ts.setExactFinalTime(PETSc.TS.ExactFinalTime.MATCHSTEP)
ts.setMaxSteps(10**6)
ts.setTimeStep(cell.first_step)
atol, rtol = x.duplicate(), x.duplicate()
atol.set(1e30)
rtol.set(0.0)
atol.array[thermal] = TEMPERATURE_TOLERANCE
rtol.array[thermal] = RELATIVE_TOLERANCE
ts.setTolerances(rtol=rtol, atol=atol)
for k, v in {"ts_bdf_order": 2, "ts_adapt_type": "basic", "ts_max_reject": 40,
             "ts_max_snes_failures": -1, "ts_adapt_clip": "0.1,3.0"}.items():  # fmt: skip
    options[k] = v
configure(ts, ts.getSNES())

with open(record, "w", newline="") as file:
    table = csv.writer(file)
    table.writerow(["Time [s]", "Voltage [V]", "Rise [K]", "Heat [W]"])
    steps = []

    def accepted(ts):
        u = ts.getSolution()
        scatter(u)
        row = ts.getTime(), fem.assemble_scalar(voltage), u.array_r[thermal].max()
        table.writerow([*row, fem.assemble_scalar(heat)])
        file.flush()
        steps.append(row)

    ts.setPostStep(accepted)
    ts.solve(x)
assert ts.getConvergedReason() > 0
DONE = time.perf_counter(), time.process_time()
with open("/proc/self/status") as status:
    peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
marks = [(WALL, CPU), LOADED, READY, DONE]
print(json.dumps({
    "unknowns": int(ends[-1]), "steps": len(steps), "newton": ts.getSNESIterations(),
    "linear": ts.getKSPIterations(), "voltage": steps[-1][1], "rise": steps[-1][2], "memory": peak,
    "wall": [b[0] - a[0] for a, b in pairwise(marks)],
    "cpu": [b[1] - a[1] for a, b in pairwise(marks)],
}))  # fmt: skip
