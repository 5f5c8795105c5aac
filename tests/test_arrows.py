"""Imports of the lower rooms point down, `if TYPE_CHECKING` or not, and never in a circle."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import joulestack

ROOT = Path(joulestack.__file__).parent
GROUND = {"errors", "constants", "units", "xmath", "spelling"}
ROOMS = {
    "laws": GROUND,
    "materials": {*GROUND, "laws"},
    "fabrication": {*GROUND, "laws", "materials"},
}
SOLVER = {"dolfinx", "ufl", "basix", "petsc4py", "mpi4py"}


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(p): p for p in ROOT.rglob("*.py")}


def imports(module: str) -> Iterator[str]:
    """Modules that a module names anywhere, of the package or not."""
    for node in ast.walk(ast.parse(MODULES[module].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in MODULES else node.module


@pytest.mark.parametrize("room", ROOMS)
def test_arrows_point_down(room: str) -> None:
    wrong = []
    for module in (m for m in MODULES if m.startswith(f"joulestack.{room}")):
        for used in imports(module):
            top, _, rest = used.partition(".")
            target = rest.partition(".")[0]
            if top in SOLVER or (top == "joulestack" and target not in {*ROOMS[room], room}):
                wrong.append(f"{module} -> {used}")
    assert not wrong


@pytest.mark.parametrize("room", ["laws", "materials", "fabrication", "case.microstructures"])
def test_no_circles(room: str) -> None:
    inside = [m for m in MODULES if m.startswith(f"joulestack.{room}.")]
    assert inside
    graph = {m: {u for u in imports(m) if u in inside} for m in inside}
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as circle:
        pytest.fail(" -> ".join(circle.args[1]))
