"""Pages in a real browser, without network and WebGL: what is seen, moved, picked and read.

The suite runs these checks where it finds a Chromium. For one outside of the environment:

    docker/joulestack python -m tests.outputs.report.made results/pages
    python3 -m tests.outputs.report.in_browser results/pages

Needs nothing but the standard library.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable
from pathlib import Path

from tests.browser import Browser, found

AXES, JUMP, END = (100.0, 200.0), 5.0, 60.0
"""The rise that `made` wrote: t (100 r + 200 z + 5 from the layer "upper" up), t up to 60 s."""
HOSTILE = "</script><script>window.broken = 1</script> & \u2028 <!--"
UNITS = {"mm": 1e-3, "µm": 1e-6}
READ = re.compile(r"\(\+([\d.]+) K\) at r = ([\d.]+) (mm|µm), z = ([\d.]+) (mm|µm), (.+)$")
CHOSEN = "document.getElementById('scene').selectedOptions[0].textContent"


def text(browser: Browser, what: str) -> str:
    return str(browser.run(f"document.querySelector({what!r}).textContent"))


def texts(browser: Browser, what: str) -> list[str]:
    return list(browser.run(f"[...document.querySelectorAll({what!r})].map(e => e.textContent)"))


def opens_at_once_at_the_hottest_moment(browser: Browser, folder: Path) -> None:
    assert browser.open(folder / "pellet.html") < 2.0
    assert text(browser, "#moment-said").startswith("t = 60 s")
    assert text(browser, "h1") == "made"
    shown = texts(browser, "#charts h3")
    assert shown == ["Temperature", "Voltage", "Current", "Heat by source"], shown
    covered, colours = browser.run(
        "(() => { const c = document.querySelector('#maps canvas');"
        "const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        "let n = 0; const seen = new Set();"
        "for (let i = 0; i < d.length; i += 4)"
        " if (d[i + 3]) { n++; seen.add(d[i] * 256 + d[i + 1]); }"
        "return [n / (d.length / 4), seen.size]; })()"
    )
    assert covered > 0.7, covered  # the die is lower than the plungers
    assert colours > 50, colours


def slider_moves_map_and_curves(browser: Browser, folder: Path) -> None:
    browser.open(folder / "pellet.html")
    browser.run("document.getElementById('moment').focus()")
    browser.press("ArrowLeft")
    assert text(browser, "#moment-said").startswith("t = 30 s")
    values = texts(browser, ".key b")
    assert values[0] == "31 °C", values  # 25 degC + t/5
    assert "3.4 V" in values, values
    browser.press("ArrowLeft")
    assert text(browser, "#moment-said").startswith("t = 0 s")
    browser.run("document.getElementById('hottest').click()")
    assert text(browser, "#moment-said").startswith("t = 60 s")


def a_click_on_a_curve_goes_to_that_moment(browser: Browser, folder: Path) -> None:
    browser.open(folder / "pellet.html")
    browser.run("document.querySelector('#charts svg').scrollIntoView({block: 'center'})")
    left, top, width = browser.run(
        "(() => { const r = document.querySelector('#charts path.axis').parentElement"
        ".getBoundingClientRect(); const g = document.querySelector('#charts path.grid')"
        ".getBoundingClientRect(); return [g.left, r.top, g.width]; })()"
    )
    browser.click(left + width / 2, top + 80)
    said = text(browser, "#moment-said")
    assert abs(float(said.split()[2]) - END / 2) < 0.5, said


def values_under_the_cursor(browser: Browser, folder: Path) -> None:
    """At every place pointed at, the value of the function that the fields were made from."""
    browser.open(folder / "pellet.html")
    left, top, width, height = browser.run(
        "(() => { const r = document.querySelector('#maps canvas').getBoundingClientRect();"
        "return [r.left, r.top, r.width, r.height]; })()"
    )
    seen = set()
    for share_x, share_y in ((0.55, 0.2), (0.62, 0.8), (0.4, 0.9), (0.95, 0.5)):
        browser.pointer("mouseMoved", left + share_x * width, top + share_y * height)
        read = text(browser, "#maps .readout")
        match = READ.search(read)
        assert match is not None, read
        value, r, r_unit, z, z_unit, layer = match.groups()
        place = float(r) * UNITS[r_unit], float(z) * UNITS[z_unit]
        jump = JUMP * (layer in ("upper", "plunger+"))
        expected = END * (AXES[0] * place[0] + AXES[1] * place[1] + jump)
        assert math.isclose(float(value), expected, rel_tol=4e-3), (read, expected)
        seen.add(layer)
    assert {"plunger+", "plunger-", "die"} <= seen, seen


def keyboard_reads_the_map(browser: Browser, folder: Path) -> None:
    browser.open(folder / "pellet.html")
    browser.run("document.querySelector('#maps canvas').focus()")
    browser.press("ArrowUp")
    first = text(browser, "#maps .readout")
    for _ in range(6):
        browser.press("ArrowUp")
    assert READ.search(first), first
    assert text(browser, "#maps .readout") != first


def layers_are_picked(browser: Browser, folder: Path) -> None:
    browser.open(folder / "pouch.html")
    pick = (
        "[...document.querySelectorAll('.layers label')]"
        ".find(l => l.textContent.includes('lower')).querySelector('input')"
    )
    browser.run(f"{pick}.click()")
    assert browser.run(CHOSEN) == "plane of lower"
    browser.run(f"{pick}.focus()")
    browser.press("ArrowUp")  # radio buttons go by arrow keys; the stack is drawn from its top
    assert browser.run(CHOSEN) == "plane of upper, the hottest"


def every_field_in_every_view(browser: Browser, folder: Path) -> None:
    for name in ("line", "pellet", "pouch", "both", "steady"):
        browser.open(folder / f"{name}.html")
        for element in ("field", "scene"):
            for i in range(int(browser.run(f"document.getElementById('{element}').length"))):
                browser.run(
                    f"(() => {{ const s = document.getElementById('{element}'); s.value = {i};"
                    "s.dispatchEvent(new Event('change')); })()"
                )
        assert browser.said == [], browser.said


def little_is_shown_too(browser: Browser, folder: Path) -> None:
    """A steady state has no moments to choose from, a time series alone no cell."""
    browser.open(folder / "steady.html")
    hidden = "['time-bar', 'cell', 'course'].map(i => document.getElementById(i).hidden)"
    assert browser.run(hidden) == [True, False, True]
    assert browser.run("document.querySelectorAll('#maps canvas').length") == 2
    browser.open(folder / "bare.html")
    assert browser.run(hidden) == [False, True, False]
    assert "terminals 2.8 V" in texts(browser, ".key li")
    assert browser.said == [], browser.said


def two_results_side_by_side(browser: Browser, folder: Path) -> None:
    browser.open(folder / "both.html")
    assert len(texts(browser, "#maps canvas")) == 2
    values = texts(browser, ".key li")
    assert "A: terminals 2.8 V" in values, values
    assert "B: terminals 2.7 V" in values, values


def names_are_no_scripts(browser: Browser, folder: Path) -> None:
    browser.open(folder / "hostile.html")
    assert browser.run("window.broken === undefined")
    assert text(browser, "h1") == HOSTILE


def nothing_is_asked_of_anybody(browser: Browser, folder: Path) -> None:
    """The last one: over all pages so far."""
    assert browser.said == [], browser.said
    assert len(browser.asked) > 3
    assert all(url.startswith("file:") for url in browser.asked), browser.asked


CHECKS: tuple[Callable[[Browser, Path], None], ...] = (
    opens_at_once_at_the_hottest_moment,
    slider_moves_map_and_curves,
    a_click_on_a_curve_goes_to_that_moment,
    values_under_the_cursor,
    keyboard_reads_the_map,
    layers_are_picked,
    every_field_in_every_view,
    little_is_shown_too,
    two_results_side_by_side,
    names_are_no_scripts,
    nothing_is_asked_of_anybody,
)


def main() -> None:
    program = found()
    if program is None:
        print("REPORT IN A BROWSER LEFT OUT: no Chromium here")
        return
    with Browser(program) as browser:
        for check in CHECKS:
            check(browser, Path(sys.argv[1]))
            print(f"good: {check.__name__.replace('_', ' ')}")


if __name__ == "__main__":
    main()
