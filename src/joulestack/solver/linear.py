"""Which linear solver: by size and by geometry, from measurements (docs/physics.md).

Direct (MUMPS) while the factors stay small; above, GMRES with the fields split and one
BoomerAMG cycle for each. Thin layers give positive off-diagonals on flat hexahedra, which the
strong threshold 0.7 ignores: the default 0.25 takes hundreds of iterations there. Other smoothers
and coarsenings came within 5 % in time, and a preconditioner kept over several steps cost half as
much again (docs/benchmarks.md).
"""

from __future__ import annotations

from petsc4py import PETSc

from joulestack.solver.system import BlockSystem

DIRECT_LIMIT = {1: 5_000_000, 2: 150_000, 3: 1_000}
"""Unknowns up to which a direct solve is the faster one, by dimension."""

SMALL = 500
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
        if system.comm.size == 1 and system.matrix_size <= SMALL:
            pc.setFactorSolverType("petsc")
            pc.setFactorOrdering("rcm")
        else:
            pc.setFactorSolverType("mumps")
            settings |= {"mat_mumps_icntl_14": "60"}
    else:
        # Left preconditioning: metal foils and separators differ by 1e8 in conductance, so the true
        # residual stalls at round-off while the preconditioned one still tells the error.
        ksp.setType("gmres" if len(system.fields) > 1 else "cg")
        # 1e-7 is no cheaper: Newton then needs another iteration now and then to balance the heat
        # to 1e-6 (pouch of 20 000 unknowns, 26 steps: 343 cycles in 41 iterations, against 342 in
        # 36 with 1e-8, and 465 in 69 with 1e-5).
        ksp.setTolerances(rtol=1e-8, atol=1e-50, max_it=300)
        settings["ksp_gmres_restart"] = "100"
        amg = {
            "pc_type": "hypre",
            "pc_hypre_type": "boomeramg",
            "pc_hypre_boomeramg_strong_threshold": "0.7" if dimension == 3 else "0.5",
            "pc_hypre_boomeramg_coarsen_type": "HMIS",
            "pc_hypre_boomeramg_interp_type": "ext+i",
            "pc_hypre_boomeramg_P_max": "4",
        }
        if len(system.fields) > 1:
            potentials = [system.fields[k] for k in ("phi_s", "phi_e") if k in system.fields]
            pc.setType("fieldsplit")
            both = potentials[0] if len(potentials) == 1 else potentials[0].union(potentials[1])
            both.sort()
            pc.setFieldSplitIS(("phi", both), ("T", system.fields["T"]))
            settings["pc_fieldsplit_type"] = "multiplicative"
            for split in ("phi", "T"):
                settings[f"fieldsplit_{split}_ksp_type"] = "preonly"
                settings |= {f"fieldsplit_{split}_{k}": v for k, v in amg.items()}
        else:
            settings |= amg
    return chosen, settings
