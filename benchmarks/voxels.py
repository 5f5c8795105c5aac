"""Voxel conduction beside TauFactor and PoreSpy: same image, same accuracy, this processor.

    python3 benchmarks/voxels.py                       # 100^3, 200^3, 300^3
    python3 benchmarks/voxels.py 500 700 --alone       # joulestack only, memory and time
    python3 benchmarks/voxels.py 200 --peers-python PY # peers in another Python environment

The image: overlapping spheres of a radius of 8 voxels at random, 77 % solid; the solid conducts.
Each program is a process of its own. joulestack and TauFactor stop at a tolerance of their own;
TauFactor's is tightened from 1e-1 on until its conductivity is as close to a solution converged to
1e-5 as is asked for (--error), and the time of that run counts, not of the search. PoreSpy has one
accuracy. Peers that are not installed are left out with a line that says so; a process that takes
more memory than there is is stopped and said.

Times are processor times over all threads, which a busy machine inflates less; wall-clock times
are printed too. Bytes a voxel are the peak of resident memory during the solution, less what was
resident before, over the number of voxels. Bandwidth is that of a = b + s c on float32 over the
same threads, twelve bytes an element, in the same measure of time; the bytes of one iteration are
those of its arrays, each counted once for every pass over it. Kernels are compiled before the clock
starts. Exit code 1 if a target is missed; speed-up and bandwidth are judged from 200^3 on, below
which caches hold the vectors.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

RADIUS, SOLID = 8, 0.77
TAUFACTOR_CRITERIA = (1e-1, 3e-2, 1e-2, 3e-3, 1e-3)
SPEED_UP, BYTES, BANDWIDTH, GROWTH = 10.0, 24.0, 3.0, 1.5
FINE = 2 * (3 + 3 + 4 + 8 + 1.25 + 1.25 + 4) + 2 * 0.5
"""Bytes a voxel of one iteration on the image's grid. Float32 values of one colour take 2 bytes a
voxel: direction 3 of them, red from p 3, black from red and p 4, step 8, restriction 1.25,
prolongation 1.25, last smoothing 4; and the faces' codes in the last but one and two."""

COARSE = (2 * (3 + 15.25 + 18.25) + 8 * 12) / 8 * 4 / 3
"""The same on the coarse grids: the first with an eighth of the voxels and eight passes over its
faces, the next visited twice with an eighth of that, and so on."""


def make_image(n: int) -> np.ndarray:
    """Overlapping spheres, the same for every run."""
    rng = np.random.default_rng(0)
    count = round(-np.log(1 - SOLID) * n**3 / (4 / 3 * np.pi * RADIUS**3))
    offset = np.arange(-RADIUS - 1, RADIUS + 2)
    image = np.zeros((n, n, n), np.uint8)
    for centre in rng.random((count, 3)) * n:
        at = [int(c) + offset for c in centre]
        d = [(a + 0.5 - c) ** 2 for a, c in zip(at, centre, strict=True)]
        near = d[0][:, None, None] + d[1][:, None] + d[2] <= RADIUS**2
        image[np.ix_(*[a % n for a in at])] |= near
    return image


