"""Curves of a material against moulding pressure or sintering temperature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from joulestack import picture
from joulestack.errors import CaseError, Problem
from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.specification import Fabrication
from joulestack.laws.forms import Table
from joulestack.laws.state import State
from joulestack.materials import library
from joulestack.materials.library import Material
from joulestack.materials.uncertainty import first_order

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_CURVES = (
    ("relative_density", "relative density", 1.0),
    ("thermal_conductivity", "k [W/(m K)]", 1.0),
    ("ionic_conductivity", "ionic conductivity [mS/cm]", 10.0),
)


def plot_material(
    name: str,
    fabrication: Fabrication | None,
    state: State,
    path: str | Path,
    extra_dirs: Sequence[str | Path] = (),
    overwrite: bool = False,
) -> Path:
    """Draw phi, k and sigma of a solid electrolyte against how it was made.

    Measured points are drawn where the library holds them as a table; where a law is used outside
    its range the curve is dashed. The band is one standard deviation, as far as sources state any.

    Args:
        name: of the material.
        fabrication: class, laws and overrides; its moulding pressure or sintering temperature is
            marked on the curves. None: the defaults.
        state: operating state of the curves.
        path: PNG, PDF or SVG file to write.
        extra_dirs: folders with a user's own files.
        overwrite: replace an earlier picture.

    Returns:
        The path.

    Raises:
        CaseError: not a solid electrolyte, or the file cannot be written there.
    """
    material = library.load(name, extra_dirs)
    if material.kind != "solid electrolyte":
        raise CaseError(Problem(
            "--plot", f"{material.name} is not pressed or sintered", "plot a solid electrolyte"
        ))  # fmt: skip
    with picture.claim(path, overwrite):
        picture.save(_figure(material, fabrication, state, extra_dirs), Path(path))
    return Path(path)


def _figure(
    material: Material,
    fabrication: Fabrication | None,
    state: State,
    extra_dirs: Sequence[str | Path],
) -> Figure:
    from matplotlib.figure import Figure

    spec = fabrication or Fabrication(material.name)
    attribute, factor, offset, label = _axis(material)
    axis = _values(material, attribute)
    figure = Figure(figsize=(11, 3.4), layout="constrained")
    for axes, (method, title, scale) in zip(figure.subplots(1, 3), _CURVES, strict=True):
        y, spread, inside = _curve(spec, attribute, axis, state, method, extra_dirs)
        x = axis * factor - offset
        band = (y - spread) * scale, (y + spread) * scale
        axes.fill_between(x, *band, alpha=0.15, lw=0, label="one standard deviation")
        axes.plot(x, np.where(inside, y * scale, np.nan))
        if not inside.all():
            axes.plot(x, y * scale, "--", lw=0.8, color="C0", label="outside a law's range")
        _points(axes, material, spec, method, factor, offset)
        own = getattr(spec, attribute)
        if own is not None:
            axes.axvline(own * factor - offset, color="0.6", lw=0.8)
        axes.set(xlabel=label, ylabel=title)
        if axes.get_legend_handles_labels()[0]:
            axes.legend(fontsize=7)
    figure.suptitle(
        f"{material.name} at {float(state.T) - 273.15:.4g} degC, stack pressure "
        f"{float(state.p) / 1e6:.4g} MPa", fontsize=10,
    )  # fmt: skip
    return figure


def _axis(material: Material) -> tuple[str, float, float, str]:
    law = material.properties.get("relative_density")
    if law is not None and "sintering_temperature" in law.form.variables:
        return "sintering_temperature", 1.0, 273.15, "sintering temperature [degC]"
    return "moulding_pressure", 1e-6, 0.0, "moulding pressure [MPa]"


def _values(material: Material, attribute: str) -> np.ndarray:
    law = material.properties.get("relative_density")
    variable = "highest_pressure" if attribute == "moulding_pressure" else attribute
    low, high = (law.ranges.get(variable) if law else None) or (10e6, 500e6)
    if attribute == "moulding_pressure":
        return np.linspace(0.5 * low, 1.2 * high, 120)
    return np.linspace(low - 50, high + 50, 120)


def _curve(
    spec: Fabrication,
    attribute: str,
    axis: np.ndarray,
    state: State,
    method: str,
    extra_dirs: Sequence[str | Path],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Values, their standard deviations (0 where none is stated), and where laws hold."""
    y, spread, inside = (np.empty(len(axis)) for _ in range(3))
    only: dict[str, Any] = {"moulding_pressure": None, "sintering_temperature": None}
    for i, value in enumerate(axis):
        made = replace(spec, relative_density=None, **{**only, attribute: float(value)})
        medium = fabricate(made, extra_dirs)
        line = first_order(medium, state, lambda m: {method: getattr(m, method)(state)})[method]
        y[i], spread[i] = line.value, line.deviation or 0.0
        key = {"relative_density": "relative_density", "thermal_conductivity": "thermal",
               "ionic_conductivity": "ionic"}[method]  # fmt: skip
        inside[i] = not any(f" {key}" in text or " relative_density" in text
                            for text in medium.outside(state))  # fmt: skip
    return y, spread, inside.astype(bool)


def _points(
    axes: Any, material: Material, spec: Fabrication, method: str, factor: float, offset: float
) -> None:
    """Measured points: tables of the property itself."""
    known = [material.of_class(spec.particle_class).get(method)]
    known += material.alternatives.get(method, {}).values()
    for used in known:
        if used is not None and isinstance(used.form, Table) and used.form.variable in (
            "highest_pressure", "sintering_temperature"
        ):  # fmt: skip
            x = np.asarray(used.form.points) * factor - offset
            y = np.asarray(used.form.values)
            error = [used.stated(v) or 0.0 for v in y]
            axes.errorbar(x, y, yerr=error, fmt="o", ms=4, color="C1", label=used.source)
