"""The page as text: jinja2 fills the template in page/, with style, script and data inside."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from joulestack import __version__
from joulestack._needs import needed
from joulestack.outputs.plots import style
from joulestack.outputs.report.content import Content
from joulestack.outputs.report.facts import number
from joulestack.outputs.summary import plain

PARTS = Path(__file__).parent / "page"
SCRIPTS = ("data", "map", "panel", "charts", "cell", "curves", "main")
"""In the order in which they need each other."""

Table = dict[str, Any]


def render(
    contents: Sequence[Content],
    compared: Table | None = None,
    measured: Sequence[Table] = (),
    lines: Sequence[str] = (),
) -> str:
    """The page of one result or of two.

    Args:
        contents: of the results.
        compared: figures and settings that hold them against each other.
        measured: what was measured, for the curves.
        lines: how far the results are from it.

    Raises:
        EnvironmentMissing: jinja2 is not installed.
    """
    runs = [_run(c.facts, "AB"[i], len(contents) > 1) for i, c in enumerate(contents)]
    titles = list(dict.fromkeys(str(run["title"]) for run in runs))
    dates = [value for run in runs for name, value in run["made"] if name == "date"]
    data = {"runs": [c.data for c in contents], "measured": list(measured)}
    page: str = _template().render(
        title=" and ".join(titles),
        runs=runs,
        letter="",
        compared=compared,
        lines=lines,
        made_on=dates[0][:10] if dates and len(runs) == 1 else "",
        few=_few(contents),
        thinned=_thinned(contents),
        style=(PARTS / "report.css").read_text("utf-8"),
        script=script(),
        data=as_text(data),
        version=__version__,
        number=number,
        duration=style.duration,
    )
    return page


def as_text(data: Table) -> str:
    """JSON that may stand inside a script element, whatever names people give."""
    text = json.dumps(plain(data), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", r"\u003c").replace("\u2028", r"\u2028").replace("\u2029", r"\u2029")


def script() -> str:
    """All of the page's JavaScript, with names of its own."""
    parts = [(PARTS / f"{name}.js").read_text("utf-8") for name in SCRIPTS]
    return '(() => {\n"use strict";\n' + "\n".join(parts) + "\n})();\n"


@cache
def _template() -> Any:
    with needed():
        import jinja2

    loader = jinja2.FileSystemLoader(PARTS)
    undefined = jinja2.StrictUndefined
    return jinja2.Environment(loader=loader, autoescape=True, undefined=undefined).get_template(
        "report.html"
    )


def _run(facts: Table, letter: str, several: bool) -> Table:
    """Facts with what the template asks beside them."""
    rows = facts["heat"]["rows"]
    sizes = [sum(abs(v) for v in row["by"].values()) for row in rows]
    return facts | {
        "letter": letter,
        "of": f"{letter}: " if several else "",
        "heat": facts["heat"] | {"longest": max(sizes, default=0.0)},
        "cited": {r.key for r in facts["references"]},
    }


def _few(contents: Sequence[Content]) -> str:
    """Said where a page shows less than was written."""
    told = []
    for content in contents:
        times, written = len(content.data.get("times", ())), content.data.get("written", 0)
        if times < written:
            told.append(f"{times} of {written} written states are on this page.")
    return " ".join(told)


def _thinned(contents: Sequence[Content]) -> str:
    told = []
    for content in contents:
        series = content.data["series"]
        if series["kept"] < series["rows"]:
            told.append(
                f"Curves, and the values beside them, go through {series['kept']} of "
                f"{series['rows']} time steps, the extremes among them, and are linear in between; "
                "timeseries.csv has all."
            )
    return " ".join(told)
