"""Pictures by pyvista where there is no screen: off-screen, or refused; never the process's end."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import pyvista

from joulestack.outputs import view

DRAW = """
import os, sys
os.environ.update(DISPLAY=sys.argv[2]) if sys.argv[2] else os.environ.pop("DISPLAY", None)
import pyvista
from joulestack.errors import EnvironmentMissing
from joulestack.outputs import view

mesh = view.library().read(sys.argv[1])
for draw in (mesh.plot, mesh.slice().plot, lambda: pyvista.Plotter(off_screen=True).show()):
    try:
        draw()
    except EnvironmentMissing as error:
        assert "result.plot()" in str(error)
        print("refused")
    else:
        print("drawn")
if sys.argv[3:]:
    mesh.plot(screenshot=sys.argv[3])
"""


@pytest.fixture
def cube(tmp_path: Path) -> Path:
    path = tmp_path / "cube.vtu"
    pyvista.ImageData(dimensions=(3, 3, 3)).cast_to_unstructured_grid().save(path)
    return path


@pytest.mark.parametrize("display", ["", ":77"])  # none, and one that does not answer
def test_without_a_screen(cube: Path, tmp_path: Path, display: str) -> None:
    """The process lives, whatever VTK can do here; also with meshes made of ours."""
    picture = [] if view._needs_x() else [str(tmp_path / "picture.png")]
    done = subprocess.run(
        [sys.executable, "-c", DRAW, str(cube), display, *picture],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == 3 * ["refused" if view._needs_x() else "drawn"]
    for file in picture:
        assert Path(file).read_bytes().startswith(b"\x89PNG")


def test_a_notebook_gets_still_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    asked = []
    monkeypatch.setattr(view.library, "told", False, raising=False)
    monkeypatch.setattr(pyvista, "OFF_SCREEN", False)
    monkeypatch.setattr(pyvista, "set_jupyter_backend", asked.append)
    monkeypatch.setitem(sys.modules, "ipykernel", sys)
    view.library()
    assert asked == ["static"]
    assert pyvista.OFF_SCREEN
