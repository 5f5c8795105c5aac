"""Faults of the machine end in one message and their exit code; mistakes of ours stay visible."""

from __future__ import annotations

import errno
import os

import pytest

from joulestack.cli import main

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "results/a/fields_0001.vtu")


def _ends(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> int:
    def app() -> None:
        raise error

    monkeypatch.setattr(main, "app", app)
    with pytest.raises(SystemExit) as ended:
        main.main()
    return int(str(ended.value.code))


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (FULL, 3, "the disk is full (results/a/fields_0001.vtu)"),
        (OSError(errno.EDQUOT, "quota"), 3, "quota of the disk"),
        (OSError(errno.EROFS, "read-only", "x.csv"), 3, "the disk cannot be written (x.csv)"),
        (OSError(errno.EMFILE, "many"), 3, "ulimit"),
        (MemoryError(), 3, "not enough memory"),
        (ZeroDivisionError(), 2, "cannot be computed with (ZeroDivisionError"),
        (RecursionError(), 2, "cannot be computed with (RecursionError"),
    ],
)
def test_faults(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    code: int,
    said: str,
) -> None:
    assert _ends(monkeypatch, error) == code
    shown = capsys.readouterr().err
    assert said in shown
    assert "-> " in shown
    assert "Traceback" not in shown


@pytest.mark.parametrize("error", [ValueError("ours"), OSError("ours"), KeyError("ours")])
def test_mistakes_of_ours(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def app() -> None:
        raise error

    monkeypatch.setattr(main, "app", app)
    with pytest.raises(type(error), match="ours"):
        main.main()
