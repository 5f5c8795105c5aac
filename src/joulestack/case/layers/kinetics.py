"""`kinetics` of materials and of interfaces: what a case says of charge transfer."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, Tag

from joulestack.case.quantities import (
    AreaResistance,
    ExchangeCurrent,
    FilmResistance,
    Fraction,
    MolarEnergy,
    Section,
    Share,
)
from joulestack.case.unions import value_or_table
from joulestack.fabrication.charge_transfer import KineticsRecipe
from joulestack.laws.forms import Form
from joulestack.materials.reader import Reader


def _law(table: dict[str, Any]) -> Form:
    """A law of x and T [A/m2], written as in a material file.

    Raises:
        ValueError: "what; remedy" of the first thing that is wrong.
    """
    reader = Reader("case")
    try:
        form = reader.form(table, str(table.get("unit", "A/m^2")), "A/m^2", "")
    except TypeError as error:
        raise ValueError(str(error)) from None
    if form is None:
        first = reader.problems[0]
        key = first.where.strip(".")
        raise ValueError(f"{key + ': ' if key else ''}{first.what}; {first.remedy}")
    wrong = sorted(set(form.variables) - {"x", "T"})
    if wrong or not form.variables:
        raise ValueError(
            f"is no law of x or T: form {table.get('form', 'value')!r} of "
            f"{', '.join(wrong) or 'nothing'}; "
            '{ form = "table", variable = "x", points = [...], values = [...], unit = "mA/cm^2" }'
        )
    return form


def _checked(table: dict[str, Any]) -> dict[str, Any]:
    _law(table)
    return table


ExchangeCurrentOrLaw = Annotated[
    Annotated[ExchangeCurrent, Tag("<value>")]
    | Annotated[dict[str, Any], AfterValidator(_checked), Tag("<table>")],
    value_or_table(),
]


class KineticsTable(Section):
    """Charge transfer between active material and solid electrolyte, on particles."""

    law: Literal["butler-volmer", "linear", "marcus"] = Field(
        "butler-volmer", description="how current follows the overpotential"
    )
    exchange_current_density: ExchangeCurrentOrLaw | None = Field(
        None, description="i0 at x = 1/2 and 25 degC, or a law of x and T"
    )
    charge_transfer_resistance: AreaResistance | None = Field(
        None, description="per surface of particles, instead of i0 = R T/(F R_ct)"
    )
    activation_energy: MolarEnergy | None = Field(None, description="of i0")
    transfer_coefficient: Fraction | None = Field(None, description="for butler-volmer")
    film_resistance: FilmResistance = Field(0.0, description="of a layer on the particles")
    reorganisation_energy: MolarEnergy | None = Field(None, description="for marcus")

    def recipe(self) -> KineticsRecipe:
        """The same for `fabrication.charge_transfer`."""
        given = self.model_dump(include=set(KineticsTable.model_fields))
        if isinstance(given["exchange_current_density"], dict):
            given["exchange_current_density"] = _law(given["exchange_current_density"])
        return KineticsRecipe(**given)


class MetalKineticsTable(KineticsTable):
    """Charge transfer between a metal electrode and an ion conductor."""

    exchange_current_density: ExchangeCurrent | None = Field(
        None, description="i0 at 25 degC, per area in contact"
    )
    activation_energy: MolarEnergy = Field(
        0.0, description="of i0; without: the same at every temperature"
    )
    transfer_coefficient: Fraction | None = Field(
        None, description="for butler-volmer; 0.5 if not given"
    )
    film_resistance: FilmResistance = Field(
        0.0, description="of the interphase, per area in contact"
    )
    contact_area: Share = Field(1.0, description="share of the face that is in contact")