def memory(entry: str) -> float:
    """VmRSS, resident memory now, or VmHWM, its peak [bytes]."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(entry + ":"):
            return 1024.0 * int(line.split()[1])
    return float("nan")


def forget_peak() -> None:
    """The peak counts from now."""
    Path("/proc/self/clear_refs").write_text("5")


def triad() -> float:
    """Bytes a second of a = b + s c over all threads."""
    import numba

    @numba.njit(parallel=True)
    def run(a, b, c, s):  # type: ignore[no-untyped-def]
        for i in numba.prange(a.shape[0]):
            for j in range(a.shape[1]):
                a[i, j] = b[i, j] + s * c[i, j]

    rows = 256  # 200 MB in all: no cache holds them
    a, b, c = (np.ones((rows, 2**16), np.float32) for _ in range(3))
    times = []
    for _ in range(8):
        start = time.process_time()
        run(a, b, c, np.float32(2))
        times.append((time.process_time() - start) / numba.get_num_threads())
    return 12.0 * a.size / min(times[1:])


def joulestack(path: str, tolerance: float) -> dict[str, Any]:
    """One solution in this process."""
    import numba

    from joulestack.microstructure.conduction.solver import conduct
    from joulestack.microstructure.image import VoxelImage

    labels = np.load(path)
    names, values = {0: "pore", 1: "solid"}, {"pore": 0.0, "solid": 1.0}
    small = VoxelImage(np.ascontiguousarray(labels[:24, :24, :24]), 1e-6, names)
    conduct(small, values, axis=0)  # compiles
    bandwidth = triad()
    image = VoxelImage(labels, 1e-6, names)
    stamps: list[float] = []
    forget_peak()
    before = memory("VmRSS")
    start, cpu = time.perf_counter(), time.process_time()
    found = conduct(image, values, axis=0, tolerance=tolerance,
                    progress=lambda *_: stamps.append(time.process_time()))  # fmt: skip
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    each = float(np.diff(stamps).min()) / numba.get_num_threads()  # the best, as of the triad
    allowed = labels.size * (FINE + COARSE) / bandwidth
    return {
        "seconds": seconds,
        "cpu": cpu,
        "conductivity": found.conductivity,
        "imbalance": found.imbalance,
        "iterations": found.iterations,
        "bytes": (memory("VmHWM") - before) / labels.size,
        "peak": memory("VmHWM"),
        "iteration": each,
        "bandwidth": bandwidth,
        "over_bandwidth": each / allowed,
        "threads": numba.get_num_threads(),
    }


def taufactor(path: str, criterion: float) -> dict[str, Any]:
    """One solution by TauFactor 2 on the processor."""
    import torch
    from taufactor import Solver

    solver = Solver(np.load(path).astype(np.float32), device="cpu")
    start, cpu = time.perf_counter(), time.process_time()
    solver.solve(verbose=False, conv_crit=criterion, iter_limit=100000)
    return {
        "seconds": time.perf_counter() - start,
        "cpu": time.process_time() - cpu,
        "conductivity": float(np.ravel(solver.D_eff)[0]),
        "iterations": int(solver.iter),
        "peak": memory("VmHWM"),
        "threads": torch.get_num_threads(),
    }


def porespy(path: str, _: float) -> dict[str, Any]:
    """One solution by PoreSpy's tortuosity_fd."""
    import porespy

    image = np.load(path) > 0
    start, cpu = time.perf_counter(), time.process_time()
    found = porespy.simulations.tortuosity_fd(im=image, axis=0)
    return {
        "seconds": time.perf_counter() - start,
        "cpu": time.process_time() - cpu,
        "conductivity": float(found.effective_porosity / found.tortuosity),
        "peak": memory("VmHWM"),
    }


PROGRAMS = {"joulestack": joulestack, "taufactor": taufactor, "porespy": porespy}


def run(python: str, program: str, path: str, number: float, limit: float) -> dict[str, Any] | str:
    """One process; its figures, or why there are none."""
    command = [python, __file__, "--one", program, path, str(number)]
    room = free_memory()

    def hold() -> None:  # a process that takes more fails instead of the machine
        resource.setrlimit(resource.RLIMIT_DATA, (room, room))

    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=limit, preexec_fn=hold
        )
    except subprocess.TimeoutExpired:
        return f"not finished after {limit:.0f} s"
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no message"]
        if done.returncode < 0 or "memory" in lines[-1].lower():
            return f"does not fit into {room / 1e9:.0f} GB"
        if "ModuleNotFoundError" in lines[-1]:
            return f"not installed ({lines[-1].removeprefix('ModuleNotFoundError: ')})"
        return f"failed: {lines[-1]}"
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def free_memory() -> int:
    """What can be had without swapping, less a tenth [bytes]."""
    lines = Path("/proc/meminfo").read_text().splitlines()
    found = next(line for line in lines if line.startswith("MemAvailable:"))
    return int(0.9 * 1024 * int(found.split()[1]))


