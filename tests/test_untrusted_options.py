"""PETSc options of a case, and options that lie about in the folder: neither runs code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tomli_w import dumps as to_toml

from joulestack.case import Case, petsc
from joulestack.errors import CaseError
from tests.case.samples import SAMPLES
from tests.mpi import ROOT

REFUSED: list[tuple[str, Any]] = [
    # code
    ("pc_type", "python"),
    ("pc_type", "shell"),
    ("pc_type", "Python"),
    ("pc_type", "python "),
    ("pc_type", "lu -pc_type python"),
    ("ksp_type", "python"),
    ("ksp_type", "hpddm"),
    ("snes_type", "python"),
    ("ts_type", "python"),
    ("ts_adapt_type", "history"),
    ("snes_linesearch_type", "shell"),
    ("pc_python_type", "./case.toml:PC"),
    ("ksp_python_type", "case:KSP"),
    ("mg_levels_pc_type", "python"),
    ("mg_levels_1_pc_type", "shell"),
    ("mg_coarse_pc_type", "python"),
    ("mg_coarse_sub_pc_type", "python"),
    ("sub_pc_type", "python"),
    ("fieldsplit_0_pc_type", "shell"),
    ("fieldsplit_phi_pc_type", "python"),
    ("fieldsplit_phi_mg_levels_ksp_pc_type", "python"),
    ("fieldsplit_T_pc_python_type", "case:PC"),
    ("mat_type", "python"),
    ("pc_factor_mat_solver_type", "./evil.so"),
    ("dll_prepend", "./evil.so"),
    ("dll_append", "./evil.so"),
    ("on_error_attach_debugger", "gdb"),
    ("start_in_debugger", True),
    ("stop_for_debugger", True),
    ("malloc_dump", "file"),
    ("machine_view", True),
    # further options
    ("options_file", "./more"),
    ("options_file_yaml", "./more"),
    ("options_string_yaml", "a: 1"),
    ("options_view", "ascii:out"),
    ("options_left", True),
    ("options_monitor", True),
    ("help", True),
    ("h", True),
    ("version", True),
    ("prefix_push", "x_"),
    ("prefix_pop", True),
    ("skip_petscrc", False),
    # files
    ("ksp_view", "ascii:/tmp/marker"),
    ("ksp_view", True),
    ("ksp_view_mat", "binary:out"),
    ("ksp_monitor", "ascii:out"),
    ("ksp_monitor", True),
    ("ksp_converged_reason", "ascii:out"),
    ("snes_monitor", "ascii:out"),
    ("snes_view", "ascii:out"),
    ("ts_monitor", "ascii:out"),
    ("ts_save_trajectory", True),
    ("ts_trajectory_dirname", "out"),
    ("log_view", ":file"),
    ("log_all", "file"),
    ("log_trace", "file"),
    ("info", "file"),
    ("viewer_binary_filename", "out"),
    ("pc_hypre_boomeramg_print_statistics", 1),
    ("pc_hypre_boomeramg_smooth_type", "Euclid"),
    ("pc_hypre_type", "euclid"),
    ("mat_mumps_icntl_1", 6),
    ("mat_mumps_icntl_2", 7),
    ("mat_mumps_icntl_22", 1),
    ("mat_mumps_ooc_tmpdir", "/tmp"),
    # names
    ("-pc_type", "lu"),
    ("--pc_type", "lu"),
    (" pc_type", "lu"),
    ("pc_type python -ksp_view", "lu"),
    ("pc_type\n-log_view", "lu"),
    ("pc_type\tpython", "lu"),
    ("pc_type=python", "lu"),
    ("ksp_rtol 1e-3 -pc_type", "python"),
    ("PC_TYPE", "lu"),
    ("Pc_Type", "python"),
    ("pc_typé", "lu"),
    ("pc_type\u0000", "lu"),
    ("", "lu"),
    ("-", "lu"),
    ("joulestack0_pc_type", "lu"),
    ("fieldsplit_x_pc_type", "lu"),
    ("mg_levels_999_pc_type", "jacobi"),
    ("mg_levels_1_2_pc_type", "jacobi"),
    ("sub_" * 5 + "pc_type", "lu"),
    ("sub_" * 20_000 + "pc_type", "lu"),
    ("x" * 200_000, "lu"),
    # values
    ("ksp_rtol", "1e-8"),
    ("ksp_rtol", "ascii:out"),
    ("ksp_rtol", True),
    ("ksp_rtol", -1.0),
    ("ksp_rtol", float("nan")),
    ("ksp_rtol", float("inf")),
    ("ksp_max_it", 10.5),
    ("ksp_max_it", "10"),
    ("ksp_max_it", 0),
    ("ksp_max_it", 10**400),
    ("ksp_max_it", False),
    ("ksp_initial_guess_nonzero", 1),
    ("ksp_initial_guess_nonzero", "true"),
    ("pc_type", 5),
    ("pc_type", ""),
    ("pc_type", "l" * 200_000),
]


@pytest.mark.parametrize(("name", "value"), REFUSED, ids=lambda v: repr(v)[:40])
def test_options_that_a_case_may_not_set(name: str, value: Any) -> None:
    table = SAMPLES["line"]()
    table["solver"] = {"petsc_options": {name: value}}
    with pytest.raises(CaseError) as caught:
        Case.from_dict(table)
    (problem,) = caught.value.problems
    assert problem.where.startswith("solver.petsc_options")
    assert problem.remedy
    assert len(str(caught.value)) < 2000


def test_remedies() -> None:
    def said(name: str, value: Any) -> str:
        ((_, what, remedy),) = petsc.problems({name: value})
        return f"{what}; {remedy}"

    assert 'did you mean "ksp_rtol"?' in said("ksp_rtoll", 1e-3)
    assert 'did you mean "pc_gamg_threshold"?' in said("mg_levels_pc_gamg_treshold", 0.1)
    assert 'did you mean "gmres"?' in said("ksp_type", "gmress")
    assert "one of: none, jacobi" in said("pc_type", "python")
    assert 'write "pc_type"' in said("-pc_type", "lu")
    assert "a number from 0 to 1" in said("ksp_rtol", "1e-3")
    assert "time.relative_tolerance" in said("ts_rtol", 1e-3)
    assert "docs/case_files.md" in said("ksp_view", True)


@pytest.mark.parametrize(
    "options",
    [
        {"ksp_type": "fgmres", "ksp_rtol": 1e-10, "ksp_max_it": 50, "ksp_gmres_restart": 30},
        {"fieldsplit_phi_pc_type": "gamg", "fieldsplit_phi_mg_levels_ksp_type": "chebyshev"},
        {"fieldsplit_T_pc_hypre_boomeramg_P_max": 4, "mg_levels_3_pc_type": "sor"},
        {"pc_type": "bjacobi", "sub_pc_type": "ilu", "sub_pc_factor_levels": 1},
        {"mat_mumps_icntl_14": 60, "mat_mumps_cntl_1": 0.01, "snes_lag_jacobian": -1},
        {"pc_type": "ksp", "ksp_ksp_rtol": 1e-3, "ksp_initial_guess_nonzero": True},
    ],
)
def test_options_that_a_case_may_set(options: dict[str, Any]) -> None:
    table = SAMPLES["line"]()
    table["solver"] = {"petsc_options": options}
    assert dict(Case.from_dict(table).solver.petsc_options) == options


def test_options_reach_the_solver(tmp_path: Path) -> None:
    """A weak preconditioner needs many iterations where a factorisation needs one."""
    import joulestack as js

    table = SAMPLES["line"]()
    table["time"] = {"end": "5 s"}
    table["outputs"] = {"pictures": False}
    linear = []
    for options in ({}, {"ksp_type": "gmres", "pc_type": "jacobi", "ksp_max_it": 1000}):
        table["solver"] = {"petsc_options": options}
        folder = tmp_path / str(len(linear))
        linear.append(js.run(Case.from_dict(table), folder, progress=False).summary["linear"])
    assert linear[1] > 3 * linear[0]


EVIL = """
import os
open({marker!r}, "w").close()
class PC: pass
"""


def test_a_case_that_is_python_too(tmp_path: Path) -> None:
    """The file names itself as the module of a preconditioner."""
    marker = tmp_path / "marker"
    table = SAMPLES["line"]()
    table["solver"] = {
        "petsc_options": {
            "pc_type": "python",
            "pc_python_type": "./case.toml:PC",
            "ksp_view": f"ascii:{marker}",
        }
    }
    (tmp_path / "case.toml").write_text(to_toml(table))
    (tmp_path / "case.py").write_text(EVIL.format(marker=str(marker)))
    shown = subprocess.run(
        [sys.executable, "-m", "joulestack", "run", "case.toml"],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert shown.returncode == 2
    assert "solver.petsc_options.pc_python_type" in shown.stderr
    assert "Traceback" not in shown.stderr
    assert not marker.exists()
    assert not (tmp_path / "results").exists()


def trap(folder: Path) -> dict[str, str]:
    """Every file that a library takes settings from where it happens to run, and variables."""
    for name in (".petscrc", "petscrc"):
        (folder / name).write_text("-pc_type jacobi\n-trap_of_a_file 1\n")
    (folder / "petsc.cfg").write_text(f"PETSC_ARCH = {folder}/arch\n")
    (folder / "arch").mkdir()
    (folder / "dolfinx_jit_options.json").write_text(
        json.dumps({"cache_dir": str(folder / "kernels"), "cffi_extra_compile_args": ["-DTRAP"]})
    )
    (folder / "ffcx_options.json").write_text(json.dumps({"epsilon": 0.5, "verbosity": 10}))
    (folder / ".numba_config.yaml").write_text(f"cache_dir: {folder / 'machine_code'}\n")
    (folder / "matplotlibrc").write_text("lines.linewidth: 77\ntext.usetex: True\n")
    (folder / "more.yaml").write_text("trap: 1\n")
    return {
        **os.environ,
        "PETSC_OPTIONS": "-trap_of_a_variable 1 -ksp_type python",
        "PETSC_OPTIONS_YAML": "{trap_of_yaml: 1}",
    }


LOOK = """
import json
import dolfinx
from petsc4py import PETSc
import petsc4py.PETSc, sys
found = {
    "options": sorted(PETSc.Options().getAll()),
    "same": PETSc is petsc4py.PETSc is sys.modules["petsc4py.PETSc"],
}
print(json.dumps(found))
"""
OURS = """
import joulestack
""" + LOOK.replace(
    "print",
    """
