"""Contact resistance against pressure: a power law, with memory where a release was measured."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from joulestack import units
from joulestack.errors import CaseError, Problem
from joulestack.fabrication.contact_registry import TRANSPORTS
from joulestack.fitting.regression import Model, Parameter, fit
from joulestack.fitting.result import Result, Series, interval, undetermined
from joulestack.laws.contact import Power
from joulestack.laws.state import State
from joulestack.spelling import unknown
from joulestack.tables.reading import read, with_uncertainties
from joulestack.tables.titles import Column


def fit_contact(
    path: str | Path, transport: str = "charge_transfer", series: bool = False, samples: int = 0
) -> Result:
    """Fit R = R_ref (p/p_ref)^-n, with `kept` where highest_pressure differs from pressure.

    The ratio of measured and fitted resistance counts: they span decades.

    Args:
        path: CSV file with pressure, resistance (area-specific) and, for a release,
            highest_pressure.
        transport: thermal, electronic, ionic or charge_transfer; fixes the unit.
        series: fit a constant in series, too.
        samples: repetitions of the bootstrap; 0: none.

    Raises:
        CaseError: the file cannot be used.
    """
    if transport not in TRANSPORTS:
        raise CaseError(unknown("--transport", "transport", transport, TRANSPORTS))
    unit = "m^2 K/W" if transport == "thermal" else "ohm m^2"
    columns = {
        "pressure": Column("Pa", ("p", "stack pressure"), 0.0),
        "resistance": Column(unit, ("R", "asr", "area-specific resistance"), 0.0),
        "highest_pressure": Column("Pa", ("p_max", "highest pressure"), 0.0),
    }
    table = read(path, with_uncertainties(columns), ("pressure", "resistance"))
    data = table.values
    p, R = data["pressure"], data["resistance"]
    highest = np.maximum(data.get("highest_pressure", p), p)
    reference = float(f"{np.exp(np.mean(np.log(p))):.1g}")
    parameters = [
        Parameter("reference_resistance", unit, (float(np.exp(np.mean(np.log(R)))),)),
        Parameter("exponent", "1", (1.0,), "linear", 0.1),
    ]
    released = bool(np.any(highest > p * (1 + 1e-9)))
    if released:
        parameters.append(Parameter("kept", "1", (0.4, 0.1, 0.8), "logit"))
    if series:
        parameters.append(Parameter("series_resistance", unit, (0.3 * R.min(), 0.01 * R.min())))

    def model(at: np.ndarray, peak: np.ndarray) -> Model:
        def predicted(v: Mapping[str, float]) -> np.ndarray:
            law = Power("power", v["reference_resistance"], reference, v["exponent"],
                        v.get("series_resistance", 0.0), 1e-3 * reference, None,
                        kept=v.get("kept"))  # fmt: skip
            return law.resistance(State(T=298.15, p=at, p_max=peak))

        return predicted

    try:
        own = fit(
            model(p, highest),
            parameters,
            R,
            data.get("resistance uncertainty"),
            True,
            samples=samples,
        )
    except ValueError as error:
        raise CaseError(Problem("", str(error), "measure more pressures"), str(path)) from None
    scale, shown = (1e4, "ohm cm^2") if transport != "thermal" else (1.0, unit)
    curves = []
    up = highest <= p * (1 + 1e-9)
    for label, chosen in (("loading", up), ("release", ~up)):
        if chosen.any():
            end = p if label == "loading" else highest
            at = np.geomspace(p[chosen].min(), end[chosen].max(), 100)
            peak = at if label == "loading" else np.full_like(at, np.median(highest[chosen]))
            line = model(at, peak)
            curves.append(
                Series(
                    label if released else "",
                    p[chosen] / 1e6,
                    R[chosen] * scale,
                    at / 1e6,
                    line(own.values) * scale,
                    own.band(line) * scale,
                    chosen,
                )
            )
    numbers = [f"{e.name} = {_written(e.value, e.unit)}  # {interval(e)}" for e in own.estimates]
    toml = "\n".join([
        "[[interfaces]]", 'between = ["lower layer", "upper layer"]', f"[interfaces.{transport}]",
        'law = "power"', f"reference_pressure = {_written(reference, 'Pa')}", *numbers,
        f"lowest_pressure = {_written(p.min(), 'Pa')}",
        f"highest_pressure = {_written(p.max(), 'Pa')}",
    ])  # fmt: skip
    notes = [*table.notes, *undetermined(own)]
    if not released:
        notes.append("loading only: a highest_pressure column would show what release keeps")
    return Result("contact", "power", str(path), own, toml, tuple(notes), tuple(curves),
                  ("pressure [MPa]", f"resistance [{shown}]"), ("log", "log"),
                  (("reference_pressure", units.format_quantity(reference, "Pa")),))  # fmt: skip


def _written(value: float, unit: str) -> str:
    return f"{value:.4g}" if unit == "1" else f'"{units.format_quantity(value, unit)}"'
