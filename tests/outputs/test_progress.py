from __future__ import annotations

import io

import pytest

from joulestack import progress
from joulestack.outputs.progress import Progress
from joulestack.progress import stage


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def run(stream: io.StringIO, **options: object) -> Progress:
    bar = Progress("A case", 600.0, stream=stream, **options)  # type: ignore[arg-type]
    with bar:
        for i in range(1, 5):
            bar.update(150.0 * i, steps=i, newton=2 * i, temperature=298.15 + i)
    return bar


def test_a_terminal_sees_time_steps_iterations_and_temperature() -> None:
    stream = Terminal()
    run(stream)
    text = stream.getvalue()
    for part in ("A case", "100%", "t = 10 min of 10 min", "4 steps", "8 Newton", "max 29.00 °C"):
        assert part in text


def test_nothing_where_nobody_looks() -> None:
    class Other:
        rank = 1

    for stream, options in (
        (io.StringIO(), {}),
        (Terminal(), {"enabled": False}),
        (Terminal(), {"comm": Other()}),
    ):
        run(stream, **options)
        assert stream.getvalue() == ""


def test_time_left_follows_the_pace() -> None:
    bar = Progress("A case", 100.0, stream=Terminal())
    assert bar.remaining() is None
    bar._history.extend([(0.0, 0.0), (2.0, 50.0)])
    assert bar.remaining() == 2.0
    assert bar.describe(50.0, 1, 2, 300.0).endswith("2 s left")
    assert Progress("Steady", 0.0, stream=Terminal()).remaining() is None


def test_a_terminal_sees_every_stage() -> None:
    stream = Terminal()
    with Progress("A case", 600.0, stream=stream) as bar:
        stage("meshing")
        assert "meshing" in stream.getvalue()
        stage("compiling 3 kernels", long=True)
        bar.update(600.0, steps=4, newton=8, temperature=298.15)
        stage("drawing the pictures")
    text = stream.getvalue()
    assert "compiling 3 kernels" in text
    assert "4 steps" in text[text.rindex("A case") :]


def test_elsewhere_a_line_is_printed_for_every_stage_that_keeps_somebody_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stream = io.StringIO()
    with Progress("A case with a title longer than the bar's", 600.0, stream=stream) as bar:
        stage("meshing")
        stage("compiling 3 kernels", long=True)
        monkeypatch.setattr(progress, "PATIENCE", 0.0)
        stage("drawing")
        bar.update(600.0, steps=4, newton=8, temperature=298.15)
    stage("what nobody waits for", long=True)
    title = "A case with a title longer than the bar's"
    assert stream.getvalue() == f"{title}: compiling 3 kernels\n{title}: drawing\n"


def test_quiet_runs_and_other_ranks_tell_no_stages() -> None:
    class Other:
        rank = 1

    for options in ({"enabled": False}, {"comm": Other()}):
        for stream in (io.StringIO(), Terminal()):
            with Progress("A case", 600.0, stream=stream, **options):
                stage("compiling 3 kernels", long=True)
            assert stream.getvalue() == ""


def test_stages_are_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    stage("compiling 3 kernels", long=True)
    assert caplog.messages == ["compiling 3 kernels"]
