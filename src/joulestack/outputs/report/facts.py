"""What the tables of the page say, from summary, manifest and references of a result."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from joulestack.outputs import headline
from joulestack.outputs.notices import notices
from joulestack.outputs.plots import style
from joulestack.outputs.report.citing import references

Table = dict[str, Any]

BALANCES = {
    "energy_balance_relative": "heat generated less heat removed less enthalpy gained, of all heat",
    "charge_balance_relative": "largest current out of balance, of the largest current",
    "electrical_identity_relative": "electrical heat less what the terminals miss, of that heat",
    "lithium_balance_relative": "lithium gained less what the current brought, of the charge",
    "power_balance_relative_max": "largest power out of balance at one moment, of the heat then",
}
STATUS = {
    "primary": "read in the source",
    "primary-code": "read in the source's own data or code",
    "secondary": "read in a work that cites it",
    "unverified": "borrowed or derived, unverified",
}
MOST_LISTED = 400
"""Of the table of the protocol."""
SEEN = 1e-9
"""Part of a figure below which its error is not worth a word."""
TIMINGS = ("cells", "unknowns", "steps", "newton", "solver", "ranks", "wall_time_s")


def of_result(folder: Path, summary: Table, manifest: Table, where: str = "") -> Table:
    """All that the template shows.

    Args:
        folder: of the result.
        summary, manifest: of it; may be empty.
        where: the layer that became hottest.
    """
    case = folder / "case.toml"
    steps, half = list(_steps(summary.get("protocol") or ())), MOST_LISTED // 2
    title = summary.get("title") or (manifest.get("case") or manifest).get("title") or folder.name
    return {
        "title": str(title),
        "name": str(summary.get("case") or folder.name),
        "tiles": list(_tiles(summary, where)),
        "condition": _condition(summary),
        "heat": heat(summary, manifest),
        "steps": steps if len(steps) <= MOST_LISTED else [*steps[:half], *steps[-half:]],
        "skipped": max(len(steps) - MOST_LISTED, 0),
        "measured": measured(summary),
        "notices": notices(summary, folder / "run.log"),
        "balances": list(_balances(summary)),
        "figures": list(figures(summary)),
        "banded": bool(summary.get("uncertainty")),
        **_sources(folder, manifest),
        "made": list(_made(summary, manifest)),
        "case": case.read_text("utf-8", errors="replace") if case.is_file() else "",
    }


def _condition(summary: Table) -> tuple[str, str]:
    """How the run ended: a word for the style, and a sentence."""
    if not summary:
        return "open", "The run was interrupted, or is still going: what is written so far."
    end = summary.get("end_time_s")
    until = f" at t = {style.duration(end)}" if end else ""
    if summary.get("failure"):
        return "failed", f"The run failed{until}."
    if summary.get("stopped_by"):
        return "stopped", f"Ended{until}, before the protocol was over: {summary['stopped_by']}."
    by = summary.get("ended_by")
    reason = f", by {by}" if by and by != "duration" else ""
    return "completed", f"Completed{until}{reason}." if until else "Steady state."


def number(value: float | None, digits: int = 4) -> str:
    """A number for people; a dash for none."""
    if value is None or not math.isfinite(value):
        return "\u2013"
    text = f"{value:.{digits}g}"
    mantissa, e, power = text.partition("e")
    if e:
        raised = str(int(power)).translate(_RAISED)
        return f"{mantissa}\u00b710{raised}".replace("-", "\u2212")
    return text.replace("-", "\u2212")


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def _tiles(summary: Table, where: str) -> Iterator[Table]:
    wrong = summary.get("numerical_error") or {}
    known = headline.figures(summary)

    def off(name: str, unit: str) -> str:
        error = (wrong.get(name) or {}).get("error")
        seen = error and error > SEEN * abs(known[name][0])
        return f"\u00b1 {number(error, 2)} {unit} numerically" if seen else ""

    if summary.get("temperature_max_K") is not None:
        place = f"in {where}" if where else ""
        at = summary.get("temperature_max_time_s")
        when = f"at t = {style.duration(at)}" if at is not None else ""
        yield {
            "label": "hottest point",
            "value": f"{summary['temperature_max_K'] - 273.15:.2f}",
            "unit": "\u00b0C",
            "notes": [" ".join(p for p in (place, when) if p)],
        }
    if headline.LARGEST_RISE in known:
        rise = known[headline.LARGEST_RISE][0]
        notes = ["above the start", off(headline.LARGEST_RISE, "K")]
        yield {"label": "largest rise", "value": number(rise), "unit": "K", "notes": notes}
    for name, label, unit in (
        (headline.VOLTAGE, "voltage at the end", "V"),
        (headline.CHARGE, "charge passed", "mAh"),
        (headline.ENERGY, "energy passed", "Wh"),
    ):
        if name in known:
            notes = [off(name, unit)]
            if name != headline.VOLTAGE and len(summary.get("protocol") or ()) > 1:
                notes.insert(0, "all steps, either way")
            yield {"label": label, "value": number(known[name][0]), "unit": unit, "notes": notes}
    yield from _heat_tile(summary)


def _heat_tile(summary: Table) -> Iterator[Table]:
    made = {k: v for k, v in (summary.get("heat_J") or {}).items() if v}
    if made:
        most = max(made, key=lambda k: abs(made[k]))
        total = sum(made.values())
        share = f"{100 * made[most] / total:.0f} % {most}" if total else ""
        yield {"label": "heat made", "value": number(total), "unit": "J", "notes": [share]}


def heat(summary: Table, manifest: Table) -> Table:
    """Heat by place and source [J], and how sources look; empty where none is known."""
    places: Mapping[str, Mapping[str, float]] = summary.get("heat_by_layer_J") or {}
    drawn = {s["name"]: s for s in manifest.get("heat_sources") or ()}
    totals = {k: v for k, v in (summary.get("heat_J") or {}).items() if v}
    largest = max(map(abs, totals.values()), default=0.0)
    sources = [
        {"name": k, "colour": drawn.get(k, {}).get("colour", "#8a9099"), "total": v}
        for k, v in sorted(totals.items(), key=lambda kv: -abs(kv[1]))
        if abs(v) > headline.SMALL * largest
    ]
    rows = [
        {"place": place, "by": by, "total": sum(by.values())}
        for place, by in places.items()
        if any(abs(v) > headline.SMALL * largest for v in by.values())
    ]
    return {"sources": sources, "rows": rows, "total": sum(totals.values())}


def _steps(protocol: Iterable[Table]) -> Iterator[Table]:
    """Steps of the protocol; what is round-off beside the largest is nothing."""
    steps = list(protocol)
    keys = ("charge_mAh", "energy_Wh")
    largest = {key: max((abs(s.get(key) or 0.0) for s in steps), default=0.0) for key in keys}
    for step in steps:
        kept = {
            key: value if value is None or abs(value) > headline.SMALL * largest[key] else 0.0
            for key in keys
            for value in (step.get(key),)
        }
        yield step | kept


def _balances(summary: Table) -> Iterator[Table]:
    for key, value in summary.items():
        if key in BALANCES or key.endswith("_balance_relative"):
            name = key.removesuffix("_max").removesuffix("_relative").replace("_", " ")
            yield {"name": name, "value": value, "said": BALANCES.get(key, "")}


def measured(summary: Table) -> Table:
    """Capacities beside those that a laboratory has measured; {} without any."""
    found = summary.get("measured") or {}
    rows = found.get("steps") or ()
    per_gram = bool(rows) and all("measured_mAh_per_g" in row for row in rows)
    tail, unit = ("_mAh_per_g", "mAh/g") if per_gram else ("_mAh", "mAh")
    shown = [
        {
            "step": row.get("step"), "text": row.get("text", ""), "ratio": row.get("ratio"),
            "computed": row.get("computed" + tail), "measured": row.get("measured" + tail),
        }
        for row in rows
    ]  # fmt: skip
    return {"rows": shown, "unit": unit, "source": found.get("source", "")} if shown else {}


def figures(summary: Table) -> Iterator[Table]:
    """Headline figures with what is uncertain in them: numerically by cause, and by numbers."""
    wrong = summary.get("numerical_error") or {}
    spread = summary.get("uncertainty") or {}
    for name, (value, _) in headline.shown(summary).items():
        label, _, unit = name.removesuffix("]").partition(" [")
        found = wrong.get(name) or {}
        causes = {k: v for k, v in found.items() if k not in ("error", "relative")}
        yield {
            "name": label, "unit": unit, "value": value, "error": found.get("error"),
            "relative": found.get("relative"),
            "most": max(causes, key=lambda k: abs(causes[k])) if causes else "",
            "deviation": (spread.get(name) or {}).get("deviation"),
            "by": next(iter((spread.get(name) or {}).get("shares") or ()), ""),
        }  # fmt: skip


def _sources(folder: Path, manifest: Table) -> Table:
    """Where each number comes from, and the works that are cited."""
    known = references(folder / "references.bib")
    rows = manifest.get("sources") or []
    used = {row.get("source") for row in rows}
    weak = sum(row.get("status") == "unverified" for row in rows)
    return {
        "sources": rows,
        "weak": weak,
        "references": [r for k, r in known.items() if k in used],
        "status": STATUS,
    }


def _made(summary: Table, manifest: Table) -> Iterator[tuple[str, str]]:
    if manifest.get("date"):
        yield "date", str(manifest["date"])
    if manifest.get("commit"):
        yield "commit", str(manifest["commit"])
    for key, name in (("code_digest", "digest of the code"), ("digest", "digest of the case")):
        if manifest.get(key):
            yield name, str(manifest[key])
    versions = manifest.get("versions") or {}
    if versions:
        yield "versions", ", ".join(f"{k} {v}" for k, v in versions.items())
    for key in TIMINGS:
        if summary.get(key) is not None:
            value = summary[key]
            name = key.removesuffix("_s").replace("_", " ")
            if key.endswith("_s"):
                yield name, style.duration(value)
            else:
                yield name, str(value)
