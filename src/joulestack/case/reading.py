"""From TOML files to one merged table: `extends`, overrides, and where each key stands."""

from __future__ import annotations

import copy
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from joulestack.access import outside
from joulestack.case.messages import Where
from joulestack.case.named_files import file_names, leading_out
from joulestack.case.paths import Key, find_entry, split_path
from joulestack.case.protocol.grammar import file_span
from joulestack.errors import LONGEST_LINE, CaseError, Problem, shown
from joulestack.spelling import did_you_mean

OVERRIDE = "override"
"""Stands for the line of what the user has set beside the file."""

ALTERNATIVES: tuple[frozenset[str], ...] = (
    frozenset(
        {
            *("current", "current_density", "specific_current", "c_rate", "voltage"),
            *("table", "steps", "protocol", "rest"),
        }
    ),
    frozenset({"porosity", "moulding_pressure", "relative_density", "sintering_temperature"}),
    frozenset({"open_circuit_voltage", "stoichiometry", "state_of_charge"}),
    frozenset({"exchange_current_density", "charge_transfer_resistance"}),
    frozenset({"every", "times"}),
    frozenset({"coefficient", "contact_resistance"}),
    frozenset({"mass", "areal_mass"}),
    frozenset({"capacity", "specific_capacity"}),
)
"""Keys that exclude each other: a changed file or an override that sets one drops the others."""

ATOMIC = (
    *("stack_pressure", "table"),
    *("temperature", "ambient", "coefficient", "flux", "heat_source"),
)
"""Tables that are replaced as a whole."""

LONGEST_CHAIN = 20
"""Of files that extend one another."""
DEEPEST = 40
"""Tables and lists in one another."""
LARGEST = 16 << 20
"""Bytes of a TOML file."""

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_-]+(?:\s*\.\s*[A-Za-z0-9_-]+)*|\"[^\"]*\"|'[^']*')\s*=")


@dataclass
class Source:
    """A merged case table and what is known of its origin.

    Attributes:
        table: plain TOML data with extends and overrides applied.
        folder: folder that relative file names start from.
        name: shown in messages.
        lines: path of keys -> "line 12" or "base.toml line 12".
        files: case file and those it extends.
        allow_scripts: whether its author is trusted to run scripts (gmsh's .geo).
    """

    table: dict[str, Any]
    folder: Path
    name: str = "case"
    lines: dict[tuple[Key, ...], str] = field(default_factory=dict)
    files: tuple[Path, ...] = ()
    allow_scripts: bool = False

    def inputs(self) -> list[Path]:
        """All files that the case is read from, data that it names among them."""
        named = [self.folder / text for text in file_names(self.table)]
        return [*self.files, *(path for path in named if path.is_file())]


def read_file(path: Path, chain: tuple[Path, ...] = (), user: Path | None = None) -> Source:
    """Read one case file and the files it extends.

    Args:
        path: of the file.
        chain: files that extend it, the first one first.
        user: folder of the first one, whose author says what is read; None: its own.

    Raises:
        CaseError: a file is missing, not TOML, extends itself, or lies where no case may read.
    """
    path = Path(path)
    user = path.parent if user is None else user
    if len(chain) > LONGEST_CHAIN:
        what = f"leads through more than {LONGEST_CHAIN} files"
        raise CaseError(Problem("extends", what, "extend a file that is closer to the end"))
    here = path.resolve()
    if here in chain:
        names = " -> ".join(p.name for p in (*chain[chain.index(here) :], here))
        raise CaseError(Problem("extends", f"goes in a circle: {names}", "remove one of them"))
    if not _is_file(path):
        raise CaseError(_missing(path))
    try:
        text, table = read_toml(path)
    except ValueError as error:
        raise CaseError(Problem.of("", error), str(path)) from None
    if chain and not {"joulestack", "extends"} & table.keys():
        # A file that is none of ours is not taken apart: its keys would show in messages.
        what = f"{shown(path.name)} is no case file: it does not say `joulestack = 1`"
        raise CaseError(Problem("extends", what, "extend a case file"), str(chain[-1]))
    lines = {key: f"line {line}" for key, line in key_lines(text).items()}
    base_name = table.pop("extends", None)
    if base_name is None:
        return Source(table, path.parent, str(path), lines, (path,))
    if not isinstance(base_name, str):
        what = f"{shown(base_name)} is not a file name"
        raise CaseError(Problem("extends", what, 'extends = "base.toml"'), str(path))
    base_path = path.parent / base_name
    if away := outside(user, os.path.abspath(base_path)):
        raise CaseError(Problem("extends", *away), str(path))
    if not _is_file(base_path):
        raise CaseError(replace(_missing(base_path), where="extends"), str(path))
    base = read_file(base_path, (*chain, here), user)
    if base.folder.resolve() != path.parent.resolve():
        _rebase(base.table, base.folder, path.parent)
    merged = merge(base.table, table)
    inherited = {k: v if ".toml " in v else f"{base_path.name} {v}" for k, v in base.lines.items()}
    return Source(merged, path.parent, str(path), {**inherited, **lines}, (path, *base.files))


