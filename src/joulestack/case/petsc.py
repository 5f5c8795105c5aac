"""PETSc options that a case may set, and what their values may be.

PETSc reads options that load libraries, run Python and open files for writing, and a case file may
come from a stranger. So this is a list of what is allowed; everything else is refused, what the
next version of PETSc brings included. Names are those of PETSc's manual pages.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from joulestack.errors import shown
from joulestack.spelling import did_you_mean

Value = str | int | float | bool


@dataclass(frozen=True)
class Rule:
    """What the value of an option may be.

    Attributes:
        kind: "flag", "whole", "real" or "word".
        least, most: bounds of a number.
        words: the words that are allowed.
    """

    kind: str
    least: float = -math.inf
    most: float = math.inf
    words: tuple[str, ...] = ()

    def wrong(self, value: Value) -> tuple[str, str] | None:
        """What is wrong with a value and what would be right; None if nothing is."""
        fits = {
            "flag": isinstance(value, bool),
            "whole": isinstance(value, int) and not isinstance(value, bool),
            "real": isinstance(value, int | float) and not isinstance(value, bool),
            "word": isinstance(value, str),
        }[self.kind]
        text = f'"{shown(value)}"' if isinstance(value, str) else shown(value)
        if not fits:
            return f"{text} is not {self.told}", f"write {self.told}"
        if self.kind == "word" and value not in self.words:
            near = did_you_mean(str(value), self.words)
            listing = f"one of: {', '.join(self.words)}"
            return f"{text} is not allowed in a case", f"{near} {listing}".strip()
        if isinstance(value, int | float) and not self.least <= value <= self.most:
            return f"{text} is out of range", f"write {self.told}"
        return None

    @property
    def told(self) -> str:
        """In words: "a whole number from 1 to 1000"."""
        if self.kind == "flag":
            return "true or false"
        if self.kind == "word":
            return " / ".join(self.words)
        name = "a whole number" if self.kind == "whole" else "a number"
        return f"{name} from {self.least:g} to {self.most:g}"


def _whole(least: int, most: int) -> Rule:
    return Rule("whole", least, most)


def _real(least: float, most: float) -> Rule:
    return Rule("real", least, most)


def _word(*words: str) -> Rule:
    return Rule("word", words=words)


_FLAG = Rule("flag")
_SHARE = _real(0.0, 1.0)
_POSITIVE = _real(0.0, 1e300)
_COUNT = _whole(1, 1_000_000)
_FEW = _whole(0, 1000)

# No "python" and no "shell" (they run code), no "hpddm", "patch", "composite", "mg" and others that
# want what a case cannot give.
_KRYLOV = {
    "ksp_type": _word(
        *("preonly", "richardson", "chebyshev", "cg", "fcg", "pipecg", "groppcg", "gmres"),
        *("fgmres", "lgmres", "dgmres", "pgmres", "gcr", "bcgs", "ibcgs", "fbcgs", "fbcgsr"),
        *("bcgsl", "bicg", "cgs", "tfqmr", "tcqmr", "qmrcgs", "cr", "minres", "symmlq", "lsqr"),
    ),
    "ksp_rtol": _SHARE,
    "ksp_atol": _POSITIVE,
    "ksp_divtol": _POSITIVE,
    "ksp_max_it": _COUNT,
    "ksp_min_it": _whole(0, 1_000_000),
    "ksp_pc_side": _word("left", "right", "symmetric"),
    "ksp_norm_type": _word("none", "preconditioned", "unpreconditioned", "natural"),
    "ksp_initial_guess_nonzero": _FLAG,
    "ksp_reuse_preconditioner": _FLAG,
    "ksp_lag_norm": _FLAG,
    "ksp_gmres_restart": _whole(1, 10_000),
    "ksp_gmres_haptol": _POSITIVE,
    "ksp_gmres_breakdown_tolerance": _POSITIVE,
    "ksp_gmres_preallocate": _FLAG,
    "ksp_gmres_modifiedgramschmidt": _FLAG,
    "ksp_gmres_classicalgramschmidt": _FLAG,
    "ksp_gmres_cgs_refinement_type": _word("refine_never", "refine_ifneeded", "refine_always"),
    "ksp_gcr_restart": _whole(1, 10_000),
    "ksp_lgmres_augment": _FEW,
    "ksp_bcgsl_ell": _whole(1, 100),
    "ksp_richardson_scale": _real(-10.0, 10.0),
    "ksp_richardson_self_scale": _FLAG,
    "ksp_chebyshev_kind": _word("first", "fourth", "opt_fourth"),
    "ksp_chebyshev_esteig_steps": _whole(1, 1000),
}
_PRECONDITIONER = {
    "pc_type": _word(
        *("none", "jacobi", "pbjacobi", "vpbjacobi", "bjacobi", "sor", "eisenstat", "asm", "gasm"),
        *("ilu", "icc", "lu", "cholesky", "redundant", "ksp", "fieldsplit", "gamg", "hypre"),
    ),
    "pc_jacobi_type": _word("diagonal", "rowmax", "rowsum", "rowl1"),
    "pc_jacobi_abs": _FLAG,
    "pc_sor_omega": _real(0.0, 2.0),
    "pc_sor_its": _whole(1, 1000),
    "pc_sor_lits": _whole(1, 1000),
    **{
        f"pc_sor_{way}": _FLAG
        for way in (
            *("symmetric", "forward", "backward"),
            *("local_symmetric", "local_forward", "local_backward"),
        )
    },
    "pc_bjacobi_blocks": _COUNT,
    "pc_bjacobi_local_blocks": _COUNT,
    "pc_asm_blocks": _COUNT,
    "pc_asm_local_blocks": _COUNT,
    "pc_asm_overlap": _FEW,
    "pc_asm_type": _word("basic", "restrict", "interpolate", "none"),
    "pc_asm_local_type": _word("additive", "multiplicative"),
    "pc_gasm_overlap": _FEW,
    "pc_redundant_number": _COUNT,
    "pc_factor_mat_solver_type": _word(
        "petsc", "mumps", "superlu", "superlu_dist", "umfpack", "klu", "cholmod"
    ),
    "pc_factor_mat_ordering_type": _word(
        "natural", "nd", "1wd", "rcm", "qmd", "rowlength", "amd", "external"
    ),
    "pc_factor_levels": _whole(0, 100),
    "pc_factor_fill": _real(1.0, 1e4),
    "pc_factor_shift_type": _word("none", "nonzero", "positive_definite", "inblocks"),
    "pc_factor_shift_amount": _POSITIVE,
    "pc_factor_zeropivot": _POSITIVE,
    "pc_factor_column_pivot": _SHARE,
    "pc_factor_nonzeros_along_diagonal": _SHARE,
    "pc_factor_pivot_in_blocks": _FLAG,
    "pc_factor_reuse_ordering": _FLAG,
    "pc_factor_reuse_fill": _FLAG,
    "pc_fieldsplit_type": _word("additive", "multiplicative", "symmetric_multiplicative", "schur"),
    "pc_fieldsplit_schur_fact_type": _word("diag", "lower", "upper", "full"),
    "pc_fieldsplit_schur_precondition": _word("self", "selfp", "a11", "full"),
    "pc_fieldsplit_schur_scale": _real(-1e6, 1e6),
    "pc_fieldsplit_diag_use_amat": _FLAG,
    "pc_fieldsplit_off_diag_use_amat": _FLAG,
}
_MULTIGRID = {
    "pc_mg_levels": _whole(1, 50),
    "pc_mg_type": _word("multiplicative", "additive", "full", "kaskade"),
    "pc_mg_cycle_type": _word("v", "w"),
    "pc_mg_multiplicative_cycles": _whole(1, 100),
    "pc_mg_distinct_smoothup": _FLAG,
    "pc_gamg_type": _word("agg", "classical"),
    "pc_gamg_threshold": _real(-1.0, 1.0),
    "pc_gamg_threshold_scale": _SHARE,
    "pc_gamg_agg_nsmooths": _FEW,
    "pc_gamg_aggressive_coarsening": _FEW,
    "pc_gamg_aggressive_square_graph": _FLAG,
    "pc_gamg_coarse_eq_limit": _COUNT,
    "pc_gamg_process_eq_limit": _COUNT,
    "pc_gamg_repartition": _FLAG,
    "pc_gamg_reuse_interpolation": _FLAG,
    "pc_gamg_asm_use_agg": _FLAG,
    "pc_gamg_use_sa_esteig": _FLAG,
    "pc_gamg_recompute_esteig": _FLAG,
    "pc_gamg_parallel_coarse_grid_solver": _FLAG,
}
_RELAXATION = _word(
    *("Jacobi", "sequential-Gauss-Seidel", "SOR/Jacobi", "backward-SOR/Jacobi"),
    *("symmetric-SOR/Jacobi", "l1scaled-SOR/Jacobi", "l1-Gauss-Seidel"),
    *("backward-l1-Gauss-Seidel", "CG", "Chebyshev", "FCF-Jacobi", "l1scaled-Jacobi"),
    "Gaussian-elimination",
)
_BOOMERAMG = {
    "cycle_type": _word("V", "W"),
    "max_levels": _whole(2, 100),
    "max_iter": _whole(1, 10_000),
    "tol": _SHARE,
    "numfunctions": _whole(1, 100),
    "truncfactor": _SHARE,
    "P_max": _whole(0, 1000),
    "agg_nl": _FEW,
    "agg_num_paths": _FEW,
    "strong_threshold": _SHARE,
    "max_row_sum": _SHARE,
    **{f"grid_sweeps_{where}": _FEW for where in ("all", "down", "up", "coarse")},
    **{f"relax_type_{where}": _RELAXATION for where in ("all", "down", "up", "coarse")},
    "relax_weight_all": _real(-100.0, 100.0),
    "outer_relax_weight_all": _real(-100.0, 100.0),
    "no_CF": _FLAG,
    "measure_type": _word("local", "global"),
    "coarsen_type": _word(
        "CLJP", "Ruge-Stueben", "modifiedRuge-Stueben", "Falgout", "PMIS", "HMIS"
    ),
    "interp_type": _word(
        *("classical", "direct", "multipass", "multipass-wts", "ext+i", "ext+i-cc", "standard"),
        *("standard-wts", "block", "block-wtd", "FF", "FF1", "ext", "ad-wts", "ext-mm"),
        *("ext+i-mm", "ext+e-mm"),
    ),
    "nodal_coarsen": _whole(0, 6),
    "nodal_coarsen_diag": _whole(0, 2),
    "nodal_relaxation": _FEW,
    "vec_interp_variant": _whole(0, 3),
    "vec_interp_qmax": _FEW,
    "vec_interp_smooth": _FLAG,
    "interp_refine": _FEW,
    "keeptranspose": _FLAG,
}
# Not ICNTL(1) to (4), which name units to print to, nor what asks for further input, (22), which
# writes factors to a disk, or (31), which throws them away.
_MUMPS = {
    **{
        f"mat_mumps_icntl_{i}": _whole(-10_000, 1_000_000)
        for i in (6, 7, 8, 10, 11, 12, 13, 14, 23, 24, 27, 28, 29, 35, 36, 37, 38)
    },
    **{f"mat_mumps_cntl_{i}": _real(-1e300, 1e300) for i in (1, 2, 3, 4, 5, 7)},
}
LINEAR: Mapping[str, Rule] = {
    **_KRYLOV,
    **_PRECONDITIONER,
    **_MULTIGRID,
    "pc_hypre_type": _word("boomeramg"),
    **{f"pc_hypre_boomeramg_{name}": rule for name, rule in _BOOMERAMG.items()},
    **_MUMPS,
}
"""Options of linear solvers, of the whole system or of a part of it (`PREFIXES`)."""

NONLINEAR: Mapping[str, Rule] = {
    "snes_max_it": _whole(1, 1000),
    "snes_lag_jacobian": _whole(-2, 1000),
    "snes_lag_jacobian_persists": _FLAG,
    "snes_lag_preconditioner": _whole(-2, 1000),
    "snes_lag_preconditioner_persists": _FLAG,
    "snes_linesearch_type": _word("basic", "bt", "l2", "cp"),
    "snes_linesearch_order": _whole(1, 3),
    "snes_linesearch_max_it": _whole(1, 1000),
    "snes_linesearch_damping": _SHARE,
    "snes_linesearch_minlambda": _SHARE,
    "snes_ksp_ew": _FLAG,
    "snes_ksp_ew_version": _whole(1, 4),
    "snes_ksp_ew_rtol0": _SHARE,
    "snes_ksp_ew_rtolmax": _SHARE,
    "snes_ksp_ew_gamma": _SHARE,
    "snes_ksp_ew_alpha": _real(1.0, 2.0),
    "snes_ksp_ew_threshold": _SHARE,
}
"""Options of Newton's method, which take no prefix."""

