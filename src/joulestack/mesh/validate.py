"""Checks of a specification before any cell is made; every problem is reported at once."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

from joulestack.errors import MeshError, Problem
from joulestack.mesh.pouch import EDGES, TabBox, repeated
from joulestack.mesh.spec import LayerSpec, Line, Pellet, Pouch, RingSpec, TabSpec


def check(spec: Line | Pellet | Pouch) -> None:
    """Raise if a specification cannot be meshed.

    Raises:
        MeshError: with every problem found.
    """
    problems = [*_stack(spec)]
    if isinstance(spec, Pellet):
        problems += _pellet(spec)
    elif isinstance(spec, Pouch):
        problems += _pouch(spec)
    if problems:
        raise MeshError(problems)


def _positive(where: str, what: str, value: float) -> Iterator[Problem]:
    if not (math.isfinite(value) and value > 0):
        yield Problem(where, f"{what} is {value:g}", f"give a {what} above zero, in metres")


def _cells(where: str, cells: int) -> Iterator[Problem]:
    if cells < 1:
        yield Problem(where, f"{cells} cells", "give at least one cell")


def _grading(where: str, ratio: float) -> Iterator[Problem]:
    if not 1 <= ratio <= 1000:
        yield Problem(
            where,
            f"grading {ratio:g}",
            "give 1 for equal cells, 2 to 10 for finer ends (up to 1000)",
        )


def _layer(layer: LayerSpec | RingSpec, word: str) -> Iterator[Problem]:
    where = f"{word} '{layer.name}'"
    if not layer.name.strip():
        yield Problem(where, "the name is empty", f"name every {word}")
    yield from _positive(where, "thickness", layer.thickness)
    yield from _cells(where, layer.cells)
    if isinstance(layer, LayerSpec):
        yield from _grading(where, layer.grading)


def _stack(spec: Line | Pellet | Pouch) -> Iterator[Problem]:
    layers: tuple[LayerSpec | RingSpec, ...] = spec.layers
    if not spec.layers:
        yield Problem("layers", "there is no layer", "list at least one, negative terminal first")
    if isinstance(spec, Pouch):
        layers = (*spec.below, *layers, *spec.above)
    for layer in layers:
        yield from _layer(layer, "layer")
    if isinstance(spec, Pellet):
        for ring in spec.rings:
            yield from _layer(ring, "ring")
        layers = (*layers, *spec.rings)
    for name, count in Counter(layer.name for layer in layers).items():
        if count > 1:
            yield Problem(
                f"layer '{name}'", f"{count} layers have this name", "name each differently"
            )


def _pellet(spec: Pellet) -> Iterator[Problem]:
    yield from _positive("pellet", "radius", spec.radius)
    yield from _cells("pellet, radial cells", spec.radial_cells)
    yield from _grading("pellet, radial grading", spec.radial_grading)
    height = sum(layer.thickness for layer in spec.layers)
    inner = (0.0, height)
    for ring in spec.rings:
        where = f"ring '{ring.name}'"
        span = height if ring.height is None else ring.height
        middle = 0.5 * height if ring.centre is None else ring.centre
        if ring.height is not None:
            yield from _positive(where, "height", ring.height)
        low, high = middle - 0.5 * span, middle + 0.5 * span
        if high <= inner[0] or low >= inner[1]:
            yield Problem(
                where,
                f"it stands at z = {low:g} to {high:g} m beside what it should surround, "
                f"{inner[0]:g} to {inner[1]:g} m",
                "move its centre",
            )
        inner = (low, high)


def _pouch(spec: Pouch) -> Iterator[Problem]:
    yield from _positive("pouch", "width", spec.width)
    yield from _positive("pouch", "length", spec.length)
    yield from _positive("pouch", "in-plane size", spec.in_plane_size)
    if spec.unit_cells < 1:
        yield Problem("pouch", f"{spec.unit_cells} unit cells", "give at least one")
    if spec.unit_cells > 1 and len(spec.layers) < 3:
        yield Problem(
            "pouch", "repeated unit cells share their outermost layers, and there are too few",
            "list collector, layers between, collector",
        )  # fmt: skip
    names = [layer.name for layer in spec.layers]
    layers_with_tab = {tab.layer for tab in spec.tabs} & set(names)
    if len(layers_with_tab) > 2:
        yield Problem(
            "tabs",
            f"they continue {len(layers_with_tab)} layers: {', '.join(sorted(layers_with_tab))}",
            "continue one layer of each polarity",
        )
    sound = []
    for number, tab in enumerate(spec.tabs, start=1):
        problems = [*_tab(spec, tab, f"tab {number} ({tab.layer} on {tab.edge})")]
        yield from problems
        if not problems:
            sound.append((number, tab))
    for position, (number, tab) in enumerate(sound):
        for other_number, other in sound[:position]:
            yield from _apart(spec, (other_number, other), (number, tab))


def _tab(spec: Pouch, tab: TabSpec, where: str) -> Iterator[Problem]:
    names = [layer.name for layer in spec.layers]
    if tab.layer not in names:
        yield Problem(where, f"no layer '{tab.layer}'", f"name one of: {', '.join(names)}")
    if tab.edge not in EDGES:
        yield Problem(where, f"no edge '{tab.edge}'", f"name one of: {', '.join(EDGES)}")
        return
    yield from _positive(where, "width", tab.width)
    yield from _positive(where, "length", tab.length)
    yield from _positive(where, "busbar", tab.busbar)
    low, high = TabBox.of(spec, tab, 1).along
    edge = spec.length if EDGES[tab.edge][0] == 0 else spec.width
    tolerance = 1e-9 * edge
    if low < -tolerance or high > edge + tolerance:
        yield Problem(
            where, f"it spans {low:g} to {high:g} m of an edge {edge:g} m long",
            "make it narrower or change its offset",
        )  # fmt: skip


def _apart(spec: Pouch, one: tuple[int, TabSpec], two: tuple[int, TabSpec]) -> Iterator[Problem]:
    order = repeated(len(spec.layers), spec.unit_cells)
    joined = len(order) > len(spec.layers) or one[1].layer == two[1].layer
    if one[1].edge != two[1].edge or not joined:
        return
    (a, b), (c, d) = (TabBox.of(spec, tab, 1).along for _, tab in (one, two))
    if min(b, d) - max(a, c) > -1e-9 * (b - a):
        yield Problem(
            f"tabs {one[0]} and {two[0]}",
            f"both cover {max(a, c):g} to {min(b, d):g} m of the {one[1].edge} edge",
            "give them offsets that leave a gap, or other edges",
        )
