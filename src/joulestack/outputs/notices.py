"""What a run warned of, each thing once: limits, laws out of range, what the log says beside."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_WARNED = re.compile(r"^\S+ \S+ WARNING +(.*)$")
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?(e[-+]?\d+)?")
_CITED = re.compile(r"\((\w+\d{4}\w?)[,)]")

LIMIT, RANGE, CEILING, BALANCE, END, OTHER = (
    "published limit", "law extrapolated", "material limit", "balance", "end of the run", "warning",
)  # fmt: skip


@dataclass(frozen=True)
class Notice:
    """One thing that the run warned of.

    Attributes:
        kind: in a word or two.
        text: for people.
        grave: whether the figures are in doubt, not only the cell.
    """

    kind: str
    text: str
    grave: bool = False


def notices(summary: Mapping[str, Any], log: Path) -> list[Notice]:
    """All of a run, the gravest first.

    Args:
        summary: of the run.
        log: run.log; may be missing.
    """
    lines = log.read_text("utf-8", errors="replace").splitlines() if log.is_file() else []
    warned = [match[1] for line in lines if (match := _WARNED.match(line))]
    found = [*_of_summary(summary, warned)]
    known = {_key(n.text) for n in found}
    for text in warned:
        if _key(text) in known or _weak(text):
            continue
        known.add(_key(text))
        balance = text.startswith("BALANCE NOT CLOSED")
        early = text.startswith("ended at t =")
        kind = BALANCE if balance else END if early else OTHER
        found.append(Notice(kind, text, balance))
    order = [END, BALANCE, LIMIT, CEILING, RANGE, OTHER]
    return sorted(found, key=lambda n: (not n.grave, order.index(n.kind)))


def _of_summary(summary: Mapping[str, Any], warned: Sequence[str]) -> Iterator[Notice]:
    if summary.get("failure"):
        yield Notice(END, f"the run failed: {summary['failure']}", True)
    during: Sequence[str] = summary.get("limits_exceeded") or ()
    for text in during:
        yield Notice(LIMIT, text)
    said = {_key(text) for text in during}
    for text in summary.get("limits") or ():
        if _key(text) not in said:
            yield Notice(LIMIT, text)
    for reached in summary.get("ceilings") or ():
        yield Notice(CEILING, _ceiling(reached, warned))
    for text in summary.get("extrapolated") or ():
        yield Notice(RANGE, text)


def _ceiling(reached: Mapping[str, Any], warned: Sequence[str]) -> str:
    """The log's own words, where it has them."""
    begin, layer = f"{reached['material']} ", f"reached in {reached['layer']}"
    for text in warned:
        if text.startswith(begin) and layer in text:
            return text
    where = f"{reached['layer']}: {reached['material']} {reached['event']}"
    limit = f"beyond {reached['limit']:.4g} {reached['unit']}"
    far = f"reached {reached['furthest']:.4g} {reached['unit']}"
    place = f" at {reached['place']}" if reached.get("place") else ""
    source = f" ({reached['source']})" if reached.get("source") else ""
    return f"{where}, {limit}: {far}{place}, by t = {reached['time_s']:.6g} s{source}"


def _key(text: str) -> tuple[str, ...]:
    """What two ways of saying one thing have in common: who, of what, by whom."""
    start = re.split(r" is | at t = | reached | are ", text, maxsplit=1)[0]
    plain = _NUMBER.sub("", start).strip()
    return (plain, *_CITED.findall(text))


def _weak(text: str) -> bool:
    """Whether it is about numbers without a source, which the table of sources shows."""
    return "numbers without a source" in text or "numbers borrowed" in text
