"""Figures of docs/verification.md, held against what the tests find, and written from them.

A figure stands in the page before its name, `6.6e-4<!-- cooling one 1e-04 -->`; a test hands over
what it found, `measured("cooling one 1e-04", error)`, and fails where the page says otherwise. To
write the page from a run:

    docker/joulestack test -n 1 tests/verification --measured results/measured
    docker/joulestack python -m tests.measured results/measured

Figures of the page that have no name are typed by hand.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "verification.md"
FIGURE = re.compile(r"(?P<value>[-+]?[0-9.]+(?:e[-+]?[0-9]+)?)<!-- (?P<name>[^>]+?) -->")

folder: Path | None = None
"""Where figures are left instead of being held against the page; by `--measured`."""


def figures(text: str) -> dict[str, str]:
    """Figures of a page by name, as written.

    Raises:
        ValueError: a name stands twice.
    """
    found: dict[str, str] = {}
    for match in FIGURE.finditer(text):
        if match["name"] in found:
            raise ValueError(f"{match['name']} stands twice")
        found[match["name"]] = match["value"]
    return found


def like(written: str, value: float) -> str:
    """A value with the digits of what is written."""
    mantissa, exponent, _ = written.partition("e")
    decimals = len(mantissa.partition(".")[2])
    if not exponent:
        return f"{value:.{decimals}f}"
    digits, power = f"{value:.{decimals}e}".split("e")
    return f"{digits}e{int(power)}"


def last_digit(written: str) -> float:
    """What one unit of the last digit is worth."""
    mantissa, _, power = written.partition("e")
    return 10.0 ** (int(power or 0) - len(mantissa.partition(".")[2]))


def measured(name: str, value: float, noise: float = 1.0) -> None:
    """Hold a figure against the page, or leave it to be written.

    Args:
        name: of the figure in the page.
        value: what was found.
        noise: units of the last digit by which versions and machines may differ.
    """
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / (re.sub(r"\W+", "-", name) + ".json")
        path.write_text(json.dumps({"name": name, "value": float(value)}))
        return
    written = figures(PAGE.read_text("utf-8")).get(name)
    assert written is not None, f"docs/verification.md has no figure named {name}"
    assert abs(value - float(written)) <= (noise + 0.01) * last_digit(written), (
        f"{name}: {like(written, value)} for {written} in docs/verification.md"
    )


def rewrite(text: str, found: dict[str, float]) -> str:
    """The page with the figures that were found."""

    def figure(match: re.Match[str]) -> str:
        name = match["name"]
        value = like(match["value"], found[name]) if name in found else match["value"]
        return f"{value}<!-- {name} -->"

    return FIGURE.sub(figure, text)


def main(where: Path) -> None:
    """Write the page from a folder of figures."""
    records = [json.loads(path.read_text()) for path in sorted(where.glob("*.json"))]
    found = {r["name"]: r["value"] for r in records}
    unknown = sorted(set(found) - set(figures(PAGE.read_text("utf-8"))))
    if unknown:
        sys.exit(f"docs/verification.md has no figure named {', '.join(unknown)}")
    PAGE.write_text(rewrite(PAGE.read_text("utf-8"), found), "utf-8")
    print(f"{len(found)} figures written")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
