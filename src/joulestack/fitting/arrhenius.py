"""Anything against temperature: Arrhenius's law, for conductivity that of sigma T."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from joulestack.constants import ELECTRONVOLT, ROOM_TEMPERATURE
from joulestack.errors import CaseError, Problem
from joulestack.fitting.regression import Model, Parameter, fit
from joulestack.fitting.result import Result, Series, property_table, undetermined
from joulestack.laws.conductivity import nernst_einstein_factor
from joulestack.laws.forms import Arrhenius
from joulestack.materials.quantities import QUANTITIES
from joulestack.spelling import unknown
from joulestack.tables.reading import read, with_uncertainties
from joulestack.tables.titles import Column


def fit_arrhenius(
    path: str | Path,
    quantity: str = "ionic_conductivity",
    reference: float = ROOM_TEMPERATURE,
    samples: int = 0,
) -> Result:
    """Fit the value at a reference temperature and the activation energy.

    For `ionic_conductivity` sigma T follows Arrhenius's law, as in the law of the package; for
    every other quantity the quantity itself does. Ratios count.

    Args:
        path: CSV file with temperature and a column named like the quantity.
        quantity: name of a property.
        reference: T0 [K].
        samples: repetitions of the bootstrap; 0: none.

    Raises:
        CaseError: the file or the quantity cannot be used.
    """
    if quantity not in QUANTITIES:
        raise CaseError(unknown("--quantity", "property", quantity, QUANTITIES))
    unit, ionic = QUANTITIES[quantity].unit, quantity == "ionic_conductivity"
    columns = {
        "temperature": Column("K", ("T",), 50.0, 3000.0),
        quantity: Column(unit, ("value", "conductivity", "sigma") if ionic else ("value",), 0.0),
    }
    table = read(path, with_uncertainties(columns), ("temperature", quantity))
    data = table.values
    T, y = data["temperature"], data[quantity]
    if np.ptp(T) == 0:
        raise CaseError(Problem("", "all measurements are at one temperature", "measure at more"),
                        str(path))  # fmt: skip
    parameters = [
        Parameter("value", unit, (float(np.exp(np.mean(np.log(y)))),)),
        Parameter("activation_energy", "J/mol", (0.3 * ELECTRONVOLT,), "linear",
                  0.01 * ELECTRONVOLT),
    ]  # fmt: skip

    def model(at: np.ndarray) -> Model:
        if ionic:
            return lambda v: (
                v["value"] * nernst_einstein_factor(at, v["activation_energy"], reference)
            )
        return lambda v: Arrhenius(v["value"], v["activation_energy"], reference)(T=at)

    try:
        own = fit(
            model(T), parameters, y, data.get(f"{quantity} uncertainty"), True, samples=samples
        )
    except ValueError as error:
        raise CaseError(
            Problem("", str(error), "measure at more temperatures"), str(path)
        ) from None
    notes = [*table.notes, *undetermined(own)]
    if not T.min() <= reference <= T.max():
        notes.append(f"the reference temperature {reference:g} K lies outside the data")
    at = np.linspace(T.min(), T.max(), 200)
    form = "pressed ionic" if ionic else "arrhenius"
    numbers = [(e.name, e.value, e.unit) for e in own.estimates]
    toml = property_table(
        quantity, form, [*numbers, ("reference", reference, "K")], own,
        f"{Path(path).name}, {len(T)} temperatures",
        f"{{ T = [{T.min():.5g}, {T.max():.5g}] }}",
    )  # fmt: skip
    factor, shown = (10.0, "mS/cm") if unit == "S/m" else (1.0, unit)
    series = Series("", 1000 / T, y * factor, 1000 / at, model(at)(own.values) * factor,
                    own.band(model(at)) * factor, np.full(len(T), True))  # fmt: skip
    law = "arrhenius of sigma T" if ionic else "arrhenius"
    return Result("arrhenius", law, str(path), own, toml, tuple(notes), (series,),
                  ("1000 K/T", f"{quantity} [{shown}]"), ("linear", "log"))  # fmt: skip