from joulestack import _compat
from joulestack.microstructure.conduction.compiled import config
from joulestack.outputs.plots import style
import matplotlib, os
found["kernels"] = str(_compat.kernel_folder())
found["epsilon"] = _compat._form_options()["epsilon"]
found["numba"] = str(config.CACHE_DIR)
with style.applied():
    found["rc"] = [matplotlib.rcParams[k] for k in ("lines.linewidth", "text.usetex")]
found["kept"] = os.environ["PETSC_OPTIONS"]
print""",
)


def look(script: str, folder: Path, environ: dict[str, str]) -> tuple[dict[str, Any], str]:
    shown = subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder, env=environ, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert shown.returncode == 0, shown.stderr
    line = next(line for line in shown.stdout.splitlines() if line.startswith("{"))
    return json.loads(line), shown.stderr


def test_settings_that_lie_about_have_no_effect(tmp_path: Path) -> None:
    environ = trap(tmp_path)
    (tmp_path / "petsc.cfg").rename(tmp_path / "kept")  # it would end the import of petsc4py
    control, _ = look(LOOK, tmp_path, environ)
    assert {"trap_of_a_file", "trap_of_a_variable", "trap_of_yaml"} <= set(control["options"])
    (tmp_path / "kept").rename(tmp_path / "petsc.cfg")
    found, told = look(OURS, tmp_path, environ)
    assert found["options"] == ["no_signal_handler", "skip_petscrc"]
    assert found["same"]
    assert found["kept"] == environ["PETSC_OPTIONS"]
    assert not found["kernels"].startswith(str(tmp_path))
    assert found["epsilon"] == 1e-14
    assert str(tmp_path) not in found["numba"]
    assert found["rc"] == [1.6, False]
    assert "PETSC_OPTIONS and PETSC_OPTIONS_YAML has no effect" in told


def test_modules_that_lie_beside_a_case_are_not_imported(tmp_path: Path) -> None:
    """The launcher runs in the folder of a case; Python would look there first."""
    (tmp_path / "case.toml").write_text(to_toml(SAMPLES["line"]()))
    for name in ("typer", "tomllib", "numpy", "joulestack", "csv"):
        marker = str(tmp_path / f"{name}.marker")
        (tmp_path / f"{name}.py").write_text(EVIL.format(marker=marker))
    shown = subprocess.run(
        [sys.executable, str(ROOT / "docker" / "joulestack"), "check", "case.toml"],
        cwd=tmp_path, env={**os.environ, "JOULESTACK_ENGINE": "native"},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert shown.returncode == 0, shown.stderr
    assert not list(tmp_path.glob("*.marker"))
