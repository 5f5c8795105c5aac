from __future__ import annotations

import io

from joulestack.outputs.progress import Progress


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
