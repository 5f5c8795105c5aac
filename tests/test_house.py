"""The house as docs/architecture.md draws it: who may import whom, and how large a room may get."""

from __future__ import annotations

import ast
import contextlib
import re
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Literal, get_args

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "joulestack"
TESTS = ROOT / "tests"
MOST_FLOORS, MOST_FILES, MOST_LAZY = 13, 25, 56
APART = {
    "accuracy": "the battery: what a user asks for at each accuracy, against converged references",
    "campaigns": "thousands of broken inputs, by a command with a seed",
    "verification": "the whole against closed forms, itself and other programs; rooms by physics",
}
"""Folders of tests that are named after nothing in the repository, and why."""
TESTED_ELSEWHERE = {
    "case/experiments": "measurements/test_cases.py",
    "case/load": "case/test_time_tables.py",
    "case/microstructures": "microstructure/test_cases.py",
    "case/settings": "case/test_broken.py",
    "case/stack": "simulation/test_geometry_from_outside.py",
    "simulation/observe": "verification/whole/test_conservation.py",
}
"""Packages without a folder of tests, and where what they do is held to something first of all."""
OF_THE_WHOLE = {"house", "public", "untrusted_options", "untrusted_values", "without_dolfinx"}
BRANCHES = (ast.If, ast.IfExp, ast.For, ast.While, ast.ExceptHandler, ast.Assert, ast.match_case)


def drawn() -> list[str]:
    """Rooms from the top floor down, as the page names them."""
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    plan = page[page.index("```plan\n") : page.index("\n```\n")]
    rows = [re.split(r"\s{2,}", line)[0] for line in plan.splitlines()[1:] if line[:1].strip()]
    return [word.rstrip("/").removesuffix(".py") for row in rows for word in row.split()]


