"""What is not installed is told in one line, by commands (exit code 4) and by functions."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import joulestack as js
from joulestack._needs import missing, needed, refuse_dolfinx
from joulestack.microstructure import segmentation, slices, tortuosity
from joulestack.microstructure.image import VoxelImage
from joulestack.outputs.result import Result

REPOSITORY = Path(__file__).parents[1]


def test_the_package_without_all_of_them(tmp_path: Path) -> None:
    """What CI does with the wheel on every Python, here with the source and packages blocked."""
    done = subprocess.run(
        [sys.executable, str(REPOSITORY / ".ci" / "wheel_check.py")],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "modules need neither DOLFINx nor numba" in done.stdout


def test_a_library_that_cannot_be_loaded(tmp_path: Path, monkeypatch) -> None:
    """Installed, and broken: each by the error that such a package leaves by."""
    errors = {
        "mpi4py": 'RuntimeError("cannot load MPI library")',
        "gmsh": 'OSError("libGLU.so.1: cannot open shared object file")',
        "numba": 'ImportError("Numba needs NumPy 2.2 or less.")',
    }
    monkeypatch.syspath_prepend(tmp_path)
    for name, error in errors.items():
        (tmp_path / f"{name}.py").write_text(f"raise {error}\n")
        for loaded in [m for m in sys.modules if m.partition(".")[0] == name]:
            monkeypatch.delitem(sys.modules, loaded)
        match = f"{name} cannot be loaded \\("
        with pytest.raises(js.EnvironmentMissing, match=match) as caught, needed():
            __import__(name)
        assert error.split('"')[1] in str(caught.value)


def test_a_dolfinx_that_cannot_be_used() -> None:
    for version in ("0.9.0", "0.10.0.post2", "0.11.0.dev0"):
        refuse_dolfinx(version, float)
    with pytest.raises(js.EnvironmentMissing, match=r"DOLFINx 0\.8\.0 is too old; DOLFINx 0\.9 to"):
        refuse_dolfinx("0.8.0", float)
    with pytest.raises(js.EnvironmentMissing, match="complex numbers"):
        refuse_dolfinx("0.9.0", np.complex128)


def test_errors_of_our_own_stay_what_they_are() -> None:
    assert missing(ModuleNotFoundError("No module named 'x'", name="x")) is None
    with pytest.raises(RuntimeError, match="mine"), needed():
        raise RuntimeError("mine")


def test_functions_that_load_late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pyvista", "tifffile", "skimage.filters", "skimage.graph"):
        monkeypatch.setitem(sys.modules, name, None)
    (tmp_path / "timeseries.csv").write_text("Time [s]\n0\n")
    (tmp_path / "fields.pvd").write_text(
        '<VTKFile><Collection><DataSet timestep="0" part="0" file="a.vtu"/></Collection></VTKFile>'
    )
    (tmp_path / "a.tif").write_bytes(b"II")
    grey = np.arange(8, dtype=np.uint8).reshape(2, 2, 2)
    image = VoxelImage(np.ones((2, 2, 2), dtype=np.uint8), 1e-6, {1: "SE"})
    for call, package in (
        (Result(tmp_path).fields, "pyvista"),
        (lambda: slices.read(tmp_path / "a.tif"), "tifffile"),
        (lambda: segmentation.otsu(grey, 2), "skimage"),
        (lambda: tortuosity.geodesic_tortuosity(image, ["SE"]), "skimage"),
    ):
        with pytest.raises(js.EnvironmentMissing, match=f"{package} (is not installed|cannot be)"):
            call()
