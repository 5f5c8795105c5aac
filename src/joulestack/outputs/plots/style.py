"""One look for all pictures. The only module that touches matplotlib's settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INK = "#22262b"
FAINT = "#8a9099"
SHADES = ("#f4f5f7", "#e6e9ee")
"""Behind layers, in turn."""
TEMPERATURE = "#b3361e"
ELECTRONIC = "#1f5a94"
IONIC = "#2a8a5f"
POPULATIONS = ("#7a4f9a", "#b8741a", "#3d7f8c", "#8c3d5a")
"""Of particles, in turn."""
SERIES = ("#4477aa", "#cc6677", "#ddaa33", "#228833", "#88ccee", "#aa4499", "#999933", "#aaaaaa")
"""Of layers and contacts, in turn."""
PLOT_DPI = 170

_SETTINGS: dict[str, Any] = {
    "font.size": 8.5,
    "axes.titlesize": 9.5,
    "axes.titlelocation": "left",
    "axes.labelcolor": INK,
    "axes.edgecolor": FAINT,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.formatter.useoffset": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.width": 0.7,
    "ytick.major.width": 0.7,
    "text.color": INK,
    "lines.linewidth": 1.6,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "figure.facecolor": "white",
    "figure.constrained_layout.use": True,
    "figure.constrained_layout.w_pad": 0.1,
    "figure.constrained_layout.h_pad": 0.06,
    "mathtext.default": "regular",
}


@contextmanager
def applied() -> Iterator[None]:
    """The settings, for as long as a figure is drawn; those of a matplotlibrc do not count."""
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        yield


def colours() -> Any:
    """Colour map of temperatures: dark is cold, light is hot, evenly in brightness."""
    from matplotlib import colormaps
    from matplotlib.colors import ListedColormap

    return ListedColormap([colormaps["inferno"](0.06 + 0.9 * i / 255) for i in range(256)])


def figure(width: float, height: float) -> Figure:
    """An empty figure that no window system knows of.

    Args:
        width, height: [inch].
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    made = Figure(figsize=(width, height))
    FigureCanvasAgg(made)
    return made


def save(drawn: Figure, path: Path) -> None:
    """Write a PNG; the file is whole or not there."""
    draft = path.with_name(f".{path.name}.part")
    with applied():
        drawn.savefig(draft, dpi=PLOT_DPI, format="png")
    draft.replace(path)


def save_all(pictures: Mapping[str, Callable[[], Figure]], folder: Path) -> list[Path]:
    """Draw and write one after another, by name: what fails leaves those before it."""
    written = []
    for name, draw in pictures.items():
        written.append(folder / f"{name}.png")
        save(draw(), written[-1])
    return written


def area(colour: str, hatch: str = "") -> dict[str, Any]:
    """How an area between two curves is filled."""
    return {"facecolor": colour, "edgecolor": "white", "lw": 0, "hatch": hatch or None}


def duration(seconds: float) -> str:
    """A time for people."""
    if seconds < 120:
        return f"{seconds:.4g} s"
    return f"{seconds / 60:.4g} min" if seconds < 7200 else f"{seconds / 3600:.4g} h"


def length(metres: float) -> str:
    """A length for people."""
    if metres < 0.9995e-3:
        return f"{metres * 1e6:.3g} µm"
    return f"{metres * 1e3:.3g} mm"


def kelvins(rise: float) -> str:
    """A temperature difference for people, with its sign."""
    digits = f"{rise:+#.3g}" if 1e-3 <= abs(rise) < 1000 else f"{rise:+.3g}"
    return f"{digits.rstrip('.')} K"


def folded(text: str) -> str:
    """A name on two lines, if it has a gap near its middle."""
    gaps = [i for i, c in enumerate(text) if c == " "]
    if not gaps:
        return text
    best = min(gaps, key=lambda i: abs(2 * i + 1 - len(text)))
    return text[:best] + "\n" + text[best + 1 :]
