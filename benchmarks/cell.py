"""Time of a cell's discharge against PyBaMM's, and how it grows; docs/benchmarks.md, "Cells".

    python3 benchmarks/cell.py --pybamm PYTHON            # all parts; an hour
    python3 benchmarks/cell.py --pybamm PYTHON --quick    # few repetitions, small pouches
    python3 benchmarks/cell.py warm growth --large        # these parts; to 1e6 unknowns

Runs on the host with nothing but Python. Our side goes through docker/joulestack; PyBaMM's through
the interpreter given, of an environment with `pip install pybamm`; without it ratios to PyBaMM are
left out. Sides alternate; the best of all repetitions counts. CPU is user and system time, which a
busy machine inflates less than wall-clock time.

whole:  a process from shell to written results, 1D cell, 1C discharge; <= 1 x PyBaMM's
warm:   the same solved again in one process, lumped and isothermal; <= 2 x PyBaMM's DFN + lumped
spm:    3D pouch with particles and kinetics everywhere against PyBaMM's 3D thermal SPM; <= 1 x
pouch:  3D pouch of 2e5 unknowns against as many heat-only Newton iterations; <= 3 x
growth: time per step from 1e3 unknowns; exponent <= 1.1
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path
from typing import Any

from cell_compare import errors, read

HERE = Path(__file__).resolve().parent
OURS = [str(HERE.parent / "docker" / "joulestack")]
CASE = HERE / "cell_1c.toml"
TARGETS = {"whole": 1.0, "warm": 2.0, "spm": 1.0, "pouch": 3.0, "growth": 1.1}
SAME_NUMBER, SAME_FACE = 0.022, 0.0092
"""In-plane cell size [m]: about 700 temperatures; about PyBaMM's 23 x 16 nodes in every layer."""
POUCH, SMALL_POUCH = 1.34e-3, 5e-3
"""[m]; 2e5 unknowns, and 2e4 for --quick."""
FINE, FINE_SMALL = 0.515e-3, 1.85e-3
"""[m]; as many temperatures."""
GROWTH = (30e-3, 7e-3, 1.9e-3)
MILLION = 0.6e-3


@dataclass(frozen=True)
class Options:
    """Of the command line."""

    pybamm: str | None
    repeat: int
    quick: bool
    large: bool


