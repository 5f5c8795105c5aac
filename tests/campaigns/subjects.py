"""What reads a broken input: the command or the reader that a person would give it to."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tomli_w import dumps as to_toml

from joulestack import access
from joulestack.case.microstructures.microstructure import MicrostructureCase
from joulestack.cli import shipped
from joulestack.cli.main import app
from joulestack.mesh.imported import MeshFile
from joulestack.mesh.reader import read as read_mesh
from joulestack.microstructure.reading import RawHeader, read_array
from tests.campaigns import cases, files
from tests.case.samples import SAMPLES

Read = Callable[[random.Random], Any]
"""Makes an input by some random numbers, and reads it."""

STUDY = {
    "case": "good.toml",
    "sampling": "grid",
    "vary": {"cell.stack_pressure": "1, 2 MPa", "time.end": ["1 min", "2 min"]},
}


def _command(*words: str) -> None:
    app(list(words), standalone_mode=False)


def of_cases(folder: Path) -> Read:
    """`joulestack check` on a shipped case that is broken, where the whole one lies."""
    shipped.copy(folder)
    root = cases.ROOT
    seeds = [(folder / path.relative_to(root), table) for path, table in cases.seeds()]

    def read(rng: random.Random) -> None:
        seed = rng.choice(seeds)
        path = seed[0].with_name("case.toml")
        path.write_bytes(cases.mutant(seed, rng))
        _command("check", str(path))

    return read


def of_microstructures(folder: Path) -> Read:
    """Microstructure cases that are broken."""
    shipped.copy(folder)
    import tomllib

    paths = sorted((folder / "cases" / "microstructures").glob("*.toml"))
    seeds = [(path, tomllib.loads(path.read_text("utf-8"))) for path in paths]

    def read(rng: random.Random) -> None:
        seed = rng.choice(seeds)
        path = seed[0].with_name("case.toml")
        path.write_bytes(cases.mutant(seed, rng))
        MicrostructureCase.load(path)

    return read


def of_studies(folder: Path) -> Read:
    """`joulestack sweep --check` on studies that are broken."""
    (folder / "good.toml").write_text(to_toml(SAMPLES["pellet"]()))
    (folder / "seed.toml").write_text(to_toml(STUDY))
    seed = (folder / "seed.toml", STUDY)

    def read(rng: random.Random) -> None:
        (folder / "study.toml").write_bytes(cases.mutant(seed, rng))
        _command("sweep", str(folder / "study.toml"), "--check")

    return read


def of_tables(folder: Path) -> Read:
    """`joulestack check` on a case whose load is a broken table or workbook."""

    def read(rng: random.Random) -> None:
        suffix, content = rng.choice([files.tables, files.tables, files.workbooks])(rng)
        (folder / f"load{suffix}").write_bytes(content)
        table = {**SAMPLES["pellet"](), "load": {"table": {"csv": f"load{suffix}"}}, "time": {}}
        (folder / "case.toml").write_text(to_toml(table))
        _command("check", str(folder / "case.toml"))

    return read


def of_pictures(folder: Path) -> Read:
    """`joulestack check` on a case whose pressure is a broken picture."""

    def read(rng: random.Random) -> None:
        suffix, content = files.pictures(rng)
        (folder / f"map{suffix}").write_bytes(content)
        table = SAMPLES["pouch"]()
        table["cell"]["stack_pressure"] = {
            "image": f"map{suffix}", "black": "1 MPa", "white": "9 MPa",
        }  # fmt: skip
        (folder / "case.toml").write_text(to_toml(table))
        _command("check", str(folder / "case.toml"))

    return read


def of_images(folder: Path) -> Read:
    """The reader of voxel images."""
    make = files.images(folder)

    def read(rng: random.Random) -> None:
        suffix, content = make(rng)
        path = folder / f"image{suffix}"
        path.write_bytes(content)
        if rng.random() < 0.1:
            path = path.rename(folder / "image.raw")
            shape: Any = tuple(rng.choice([1, 6, 5, 4, -1, 2**40, 2**63, 0]) for _ in range(3))
            offset = rng.choice([0, 1, -1, 2**63])
            read_array(path, RawHeader(shape, rng.choice(["uint8", "f8", "O"]), offset=offset))
        else:
            read_array(path)

    return read


def of_meshes(folder: Path) -> Read:
    """The reader of meshes."""
    make = files.meshes(folder)

    def read(rng: random.Random) -> None:
        os.chdir(folder)  # where a script would leave its mark
        suffix, content = make(rng)
        path = folder / f"mesh{suffix}"
        path.write_bytes(content)
        read_mesh(MeshFile(path, rng.choice([(), ("1", "2"), ("a", "b")]), {}, {}))
        if (folder / "hacked").exists():
            raise RuntimeError("a mesh has run a command")

    return read


SUBJECTS: dict[str, Callable[[Path], Read]] = {
    "cases": of_cases,
    "microstructures": of_microstructures,
    "studies": of_studies,
    "tables": of_tables,
    "pictures": of_pictures,
    "images": of_images,
    "meshes": of_meshes,
}


def reader(kind: str, folder: Path, seed: int) -> Callable[[int], Any]:
    """What makes and reads the input of a number; the same for the same seed."""
    os.environ[access.ALLOW_READ] = ""
    read = SUBJECTS[kind](folder)
    return lambda number: read(random.Random(f"{seed} {kind} {number}"))
