"""Pictures of microstructures: slices, phases along z, properties along a compaction."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from joulestack.materials.quantities import QUANTITIES
from joulestack.microstructure.image import VoxelImage
from joulestack.microstructure.percolation import profile
from joulestack.outputs.plots import style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from joulestack.microstructure.series import Row

COLOURS = ("#1c1f24", "#d9c89e", "#4477aa", "#cc6677", "#228833", "#aa4499", "#88ccee", "#999933")
"""Of phases, in turn; pores come first and are dark."""


def slices(image: VoxelImage, title: str = "") -> Figure:
    """Planes through the middle of the box, normal to x, y and z."""
    from matplotlib.colors import BoundaryNorm, ListedColormap
    from matplotlib.patches import Patch

    used = sorted(k for k in image.phases if image.counts[k])
    colours = [COLOURS[i % len(COLOURS)] for i in range(len(used))]
    norm = BoundaryNorm([-0.5, *[k + 0.5 for k in used]], len(used))
    with style.applied():
        figure = style.figure(9.0, 3.6)
        for normal, axes in enumerate(figure.subplots(1, 3)):
            a, b = [i for i in range(3) if i != normal]
            plane = image.labels.take(image.shape[normal] // 2, normal)
            extent = (0, 1e6 * image.size[a], 0, 1e6 * image.size[b])
            axes.imshow(
                plane.T, origin="lower", extent=extent, cmap=ListedColormap(colours), norm=norm,
                interpolation="nearest",
            )  # fmt: skip
            axes.set(xlabel=f"{'xyz'[a]} [µm]", ylabel=f"{'xyz'[b]} [µm]")
        handles = [
            Patch(color=c, label=f"{image.phases[k]} {100 * image.fraction(image.phases[k]):.1f} %")
            for c, k in zip(colours, used, strict=True)
        ]
        figure.legend(handles=handles, loc="outside upper right", ncols=len(used))
        figure.suptitle(title, x=0.01, ha="left", fontsize=9.5)
    return figure


def along_z(images: Sequence[tuple[str, VoxelImage]], title: str = "") -> Figure:
    """Volume fraction of each phase in every slice along z, one panel an image."""
    with style.applied():
        figure = style.figure(max(3.2 * len(images), 4.5), 2.8)
        panels = np.atleast_1d(figure.subplots(1, len(images), sharey=True))
        for (name, image), axes in zip(images, panels, strict=True):
            z = (np.arange(image.shape[2]) + 0.5) * 1e6 * image.voxel_size
            for i, (phase, share) in enumerate(profile(image).items()):
                axes.plot(z, share, color=COLOURS[i % len(COLOURS)], label=phase, lw=1)
            axes.set(xlabel="z [µm]", title=name, ylim=(0, 1))
        panels[0].set_ylabel("volume fraction [-]")
        panels[-1].legend()
        figure.suptitle(title, x=0.01, ha="left", fontsize=9.5)
    return figure


def against(rows: Sequence[Row], title: str = "") -> Figure:
    """Properties against pressure where it is known, else against relative density."""
    pressed = all(r.pressure is not None for r in rows)
    names = list(dict.fromkeys(r.property for r in rows))
    with style.applied():
        figure = style.figure(3.6 * (len(names) + 1), 3.0)
        panels = np.atleast_1d(figure.subplots(1, len(names) + 1))
        for axes, name in zip(panels, [*names, None], strict=False):
            for own in names if name is None else (name,):
                for axis in dict.fromkeys(r.axis for r in rows if r.property == own):
                    chosen = [r for r in rows if r.property == own and r.axis == axis]
                    x = [1e-6 * (r.pressure or 0) if pressed else r.relative_density
                         for r in chosen]  # fmt: skip
                    y = [r.relative if name is None else r.value for r in chosen]
                    label = f"{own.replace('_', ' ')}, {axis}"
                    axes.plot(x, y, "o-", ms=4, label=label)
            unit = "over the dense solid [-]" if name is None else f"[{QUANTITIES[name].unit}]"
            word = "" if name is None else name.replace("_", " ") + " "
            axes.set(
                xlabel="pressure [MPa]" if pressed else "relative density [-]", ylabel=word + unit
            )
            axes.set_ylim(bottom=0)
            axes.legend()
        figure.suptitle(title, x=0.01, ha="left", fontsize=9.5)
    return figure


def save(figure: Figure, path: Path) -> Path:
    """Write a PNG."""
    style.save(figure, path)
    return path
