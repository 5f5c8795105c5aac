"""What a page tells its reader to type: fences in order, and which of them are not run.

- ```sh and ```python are run, ```toml is parsed;
- a second word names a file, which the fence is written to: ```csv press.csv;
- `<!-- not run: reason -->` on the line before leaves a fence out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

RUN = ("sh", "python")
_FENCE = re.compile(
    r"^(?:<!-- not run: (?P<reason>[^\n]+) -->\n)?```(?P<language>\w+)(?: (?P<file>\S+))?\n"
    r"(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_COMMAND = re.compile(
    r"(docker/joulestack|joulestack(?! =)|python3?|pip|import|from|sudo|conda|docker|git) .*"
)


@dataclass(frozen=True)
class Snippet:
    """A fence of a page.

    Attributes:
        line: of its first line in the page, from 1.
        language: first word after the backticks.
        file: that it is written to; "" for none.
        reason: why it is not run; "" if it is.
        text: between the backticks.
    """

    line: int
    language: str
    file: str
    reason: str
    text: str


def snippets(page: str) -> list[Snippet]:
    """Fences of a page in order."""
    return [
        Snippet(
            page.count("\n", 0, m.start("text")) + 1,
            m["language"],
            m["file"] or "",
            m["reason"] or "",
            m["text"],
        )
        for m in _FENCE.finditer(page)
    ]


def hidden(page: str) -> list[str]:
    """Lines of indented blocks, and of fences without a language, that look like something to type.

    They would be run by nobody.
    """
    rest = _FENCE.sub("", page)
    return [line for line in rest.splitlines() if _COMMAND.fullmatch(line.removeprefix("    "))
            and (line.startswith("    ") or _unfenced(rest, line))]  # fmt: skip


def _unfenced(page: str, line: str) -> bool:
    """Whether a line stands in a fence without a language."""
    before = page[: page.index(line)]
    return sum(part.startswith("```") for part in before.splitlines()) % 2 == 1
