"""[materials.x.melting]: that a layer melts, and how far that is spread."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from joulestack.case.quantities import Quantity, Section, Temperature, TemperatureDifference, Time
from joulestack.fabrication.melting import MeltingRecipe

LatentHeat = Annotated[float, Quantity("J/kg", above=0.0, plausible=(1e2, 1e8))]


class MeltingTable(Section):
    """Latent heat; what is not given is the library's."""

    temperature: Temperature | None = Field(None, description="melting point")
    latent_heat: LatentHeat | None = Field(None, description="that melting takes up, per mass")
    width: TemperatureDifference = Field(
        1.0, description="it melts from so much below the melting point to so much above"
    )
    delay: Time = Field(0.01, description="in which the liquid share follows the temperature")

    def recipe(self) -> MeltingRecipe:
        """The same for `fabrication.melting`."""
        return MeltingRecipe(**self.model_dump())