PREFIXES = (
    *("fieldsplit_phi_", "fieldsplit_T_", "fieldsplit_0_", "fieldsplit_1_"),
    *("mg_levels_", "mg_levels_NUMBER_", "mg_coarse_", "sub_", "esteig_", "redundant_", "ksp_"),
)
"""Before an option of `LINEAR`, up to four of them one inside another."""

_PREFIX = re.compile("|".join(p.replace("NUMBER", "[0-9]{1,2}") for p in sorted(PREFIXES)[::-1]))
_DEPTH = 4

# Tolerances that a case has its own keys for: convergence is judged field by field.
_ELSEWHERE = {
    **dict.fromkeys(
        ("snes_rtol", "snes_atol", "snes_stol", "snes_divergence_tolerance"),
        "Newton's method is judged field by field: time.temperature_tolerance, "
        "time.potential_tolerance",
    ),
    **dict.fromkeys(("ts_rtol", "ts_atol"), "time.relative_tolerance"),
    "ts_dt": "time.first_step",
    **dict.fromkeys(("ts_max_time", "ts_final_time"), "time.end"),
    **dict.fromkeys(
        ("ts_type", "ts_bdf_order", "ts_adapt_type", "ts_adapt_dt_min", "ts_adapt_dt_max"),
        "steps in time are joulestack's own, not PETSc's: accuracy, time.max_step",
    ),
}
_NAME = re.compile(r"[A-Za-z0-9_]+")