def beyond(source: Source) -> list[Problem]:
    """Texts of a case that lead to where it may not read; a title is none.

    What an override sets was named by the user at hand, not by who wrote the file.
    """
    where = Where(source.table, source.lines)
    own = {loc for loc, line in source.lines.items() if line == OVERRIDE}
    return [
        Problem(where(*loc), *away)
        for loc, away in leading_out(source.table, source.folder)
        if loc != ("title",) and not any(loc[:n] in own for n in range(1, len(loc) + 1))
    ]


def read_toml(path: Path) -> tuple[str, dict[str, Any]]:
    """Text and tables of a TOML file.

    Raises:
        ValueError: "what; remedy"; it says where the file is no TOML and quotes nothing of it, for
            it may be any file.
    """
    try:
        if not path.is_file() or path.stat().st_size > LARGEST:
            what = f"is no file, or larger than {LARGEST >> 20} MB"
        else:
            text = path.read_text(encoding="utf-8")
            table = tomllib.loads(text)
            if not deep(table):
                return text, table
            what = "is nested too deep"
    except UnicodeDecodeError:
        raise ValueError("is not UTF-8 text; save it as UTF-8") from None
    except OSError as error:
        raise ValueError(f"cannot be read ({error.strerror}); name a TOML file") from None
    except RecursionError:
        what = "is nested too deep"
    except ValueError as error:  # also of an integer with thousands of digits
        place = re.search(r"\(at [^()]*\)$", str(error))
        where = f" {place[0]}" if place else ""
        hint = 'text stands in quotes: stack_pressure = "50 MPa"'
        raise ValueError(f"is not TOML{where}; {hint}") from None
    raise ValueError(f"{what}; write less in one file, fewer brackets and dots in one another")


def deep(table: Any) -> bool:
    """Whether data are nested deeper than anything in a case, and than Python recurses."""
    level = [table]
    for _ in range(DEEPEST):
        tables = (node.values() if isinstance(node, dict) else node for node in level)
        level = [v for values in tables for v in values if isinstance(v, (dict, list, tuple))]
    return bool(level)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that is too long, or no name at all
        return False


def _missing(path: Path) -> Problem:
    names: list[str] = []
    if len(str(path)) < 1000 and path.parent.is_dir():
        names = [p.name for p in path.parent.glob("*.toml")]
    what = f"there is no file {shown(str(path), LONGEST_LINE)}"
    return Problem("", what, did_you_mean(path.name[:100], names) or "name a file that is there")


def _rebase(node: Any, old: Path, new: Path) -> None:
    """Rewrite the file names of a base file in another folder."""
    items = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in list(items):
        if isinstance(value, (dict, list)):
            _rebase(value, old, new)
        elif (
            key in ("csv", "map", "image", "file", "microstructure")
            or (isinstance(value, str) and value.endswith(".toml"))
        ) and (old / str(value)).is_file():
            node[key] = _moved(str(value), old, new)
        elif isinstance(value, str) and (span := file_span(value)) is not None:
            name = value[slice(*span)]
            if (old / name).is_file():
                moved = _moved(name, old, new)
                quoted = value[: span[0]].endswith(('"', "'"))
                moved = f'"{moved}"' if " " in moved and not quoted else moved
                node[key] = value[: span[0]] + moved + value[span[1] :]


def _moved(name: str, old: Path, new: Path) -> str:
    """A file name beside the base file as seen from another folder."""
    return os.path.relpath((old / name).resolve(), new.resolve())


