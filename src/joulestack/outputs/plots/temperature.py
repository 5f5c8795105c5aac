"""temperature.png: where the cell is hot. A map for a pellet or a pouch, a profile for a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from joulestack.declarations import RISE
from joulestack.outputs.grid import Floats, Snapshot
from joulestack.outputs.plots import maps, profile, style
from joulestack.outputs.plots.cuts import Patch, dimension, patch, plane
from joulestack.outputs.plots.maps import Scale
from joulestack.outputs.plots.stack import Run, Stretch, planar, thin, through

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw(snapshot: Snapshot, title: str = "") -> Figure:
    """The picture that suits the cell.

    Args:
        snapshot: with the temperature rise [K] and the temperature [K].
        title: of the case.
    """
    with style.applied():
        if dimension(snapshot.grid) == 1:
            return profile.draw(snapshot, title, potentials=False)
        if dimension(snapshot.grid) == 2:
            return _section(snapshot, title)
        return _body(snapshot, title)


def headline(snapshot: Snapshot, title: str) -> str:
    """Title: which case, when, how hot and where."""
    hottest = int(np.nanargmax(snapshot.nodes[RISE]))
    rise = float(snapshot.nodes[RISE][hottest])
    kelvin = float(snapshot.nodes["Temperature [K]"][hottest])
    ids = {r.id: r.name for r in snapshot.grid.regions}
    where = ids[int(snapshot.grid.node_region[hottest])]
    when = f"t = {style.duration(snapshot.time)}"
    first = f"{title}, {when}" if title else when
    how_hot = f"{kelvin - 273.15:.2f} °C ({style.kelvins(rise)} above start)"
    return f"{first}\nhottest: {how_hot}, in {where}"


def _hottest(snapshot: Snapshot) -> Floats:
    return snapshot.grid.points[int(np.nanargmax(snapshot.nodes[RISE]))]


def colour_bar(figure: Any, drawn: Any, axes: list[Any], shrink: float = 0.55) -> None:
    """One for all axes of a figure."""
    from matplotlib.ticker import MaxNLocator

    bar = figure.colorbar(drawn, ax=axes, location="bottom", shrink=shrink, aspect=38, pad=0.02)
    bar.set_label("temperature rise above start (K)")
    bar.set_ticks(MaxNLocator(6).tick_values(drawn.norm.vmin, drawn.norm.vmax)[1:-1])
    bar.outline.set_visible(False)
    bar.ax.tick_params(length=3)


def _stretched(
    axes: Any, shape: Patch, across: int, along: int, runs: list[Run], scale: Scale,
    window: tuple[float, float], limits: tuple[float, float], mirror: bool, height: float,
) -> tuple[Stretch, Any]:  # fmt: skip
    """A map on which every layer can be seen; gives its stretched axis and what was drawn.

    `window` bounds the stack [m], `limits` the width [mm].
    """
    ends = [(max(r.start, window[0]), min(r.end, window[1])) for r in runs]
    shown = [(run, e) for run, e in zip(runs, ends, strict=True) if e[1] > e[0]]
    stretch = Stretch(np.array([shown[0][1][0], *(e[1] for _, e in shown)]))
    drawn = maps.draw(
        axes, shape, shape.values[RISE], shape.points[:, across] * 1e3,
        stretch(shape.points[:, along]), scale, mirror,
    )  # fmt: skip
    axes.set_ylim(0, 1)
    axes.set_xlim(*limits)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    maps.name_layers(axes, [run for run, _ in shown], stretch, height)
    return stretch, drawn


@dataclass(frozen=True)
class _Section:
    """A plane cell: the r-z section of a pellet, mirrored about its axis, or an x-y plane.

    Attributes:
        snapshot: with the temperature rise.
        title: of the case.
        shape: what is drawn.
        runs: layers through the hot spot, bottom first.
        across, along: axes of the width and of the stack.
        mirror: about the axis.
        scale: colours of the whole.
    """

    snapshot: Snapshot
    title: str
    shape: Patch
    runs: list[Run]
    across: int
    along: int
    mirror: bool
    scale: Scale

    @classmethod
    def of(cls, snapshot: Snapshot, title: str) -> _Section:
        """The section of a plane cell."""
        along = snapshot.grid.stacking_axis
        mirror = snapshot.grid.system.radial and along != 0
        scale = Scale.of(snapshot.nodes[RISE])
        runs = through(snapshot)[1]
        return cls(snapshot, title, patch(snapshot), runs, 1 - along, along, mirror, scale)

    @property
    def tall(self) -> float:
        """Height of what is drawn over its width."""
        size = np.ptp(self.snapshot.grid.points, axis=0)
        return float(size[self.along] / ((2.0 if self.mirror else 1.0) * size[self.across]))

    @property
    def radius(self) -> float:
        """Where the layers end [mm]."""
        grid = self.snapshot.grid
        inside = grid.node_region == self.runs[0].region.id
        return float(grid.points[inside, self.across].max() * 1e3)

    @property
    def edge(self) -> float:
        """The layers and a little of what is around them [mm]."""
        end = self.snapshot.grid.points[:, self.across].max()
        return float(min(1.12 * self.radius, end * 1e3))

    @property
    def horizontal(self) -> str:
        """Label of the width."""
        return f"{self.snapshot.grid.system.axes[self.across]} (mm)"

    @property
    def vertical(self) -> str:
        """Label of the height."""
        return f"{self.snapshot.grid.system.axes[self.along]} (mm)"

    def figure(self, width: float, height: float) -> Any:
        """An empty figure [inch] with the title."""
        figure = style.figure(width, height)
        figure.suptitle(headline(self.snapshot, self.title), x=0.01, ha="left", fontsize=9.5)
        return figure


def _section(snapshot: Snapshot, title: str) -> Figure:
    """A plane cell: as it is, its layers alone where it is flat, or both."""
    section = _Section.of(snapshot, title)
    if not planar(snapshot, section.runs):
        figure = section.figure(5.6, 5.4)
        axes = figure.subplots()
        colour_bar(figure, _whole(section, axes), [axes])
        return figure
    zoom = thin(section.runs)
    if zoom is not None and section.tall >= 0.3:
        return _whole_and_enlarged(section, zoom)
    figure = section.figure(7.4, 4.6)
    axes = figure.subplots()
    window = (section.runs[0].start, section.runs[-1].end)
    drawn, _ = _layers(section, axes, window, section.scale, section.edge)
    colour_bar(figure, drawn, [axes])
    return figure


def _whole_and_enlarged(section: _Section, zoom: tuple[int, int]) -> Figure:
    """The cell as it is, and beside it its thin layers enlarged, which may need own colours."""
    figure = section.figure(8.6, 5.4)
    widths = [min(max(1.0 / section.tall, 0.6), 1.3), 1.0]
    main, enlarged = figure.subplots(1, 2, width_ratios=widths)
    drawn = _whole(section, main)
    first, last = section.runs[zoom[0]], section.runs[zoom[1]]
    margin = 0.25 * (last.end - first.start)
    window = (first.start - margin, last.end + margin)
    scale, radius = section.scale, section.radius
    near = _within(section.snapshot, window, radius * 1e-3, section.across)
    own = near.high - near.low < 0.5 * (scale.high - scale.low)
    fine, edge = (near, radius) if own else (scale, section.edge)
    fine_drawn, limits = _layers(section, enlarged, window, fine, edge)
    _connect(figure, main, enlarged, limits, window)
    if own:
        colour_bar(figure, drawn, [main], 0.9)
        colour_bar(figure, fine_drawn, [enlarged], 0.9)
        enlarged.set_title("through the layers (not to scale, colours of its own)")
    else:
        colour_bar(figure, drawn, [main, enlarged])
    return figure


def _whole(section: _Section, axes: Any) -> Any:
    """A map to scale; gives what was drawn."""
    shape, across, along = section.shape, section.across, section.along
    x, z = shape.points[:, across] * 1e3, shape.points[:, along] * 1e3
    drawn = maps.draw(axes, shape, shape.values[RISE], x, z, section.scale, section.mirror)
    axes.set_aspect("equal")
    axes.set_xlabel(section.horizontal)
    axes.set_ylabel(section.vertical)
    _names(axes, section.snapshot, across, section.mirror)
    hot = _hottest(section.snapshot)
    maps.hot_spot(axes, hot[across] * 1e3, hot[along] * 1e3)
    return drawn


def _layers(
    section: _Section, axes: Any, window: tuple[float, float], scale: Scale, edge: float
) -> tuple[Any, tuple[float, float]]:
    """A map on which every layer can be seen; gives what was drawn and the limits of its width.

    `window` bounds the stack [m], `edge` the width [mm].
    """
    across, along, mirror = section.across, section.along, section.mirror
    low = section.snapshot.grid.points[:, across].min()
    limits = (-edge if mirror else low * 1e3, edge)
    stretch, drawn = _stretched(
        axes, section.shape, across, along, section.runs, scale, window, limits, mirror, 3.4
    )
    axes.set_xlabel(section.horizontal)
    axes.set_title("through the layers (thickness not to scale)")
    hot = _hottest(section.snapshot)
    if window[0] <= hot[along] <= window[1] and abs(hot[across]) * 1e3 <= edge:
        maps.hot_spot(axes, hot[across] * 1e3, float(stretch(hot[along])))
    return drawn, limits


def _within(snapshot: Snapshot, window: tuple[float, float], radius: float, across: int) -> Scale:
    """Colours of what an enlarged window shows."""
    points = snapshot.grid.points
    along = snapshot.grid.stacking_axis
    inside = (points[:, along] >= window[0]) & (points[:, along] <= window[1])
    layer = {r.id for r in snapshot.grid.regions if r.kind == "layer"}
    inside &= (points[:, across] <= radius) & np.isin(snapshot.grid.node_region, list(layer))
    return Scale.of(snapshot.nodes[RISE][inside])


def _names(axes: Any, snapshot: Snapshot, across: int, mirror: bool) -> None:
    """Names of the regions that are large enough to hold them."""
    grid = snapshot.grid
    whole = np.ptp(grid.points, axis=0)
    for region in grid.regions:
        points = grid.points[grid.node_region == region.id]
        size = np.ptp(points, axis=0)
        low = points.min(axis=0)
        both = mirror and low[across] <= 1e-9 * whole[across]
        width = (2 if both else 1) * size[across] / ((2 if mirror else 1) * whole[across])
        height = size[1 - across] / whole[1 - across]
        x = 0.0 if both else (low[across] + 0.5 * size[across]) * 1e3
        y = (low[1 - across] + 0.5 * size[1 - across]) * 1e3
        for name in (region.name, style.folded(region.name)):
            needs = 0.021 * max(map(len, name.split("\n")))
            thick = 0.05 + 0.04 * name.count("\n")
            if height > thick and width > needs:
                maps.inside(axes, x, y, name)
                break
            if width > thick and height > needs:
                maps.inside(axes, x, y, name, 90)
                break


def _connect(
    figure: Any, main: Any, enlarged: Any, limits: tuple[float, float], window: tuple[float, float]
) -> None:
    """A frame around what is enlarged."""
    from matplotlib.patches import ConnectionPatch, Rectangle

    low, high = window[0] * 1e3, window[1] * 1e3
    main.add_patch(
        Rectangle(
            (limits[0], low), limits[1] - limits[0], high - low, fill=False, ec=style.INK, lw=0.9,
            zorder=4,
        )
    )  # fmt: skip
    for y, corner in ((low, 0.0), (high, 1.0)):
        figure.add_artist(
            ConnectionPatch(
                (limits[1], y), (0.0, corner), "data", "axes fraction", axesA=main, axesB=enlarged,
                color=style.FAINT, lw=0.7,
            )
        )  # fmt: skip


def _body(snapshot: Snapshot, title: str) -> Figure:
    """A cell in space: the plane of the hottest layer, and a section through the hot spot."""
    grid = snapshot.grid
    along = grid.stacking_axis
    a, b = (i for i in range(3) if i != along)
    hottest = int(np.nanargmax(snapshot.nodes[RISE]))
    hot = grid.points[hottest]
    mine = grid.points[grid.node_region == grid.node_region[hottest]]
    level = float(np.clip(hot[along], *_just_inside(mine[:, along])))
    flat = plane(snapshot, along, level)
    long, short = (a, b) if np.ptp(grid.points[:, a]) >= np.ptp(grid.points[:, b]) else (b, a)
    at = float(np.clip(hot[short], *_just_inside(mine[:, short])))
    section = plane(snapshot, short, at + 1e-7 * np.ptp(grid.points[:, short]))
    _, runs = through(snapshot)
    scale = Scale.of(np.concatenate([flat.values[RISE], section.values[RISE]]))
    tall = np.ptp(grid.points[:, b]) / np.ptp(grid.points[:, a])
    figure = style.figure(9.2, float(np.clip(1.9 + 3.3 * tall, 3.8, 5.4)))
    left, right = figure.subplots(1, 2, width_ratios=[min(max(1.0 / tall, 0.65), 1.4), 1.0])
    figure.suptitle(headline(snapshot, title), x=0.01, ha="left", fontsize=9.5)
    names = "xyz"
    drawn = maps.draw(
        left, flat, flat.values[RISE], flat.points[:, a] * 1e3, flat.points[:, b] * 1e3, scale
    )
    left.set_aspect("equal")
    left.set_anchor("N")
    left.set_xlabel(f"{names[a]} (mm)")
    left.set_ylabel(f"{names[b]} (mm)")
    where = next(r.name for r in grid.regions if r.id == grid.node_region[hottest])
    left.set_title(f"plane of {where}")
    mark = {"color": "white", "lw": 0.9, "ls": (0, (5, 4)), "zorder": 4}
    (left.axvline if short == a else left.axhline)(at * 1e3, **mark)
    maps.hot_spot(left, hot[a] * 1e3, hot[b] * 1e3)
    across = section.points[:, long] * 1e3
    right.set_title("section at the dashed line (not to scale)")
    stretch: Any
    if planar(snapshot, runs):
        stretch, _ = _stretched(
            right, section, long, along, runs, scale, (runs[0].start, runs[-1].end),
            (float(across.min()), float(across.max())), False, 3.6,
        )  # fmt: skip
    else:
        stretch = lambda z: z * 1e3  # noqa: E731
        upward = section.points[:, along] * 1e3
        maps.draw(right, section, section.values[RISE], across, upward, scale)
        right.set_title("section at the dashed line")
        right.set_ylabel(f"{names[along]} (mm)")
    right.set_xlabel(f"{names[long]} (mm)")
    maps.hot_spot(right, hot[long] * 1e3, float(stretch(hot[along])))
    colour_bar(figure, drawn, [left, right])
    return figure


def _just_inside(values: Floats) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    return low + 1e-3 * (high - low), high - 1e-3 * (high - low)
