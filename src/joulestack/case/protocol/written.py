"""What stands in a protocol as one text: sentences joined by "then", and what hangs on them.

Periods, tags and repeats are taken out first and leave blanks, so that marks under a sentence
point where they should.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from joulestack.case.protocol import amounts
from joulestack.case.protocol.grammar import EXAMPLES, Sentence, SentenceError, file_span
from joulestack.case.protocol.reader import parse

MOST_REPEATS = 1000

_PERIOD = re.compile(r"\(([^()]*?)\s*\bperiod\s*\)", re.IGNORECASE)
_TAGS = re.compile(r"\[([^\[\]]*)\]")
_REPEAT = re.compile(
    r"[,(]?\s*(?:\b[x×]\s*(\d+)|×\s*(\d+)|\brepeat(?:ed)?\s+(\d+)(?:\s+times)?|\b(\d+)\s+times)"
    r"\s*\)?\s*\.?\s*$",
    re.IGNORECASE,
)
_THEN = re.compile(r"(?:\s*[,;])?\s+then\s+", re.IGNORECASE)
_HOLD = re.compile(r"(hold)(?!\s+at\b)\s*", re.IGNORECASE)
_CCCV = re.compile(
    r"\s*cc-?cv\b\s*(?P<verb>charge|discharge)?\s*at\s+(?P<rate>.+?)\s+(?:to|until)\s+"
    r"(?P<voltage>.+?)(?:\s*[,;]?(?:\s+(?:and|then|or))?\s+(?P<end>(?:hold\s+)?(?:until|for)\s+.+))?$",
    re.IGNORECASE,
)
_CCCV_EXAMPLE = '"CCCV at 1C to 4.2 V until C/50"'


@dataclass(frozen=True)
class Written:
    """One text of a protocol.

    Attributes:
        sentences: one after another.
        repeat: how often they are gone through.
    """

    sentences: tuple[Sentence, ...]
    repeat: int = 1


def repeats(text: str) -> int:
    """How often a text says that it is gone through."""
    match = _REPEAT.search(text, _fixed(text))
    return int(next(filter(None, match.groups()))) if match else 1


def read_written(text: str) -> Written:
    """Read the sentences of one text.

    Raises:
        SentenceError: one is not understood.
    """
    whole, fixed = text, _fixed(text)
    number = repeats(text)
    if not 1 <= number <= MOST_REPEATS:
        raise SentenceError(f'"{text}" is repeated {number} times', f"1 to {MOST_REPEATS}")
    period = ""
    tags: tuple[str, ...] = ()
    if match := _REPEAT.search(text, fixed):
        text = _blank(text, match)
    if match := _PERIOD.search(text, fixed):
        period, text = match[1].strip(), _blank(text, match)
        _check_period(whole, period)
    if match := _TAGS.search(text, fixed):
        tags = tuple(tag.strip() for tag in match[1].split(",") if tag.strip())
        text = _blank(text, match)
    found: list[Sentence] = []
    for part in _parts(text, fixed):
        if found and part.lstrip().lower().startswith("run"):
            raise SentenceError(
                f'"{whole}": a run follows in the same text', "give it a line of its own"
            )
        if found:
            part = _held(part, found[-1], whole)
            part = part[:1].upper() + part[1:]
        made = parse(part)
        if text != whole or found:
            made = replace(made, text=" ".join(made.text.split()))
        found.append(replace(made, period=period, tags=tags))
    return Written(tuple(found), number)


def _fixed(text: str) -> int:
    """Where the name of a file ends, in which nothing is looked for."""
    span = file_span(text)
    return 0 if span is None else span[1]


def _blank(text: str, match: re.Match[str]) -> str:
    start, end = match.span()
    return text[:start] + " " * (end - start) + text[end:]


def _check_period(text: str, period: str) -> None:
    try:
        found = amounts.read(period, ("time",))
    except ValueError:
        found = None
    if found is None or found.kind != "time" or found.value <= 0:
        raise SentenceError(f'"{text}": "{period}" is no period', 'write "(5 minute period)"')


def _parts(text: str, fixed: int) -> list[str]:
    """The sentences of a text; the one that says CCCV becomes two."""
    if re.match(r"\s*cc-?cv\b", text, re.IGNORECASE):
        match = _CCCV.match(text.rstrip().removesuffix("."))
        if match is None:
            what = f'"{text.strip()}" does not say current and voltage'
            raise SentenceError(what, _CCCV_EXAMPLE)
        if match["end"] is None:
            what = f'"{text.strip()}" does not say what ends the hold'
            raise SentenceError(what, f'add "until <current>" or "for <time>": {_CCCV_EXAMPLE}')
        end = re.sub(r"^hold\s+", "", match["end"], flags=re.IGNORECASE)
        verb = (match["verb"] or "charge").capitalize()
        return [
            f"{verb} at {match['rate']} until {match['voltage']}",
            f"Hold at {match['voltage']} {end}",
        ]
    # The first part keeps its place in the text, for marks under its words.
    head, *rest = _THEN.split(text[fixed:])
    return [text[:fixed] + head, *rest]


def _held(part: str, before: Sentence, whole: str) -> str:
    """ "hold until C/50" holds the voltage that the sentence before has gone to."""
    match = _HOLD.match(part)
    if match is None:
        return part
    voltages = [e for e in before.ends if e.kind == "voltage"]
    if not voltages:
        raise SentenceError(
            f'"{whole}": "{match[1]}" names no voltage, and the sentence before ends at none',
            f'"{EXAMPLES["hold"]}"',
        )
    return f"{match[1].capitalize()} at {voltages[0].text.lstrip('<>=≤≥ ')} {part[match.end() :]}"
