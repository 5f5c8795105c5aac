"""Relative density against pressure: the two-stage law or Heckel's, fitted to press data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from joulestack import units
from joulestack.errors import CaseError, Problem
from joulestack.fitting.regression import Fit, Model, Parameter, fit
from joulestack.fitting.result import Result, Series, property_table, undetermined
from joulestack.laws.densification import heckel, springback, two_stage
from joulestack.spelling import unknown
from joulestack.tables.reading import read, with_uncertainties
from joulestack.tables.titles import Column

Values = np.ndarray

COLUMNS = {
    "pressure": Column("Pa", ("p", "moulding pressure", "highest pressure"), 0.0),
    "relative_density": Column("1", ("phi", "volume fraction", "density"), 0.0, 1.0),
}

LAWS = {
    "two-stage": (
        Parameter("D0", "1", (0.5, 0.6, 0.4), "logit"),
        Parameter("w", "1", (0.5, 0.3, 0.7), "logit"),
        Parameter("p1", "Pa", (40e6, 20e6, 100e6)),
        Parameter("Py", "Pa", (600e6, 300e6, 1500e6)),
    ),
    "heckel": (
        Parameter("Py", "Pa", (400e6,)),
        Parameter("A", "1", (1.0,), "linear", 0.1),
    ),
}
_FUNCTIONS: dict[str, Callable[..., np.ndarray]] = {"two-stage": two_stage, "heckel": heckel}


def fit_densification(
    path: str | Path,
    law: str = "two-stage",
    window: tuple[float, float] = (0.0, float("inf")),
    modulus: float | None = None,
    samples: int = 0,
) -> Result:
    """Fit a law of densification to press data.

    Args:
        path: CSV file with pressure, relative_density and, if known, relative_density uncertainty.
        law: "two-stage" or "heckel".
        window: pressures that are used [Pa]; Heckel's law is a straight line only in a window.
        modulus: oedometric modulus M [Pa]. The densities were measured in the die, under load;
            the law is fitted to those after release, phi (1 - p/M). None: they are as wanted.
        samples: repetitions of the bootstrap; 0: none.

    Raises:
        CaseError: file, law or window cannot be used.
    """
    if law not in LAWS:
        raise CaseError(unknown("--law", "law of densification", law, LAWS))
    table = read(path, with_uncertainties(COLUMNS), ("pressure", "relative_density"))
    data = table.values
    p, phi = data["pressure"], data["relative_density"]
    sigma = data.get("relative_density uncertainty")
    inside = (p >= window[0]) & (p <= window[1])
    if not inside.any():
        raise CaseError(Problem("--window", "no measurement lies in it", "widen it"), str(path))
    p, phi = p[inside], phi[inside]
    sigma = None if sigma is None else sigma[inside]
    if modulus is not None:
        phi = springback(phi, p, modulus)

    def model(at: np.ndarray) -> Model:
        return lambda v: _FUNCTIONS[law](at, **v)

    own = _fit(model(p), LAWS[law], phi, sigma, path, samples)
    if law == "two-stage" and own.values["p1"] > own.values["Py"]:
        own = _swapped(model(p), own, phi, sigma, samples)
    span = f"{units.format_quantity(p.min(), 'Pa', 3)} to {units.format_quantity(p.max(), 'Pa', 3)}"
    notes = [*table.notes, *undetermined(own)]
    where = "after release" if modulus is not None else "as measured"
    if law == "two-stage" and any(e.determined != "yes" for e in own.estimates):
        notes.append('four numbers need points in both stages; try --law heckel or a "table"')
    at = np.linspace(0.0 if law == "two-stage" else p.min(), 1.15 * p.max(), 200)
    low, high = (units.format_quantity(v, "Pa") for v in (p.min(), p.max()))
    toml = property_table(
        "relative_density", law, [(e.name, e.value, e.unit) for e in own.estimates], own,
        f"press data of {Path(path).name}, {where}, {span}",
        f'{{ highest_pressure = ["{low}", "{high}"] }}',
    )  # fmt: skip
    series = Series(
        "",
        p / 1e6,
        phi,
        at / 1e6,
        model(at)(own.values),
        own.band(model(at)),
        np.full(len(p), True),
        sigma,
    )
    return Result("densification", law, str(path), own, toml, tuple(notes), (series,),
                  ("pressure [MPa]", f"relative density, {where}"))  # fmt: skip


def _fit(
    model: Model,
    parameters: Sequence[Parameter],
    phi: Values,
    sigma: Values | None,
    path: str | Path,
    samples: int,
) -> Fit:
    try:
        return fit(model, parameters, phi, sigma, samples=samples)
    except ValueError as error:
        remedy = "measure more pressures, or choose --law heckel (two numbers)"
        raise CaseError(Problem("", str(error), remedy), str(path)) from None


def _swapped(model: Model, own: Fit, phi: Values, sigma: Values | None, samples: int) -> Fit:
    """The same two stages the right way round: the law does not know which is the first."""
    v: Mapping[str, float] = own.values
    start = {"D0": v["D0"], "w": 1 - v["w"], "p1": v["Py"], "Py": v["p1"]}
    turned = [Parameter(p.name, p.unit, (start[p.name],), p.scale) for p in LAWS["two-stage"]]
    return fit(model, turned, phi, sigma, samples=samples)
