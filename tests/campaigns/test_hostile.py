"""A small part of the campaign, and whether the campaign sees what goes wrong."""

from __future__ import annotations

import os
import random
import signal
from pathlib import Path
from typing import Any

import pytest

from joulestack.errors import CaseError, ConvergenceError, Problem
from tests.campaigns import cases, files, hostile, verdicts
from tests.campaigns.subjects import SUBJECTS

PART = {"cases": 12, "microstructures": 3, "studies": 3, "tables": 4, "pictures": 3, "images": 30,
        "meshes": 8}  # fmt: skip


@pytest.mark.parametrize("kind", SUBJECTS)
def test_broken_inputs_are_refused_with_key_and_remedy(kind: str) -> None:
    found = hostile.campaign(kind, PART[kind], seed=7)
    assert found.inputs == PART[kind]
    assert not found.bad


def test_the_same_seed_makes_the_same_inputs(tmp_path: Path) -> None:
    makers = [
        lambda rng: cases.mutant(cases.seeds()[0], rng),
        *(files.tables, files.workbooks, files.pictures, files.images(tmp_path)),
        files.meshes(tmp_path),
    ]
    for make in makers:
        for number in range(5):
            first, second = (make(random.Random(f"3 {number}")) for _ in range(2))
            assert first == second


def _reads(number: int) -> Any:
    if number == 1:
        raise CaseError(Problem("cell", "is wrong"))
    if number == 2:
        raise CaseError(Problem("", "is wrong", "mend it"))
    if number == 3:
        raise ZeroDivisionError
    if number == 4:
        while True:
            pass
    if number == 5:
        os.kill(os.getpid(), signal.SIGUSR1)
    if number == 6:
        raise ConvergenceError("no")
    if number == 7:
        raise SystemExit(1)
    if number == 8:
        return bytearray(2 * verdicts.MEMORY)
    return number


def test_what_goes_wrong_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdicts, "LIMIT", 0.2)
    found = list(verdicts.read_all(10, _reads))
    assert [v.number for v in found] == list(range(10))
    ends = [v.end for v in found]
    assert ends[:3] == ["accepted", "refused", "refused"]
    assert ends[3:6] == ["traceback", "hang", "crash"]
    assert ends[6:] == ["wrong exit", "wrong exit", "traceback", "accepted"]
    assert [v.flaws for v in found[1:3]] == [["no remedy"], ["no key"]]
    count = verdicts.Count()
    for verdict in found:
        count.add(verdict)
    row = hostile.table({"some": count}).splitlines()[-1]
    assert row.startswith("| some | 10 | 2 | 2 | 2 | 2 | 1 | 1 | 1 | 1 | 0 |")


def test_a_long_message_is_seen() -> None:
    class Wordy(CaseError):
        def __str__(self) -> str:
            return "x" * 3000

    def read() -> None:
        raise Wordy(Problem("a", "b", "c"))

    assert verdicts.judged(0, read).flaws == ["long"]
