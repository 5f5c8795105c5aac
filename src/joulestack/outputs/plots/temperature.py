"""temperature.png: where the cell is hot. A map for a pellet or a pouch, a profile for a line."""

from __future__ import annotations

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


def _colour_bar(figure: Any, drawn: Any, axes: list[Any], shrink: float = 0.55) -> None:
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


def _section(snapshot: Snapshot, title: str) -> Figure:
    """A plane cell: the r-z section of a pellet mirrored about its axis, thin layers enlarged."""
    grid = snapshot.grid
    along = grid.stacking_axis
    across = 1 - along
    mirror = grid.coordinates == "axisymmetric"
    shape = patch(snapshot)
    scale = Scale.of(snapshot.nodes[RISE])
    _, runs = through(snapshot)
    hot = _hottest(snapshot)
    low, high = grid.points.min(axis=0), grid.points.max(axis=0)
    width = (2.0 if mirror else 1.0) * (high[across] - low[across])
    tall = (high[along] - low[along]) / width
    flat = planar(snapshot, runs)
    zoom = thin(runs) if flat else None
    layers = grid.points[grid.node_region == runs[0].region.id, across]
    radius = layers.max() * 1e3
    if flat and (zoom is None or tall < 0.3):
        figure = style.figure(7.4, 4.6)
        axes: list[Any] = [figure.subplots()]
        window = (runs[0].start, runs[-1].end)
        main: Any = None
        enlarged: Any = axes[0]
    else:
        figure = style.figure(8.6 if zoom else 5.6, 5.4)
        both = figure.subplots(1, 2 if zoom else 1, squeeze=False, width_ratios=_widths(tall, zoom))
        axes = list(both[0])
        main, enlarged = axes[0], (axes[1] if zoom else None)
        if zoom:
            first, last = runs[zoom[0]], runs[zoom[1]]
            margin = 0.25 * (last.end - first.start)
            window = (first.start - margin, last.end + margin)
    figure.suptitle(headline(snapshot, title), x=0.01, ha="left", fontsize=9.5)
    if main is not None:
        x, z = shape.points[:, across] * 1e3, shape.points[:, along] * 1e3
        drawn = maps.draw(main, shape, shape.values[RISE], x, z, scale, mirror)
        main.set_aspect("equal")
        main.set_xlabel("r (mm)" if mirror else "x (mm)")
        main.set_ylabel("z (mm)" if mirror else "y (mm)")
        _names(main, snapshot, runs, zoom, across, mirror)
        maps.hot_spot(main, hot[across] * 1e3, hot[along] * 1e3)
    fine = scale
    if enlarged is not None:
        edge = min(1.12 * radius, high[across] * 1e3)
        if main is not None:
            near = _within(snapshot, window, radius * 1e-3, across)
            if near.high - near.low < 0.5 * (scale.high - scale.low):
                fine, edge = near, radius
        limits = (-edge if mirror else low[across] * 1e3, edge)
        stretch, fine_drawn = _stretched(
            enlarged, shape, across, along, runs, fine, window, limits, mirror, 3.4
        )
        enlarged.set_xlabel("r (mm)" if mirror else "x (mm)")
        enlarged.set_title("through the layers (thickness not to scale)")
        if window[0] <= hot[along] <= window[1] and abs(hot[across]) * 1e3 <= edge:
            maps.hot_spot(enlarged, hot[across] * 1e3, float(stretch(hot[along])))
        if main is not None:
            _connect(figure, main, enlarged, limits, window)
    if main is None:
        _colour_bar(figure, fine_drawn, axes)
    elif fine is scale:
        _colour_bar(figure, drawn, axes)
    else:
        _colour_bar(figure, drawn, [main], 0.9)
        _colour_bar(figure, fine_drawn, [enlarged], 0.9)
        enlarged.set_title("through the layers (not to scale, colours of its own)")
    return figure


def _within(snapshot: Snapshot, window: tuple[float, float], radius: float, across: int) -> Scale:
    """Colours of what an enlarged window shows."""
    points = snapshot.grid.points
    along = snapshot.grid.stacking_axis
    inside = (points[:, along] >= window[0]) & (points[:, along] <= window[1])
    layer = {r.id for r in snapshot.grid.regions if r.kind == "layer"}
    inside &= (points[:, across] <= radius) & np.isin(snapshot.grid.node_region, list(layer))
    return Scale.of(snapshot.nodes[RISE][inside])


def _widths(tall: float, zoom: Any) -> list[float] | None:
    return [min(max(1.0 / tall, 0.6), 1.3), 1.0] if zoom else None


def _names(
    axes: Any, snapshot: Snapshot, runs: list[Run], zoom: Any, across: int, mirror: bool
) -> None:
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
    _colour_bar(figure, drawn, [left, right])
    return figure


def _just_inside(values: Floats) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    return low + 1e-3 * (high - low), high - 1e-3 * (high - low)
