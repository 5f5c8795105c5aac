"""A pouch cell: stacked unit cells with tabs, as a box."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from joulestack.errors import Problem
from joulestack.mesh.coordinates import CARTESIAN
from joulestack.mesh.geometry import Face, Layered
from joulestack.mesh.grid import Layout
from joulestack.mesh.layers import LayerSpec, positive
from joulestack.mesh.pouch_grid import pouch_grid, repeated
from joulestack.mesh.tabs import EDGES, TabSpec, apart, tab_problems

TAB_FACES = ("tab_negative", "tab_positive")


@dataclass(frozen=True)
class Pouch(Layered):
    """Rectangular pouch cell, coordinates (x: width, y: length, z: through the stack).

    With several unit cells every second one is upside down, so that neighbours share a collector:
    three cells of [Cu, separator, Al] become Cu | separator | Al | separator | Cu | separator | Al.
    A shared collector has the thickness listed, once.

    Attributes:
        layers: of one unit cell, from the negative terminal to the positive one.
        width: along x [m].
        length: along y [m].
        tabs: at least one on the negative and one on the positive side for a cell with current.
        unit_cells: number of unit cells, stacked and connected in parallel by the busbars.
        in_plane_size: largest cell size along x and y [m].
        below: layers under the whole stack (film, cooling plate), bottom first; not repeated.
        above: layers over the whole stack, bottom first; not repeated.
    """

    layers: tuple[LayerSpec, ...]
    width: float
    length: float
    tabs: tuple[TabSpec, ...] = ()
    unit_cells: int = 1
    in_plane_size: float = 2e-3
    below: tuple[LayerSpec, ...] = ()
    above: tuple[LayerSpec, ...] = ()

    coordinates = CARTESIAN.name

    @property
    def face_names(self) -> tuple[str, ...]:
        """Of the box; those of the tabs where there are any."""
        return ("bottom", "top", *EDGES, *(TAB_FACES if self.tabs else ()))

    @property
    def terminals(self) -> tuple[str, str]:
        """The tabs, or bottom and top."""
        return TAB_FACES if self.tabs else self.ends

    @property
    def face_area(self) -> float:
        """Without tabs."""
        return self.width * self.length

    @property
    def face(self) -> Face:
        """The rectangle."""
        spans = ((0.0, self.width), (0.0, self.length))
        return Face(("x", "y"), spans, sizes={"width": self.width, "length": self.length})

    def reach(self, face: str) -> float | None:
        """From the middle to an edge."""
        return 0.5 * self._sides[EDGES[face][0]] or None if face in EDGES else None

    @property
    def thickness(self) -> Mapping[str, float]:
        """Of each layer, those under and over the stack too [m]."""
        return {layer.name: layer.thickness for layer in (*self.below, *self.layers, *self.above)}

    def touching(self) -> list[tuple[str, str]]:
        """Neighbours in the stack; what lies above it lies on the last unit cell."""
        pairs = [(a.name, b.name) for a, b in pairwise((*self.below, *self.layers))]
        if self.above:
            top = self.layers[-1] if self.unit_cells % 2 else self.layers[0]
            pairs += [(a.name, b.name) for a, b in pairwise((top, *self.above))]
        return pairs

    @property
    def grid_cells(self) -> float:
        """Of the unit cells, without tabs."""
        order = repeated(len(self.layers), self.unit_cells)
        through = sum(self.layers[i].cells for i in order)
        across = (side / self.in_plane_size + 1 for side in self._sides)
        return through * next(across) * next(across)

    @property
    def _sides(self) -> tuple[float, float]:
        return self.width, self.length

    def problems(self) -> Iterator[Problem]:
        """Of layers, sizes and tabs."""
        yield from self.stack_problems((*self.below, *self.layers, *self.above))
        yield from positive("pouch", "width", self.width)
        yield from positive("pouch", "length", self.length)
        yield from positive("pouch", "in-plane size", self.in_plane_size)
        if self.unit_cells < 1:
            yield Problem("pouch", f"{self.unit_cells} unit cells", "give at least one")
        if self.unit_cells > 1 and len(self.layers) < 3:
            yield Problem(
                "pouch", "repeated unit cells share their outermost layers, and there are too few",
                "list collector, layers between, collector",
            )  # fmt: skip
        names = [layer.name for layer in self.layers]
        layers_with_tab = {tab.layer for tab in self.tabs} & set(names)
        if len(layers_with_tab) > 2:
            yield Problem(
                "tabs",
                f"they continue {len(layers_with_tab)} layers: "
                f"{', '.join(sorted(layers_with_tab))}",
                "continue one layer of each polarity",
            )
        repeats = len(repeated(len(self.layers), self.unit_cells)) > len(self.layers)
        sound = []
        for number, tab in enumerate(self.tabs, start=1):
            problems = [
                *tab_problems(self._sides, names, tab, f"tab {number} ({tab.layer} on {tab.edge})")
            ]
            yield from problems
            if not problems:
                sound.append((number, tab))
        for position, (number, tab) in enumerate(sound):
            for other_number, other in sound[:position]:
                yield from apart(self._sides, repeats, (other_number, other), (number, tab))

    def layout(self) -> Layout:
        """See `pouch_grid`."""
        return pouch_grid(self)