def name_of(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> dict[str, Path]:
    return {name_of(path): path for path in sorted(SOURCE.rglob("*.py"))}


def imported(node: ast.AST) -> list[str]:
    """Modules of the package that a statement imports."""
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
        names = [f"{node.module}.{alias.name}" for alias in node.names]
    else:
        return []
    own = [n.removeprefix("joulestack").removeprefix(".") for n in names if n.startswith("joule")]
    known = modules()
    return [n if n in known else n.rpartition(".")[0] for n in own]


When = Literal["loaded", "run", "checked"]
"""A module is imported when another is loaded, once a function runs, or for types alone."""


@cache
def arrows(when: When) -> dict[str, set[str]]:
    """What every module imports when it is loaded, only once a function runs, or for types."""
    found: dict[str, set[str]] = defaultdict(set)

    def visit(name: str, node: ast.AST, now: When) -> None:
        for child in ast.iter_child_nodes(node):
            if now == when:
                found[name].update(imported(child))
            inner = now
            if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
                inner = "checked"
            elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                inner = "run" if now == "loaded" else now
            visit(name, child, inner)

    for name, path in modules().items():
        visit(name, ast.parse(path.read_text(encoding="utf-8")), "loaded")
        found[name].discard(name)
    return found


def room(module: str) -> str:
    return module.partition(".")[0]


def test_every_room_is_drawn() -> None:
    rooms = {room(m) for m in modules()} - {"", "__main__"}
    assert sorted(drawn()) == sorted(rooms)


def test_arrows_point_down() -> None:
    """Those too that are there for types alone: a lower room knows a higher one by a protocol."""
    floor = {name: i for i, name in enumerate(reversed(drawn()))}
    up = [
        f"{a} -> {b}"
        for when in get_args(When)
        for a, targets in arrows(when).items()
        for b in targets
        if room(a) in floor and room(b) in floor and floor[room(b)] > floor[room(a)]
    ]
    assert not up


def test_no_import_circle_and_few_floors() -> None:
    below = arrows("loaded")

    @cache
    def depth(module: str) -> int:
        assert module not in path, f"a circle: {' -> '.join([*path, module])}"
        path.append(module)
        found = 1 + max((depth(b) for b in below[module]), default=0)
        path.pop()
        return found

    path: list[str] = []
    for module in modules():
        depth(module)

    rooms: dict[str, set[str]] = defaultdict(set)
    for a, targets in below.items():
        rooms[room(a)] |= {room(b) for b in targets} - {room(a), ""}

    @cache
    def floors(name: str) -> int:
        return 1 + max((floors(b) for b in rooms[name]), default=0)

    assert max(floors(name) for name in list(rooms)) <= MOST_FLOORS


def folders(top: Path) -> list[Path]:
    """Folders with modules, the top one included."""
    return sorted({p.parent for p in top.rglob("*.py") if "library" not in p.parts})


def test_rooms_stay_small() -> None:
    for folder in (*folders(SOURCE), *folders(TESTS)):
        files = [p for p in folder.iterdir() if p.suffix in (".py", ".c")]
        assert len(files) <= MOST_FILES, folder


def test_tests_mirror_the_source() -> None:
    """Who looks for the tests of a package finds them under its name, or is told where."""
    inits = [name for name, path in modules().items() if path.stem == "__init__" and name]
    packages = {name.replace(".", "/") for name in inits}
    tested = {folder.relative_to(TESTS).as_posix() for folder in folders(TESTS)} - {"."}
    apart = {name for name in tested if name.partition("/")[0] in APART}
    elsewhere = {name for name in tested if any((ROOT / name).glob("*"))}
    assert not tested - packages - apart - elsewhere
    assert packages - tested == set(TESTED_ELSEWHERE)
    assert not [name for name in TESTED_ELSEWHERE.values() if not (TESTS / name).is_file()]


def test_tests_at_the_top_are_of_modules_at_the_top_or_of_the_whole() -> None:
    names = {path.stem.removeprefix("test_") for path in TESTS.glob("test_*.py")} - OF_THE_WHOLE
    assert not [name for name in names if not {name, f"_{name}"} & set(modules())]


def test_every_room_says_what_belongs_in_it() -> None:
    for name, path in modules().items():
        if path.name == "__init__.py":
            said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
            assert said, name


def test_late_imports_do_not_spread() -> None:
    assert sum(len(targets) for targets in arrows("run").values()) <= MOST_LAZY


def complexity(function: ast.AST) -> int:
    """Branches of a function, as radon counts them: McCabe's with comprehensions and and/or."""
    count = 1
    for node in ast.walk(function):
        if isinstance(node, BRANCHES):
            count += 1
        elif isinstance(node, ast.BoolOp):
            count += len(node.values) - 1
        elif isinstance(node, ast.comprehension):
            count += 1 + len(node.ifs)
    return count


def test_no_function_is_a_maze() -> None:
    mazes = [
        f"{name}.{node.name}: {complexity(node)}"
        for name, path in modules().items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and complexity(node) > 20
    ]
    assert not mazes


def test_a_constant_has_one_value() -> None:
    """A name that stands for 1e-3 in one module and for 1e3 in another misleads who searches."""
    places: dict[str, dict[str, str]] = defaultdict(dict)
    for name, path in modules().items():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            targets = node.targets if isinstance(node, ast.Assign) else []
            if isinstance(node, ast.AnnAssign) and node.value is not None:
                targets = [node.target]
            for target in targets:
                if isinstance(target, ast.Name) and target.id.isupper() and target.id[0] != "_":
                    with contextlib.suppress(ValueError):
                        value = ast.literal_eval(node.value)  # type: ignore[arg-type, union-attr]
                        if isinstance(value, int | float | str):
                            places[target.id][name] = repr(value)
    twice = {name: where for name, where in places.items() if len(set(where.values())) > 1}
    assert not twice
    assert len(places) > 100  # it has looked


SHAPES = {"line", "pellet", "pouch", "mesh", "axisymmetric", "cartesian"}
SHAPE_CLASSES = {"Line", "Pellet", "Pouch", "MeshFile", "Layered", "Geometry"}


def asks_which_geometry(node: ast.AST) -> bool:
    """A comparison or a table by the names of geometries, or a question for the class of one."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) in ("isinstance", "issubclass"):
        return any(isinstance(n, ast.Name) and n.id in SHAPE_CLASSES for n in ast.walk(node))
    if isinstance(node, ast.Dict):
        return len({k.value for k in node.keys if isinstance(k, ast.Constant)} & SHAPES) > 1
    if not isinstance(node, ast.Compare):
        return False
    sides = [node.left, *node.comparators]
    sides += [e for n in sides if isinstance(n, ast.Tuple | ast.Set | ast.List) for e in n.elts]
    return any(isinstance(n, ast.Constant) and n.value in SHAPES for n in sides)


def test_nobody_asks_which_geometry_it_is() -> None:
    found = [
        f"{name}:{node.lineno}"
        for name, path in modules().items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if hasattr(node, "lineno") and asks_which_geometry(node)
    ]
    assert not found
    asked = "cell.geometry == 'pellet'", "{'line': 1, 'pouch': 3}[name]", "isinstance(spec, Line)"
    assert all(any(map(asks_which_geometry, ast.walk(ast.parse(text)))) for text in asked)


def test_fields_are_known_by_name_where_their_equations_are() -> None:
    """Elsewhere they come by their declarations, so that another field finds everything ready."""
    keys = {"T", "phi_s", "phi_e"}
    named = [
        f"{name}:{node.lineno}"
        for name, path in modules().items()
        if room(name) in ("discretisation", "solver", "outputs", "simulation", "measurements")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in keys
    ]
    assert not named