def rule_of(name: str) -> Rule | None:
    """What the value of an option may be; None for an option that a case may not set."""
    if name in NONLINEAR:
        return NONLINEAR[name]
    for _ in range(_DEPTH + 1):
        if name in LINEAR:
            return LINEAR[name]
        prefix = _PREFIX.match(name)
        if prefix is None:
            return None
        name = name[prefix.end() :]
    return None


def problems(options: Mapping[str, Value]) -> Iterator[tuple[str, str, str]]:
    """(option, what is wrong, what would be right) for each one that a case may not set so."""
    for name, value in options.items():
        rule = rule_of(name)
        if rule is None:
            yield name, "is not a PETSc option that a case may set", _remedy(name)
        elif wrong := rule.wrong(value):
            yield name, *wrong


def _remedy(name: str) -> str:
    listed = "docs/case_files.md lists those that it may"
    bare = name.strip().lstrip("-")
    if bare in _ELSEWHERE:
        return _ELSEWHERE[bare]
    if not _NAME.fullmatch(bare) or len(bare) > 100:
        return f"one name and one value an option; {listed}"
    if bare != name and rule_of(bare) is not None:
        return f'write "{bare}", nothing before it and nothing after'
    stem = bare
    while (prefix := _PREFIX.match(stem)) and stem not in LINEAR:
        stem = stem[prefix.end() :]
    near = did_you_mean(stem or bare, (*LINEAR, *NONLINEAR)) or did_you_mean(
        bare, (*LINEAR, *NONLINEAR)
    )
    return f"{near}; {listed}" if near else listed


def as_text(options: Mapping[str, Value]) -> dict[str, str]:
    """Options as PETSc's database takes them."""
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in options.items()
    }


def reference() -> Iterator[str]:
    """Lines of Markdown: every option with the values that it may have."""
    for title, table in (
        ("Linear solvers", LINEAR),
        ("Newton's method and time stepping", NONLINEAR),
    ):
        yield from (f"| {title} | value |", "|-|-|")
        for name, rule in table.items():
            yield f"| `{name}` | {rule.told} |"
        yield ""
