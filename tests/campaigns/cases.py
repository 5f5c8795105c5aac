"""Case files that somebody has broken: in their structure, and in their text."""

from __future__ import annotations

import copy
import random
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tomli_w import dumps as to_toml

from tests.mpi import ROOT

Table = dict[str, Any]
Place = tuple[Any, Any]
"""A table or list and the key of something in it."""

NEST: Any = 1
for _ in range(90):
    NEST = [NEST]
TERMS = " + ".join(["x"] * 1500)
VALUES: list[Any] = [
    *(0, -1, 1, 10**18, -(10**18), 2**63 - 1, 10**400, 0.0, -0.0, 1e308, -1e308, 1e-300, 5e-324),
    *(float("inf"), float("-inf"), float("nan"), True, False, "", " ", "1", "-1 mm", "1e308 m"),
    *("1e999 m", "nan s", "inf", "5 mm/", "5 mm//s", "5 (mm", "5 mm)", "5 mm^99", "5 mm^1e9"),
    *("50 MPa", "25 degC", "-400 degC", "1 mA/cm^2", "2.5", "2,5 mm", "1 ohm cm^2", "30 %", "3 h"),
    *("x" * 5000, "é" * 300, "\x1b[2J\x07", "a\nb\nc", "\u202e", "../../etc/passwd"),
    *("/dev/zero", "/dev/stdin", ".", "..", "/", "~", "$HOME", "`id`", "copper", "NMC622", "/mm"),
    *("Run ../../../etc/passwd (A) for 1 s", "Run", "Discharge at C/0 until 2 V", "Rest for 1 h"),
    *("Discharge at 1e308 A until -5 V", "Hold at 4 V until C/1e300", "Rest for 1e-300 s", "Rest"),
    *([], [[]], {}, [1], ["a"], [1, 2, 3], [0, 0], [[0, 1], [1, 0]], {"a": 1}, {"": {}}, NEST),
    *([0] * 3000, ["x"] * 500, {str(i): i for i in range(500)}, {"csv": "none.csv"}, [1e308] * 3),
    *({"expression": "5 MPa"}, {"expression": "5 MPa + " + TERMS}, {"expression": "(" * 300}),
    *({"expression": "1 MPa" + " * 2" * 3000}, {"expression": "sin(x) MPa"}, {"expression": ""}),
    *({"time": [0, 1], "value": [1, 1]}, {"time": [0, 0], "pressure": [1e6, 2e6]}),
    *({"law": "none"}, {"file": "/etc/passwd"}, {"image": "/etc/passwd"}, {"active": "NMC"}),
]  # fmt: skip
KEYS = [
    *("a.b", "", " ", "x" * 300, "\u00e9", "extends", "name", "kind", "law", "csv", "material"),
    *("time", "file", "image", "microstructure"),
]


def seeds() -> list[tuple[Path, Table]]:
    """All shipped cases."""
    paths = sorted((ROOT / "cases").rglob("*.toml"))
    read = [(path, tomllib.loads(path.read_text("utf-8"))) for path in paths]
    return [(path, table) for path, table in read if "cell" in table or "extends" in table]


def places(node: Any) -> list[Place]:
    """Everything in a table that can be replaced."""
    items = list(node.items() if isinstance(node, dict) else enumerate(node))
    found = [(node, key) for key, _ in items]
    for _, value in items:
        if isinstance(value, dict | list):
            found += places(value)
    return found


def remove(table: Table, rng: random.Random) -> None:
    node, key = rng.choice(places(table))
    del node[key]


def replace(table: Table, rng: random.Random) -> None:
    node, key = rng.choice(places(table))
    node[key] = copy.deepcopy(rng.choice(VALUES))


def rename(table: Table, rng: random.Random) -> None:
    tables = [(n, k) for n, k in places(table) if isinstance(n, dict)]
    node, key = rng.choice(tables)
    cut = rng.randrange(len(key) + 1)
    new = rng.choice([key[:cut] + key[cut + 1 :], key[:cut] + "x" + key[cut:], *KEYS])
    node[new] = node.pop(key)


