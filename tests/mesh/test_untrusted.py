"""Mesh files of strangers: none runs a command, none leads to another file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tomli_w import dumps as to_toml

from joulestack.case import Case
from joulestack.errors import CaseError, MeshError
from joulestack.mesh import MeshFile, raw_mesh
from tests.case.samples import SAMPLES
from tests.mesh.outside import Box, spec

GEO = """
SystemCall "touch {marker}";
SetFactory("OpenCASCADE");
Box(1) = {{0, 0, 0, 1, 1, 1}};
Physical Volume("separator") = {{1}};
"""
HEADS = {
    "plain": "",
    "comment": "// a mesh, honestly\n",
    "block": "/*\n$MeshFormat\n*/\n",
    "blank line first": "\n$MeshFormat\n4.1 0 8\n$EndMeshFormat\n",
    "blank first": " $MeshFormat\n4.1 0 8\n$EndMeshFormat\n",
    "byte order mark": "\ufeff$MeshFormat\n4.1 0 8\n$EndMeshFormat\n",
    "other case": "$meshformat\n4.1 0 8\n$EndMeshFormat\n",
    "on the same line": "$MeshFormat ; ",
    "comments only": "$Comments\nfrom gmsh\n$EndComments\n",
    "open comments": "$Comments\n$MeshFormat\n",
    "post": "$PostFormat\n1.4 0 8\n$EndPostFormat\n",
    "view": "$View\n",
    "old": "$NOD\n0\n$ENDNOD\n",
    "parameters": "$PARA\n",
    "partition": "$PTS\n",
}
SUFFIXES = (".msh", ".MSH", ".Msh", ".vtk", ".vtu", ".inp", ".mesh", ".med", ".xdmf", ".su2",
            ".bdf", ".geo", ".GEO", ".geo_unrolled", ".opt", ".pos", ".brep", ".step", ".stl",
            ".py", ".gz", "")  # fmt: skip


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_script_under_another_name(tmp_path: Path, head: str) -> None:
    marker = tmp_path / "marker"
    path = tmp_path / "cell.msh"
    path.write_text(head + GEO.format(marker=marker), encoding="utf-8")
    with pytest.raises(MeshError) as caught:
        raw_mesh(spec(path, allow_scripts=True))  # it is no script by its name
    assert not marker.exists()
    assert caught.value.problems[0].remedy


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_script_under_any_suffix(tmp_path: Path, suffix: str) -> None:
    marker = tmp_path / "marker"
    path = tmp_path / f"cell{suffix}"
    path.write_text(GEO.format(marker=marker), encoding="utf-8")
    with pytest.raises(MeshError) as caught:
        raw_mesh(spec(path))
    assert not marker.exists()
    assert "SystemCall" not in str(caught.value)
    assert "touch" not in str(caught.value)
    if suffix.lower().startswith(".geo"):
        assert "--allow-scripts" in caught.value.problems[0].remedy


@pytest.mark.parametrize("place", ["after", "between", "comments"])
def test_script_inside_a_sound_mesh(tmp_path: Path, place: str) -> None:
    """What is no section of the format is nothing to gmsh, or an error, but never run."""
    marker = tmp_path / "marker"
    path = Box().write(tmp_path / "box.msh")
    sound, script = path.read_text(), GEO.format(marker=marker)
    evil = tmp_path / "evil.geo"
    evil.write_text(script)
    script += f'Include "{evil}";\nMerge "{evil}";\n'
    text = {
        "after": sound + script,
        "between": sound.replace("$Nodes", f"{script}$Nodes"),
        "comments": f"$Comments\n{script}$EndComments\n{sound}",
    }[place]
    path.write_text(text)
    try:
        assert raw_mesh(spec(path)).regions
    except MeshError:
        assert place != "comments"
    assert not marker.exists()


def test_a_trusted_script_runs(tmp_path: Path) -> None:
    """The control: the trap of these tests would close."""
    marker = tmp_path / "marker"
    path = tmp_path / "cell.geo"
    path.write_text(GEO.format(marker=marker))
    made = raw_mesh(MeshFile(path, ("separator",), allow_scripts=True))
    assert [r.name for r in made.regions] == ["separator"]
    assert marker.exists()


@pytest.fixture
def scripted(tmp_path: Path) -> Path:
    table = SAMPLES["mesh"]()
    table["mesh"]["file"] = "cell.geo"
    (tmp_path / "cell.geo").write_text(GEO.format(marker=tmp_path / "marker"))
    path = tmp_path / "case.toml"
    path.write_text(to_toml(table))
    return path


@pytest.mark.parametrize("command", ["check", "run", "impedance", "polarisation", "thermal-wave"])
def test_commands_ask_for_trust(scripted: Path, command: str) -> None:
    words = [sys.executable, "-m", "joulestack", command, scripted.name]
    shown = subprocess.run(
        words, cwd=scripted.parent, capture_output=True, text=True, check=False, timeout=60
    )
    assert shown.returncode == 2, shown.stderr
    assert "mesh.file" in shown.stderr
    assert "--allow-scripts" in shown.stderr
    assert "Traceback" not in shown.stderr
    assert not (scripted.parent / "marker").exists()
    assert not (scripted.parent / "results").exists()
    shown = subprocess.run(
        [*words, "--help"], capture_output=True, text=True, check=True, timeout=60
    )
    assert "--allow-scripts" in shown.stdout


def test_check_with_trust(scripted: Path) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "joulestack", "check", scripted.name, "--allow-scripts"],
        cwd=scripted.parent, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert shown.returncode == 0, shown.stderr
    assert not (scripted.parent / "marker").exists()  # it says what it knows without a mesh


def test_trust_stays_with_a_case(scripted: Path) -> None:
    import joulestack as js

    with pytest.raises(CaseError, match="--allow-scripts"):
        js.run(scripted, scripted.parent / "out")
    trusted = Case.load(scripted, allow_scripts=True)
    for case in (trusted, trusted.replace({"title": "changed"})):
        assert isinstance(case.mesh_spec, MeshFile)
        assert case.mesh_spec.allow_scripts
    with pytest.raises(MeshError) as caught:  # it was meshed; the sample has other layers
        js.run(scripted, scripted.parent / "out", allow_scripts=True, progress=False)
    assert "the mesh has no region" in str(caught.value)
    assert (scripted.parent / "marker").exists()


@pytest.mark.parametrize(
    "line",
    [
        "*INCLUDE, INPUT={secret}",
        "*include,input={secret}",
        "** INCLUDE, INPUT={secret}",
        "*INC*LUDE, INPUT={secret}",
        "* INCLUDE ,INPUT={secret}",
        "  *INCLUDE, INPUT={secret}",
    ],
)
def test_abaqus_includes_nothing(tmp_path: Path, line: str) -> None:
    other = Box().write(tmp_path / "other.vtu")
    path = Box().write(tmp_path / "box.inp")
    raw_mesh(spec(path))
    path.write_text(line.format(secret=other) + "\n" + path.read_text())
    with pytest.raises(MeshError, match="includes other files"):
        raw_mesh(spec(path))


@pytest.mark.parametrize("suffix", [".xdmf", ".xmf", ".med", ".cgns", ".h5m", ".exo", ".ex2"])
def test_formats_that_lead_elsewhere(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"a{suffix}").write_bytes(b"\x89HDF\r\n\x1a\n")
    with pytest.raises(MeshError, match="meshio convert"):
        raw_mesh(spec(tmp_path / f"a{suffix}"))


def test_mesh_that_is_something_else_is_not_quoted(tmp_path: Path) -> None:
    for suffix in SUFFIXES:
        path = tmp_path / f"secret{suffix}"
        path.write_text("SECRET:x:0:0\n*NODE\nSECRET, SECRET\n3 SECRET\nNDIME= SECRET\n")
        with pytest.raises(MeshError) as caught:
            raw_mesh(spec(path))
        assert "SECRET" not in str(caught.value), suffix
        assert all(p.remedy for p in caught.value.problems)


@pytest.mark.parametrize("node", [-1, 9, 10**9])
def test_cells_whose_points_are_not_there(tmp_path: Path, node: int) -> None:
    import meshio

    points = np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]])
    path = tmp_path / "cell.vtu"
    meshio.Mesh(points, [("tetra", np.array([[0, 1, 2, 3]]))]).write(path, binary=False)
    text = path.read_text()
    assert "0\n1\n2\n3\n" in text
    path.write_text(text.replace("0\n1\n2\n3\n", f"0\n1\n2\n{node}\n"))
    with pytest.raises(MeshError) as caught:
        raw_mesh(MeshFile(path, ("a",), {}, {}))
    assert all(p.remedy for p in caught.value.problems)
