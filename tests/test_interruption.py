"""Signals: kept while something is held, raised after it, the exit code of each."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from joulestack.interruption import SIGNALS, Interrupted, asked, check, end, held, listening


def send(number: int) -> None:
    os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", SIGNALS)
def test_kept_until_nothing_is_held(number: int) -> None:
    reached = []

    def go() -> None:
        with held():
            with held():
                send(number)
                reached.append("inner")
            reached.append("outer")
            assert asked() == number
        reached.append("after")

    with listening(), pytest.raises(Interrupted) as told:
        go()
    assert reached == ["inner", "outer"]
    assert told.value.number == number


def test_raised_at_once_where_nothing_is_held() -> None:
    with listening(), pytest.raises(Interrupted):
        send(signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


def test_raised_where_it_is_looked_for_and_by_the_next_that_holds() -> None:
    def go() -> None:
        with held():
            send(signal.SIGHUP)
            check(orderly=True)

    with listening():
        with pytest.raises(Interrupted) as told:
            go()
        assert told.value.orderly
        with pytest.raises(Interrupted), held():
            raise AssertionError("never entered")


@pytest.fixture
def of_a_script() -> Iterator[None]:
    """Ctrl-C as Python takes it at its start: libraries of other tests may have taken it."""
    before = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, signal.default_int_handler if before is None else before)


@pytest.mark.usefixtures("of_a_script")
def test_a_script_feels_one_ctrl_c_and_goes_on() -> None:
    with pytest.raises(KeyboardInterrupt), held():
        send(signal.SIGINT)
    assert not asked()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    with held():
        pass


def test_an_ignored_signal_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with listening():
            send(signal.SIGHUP)
        assert not asked()
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize(("number", "code"), [(2, 130), (15, 143), (1, 129)])
def test_exit_codes(number: int, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        end(Interrupted(number, "interrupted, and so on"))
    assert left.value.code == code
    assert capsys.readouterr().err == "joulestack: interrupted, and so on\n"


def test_a_second_ctrl_c_leaves_at_once() -> None:
    """Also where Python never has its turn, as in a long factorisation."""
    script = """
import os, signal, sys
from joulestack.interruption import held, listening
with listening(), held():
    os.kill(os.getpid(), signal.SIGINT)
    print("held", flush=True)
    os.kill(os.getpid(), signal.SIGINT)
    print("never", flush=True)
"""
    words = [sys.executable, "-c", script]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (-signal.SIGINT, "held\n")