def insert(table: Table, rng: random.Random) -> None:
    node, key = rng.choice(places(table))
    value = copy.deepcopy(rng.choice(VALUES))
    if isinstance(node, dict):
        other = rng.choice(places(table))[1]
        node[rng.choice([*KEYS, str(other)])] = value
    else:
        node.insert(key, value)


def exchange(table: Table, rng: random.Random) -> None:
    (a, i), (b, j) = (rng.choice(places(table)) for _ in range(2))
    a[i], b[j] = copy.deepcopy(b[j]), copy.deepcopy(a[i])


def wrap(table: Table, rng: random.Random) -> None:
    node, key = rng.choice(places(table))
    value = node[key]
    node[key] = rng.choice([[value], [value] * 40, {"value": value}, {str(key): value}, str(value)])


def scale(table: Table, rng: random.Random) -> None:
    """The mantissa of a quantity, which often stays what can be checked further."""
    found = [(n, k) for n, k in places(table) if _number(n[k])]
    if not found:
        return
    node, key = rng.choice(found)
    factor = rng.choice([0, -1, 1e-12, 1e-6, 1e-3, 1e3, 1e6, 1e9, 1e12, 1e-300, 1e300])
    value = node[key]
    if isinstance(value, str):
        number, blank, unit = value.partition(" ")
        node[key] = f"{float(number) * factor:g}{blank}{unit}"
    else:
        node[key] = value * factor


def _number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return False
    try:
        return abs(float(value.partition(" ")[0] if isinstance(value, str) else value)) < 1e300
    except (ValueError, OverflowError):
        return False


STRUCTURAL: list[Callable[[Table, random.Random], None]] = [
    *(remove, replace, replace, replace, rename, insert, exchange, wrap, scale, scale),
]


ODD = [
    *(b"\0", b"\xff", b"\xc3", b'"', b"'", b"[", b"]", b"{", b"=", b".", b"\n", b"#", b'"""', b"e"),
    *(b"9" * 400, b"9" * 5000, b"[" * 3000, b"-", b"\xef\xbb\xbf"),
]
BASES = ["case.toml", "a" * 5000, "..", "/dev/zero", "x/" * 900 + "a.toml"]


def spoilt(text: str, rng: random.Random) -> bytes:
    """A text with something done to its letters and lines."""
    data, lines = text.encode(), text.splitlines(keepends=True)
    i, j = sorted(rng.randrange(len(data)) for _ in range(2))
    row = rng.randrange(len(lines))
    odd = rng.choice(ODD)

    def inserted(*new: str) -> bytes:
        return "".join([*lines[:row], *new, *lines[row:]]).encode()

    ways: list[Callable[[], bytes]] = [
        lambda: data[:i] + odd + data[i:],
        lambda: data[:i] + odd + data[i + 1 :],
        lambda: data[:i],
        lambda: data[:i] + data[min(j, i + 40) :],
        lambda: data[:i] + data[i : min(j, i + 90)] * rng.choice([2, 60]) + data[j:],
        lambda: "".join(lines[:row] + lines[row + 1 :]).encode(),
        lambda: inserted(rng.choice(lines)),
        lambda: inserted("a." * 1000 + "a = 1\n"),
        lambda: inserted("[" + "x." * rng.choice([10, 1000]) + "x]\n"),
        lambda: inserted(*(f"x{n} = 1\n" for n in range(3000))),
        lambda: f'extends = "{rng.choice(BASES)}"\n'.encode() + data,
        lambda: data.replace(b"\n", rng.choice([b"\r\n", b"\r", b" \n"])),
        lambda: text.encode(rng.choice(["utf-16", "utf-8-sig", "utf-32"])),
        lambda: b"x = " + b"[" * 900 + b"]" * 900 + b"\n" + data,
    ]
    return rng.choice(ways)()


def mutant(seed: tuple[Path, Table], rng: random.Random) -> bytes:
    """The bytes of a broken case file."""
    path, table = seed
    if rng.random() < 0.4:
        return spoilt(path.read_text("utf-8"), rng)
    table = copy.deepcopy(table)
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        if table:
            rng.choice(STRUCTURAL)(table, rng)
    return to_toml(table).encode("utf-8", "surrogatepass")
