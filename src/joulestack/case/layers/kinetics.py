"""`kinetics` of materials and of interfaces: what a case says of charge transfer."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from joulestack.case.quantities import (
    AreaResistance,
    ExchangeCurrent,
    FilmResistance,
    Fraction,
    MolarEnergy,
    Section,
    Share,
)
from joulestack.fabrication.charge_transfer import KineticsRecipe


class KineticsTable(Section):
    """Charge transfer between active material and solid electrolyte, on particles."""

    law: Literal["butler-volmer", "linear", "marcus"] = Field(
        "butler-volmer", description="how current follows the overpotential"
    )
    exchange_current_density: ExchangeCurrent | None = Field(
        None, description="i0 at x = 1/2 and 25 degC"
    )
    charge_transfer_resistance: AreaResistance | None = Field(
        None, description="instead of i0 = R T/(F R_ct)"
    )
    activation_energy: MolarEnergy | None = Field(None, description="of i0")
    transfer_coefficient: Fraction | None = Field(None, description="for butler-volmer")
    film_resistance: FilmResistance = Field(0.0, description="of a layer on the particles")
    reorganisation_energy: MolarEnergy | None = Field(None, description="for marcus")

    def recipe(self) -> KineticsRecipe:
        """The same for `fabrication.charge_transfer`."""
        return KineticsRecipe(**self.model_dump(include=set(KineticsTable.model_fields)))


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
