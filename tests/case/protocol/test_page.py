"""docs/protocols.md: its examples are valid, its words are those of the reader."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from joulestack.case import Case
from joulestack.case.protocol.amounts import RATES
from joulestack.case.protocol.grammar import COLUMNS, VERBS
from tests.case.samples import AIR, SAMPLES

PAGE = (Path(__file__).parents[3] / "docs" / "protocols.md").read_text(encoding="utf-8")
EXAMPLES = [tomllib.loads(text) for text in re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)]


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples(example: dict[str, dict[str, object]]) -> None:
    base = SAMPLES["pellet"]()
    base["thermal"]["faces"]["bottom"] = dict(AIR)
    load = example.get("load", example if "protocol" in example else base["load"])
    time = example.get("time", {} if "protocol" in load else base["time"])
    made = Case.from_dict({**base, "load": load, "time": time})
    assert made.protocol.steps
    assert len(made.protocol.stops) == len(time.get("stop", {}))


def test_pulses_are_cycles_2_to_21() -> None:
    load = next(e for e in EXAMPLES if "20" in str(e.get("protocol")) and "steps" in str(e))
    steps = Case.from_dict({**SAMPLES["pellet"](), "load": load, "time": {}}).protocol.steps
    assert [s.cycle for s in steps] == [1, *(k for k in range(2, 22) for _ in range(2))]


def test_the_grammar_is_whole() -> None:
    grammar = re.search(r"```\nstep(.*?)```", PAGE, re.DOTALL)
    assert grammar is not None
    assert all(f'"{verb.capitalize()}"' in grammar[1] for verb in VERBS)
    assert all(f'"{column}"' in grammar[1] for column in COLUMNS)
    assert all(rate in grammar[1] for rate in RATES)
