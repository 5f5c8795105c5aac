"""Which linear solver: by size and by geometry, from measurements (docs/physics.md).

Direct (MUMPS) while the factors stay small; above, GMRES with the fields split, as they declare
(`declarations.Multigrid`), and one BoomerAMG cycle for each split. Thin layers give positive
off-diagonals on flat hexahedra, which the strong threshold 0.7 ignores: the default 0.25 takes
hundreds of iterations there. Other smoothers and coarsenings came within 5 % in time, and a
preconditioner kept over several steps cost half as much again (docs/benchmarks.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from petsc4py import PETSc

from joulestack.declarations import FieldInfo, Multigrid
from joulestack.errors import CaseError, Problem
from joulestack.solver.system import BlockSystem

DIRECT_LIMIT = {1: 5_000_000, 2: 150_000, 3: 1_000}
"""Unknowns up to which a direct solve is the faster one, by dimension."""

SMALL_MATRIX = 500
"""Unknowns up to which PETSc's own factorisation beats the start-up of MUMPS (a fifth of a run)."""


def choose(kind: str, dimension: int, unknowns: int) -> str:
    """Resolve "auto" to "direct" or "iterative"."""
    if kind != "auto":
        return kind
    return "direct" if unknowns <= DIRECT_LIMIT[dimension] else "iterative"


def configure(
    ksp: PETSc.KSP, system: BlockSystem, dimension: int, kind: str = "auto"
) -> tuple[str, dict[str, str]]:
    """Set up a Krylov or direct solver for the block system.

    Args:
        ksp: to configure; its options must still be read (`setFromOptions`).
        system: gives sizes and fields.
        dimension: of the mesh.
        kind: "auto", "direct" or "iterative".

    Returns:
        What was chosen, for the log, and the PETSc options that go with it, without prefix.
    """
    chosen = choose(kind, dimension, system.matrix_size)
    pc = ksp.getPC()
    settings: dict[str, str] = {}
    if chosen == "direct":
        ksp.setType("preonly")
        pc.setType("lu")
        if system.comm.size == 1 and system.matrix_size <= SMALL_MATRIX:
            pc.setFactorSolverType("petsc")
            pc.setFactorOrdering("rcm")
        else:
            pc.setFactorSolverType("mumps")
            settings |= {"mat_mumps_icntl_14": "60"}
    else:
        # Left preconditioning: metal foils and separators differ by 1e8 in conductance, so the true
        # residual stalls at round-off while the preconditioned one still tells the error.
        alone = next(iter(system.infos.values())) if len(system.infos) == 1 else None
        symmetric = alone is not None and _multigrid(alone).symmetric
        ksp.setType("cg" if symmetric else "gmres")
        # 1e-7 is no cheaper: Newton then needs another iteration now and then to balance the heat
        # to 1e-6 (pouch of 20 000 unknowns, 26 steps: 343 cycles in 41 iterations, against 342 in
        # 36 with 1e-8, and 465 in 69 with 1e-5).
        ksp.setTolerances(rtol=1e-8, atol=1e-50, max_it=300)
        settings["ksp_gmres_restart"] = "100"
        together = splits(list(system.infos.values()))
        refuse_gaps(system.infos, together)
        if len(system.fields) > 1:
            pc.setType("fieldsplit")
            settings["pc_fieldsplit_type"] = "multiplicative"
        for name, infos in together.items():
            rows = _rows(system, infos)
            if len(system.fields) > 1:
                pc.setFieldSplitIS((name, rows))
                prefix = f"fieldsplit_{name}_"
                settings[f"{prefix}ksp_type"] = "preonly"
            else:
                prefix = ""
            options = multigrid(dimension, infos)
            settings |= {f"{prefix}{key}": value for key, value in options.items()}
    return chosen, settings


def splits(infos: Sequence[FieldInfo]) -> dict[str, list[FieldInfo]]:
    """Fields that are preconditioned together, in the order in which their splits are applied.

    What is declared last comes first: potentials before the temperature that their current raises.

    Raises:
        CaseError: fields of one split have different numbers of components.
    """
    found: dict[str, list[FieldInfo]] = {}
    for info in infos:
        if info.preconditioner is not None:
            found.setdefault(info.preconditioner.split or info.key, []).append(info)
    for name, members in found.items():
        if len({info.size for info in members}) > 1:
            keys = " and ".join(repr(info.key) for info in members)
            what = f"share the split {name!r} of the preconditioner, yet differ in components"
            raise CaseError(Problem(f"fields {keys}", what, "give one of them another split"))
    return dict(reversed(found.items()))


def refuse_gaps(
    infos: Mapping[str, FieldInfo], together: Mapping[str, Sequence[FieldInfo]]
) -> None:
    """Every field must be in a split: one that is in none would not be seen by the solver's norm.

    Raises:
        CaseError: a field is left out.
    """
    covered = {info.key for members in together.values() for info in members}
    for key, info in infos.items():
        if key not in covered:
            raise CaseError(
                Problem(
                    f"field {key!r} ({info.name})",
                    "is left out by the preconditioner of the iterative solver",
                    'declare a preconditioner with it, or take linear = "direct"',
                )
            )


def multigrid(dimension: int, infos: Sequence[FieldInfo]) -> dict[str, str]:
    """PETSc options of a split, without prefix: the solver's own, then what its fields declare."""
    found = {
        "pc_type": "hypre",
        "pc_hypre_type": "boomeramg",
        "pc_hypre_boomeramg_strong_threshold": "0.7" if dimension == 3 else "0.5",
        "pc_hypre_boomeramg_coarsen_type": "HMIS",
        "pc_hypre_boomeramg_interp_type": "ext+i",
        "pc_hypre_boomeramg_P_max": "4",
    }
    if infos[0].size > 1:
        found["pc_hypre_boomeramg_numfunctions"] = str(infos[0].size)
    for info in infos:
        found |= _multigrid(info).options
    return found


def _multigrid(info: FieldInfo) -> Multigrid:
    return info.preconditioner or Multigrid()


def _rows(system: BlockSystem, infos: Sequence[FieldInfo]) -> PETSc.IS:
    """Matrix rows of some fields, with the modes that multigrid is to keep."""
    first, *more = (system.fields[info.key] for info in infos)
    rows = first.duplicate()
    for other in more:
        rows = rows.union(other)
    rows.sort()
    rows.setBlockSize(infos[0].size)
    if any(_multigrid(info).near_nullspace is not None for info in infos):
        modes = system.near_nullspace(infos)
        rows.compose("nearnullspace", modes)
        if len(system.fields) == 1:
            system.matrix.setNearNullSpace(modes)
    return rows