def run(command: Sequence[str]) -> tuple[str, float, float]:
    """Output, wall-clock and processor time [s] of a process with its children."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    wall = time.perf_counter() - start
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    if found.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{found.stderr}")
    cpu = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
    return found.stdout, wall, cpu


def ours(problem: str, *more: str) -> dict[str, Any]:
    """Figures of one process of cell_ours.py."""
    text, _, _ = run([*OURS, "python", str(HERE / "cell_ours.py"), problem, *more])
    figures: dict[str, Any] = json.loads(text.splitlines()[-1])
    figures["cpu"], figures["wall"] = min(figures["cpu_s"]), min(figures["wall_s"])
    return figures


def theirs(options: Options, *names: str) -> dict[str, Any]:
    """Figures of one process of pybamm_cell.py."""
    assert options.pybamm is not None
    text, _, _ = run([options.pybamm, str(HERE / "pybamm_cell.py"), *names])
    figures: dict[str, Any] = json.loads(text)
    return figures


def table(*head: str) -> Callable[..., None]:
    """Print the head of a table; the result prints a row."""

    def row(*cells: Any) -> None:
        shown = [f"{c:.3g}" if isinstance(c, float) else str(c) for c in cells]
        print("| " + " | ".join(shown) + " |", flush=True)

    row(*head)
    print("|---" * len(head) + "|", flush=True)
    return row


def verdict(part: str, ratio: float) -> None:
    """Say whether a target is met."""
    word = "met" if ratio <= TARGETS[part] else "MISSED"
    print(f"\n{part}: {ratio:.2f}, target {TARGETS[part]:g}: {word}\n", flush=True)


def whole(options: Options) -> None:
    """From shell to written results."""
    pictures = ["--set", "outputs.pictures=true"]
    row = table("side", "CPU s", "wall s", "CPU x", "wall x", "error")
    with tempfile.TemporaryDirectory() as folder:
        # The launcher shares the folders of the case and of the results.
        case = [*OURS, "run", str(CASE), "-o", str(Path(folder) / "ours"), "--overwrite"]
        sides = {
            "joulestack run": case,
            "joulestack run, with pictures": [*case, *pictures],
            "the launcher alone": [*OURS, "python", "-c", "pass"],
        }
        if options.pybamm:
            script, out = str(HERE / "pybamm_cell.py"), str(Path(folder) / "theirs.csv")
            sides["PyBaMM"] = [options.pybamm, script, "--process", out]
        found: dict[str, list[tuple[float, float]]] = {side: [] for side in sides}
        for command in sides.values():
            run(command)  # kernels and byte code into their caches
        for _ in range(options.repeat):
            for side, command in sides.items():
                _, wall, cpu = run(command)
                found[side].append((cpu, wall))
        answers = {"joulestack run": read(Path(folder) / "ours" / "timeseries.csv")}
        if options.pybamm:
            answers["PyBaMM"] = read(Path(folder) / "theirs.csv")
    best = {side: tuple(map(min, zip(*runs, strict=True))) for side, runs in found.items()}
    base = best.get("PyBaMM")
    for side, (cpu, wall) in best.items():
        error = errors(answers[side], "iso_1c") if side in answers else ""
        row(side, cpu, wall, *((cpu / base[0], wall / base[1]) if base else ("", "")), error)
    if base:
        verdict("whole", best["joulestack run"][0] / base[0])


def warm(options: Options) -> None:
    """Solved again."""
    repeat = str(4 * options.repeat)
    found: dict[str, list[Any]] = {"lumped": [], "isothermal": [], "pybamm": []}
    for _ in range(max(1, options.repeat // 2)):
        for problem in ("lumped", "isothermal"):
            found[problem].append(ours(problem, "--repeat", repeat))
        if options.pybamm:
            found["pybamm"].append(theirs(options, "warm", "warm_lumped", "full_lumped"))
    best = {p: min(found[p], key=lambda f: f["cpu"]) for p in ("lumped", "isothermal")}
    answers = {}
    if options.pybamm:
        answers = json.loads(run([options.pybamm, str(HERE / "cell_theirs.py")])[0])
    row = table("solve", "unknowns", "steps", "CPU ms", "wall ms", "error")
    for problem, f in best.items():
        error = errors(f["rows"], f"{'iso' if problem == 'isothermal' else problem}_1c")
        row(f"joulestack, {problem}", f["unknowns"], f["steps"], 1e3 * f["cpu"],
            1e3 * f["wall"], error)  # fmt: skip
    names = {
        "full_lumped": ("PyBaMM, DFN + lumped, Chen 2020", ""),
        "warm_lumped": ("PyBaMM, half-cell, lumped", "lumped"),
        "warm": ("PyBaMM, half-cell, isothermal", "isothermal"),
    }
    cpu = {}
    for name, (label, answer) in names.items():
        if not options.pybamm:
            continue
        runs = [f[name] for f in found["pybamm"]]
        cpu[name], wall = (min(f[key] for f in runs) for key in ("cpu_s", "wall_s"))
        data = f"{'iso' if answer == 'isothermal' else answer}_1c"
        error = errors(answers[answer], data) if answer else "no reference"
        row(label, runs[0]["unknowns"], runs[0]["steps"], 1e3 * cpu[name], 1e3 * wall, error)
    if options.pybamm:
        lumped, iso = best["lumped"]["cpu"], best["isothermal"]["cpu"]
        print(f"\nlumped against PyBaMM's lumped half-cell: {lumped / cpu['warm_lumped']:.1f} x"
              f"\nisothermal against PyBaMM's: {iso / cpu['warm']:.1f} x")  # fmt: skip
        verdict("warm", lumped / cpu["full_lumped"])


def spm(options: Options) -> None:
    """3D heat."""
    found: dict[str, list[Any]] = {"number": [], "face": [], "pybamm": []}
    sizes = {"number": SAME_NUMBER, "face": SAME_FACE}
    if options.quick:
        del sizes["face"]
    for _ in range(1 if options.quick else 2):
        for name, size in sizes.items():
            found[name].append(ours("box", "--in-plane", repr(size)))
        if options.pybamm:
            found["pybamm"].append(theirs(options, "spm_3d")["spm_3d"])
    row = table("solve", "temperatures", "unknowns", "steps", "CPU s", "wall s")
    labels = {"number": "the same number", "face": "the same mesh of the face"}
    for name in sizes:
        f = min(found[name], key=lambda f: f["cpu"])
        row(f"joulestack, {labels[name]}", f["temperatures"], f["unknowns"], f["steps"], f["cpu"],
            f["wall"])  # fmt: skip
    if options.pybamm:
        f = min(found["pybamm"], key=lambda f: f["cpu_s"])
        row("PyBaMM, one mean temperature felt", f["thermal_states"], f["unknowns"], f["steps"],
            f["cpu_s"], f["wall_s"])  # fmt: skip
        verdict("spm", min(r["cpu"] for r in found["number"]) / f["cpu_s"])


def pouch(options: Options) -> None:
    """Against heat alone on the same mesh; with as many unknowns for comparison."""
    size, fine = (SMALL_POUCH, FINE_SMALL) if options.quick else (POUCH, FINE)
    runs = {
        "with particles": ("pouch", size),
        "heat alone, as many unknowns": ("heat", fine),
        "heat alone, the same mesh": ("heat", size),
    }
    row = table("solve", "unknowns", "in matrix", "steps", "Newton", "linear", "setup s", "CPU s",
                "wall s", "CPU s a Newton iteration")  # fmt: skip
    each = []
    for label, (name, in_plane) in runs.items():
        f = ours(name, "--in-plane", repr(in_plane), "--cold")
        each.append(f["cpu"] / f["newton"])
        row(label, f["unknowns"], f["in_matrix"], f["steps"], f["newton"], f["linear"],
            f["setup_s"], f["cpu"], f["wall"], each[-1])  # fmt: skip
    print(f"\nagainst heat alone with as many unknowns: {each[0] / each[1]:.2f} x")
    verdict("pouch", each[0] / each[2])


def growth(options: Options) -> None:
    """Time per step."""
    sizes = [*(GROWTH[:2] if options.quick else GROWTH), *([MILLION] if options.large else [])]
    row = table(
        "unknowns", "steps", "Newton", "linear", "solver", "CPU s", "wall s", "CPU s a step"
    )
    points = []
    for size in sizes:
        f = ours("pouch", "--in-plane", repr(size), "--cold")
        step = f["cpu"] / (f["steps"] + f["rejected"])
        points.append((log(f["unknowns"]), log(step)))
        row(f["unknowns"], f["steps"], f["newton"], f["linear"], f["solver"], f["cpu"], f["wall"],
            step)  # fmt: skip
    x, y = (sum(v) / len(points) for v in zip(*points, strict=True))
    slope = sum((a - x) * (b - y) for a, b in points) / sum((a - x) ** 2 for a, _ in points)
    verdict("growth", slope)


PARTS = {"whole": whole, "warm": warm, "spm": spm, "pouch": pouch, "growth": growth}
NEEDED = ("whole", "warm", "spm")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="part", help=", ".join(PARTS))
    parser.add_argument("--pybamm", metavar="PYTHON", help="interpreter that has PyBaMM")
    parser.add_argument("--repeat", type=int, default=7, help="repetitions of the small ones")
    parser.add_argument("--quick", action="store_true", help="few repetitions, small pouches")
    parser.add_argument("--large", action="store_true", help="growth to 1e6 unknowns")
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(PARTS)}")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    options = Options(given.pybamm, 2 if given.quick else given.repeat, given.quick, given.large)
    for name in given.parts or PARTS:
        print(f"## {name}: {(PARTS[name].__doc__ or '').strip()}\n", flush=True)
        if name in NEEDED and not options.pybamm:
            print("PyBaMM's side and every ratio to it are left out: no --pybamm PYTHON.\n")
        PARTS[name](options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