def show(name: str, found: dict[str, Any] | str, exact: float) -> None:
    """One line of the table."""
    if isinstance(found, str):
        print(f"  {name:11s} {found}")
        return
    error = abs(found["conductivity"] / exact - 1)
    parts = [
        f"{found['cpu']:8.2f} s processor",
        f"{found['seconds']:.2f} s wall",
        f"error {error:.1e}",
        f"peak {found['peak'] / 1e9:.2f} GB",
    ]
    if "iterations" in found:
        parts.append(f"{found['iterations']} iterations")
    print(f"  {name:11s} " + ", ".join(parts), flush=True)


def peers(python: str, path: str, exact: float, error: float, limit: float) -> list[float]:
    """Processor times of the peers."""
    times = []
    for criterion in TAUFACTOR_CRITERIA:
        found = run(python, "taufactor", path, criterion, limit)
        if isinstance(found, str) or abs(found["conductivity"] / exact - 1) <= error:
            break
    show("TauFactor", found, exact)
    if not isinstance(found, str):
        times.append(found["cpu"])
    found = run(python, "porespy", path, 0, limit)
    show("PoreSpy", found, exact)
    if not isinstance(found, str):
        times.append(found["cpu"])
    return times


def compare(n: int, args: argparse.Namespace, folder: str) -> tuple[int, bool]:
    """One size; iterations, and whether its targets are met."""
    path = str(Path(folder) / f"{n}.npy")
    np.save(path, make_image(n))
    print(f"{n}^3", flush=True)
    limit = args.limit
    ours = run(sys.executable, "joulestack", path, args.tolerance, limit)
    if isinstance(ours, str):
        print(f"  joulestack  {ours}")
        return 0, False
    exact = ours["conductivity"]
    if not args.alone:
        tight = run(sys.executable, "joulestack", path, 1e-5, limit)
        exact = exact if isinstance(tight, str) else tight["conductivity"]
    show("joulestack", ours, exact)
    met = True
    if not args.alone:
        times = peers(args.peers_python, path, exact, args.error, limit)
        if times:
            ratio = min(times) / ours["cpu"]
            print(f"  {ratio:.0f} times less processor time than the faster of them")
            met = ratio >= SPEED_UP or n < 200
    over, each = ours["over_bandwidth"], ours["bytes"]
    print(f"  {ours['iteration']:.3f} s an iteration on each of {ours['threads']} threads,"
          f" {over:.1f} times what {ours['bandwidth'] / 1e9:.1f} GB/s allow;"
          f" imbalance {ours['imbalance']:.1e};"
          f" {each:.1f} bytes a voxel beyond the image")  # fmt: skip
    Path(path).unlink()
    return ours["iterations"], met and (over <= BANDWIDTH or n < 200) and each <= BYTES


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "sizes", nargs="*", type=int, default=[100, 200, 300], help="voxels an edge"
    )
    parser.add_argument("--alone", action="store_true", help="without the other programs")
    parser.add_argument("--tolerance", type=float, default=1e-3, help="joulestack's, of the fluxes")
    parser.add_argument("--error", type=float, default=1e-4, help="of TauFactor's conductivity")
    parser.add_argument("--limit", type=float, default=1800.0, help="longest run [s]")
    parser.add_argument("--peers-python", default=sys.executable, help="Python that has the others")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        program, path, number = args.one
        print(json.dumps(PROGRAMS[program](path, float(number))))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        results = [compare(n, args, folder) for n in args.sizes]
    iterations = [count for count, _ in results if count]
    fine = all(met for _, met in results)
    if len(iterations) > 1:
        growth = max(iterations) / iterations[0]
        print(f"iterations grow by {growth:.2f} from {args.sizes[0]}^3 to {args.sizes[-1]}^3")
        fine = fine and growth < GROWTH
    print("all targets met" if fine else "a target is missed")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
