"""The material library: one TOML file per material, read when it is asked for."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from joulestack.access import readable
from joulestack.errors import CaseError, Problem
from joulestack.materials import nudges
from joulestack.materials.property import Property
from joulestack.materials.quantities import QUANTITIES
from joulestack.materials.reader import Reader
from joulestack.spelling import normal, unknown

LIBRARY = Path(__file__).parent / "library"
"""Files whose names start with "_" hold laws of pairs, not materials."""

KINDS = ("solid electrolyte", "active material", "carbon", "conductor", "insulator", "gas")
_HEAD = ("name", "aliases", "kind", "summary", "default_class", "classes", "alternatives")


@dataclass(frozen=True)
class Material:
    """What is known of a material.

    Attributes:
        name: its one name.
        aliases: other names that find it.
        kind: one of `KINDS`.
        summary: one line.
        properties: of the default class, by name.
        alternatives: property -> name of a law -> property with that law.
        classes: powder class -> the properties in which it differs.
        class_summaries: powder class -> one line.
        default_class: "" where there are none.
        path: its file.
    """

    name: str
    kind: str
    properties: Mapping[str, Property]
    aliases: tuple[str, ...] = ()
    summary: str = ""
    alternatives: Mapping[str, Mapping[str, Property]] = field(default_factory=dict)
    classes: Mapping[str, Mapping[str, Property]] = field(default_factory=dict)
    class_summaries: Mapping[str, str] = field(default_factory=dict)
    default_class: str = ""
    path: Path | None = None

    def of_class(self, particle_class: str | None, where: str = "") -> Mapping[str, Property]:
        """Properties of a powder class; None is the default class.

        Raises:
            CaseError: there is no such class.
        """
        if particle_class is None:
            return {**self.properties, **self.classes.get(self.default_class, {})}
        for name, own in self.classes.items():
            if normal(name) == normal(particle_class):
                return {**self.properties, **own}
        if not self.classes:
            raise CaseError(
                Problem(where, f"{self.name} has no particle classes", "leave particle_class out")
            )
        raise CaseError(
            unknown(where, f"particle class of {self.name}", particle_class, self.classes)
        )


def names(extra_dirs: Sequence[str | Path] = ()) -> list[str]:
    """Names of all materials, those of `extra_dirs` included."""
    return sorted({head[0] for head in _heads(extra_dirs).values()}, key=str.casefold)


def known_names(extra_dirs: Sequence[str | Path] = ()) -> list[str]:
    """Names and aliases of all materials."""
    found: dict[str, None] = {}
    for head in _heads(extra_dirs).values():
        found.update(dict.fromkeys(head))
    return list(found)


def load(name: str, extra_dirs: Sequence[str | Path] = (), where: str = "") -> Material:
    """Read one material.

    Args:
        name: name, alias or file name (without .toml) of a material, or path of a TOML file,
            relative to one of `extra_dirs`.
        extra_dirs: folders with a user's own files; searched before the library.
        where: key of the case file that asks, for messages.

    Raises:
        CaseError: no such material (names the nearest ones), or its file is wrong.
    """
    files = _index(extra_dirs)
    wanted = normal(name.removesuffix(".toml"))
    for stem, path in files.items():
        if normal(stem) == wanted or (name.endswith(".toml") and path.name == Path(name).name):
            return _read(path)
    for folder in map(Path, extra_dirs):
        if name.endswith(".toml") and (folder / name).is_file():
            return _read(folder / name)
    for path, head in _heads(extra_dirs).items():
        if wanted in map(normal, head):
            return _read(path)
    raise CaseError(unknown(where, "material", name, known_names(extra_dirs)))


@functools.cache
def pairs(file: str) -> Mapping[str, Any]:
    """Raw tables of "_composites" or "_interfaces"."""
    return tomllib.loads((LIBRARY / f"{file}.toml").read_text("utf-8"))


def _index(extra_dirs: Sequence[str | Path]) -> dict[str, Path]:
    """File stem -> path; a user's files come first and may shadow the library's."""
    found: dict[str, Path] = {}
    for path in _own_files(tuple(map(Path, extra_dirs))):
        try:
            own = _is_material(path, path.stat().st_mtime_ns)
        except OSError:
            continue
        if own:
            found.setdefault(path.stem, path)
    for stem, path in _library_files(LIBRARY.stat().st_mtime_ns).items():
        found.setdefault(stem, path)
    return found


def _own_files(folders: tuple[Path, ...]) -> Iterator[Path]:
    """A user's files in the order in which they count."""
    for folder in folders:
        if folder.is_dir():
            yield from readable(folder, _listed(folder, folder.stat().st_mtime_ns))


