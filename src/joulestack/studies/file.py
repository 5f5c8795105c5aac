"""Study files: which case, what is varied, and how values are combined."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from joulestack.access import outside
from joulestack.case import Case
from joulestack.case.named_files import leading_out
from joulestack.case.reading import read_toml
from joulestack.errors import CaseError, Problem, shown
from joulestack.spelling import did_you_mean
from joulestack.studies import sampling
from joulestack.studies.sampling import Sampled
from joulestack.studies.values import MOST_RUNS, Varied, parse, parse_word

GRID, LIST, RANDOM, TABLE = "grid", "list", "random", "table"
KEYS = ("joulestack", "case", "sampling", "samples", "seed", "table", "set", "vary")
RANGE = ("between", "spacing")
OF_VARY = '"cell.stack_pressure" = "1, 2, 5 MPa" below [vary]'
SEED = 1


def load(path: Path, allow_scripts: bool = False) -> tuple[Case, Sampled]:
    """Read a study file.

    Args:
        path: of the TOML file.
        allow_scripts: as for `Case.load`.

    Returns:
        The case, with what [set] changes, and the points.

    Raises:
        CaseError: with what is wrong.
    """
    if not path.is_file():
        raise CaseError(Problem("", f"there is no file {path}", "name a study file"))
    try:
        _, table = read_toml(path)
    except ValueError as error:
        raise CaseError(Problem.of("", error), str(path)) from None
    _check(table, str(path))
    away = [
        Problem(key, *wrong)
        for key in ("case", "table")
        if key in table and (wrong := outside(path.parent, table[key]))
    ]
    if away:
        raise CaseError(away, str(path))
    try:
        sampled = _sampled(table, path.parent)
        _stays_inside(table.get("set", {}), sampled, (path.parent / table["case"]).parent)
        case = Case.load(path.parent / table["case"], table.get("set", {}), allow_scripts)
    except CaseError as error:
        raise error if error.source else CaseError(error.problems, str(path)) from None
    return case, sampled


def _stays_inside(changes: Mapping[str, Any], sampled: Sampled, folder: Path) -> None:
    """Values of a study name files as those of a case may: it comes from who wrote the study.

    Raises:
        CaseError: one leads elsewhere.
    """
    values = [*sampled.points, changes]
    found = {str(loc[-1]): away for value in values for loc, away in leading_out(value, folder)}
    if found:
        raise CaseError([Problem(key, *away) for key, away in found.items()])


def of_words(words: Sequence[str]) -> Sampled:
    """Every combination of the values of some "KEY=VALUES".

    Raises:
        CaseError: one of them is none.
    """
    return sampling.grid([parse_word(word) for word in words])


def _check(table: Mapping[str, Any], source: str) -> None:
    """What can be said without the case: keys, their kinds, what goes together."""
    problems = [
        Problem(key, "is no key of a study", did_you_mean(key, KEYS) or f"keys: {', '.join(KEYS)}")
        for key in table
        if key not in KEYS
    ]
    kind = table.get("sampling", GRID)
    if kind not in (GRID, LIST, RANDOM, TABLE):
        problems.append(Problem("sampling", f"{shown(kind)} is none", '"grid", "list", "random"'))
        kind = None
    if table.get("joulestack", 1) != 1:
        problems.append(Problem("joulestack", f"{shown(table['joulestack'])} is unknown", "1"))
    if not isinstance(table.get("case"), str):
        problems.append(Problem("case", "names no case file", 'case = "cell.toml"'))
    for key in ("vary", "set"):
        if not isinstance(table.get(key, {}), dict):
            problems.append(Problem(key, "is no table", f"[{key}], then keys in quotes"))
    for key, least, most in (("samples", 1, MOST_RUNS), ("seed", 0, 2**32 - 1)):
        value = table.get(key, least)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            problems.append(Problem(key, f"{shown(value)} is none", f"from {least} to {most}"))
    if kind is not None:
        problems += _together(table, kind)
    if problems:
        raise CaseError(problems, source)


def _together(table: Mapping[str, Any], kind: str) -> list[Problem]:
    wanted = {"samples": RANDOM, "seed": RANDOM, "table": TABLE}
    problems = [
        Problem(key, "has no effect", f'sampling = "{only}", or leave it out')
        for key, only in wanted.items()
        if key in table and kind != only
    ]
    if kind == RANDOM and "samples" not in table:
        problems.append(Problem("samples", "is missing", "samples = 20"))
    if kind == TABLE and not isinstance(table.get("table"), str):
        problems.append(Problem("table", "names no CSV file", 'table = "points.csv"'))
    if kind == TABLE and table.get("vary"):
        problems.append(Problem("vary", "has no effect", "the table has the values"))
    if kind != TABLE and not table.get("vary"):
        problems.append(Problem("vary", "names no key", OF_VARY))
    return problems


def _sampled(table: Mapping[str, Any], folder: Path) -> Sampled:
    kind = table.get("sampling", GRID)
    if kind == TABLE:
        return sampling.from_table(folder / table["table"])
    vary: Mapping[str, Any] = _flat(table["vary"])
    if kind == RANDOM:
        ranges = {k: _range(k, v) for k, v in vary.items() if isinstance(v, dict)}
        chosen = [parse(k, v, f"vary.{k}") for k, v in vary.items() if not isinstance(v, dict)]
        return sampling.at_random(ranges, chosen, table["samples"], table.get("seed", SEED))
    combine: Mapping[str, Callable[[list[Varied]], Sampled]]
    combine = {GRID: sampling.grid, LIST: sampling.listed}
    return combine[kind]([_parsed(key, value) for key, value in vary.items()])


def _flat(table: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """Keys as dotted paths, whether they stand in quotes or not."""
    found: dict[str, Any] = {}
    for key, value in table.items():
        path = f"{above}.{key}" if above else key
        deeper = isinstance(value, dict) and "between" not in value
        found |= _flat(value, path) if deeper else {path: value}
    return found


def _parsed(key: str, value: Any) -> Varied:
    if isinstance(value, dict):
        what = "is a range without a number of values"
        raise CaseError(Problem(f"vary.{key}", what, '"1 : 10 MPa in 4", or sampling = "random"'))
    return parse(key, value, f"vary.{key}")


def _range(key: str, table: Mapping[str, Any]) -> tuple[object, object, bool]:
    """Ends of a range for random points, and whether by logarithms."""
    where = f"vary.{key}"
    unknown = next((k for k in table if k not in RANGE), None)
    if unknown is not None:
        hint = did_you_mean(unknown, RANGE) or f"keys: {', '.join(RANGE)}"
        raise CaseError(Problem(f"{where}.{unknown}", "is no key of a range", hint))
    ends, spacing = table.get("between"), table.get("spacing", "linear")
    if not isinstance(ends, list) or len(ends) != 2:
        what = f"{shown(ends)} are no two ends"
        raise CaseError(Problem(f"{where}.between", what, '["1 MPa", "10 MPa"]'))
    if spacing not in ("linear", "log"):
        raise CaseError(Problem(f"{where}.spacing", f"{shown(spacing)} is none", '"linear", "log"'))
    return ends[0], ends[1], spacing == "log"