def merge(base: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """Merge two tables: tables merge, everything else is replaced.

    A key that excludes others (current and voltage, ...) drops them from the base; a table whose
    `kind` or `law` changes is replaced.
    """
    result = dict(copy.deepcopy(dict(base)))
    for key in change:
        _drop_alternatives(result, key, set(change))
    for key, value in change.items():
        old = result.get(key)
        if (
            isinstance(old, Mapping)
            and isinstance(value, Mapping)
            and key not in ATOMIC
            and not _changes_kind(old, value)
        ):
            result[key] = merge(old, value)
        else:
            result[key] = copy.deepcopy(value)
    return result


def _changes_kind(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    return any(k in old and k in new and old[k] != new[k] for k in ("kind", "law")) or (
        ("active" in new and "active" not in old) or ("material" in new and "active" in old)
    )


def _drop_alternatives(table: dict[str, Any], key: str, keep: set[str]) -> None:
    for group in ALTERNATIVES:
        if key in group:
            for other in group - keep:
                if table.pop(other, None) is not None and other in ("steps", "protocol"):
                    table.pop("repeat", None)


def override(source: Source, changes: Mapping[str, Any]) -> Source:
    """Apply {"cell.stack_pressure": "20 MPa"}; list entries by name or index; None removes.

    Raises:
        CaseError: a path that leads through nothing; all of them at once.
    """
    table = copy.deepcopy(source.table)
    lines = dict(source.lines)
    problems = []
    for path, value in changes.items():
        keys = split_path(path)
        if len(keys) > DEEPEST or deep([value]):
            problems.append(Problem(path, "is nested too deep", "see --set in docs/case_files.md"))
            continue
        try:
            where = _set(table, keys, plain(value))
        except LookupError as error:
            problems.append(Problem(path, str(error.args[0]), "see --set in docs/case_files.md"))
            continue
        for known in [k for k in lines if k[: len(where)] == where]:
            del lines[known]
        lines[where] = OVERRIDE
    if problems:
        raise CaseError(problems, source.name)
    return replace(source, table=table, lines=lines)


def _set(table: dict[str, Any], keys: tuple[str, ...], value: Any) -> tuple[Key, ...]:
    node: Any = table
    walked: list[Key] = []
    for key in keys[:-1]:
        if isinstance(node, list):
            entry: Key = find_entry(node, key)
            node = node[int(entry)]
        else:
            entry = key
            if key not in node:
                node[key] = {}
            node = node[key]
        walked.append(entry)
        if not isinstance(node, (dict, list)):
            raise LookupError(f"{key} is a value, not a table: nothing can be set inside it")
    last = keys[-1]
    if isinstance(node, list):
        entry = find_entry(node, last)
        if value is None:
            del node[int(entry)]
        else:
            node[int(entry)] = value
        return (*walked, entry)
    if value is None:
        if last not in node:
            raise LookupError("is not there, so it cannot be removed")
        del node[last]
    else:
        _drop_alternatives(node, last, {last})
        node[last] = value
    return (*walked, last)


def plain(value: Any) -> Any:
    """Python values as TOML data: tuples to lists, paths to text, NumPy numbers to floats."""
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, Path):
        return str(value)
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    return value


def key_lines(text: str) -> dict[tuple[Key, ...], int]:
    """Line of each table header and key, found without a full parser; good enough to point."""
    found: dict[tuple[Key, ...], int] = {}
    counts: dict[tuple[Key, ...], int] = {}
    prefix: tuple[Key, ...] = ()
    quote = ""
    for number, line in enumerate(text.splitlines(), 1):
        if quote:
            quote = "" if quote in line else quote
            continue
        header = _HEADER.match(line)
        if header:
            names = tuple(split_path(header[2]))
            prefix = ()
            for i, name in enumerate(names):
                prefix = (*prefix, name)
                if header[1] == "[[" and i == len(names) - 1:
                    counts[prefix] = counts.get(prefix, -1) + 1
                if prefix in counts:
                    prefix = (*prefix, counts[prefix])
            found.setdefault(prefix, number)
            continue
        key = _KEY.match(line)
        if key:
            found.setdefault((*prefix, *split_path(key[1])), number)
            rest = line[key.end() :]
            for mark in ('"""', "'''"):
                if rest.count(mark) == 1:
                    quote = mark
    return found


def parse_settings(texts: Iterable[str]) -> dict[str, Any]:
    """Read "key=value" words of the command line; an empty value removes the key.

    Raises:
        CaseError: a word without "=".
    """
    result: dict[str, Any] = {}
    for text in texts:
        path, sign, value = text.partition("=")
        if not sign or not path.strip():
            raise CaseError(Problem(f"--set {text}", "is not key=value", "cell.diameter='8 mm'"))
        value = value.strip()
        read: Any = None
        try:
            read = tomllib.loads(f"v = {value}")["v"] if value else None
        except (ValueError, RecursionError):  # no TOML, or a number of thousands of digits
            read = value
        plain_types = (str, int, float, bool, list, dict, type(None))
        result[path.strip()] = read if isinstance(read, plain_types) else value
    return result