@functools.lru_cache(maxsize=16)
def _listed(folder: Path, _changed: int) -> tuple[Path, ...]:
    return tuple(p for p in sorted(folder.glob("*.toml")) if not p.name.startswith("_"))


@functools.lru_cache(maxsize=1)
def _library_files(_changed: int) -> dict[str, Path]:
    return {p.stem: p for p in sorted(LIBRARY.glob("*.toml")) if not p.name.startswith("_")}


@functools.lru_cache(maxsize=256)
def _is_material(path: Path, _changed: int) -> bool:
    """Tell a user's material file from a case file beside it: a top-level `kind` decides."""
    head = path.read_text("utf-8", errors="replace")
    for line in head.splitlines():
        if line.lstrip().startswith("["):
            return False
        if line.partition("=")[0].strip() == "kind":
            return True
    return False


def _heads(extra_dirs: Sequence[str | Path]) -> dict[Path, tuple[str, ...]]:
    """File -> name and aliases; a user's broken file does not hide the others.

    Properties are read when a material is asked for, so that the library costs what is used of it.
    """
    found = {}
    for path in _index(extra_dirs).values():
        try:
            found[path] = _head(path, path.stat().st_mtime_ns)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError):
            if path.parent == LIBRARY:
                raise
    return found


@functools.lru_cache(maxsize=256)
def _head(path: Path, _changed: int) -> tuple[str, ...]:
    """Name and aliases: what stands before the first table."""
    text = path.read_text("utf-8")
    table = re.search(r"^\s*\[", text, re.MULTILINE)
    head = tomllib.loads(text[: table.start()] if table else text)
    return (str(head.get("name", path.stem)), *map(str, head.get("aliases", ())))


def _read(path: Path) -> Material:
    read = _read_file.__wrapped__ if nudges.on() else _read_file
    return read(path, path.stat().st_mtime_ns)


@functools.lru_cache(maxsize=256)
def _read_file(path: Path, _changed: int) -> Material:
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError, OSError):
        # Not a word of it: any file may be named so.
        what, remedy = "is not TOML that can be read", "a file as those of the library"
        raise CaseError(Problem("", what, remedy), str(path)) from None
    if not {"name", "kind"} & tables.keys():
        what, remedy = (
            "is no material: it has neither name nor kind",
            'name = "...", kind = "solid electrolyte"',
        )
        raise CaseError(Problem("", what, remedy), str(path))
    return parse(tables, path)


def parse(tables: Mapping[str, Any], path: Path | None = None) -> Material:
    """Build a material from the tables of its file.

    Raises:
        CaseError: lists everything that is wrong.
    """
    name = str(tables.get("name", path.stem if path else ""))
    reader = Reader(name)
    if "name" not in tables:
        reader.complain("name", "is missing", 'write name = "my material"')
    kind = str(tables.get("kind", ""))
    if kind not in KINDS:
        reader.problems.append(unknown("kind", "kind of material", kind, KINDS))
    for key in tables:
        if key not in _HEAD and key not in QUANTITIES:
            reader.problems.append(unknown(key, "key", key, (*_HEAD, *QUANTITIES)))
    properties = _properties(reader, tables, "")
    sample = properties.get("dense_thermal_conductivity")
    if "thermal_disorder" in properties and sample and "x" in sample.form.variables:
        what = "dense_thermal_conductivity depends on x already"
        reader.complain("thermal_disorder", what, "keep one of them: lithium would count twice")
    alternatives: dict[str, dict[str, Property]] = {}
    for key, laws in tables.get("alternatives", {}).items():
        read = {n: reader.property(key, t, f"alternatives.{key}.{n}") for n, t in laws.items()}
        alternatives[key] = {n: p for n, p in read.items() if p is not None}
    classes, summaries = {}, {}
    for key, own in tables.get("classes", {}).items():
        classes[key] = _properties(reader, own, f"classes.{key}.")
        summaries[key] = str(own.get("summary", ""))
    default = str(tables.get("default_class", ""))
    if default and default not in classes:
        reader.problems.append(unknown("default_class", "class", default, classes))
    if reader.problems:
        raise CaseError(reader.problems, str(path or name))
    return Material(
        name,
        kind,
        properties,
        tuple(tables.get("aliases", ())),
        str(tables.get("summary", "")),
        alternatives,
        classes,
        summaries,
        default,
        path,
    )


def _properties(reader: Reader, tables: Mapping[str, Any], prefix: str) -> dict[str, Property]:
    found = {}
    for key, table in tables.items():
        if key in _HEAD:
            continue
        if not isinstance(table, Mapping):
            if not prefix:
                reader.complain(key, "is not a table", f"write [{key}] and value = ... below it")
            continue
        value = reader.property(key, table, f"{prefix}{key}")
        if value is not None:
            found[key] = value
    return found
