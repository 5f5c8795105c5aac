"""Thousands of broken inputs: none may end in anything but a clear refusal, or be sound after all.

    docker/joulestack python -m tests.campaigns.hostile --cases 10000 --seed 1

writes its table into docs/reliability.md; `--only tables 1000` reads some and writes nothing, and
`--only cases 1 --from 4711` one of them again.
"""

from __future__ import annotations

import argparse
import datetime
import sys
import tempfile
from pathlib import Path

from tests.campaigns.subjects import SUBJECTS, reader
from tests.campaigns.verdicts import FAULTS, FLAWS, Count, read_all
from tests.mpi import ROOT

PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- hostile inputs: written by the command -->", "<!-- end of hostile inputs -->"
SHARES = {"cases": 1.0, "microstructures": 0.05, "studies": 0.05, "tables": 0.1, "pictures": 0.05,
          "images": 0.1, "meshes": 0.1}  # fmt: skip
"""Inputs of a kind for each case."""
HEADS = ("input", "read", "sound", "refused", "tracebacks", "wrong exits", "crashes", "hangs",
         "without key", "without remedy", "over 2 kB", "slowest [s]")  # fmt: skip


def campaign(kind: str, count: int, seed: int, start: int = 0) -> Count:
    """Read inputs of one kind."""
    found = Count()
    with tempfile.TemporaryDirectory() as folder:
        read = reader(kind, Path(folder), seed)
        for verdict in read_all(start + count, read, start):
            found.add(verdict)
    return found


def table(found: dict[str, Count]) -> str:
    """The table of the page."""
    rows = [HEADS, ("---",) * len(HEADS)]
    for kind, count in found.items():
        ends, flaws = count.ends, count.flaws
        numbers = [count.inputs, ends["accepted"], ends["refused"]]
        numbers += [*(ends[f] for f in FAULTS), *(flaws[f] for f in FLAWS)]
        rows.append((kind, *map(str, numbers), f"{count.slowest:.2g}"))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def write(text: str) -> None:
    """Put the table in its place on the page."""
    page = PAGE.read_text("utf-8")
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", "utf-8")


def main() -> int:
    """Read what is asked for; 1 if anything is wrong."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    words.add_argument("--cases", type=int, default=10_000, help="of the others a share")
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--only", nargs=2, metavar=("KIND", "COUNT"))
    words.add_argument("--from", type=int, default=0, dest="start", help="number of the first")
    words.add_argument("--show", type=int, default=20, help="of what is wrong")
    given = words.parse_args()
    counts = {kind: max(round(share * given.cases), 1) for kind, share in SHARES.items()}
    if given.only:
        counts = {given.only[0]: int(given.only[1])}
    found = {}
    for kind, count in counts.items():
        found[kind] = campaign(kind, count, given.seed, given.start)
        for bad in found[kind].bad[: given.show]:
            said = f"{kind} {bad.number}: {bad.end} {', '.join(bad.flaws)} {bad.seconds:.2g} s"
            print(f"{said}\n{bad.told}\n", flush=True)
    text = table(found)
    print(text)
    if not given.only:
        today = datetime.date.today().isoformat()
        write(f"Seed {given.seed}, {today}:\n\n{text}")
    return int(any(count.bad for count in found.values()))


if __name__ == "__main__":
    assert set(SHARES) == set(SUBJECTS)
    sys.exit(main())
