"""Chart of ionic against thermal conductivity across the library (outlook of Agne 2022)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from joulestack import picture
from joulestack.errors import CaseError
from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.media import Reported
from joulestack.fabrication.specification import Fabrication
from joulestack.laws import merit
from joulestack.laws.state import State
from joulestack.materials import library

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PRESSED, SINTERED, DENSITY = 370e6, 1373.15, 0.85
"""Moulding pressure [Pa] and sintering temperature [K] of the chart; the density of electrolytes
of which the library knows no law of densification."""

MISSING = {"specific_heat_capacity": 1000.0}
"""Heat capacities [J/(kg K)] are gaps of some electrolytes; the chart does not show them."""


@dataclass(frozen=True)
class Point:
    """One electrolyte (and powder class) as a layer.

    Attributes:
        name: with the class, if it is not the only one.
        k, sigma: effective, with uncertainty and status.
        lorenz: k/(sigma T) in units of (k_B/e)^2.
        heating: of a layer 100 um thick, L^2/(8 sigma k) [K m4/A2].
    """

    name: str
    k: Reported
    sigma: Reported
    lorenz: float
    heating: float


def points(state: State, extra_dirs: Sequence[str | Path] = ()) -> tuple[list[Point], list[str]]:
    """Electrolytes of the library as pressed or sintered layers, and those with gaps.

    Args:
        state: operating state.
        extra_dirs: folders with a user's own files.
    """
    found, left_out = [], []
    for name in library.names(extra_dirs):
        material = library.load(name, extra_dirs)
        if material.kind != "solid electrolyte":
            continue
        for group in material.classes or {"": {}}:
            short = min((name, *material.aliases), key=len) if len(name) > 12 else name
            label = f"{short}, {group}" if len(material.classes) > 1 else short
            made = _made(name, group or None, extra_dirs)
            if made is None:
                left_out.append(label)
                continue
            values = made.values(state)
            k, sigma = values["thermal_conductivity"], values["ionic_conductivity"]
            lorenz = float(merit.lorenz_ratio(k.value, sigma.value, state.T))
            heating = float(merit.self_heating(1e-4 / sigma.value, 1e-4, k.value))
            found.append(Point(label, k, sigma, lorenz, heating))
    return found, left_out


def _made(name: str, group: str | None, extra_dirs: Sequence[str | Path]):  # type: ignore[no-untyped-def]
    """The electrolyte pressed, sintered, or at the density of the chart; None if it has gaps."""
    material = library.load(name, extra_dirs)
    fill = {k: v for k, v in MISSING.items() if k not in material.properties}
    for how in (
        {"moulding_pressure": PRESSED},
        {"sintering_temperature": SINTERED},
        {"relative_density": DENSITY},
        {},
    ):
        try:
            spec = Fabrication(name, particle_class=group, overrides=fill, **how)  # type: ignore[arg-type]
            return fabricate(spec, extra_dirs)
        except CaseError:
            continue
    return None


def draw(
    path: str | Path,
    state: State,
    extra_dirs: Sequence[str | Path] = (),
    overwrite: bool = False,
) -> tuple[Path, list[Point], list[str]]:
    """Draw k against sigma with lines of equal self-heating and of equal Lorenz ratio.

    Unverified numbers are drawn hollow.

    Args:
        path: PNG, PDF or SVG file to write.
        state: operating state.
        extra_dirs: folders with a user's own files.
        overwrite: replace an earlier picture.

    Returns:
        The path, the points, and the names that are left out because a number is missing.

    Raises:
        CaseError: the file cannot be written there.
    """
    with picture.claim(path, overwrite):
        found, left_out = points(state, extra_dirs)
        picture.save(_figure(found, state), Path(path))
    return Path(path), found, left_out


def _figure(found: Sequence[Point], state: State) -> Figure:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 5.5), layout="constrained")
    axes = figure.subplots()
    for i, point in enumerate(found):
        hollow = "unverified" in (point.k.status, point.sigma.status)
        axes.errorbar(
            point.sigma.value * 10, point.k.value,
            xerr=(point.sigma.uncertainty or 0) * 10, yerr=point.k.uncertainty or 0,
            fmt="o", ms=5, lw=0.6, color=f"C{i % 10}", mfc="white" if hollow else None,
        )  # fmt: skip
        axes.annotate(
            point.name, (point.sigma.value * 10, point.k.value), xytext=(5, 4 - 9 * (i % 2)),
            textcoords="offset points", fontsize=7,
        )  # fmt: skip
    sigma = np.logspace(-4, 2, 50)
    for decade in (-6, -5, -4, -3):
        # L^2/(8 sigma k) at 1 mA/cm2 through 100 um.
        axes.plot(sigma, 1e-8 * 100 / (8 * sigma / 10 * 10.0**decade), "0.8", lw=0.8, zorder=0)
    for decade in (4, 5, 6, 7):
        k = 10.0**decade * sigma / 10 * state.T * merit.BOLTZMANN_EV**2
        axes.plot(sigma, k, ":", color="0.7", lw=0.8, zorder=0)
    values = np.array([p.sigma.value * 10 for p in found])
    heights = np.array([p.k.value for p in found])
    axes.set(
        xscale="log", yscale="log", xlim=(values.min() / 2, values.max() * 4),
        ylim=(heights.min() / 1.5, heights.max() * 1.5),
        xlabel="ionic conductivity [mS/cm]", ylabel="k [W/(m K)]",
        title=f"Layers at {float(state.T) - 273.15:.4g} degC; hollow: unverified. Grey: equal rise "
        "at equal current\n(a decade apart); dotted: k/(sigma T) = 1e4 to 1e7 (k_B/e)^2",
    )  # fmt: skip
    axes.title.set_fontsize(9)
    return figure
