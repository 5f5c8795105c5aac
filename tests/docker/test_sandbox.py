"""What a run has no part in: other processes, the network, what root may do."""

import os
import subprocess
import sys

import pytest

from tests.docker.test_launcher import launcher  # noqa: F401 (a fixture)


def _line(launcher, *words):  # noqa: F811
    return " ".join(launcher.apart(launcher.inner_command(list(words), None)))


@pytest.mark.parametrize("words", [("check", "c.toml"), ("run", "c.toml"), ("sweep", "s.toml")])
def test_commands_see_no_network(launcher, words):  # noqa: F811
    line = _line(launcher, *words)
    for space in ("pid", "ipc", "uts", "net"):
        assert f"--unshare-{space}" in line
    assert "--cap-drop ALL" in line


@pytest.mark.parametrize(
    "words",
    [("shell",), ("python", "x.py"), ("test",), ("sweep", "s.toml", "--scheduler", "tcp://a:1"),
     ("sweep", "s.toml", "--scheduler=tcp://a:1")],
)  # fmt: skip
def test_scripts_and_schedulers_keep_it(launcher, words):  # noqa: F811
    line = _line(launcher, *words)
    assert "--unshare-net" not in line
    assert "--unshare-pid" in line


def test_root_keeps_one_capability(launcher, monkeypatch):  # noqa: F811
    monkeypatch.setattr(os, "getuid", lambda: 0)
    added = [w for w in launcher.apart(["python3"]) if w.startswith("CAP_")]
    assert added == ["CAP_DAC_OVERRIDE"]
    monkeypatch.setattr(os, "getuid", lambda: 1000)
    assert "--cap-add" not in launcher.apart(["python3"])


def test_signals_go_to_what_the_first_process_runs(launcher):  # noqa: F811
    """The first one of a process namespace gets none that it has no handler for."""
    script = "import subprocess, sys; subprocess.Popen(['sleep', '30']).wait()"
    first = subprocess.Popen([sys.executable, "-c", script])
    try:
        inner = launcher.env.below(first.pid, patience=20)
        assert inner != first.pid
        os.kill(inner, 15)
        assert first.wait(20) == 0
    finally:
        first.kill()
    alone = subprocess.Popen(["sleep", "30"])
    try:
        assert launcher.env.below(alone.pid, patience=0.1) == alone.pid
    finally:
        alone.kill()
        alone.wait()
