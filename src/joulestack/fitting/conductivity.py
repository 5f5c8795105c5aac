"""Ionic conductivity of a pellet against pressure: contacts, compaction and activation volume."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np

from joulestack import units
from joulestack.constants import ELECTRONVOLT, ROOM_TEMPERATURE
from joulestack.errors import CaseError, Problem
from joulestack.fitting.regression import Fit, Model, Parameter, fit
from joulestack.fitting.result import Result, Series, property_table, text, undetermined
from joulestack.laws.conductivity import PressedIonic
from joulestack.spelling import unknown
from joulestack.tables.reading import read, with_uncertainties
from joulestack.tables.titles import Column

COLUMNS = {
    "pressure": Column("Pa", ("p", "stack pressure"), 0.0, closed=True),
    "conductivity": Column("S/m", ("sigma", "ionic conductivity"), 0.0),
    "highest_pressure": Column("Pa", ("p_max", "moulding pressure", "fabrication pressure"), 0.0),
    "temperature": Column("K", ("T",), 50.0, 1500.0),
}

PARAMETERS = {
    "value": Parameter("value", "S/m", (0.3, 0.05, 1.0)),
    "contact_pressure": Parameter("contact_pressure", "Pa", (10e6, 50e6, 1e6)),
    "activation_volume": Parameter("activation_volume", "m^3/mol", (1.4e-6,), "linear", 1e-7),
    "unpressed": Parameter("unpressed", "1", (0.1, 0.5, 0.3), "logit"),
    "making_pressure": Parameter("making_pressure", "Pa", (200e6, 100e6, 400e6)),
    "making_exponent": Parameter("making_exponent", "1", (1.3, 2.0, 1.0)),
    "contact_exponent": Parameter("contact_exponent", "1", (1.0, 1.5)),
    "activation_energy": Parameter("activation_energy", "J/mol", (0.35 * ELECTRONVOLT,), "linear",
                                   0.01 * ELECTRONVOLT),
}  # fmt: skip
_DEFAULTS = {"contact_exponent": 1.0, "making_exponent": 1.0, "unpressed": 1.0,
             "making_pressure": 100e6, "activation_energy": 0.0}  # fmt: skip


def fit_conductivity(
    path: str | Path,
    fixed: Mapping[str, float] | None = None,
    free: tuple[str, ...] = (),
    samples: int = 0,
) -> Result:
    """Fit the law "pressed ionic", compaction included, to a pressure series of either branch.

    Fitted by default: value, contact_pressure and activation_volume; unpressed and making_pressure
    where points on loading (highest pressure = pressure) are among several highest pressures;
    activation_energy where the temperature changes. Ratios count.

    Args:
        path: CSV file with pressure, conductivity and, if known, highest_pressure, temperature.
        fixed: parameter -> SI value that is not fitted.
        free: parameters to be fitted beside the default ones.
        samples: repetitions of the bootstrap; 0: none.

    Raises:
        CaseError: the file or a parameter cannot be used.
    """
    fixed = dict(fixed or {})
    for name in (*fixed, *free):
        if name not in PARAMETERS:
            raise CaseError(unknown("--fix", "parameter", name, PARAMETERS))
    table = read(path, with_uncertainties(COLUMNS), ("pressure", "conductivity"))
    data = table.values
    p, y = data["pressure"], data["conductivity"]
    highest = np.maximum(data.get("highest_pressure", p), p)
    T = data.get("temperature", np.full(len(p), ROOM_TEMPERATURE))
    wanted = {*_determined("highest_pressure" in data, highest, T), *free} - fixed.keys()
    names = [n for n in PARAMETERS if n in wanted]
    start = (float(y.max()), *PARAMETERS["value"].start)
    chosen = [Parameter("value", "S/m", start) if n == "value" else PARAMETERS[n] for n in names]
    rest = {**_DEFAULTS, **fixed}

    def model(p: np.ndarray, highest: np.ndarray, T: np.ndarray) -> Model:
        def predicted(v: Mapping[str, float]) -> np.ndarray:
            law = PressedIonic(**{**rest, **v})
            return law(T=T, p=p, highest_pressure=highest)

        return predicted

    try:
        own = fit(
            model(p, highest, T),
            chosen,
            y,
            data.get("conductivity uncertainty"),
            True,
            samples=samples,
        )
    except ValueError as error:
        remedy = 'measure more pressures, or --fix activation_volume="1.4 cm^3/mol"'
        raise CaseError(Problem("", str(error), remedy), str(path)) from None
    notes = [*table.notes, *undetermined(own)]
    if "highest_pressure" not in data:
        notes.append(
            "no column highest_pressure: the pellet is taken as fully pressed at all points"
        )
    shown = {**rest, **own.values}
    if "activation_energy" not in {*names, *fixed}:
        del shown["activation_energy"]  # without effect at one temperature, hence not known
        notes.append("one temperature: add activation_energy to the snippet, or --fix it")
    held = {k: v for k, v in shown.items() if k not in names}
    numbers = [(n, shown[n], PARAMETERS[n].unit) for n in PARAMETERS if n in shown]
    low, high = (units.format_quantity(v, "Pa") for v in (p.min(), p.max()))
    toml = property_table(
        "ionic_conductivity", PressedIonic.form_name, numbers, own,
        f"pressure series of {Path(path).name}", f'{{ p = ["{low}", "{high}"] }}',
    )  # fmt: skip
    return Result("conductivity", PressedIonic.form_name, str(path), own, toml, tuple(notes),
                  _curves(p, highest, T, y, model, own), ("pressure [MPa]", "conductivity [mS/cm]"),
                  ("linear", "log"),
                  tuple((k, text(v, PARAMETERS[k].unit)) for k, v in held.items()))  # fmt: skip


def _determined(pressed: bool, highest: np.ndarray, T: np.ndarray) -> Iterator[str]:
    """Parameters that a series can tell.

    Args:
        pressed: the highest pressures were measured, not taken for the pressures themselves.
        highest: pressures [Pa].
        T: temperatures [K].
    """
    yield from ("value", "contact_pressure", "activation_volume")
    if pressed and np.ptp(np.log(highest)) > np.log(2):
        yield from ("unpressed", "making_pressure")
    if np.ptp(T) > 5:
        yield "activation_energy"


def _curves(
    p: np.ndarray,
    highest: np.ndarray,
    T: np.ndarray,
    y: np.ndarray,
    model: Callable[..., Model],
    own: Fit,
) -> tuple[Series, ...]:
    """Loading, and one branch for each highest pressure."""
    up = highest <= p * (1 + 1e-9)
    groups = [("loading", up)] if up.any() else []
    for peak in np.unique(highest[~up]):
        groups.append((f"from {peak / 1e6:.4g} MPa", ~up & (highest == peak)))
    curves = []
    for label, chosen in groups:
        at = np.linspace(p[chosen].min(), p[chosen].max(), 150)
        peak = at if label == "loading" else np.full_like(at, highest[chosen][0])
        line = model(at, peak, np.full_like(at, np.median(T[chosen])))
        curves.append(Series(label, p[chosen] / 1e6, 10 * y[chosen], at / 1e6,
                             10 * line(own.values), 10 * own.band(line), chosen))  # fmt: skip
    return tuple(curves)
