"""[materials.x.reactions]: the reactions of a material, as a case has them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, Tag

from joulestack.case.quantities import Fraction, MolarEnergy, Number, Quantity, Section, Share
from joulestack.case.unions import by_marker, is_table
from joulestack.fabrication.reactions import ReactionRecipe

RateConstant = Annotated[float, Quantity("1/s", above=0.0)]
SpecificEnergy = Annotated[float, Quantity("J/kg", plausible=(1.0, 1e9))]
Order = Annotated[float, Quantity("1", least=0.0, most=10.0)]
GasShare = Annotated[float, Quantity("1", least=0.0, most=1.0)]
Grown = Annotated[float, Quantity("1", least=0.0)]


class GrowingBarrier(Section):
    """A layer in the way of the reaction: exp(-z/z0), z grows as the reactant goes."""

    start: Grown = Field(0.0, description="z at the start")
    scale: Number = Field(description="z0")


class RateLimit(Section):
    """A largest rate, where the reactant must diffuse: k/(1 + k/k_l)."""

    pre_exponential_factor: RateConstant = Field(description="A of k_l = A exp(-E/RT)")
    activation_energy: MolarEnergy = Field(0.0, description="E of it")


class ReactionTable(Section):
    """A reaction; what is not given is that of `record`."""

    record: str | None = Field(None, description="name in the library: docs/abuse.md")
    pre_exponential_factor: RateConstant | None = Field(None, description="A of A exp(-E/RT)")
    activation_energy: MolarEnergy | None = Field(None, description="E, per mole")
    enthalpy: SpecificEnergy | None = Field(
        None, description="heat that a mass of reactant releases; negative: takes up"
    )
    reactant: Literal["layer", "active", "electrolyte", "additive"] | None = Field(
        None, description="whose mass reacts: the layer's, or that of a part of a composite; layer"
    )
    fraction: Share | None = Field(None, description="mass of reactant in a mass of that; 1")
    order: Order | None = Field(None, description="n of c^n (1 - c)^m, c what is left; 1")
    autocatalysis: Order | None = Field(None, description="m of it; 0")
    initial_conversion: Fraction | None = Field(None, description="1 - c at the start; 0")
    barrier: GrowingBarrier | None = Field(None, description="that slows it as it goes on")
    rate_limit: RateLimit | None = Field(None, description="largest rate")
    gas: GasShare | None = Field(None, description="mass of gas from a mass of reactant; 0")


ReactionChoice = Annotated[
    Annotated[str, Tag("<name>")] | Annotated[ReactionTable, Tag("<table>")],
    by_marker(
        lambda v: "<table>" if is_table(v) else "<name>" if isinstance(v, str) else None,
        "neither the name of a reaction in the library nor a table",
    ),
]
"""The name of a record of the library, or a table."""


def recipe_of(given: str | ReactionTable) -> ReactionRecipe:
    """The same for `fabrication.reactions`."""
    if isinstance(given, str):
        return ReactionRecipe(record=given)
    barrier, limit = given.barrier, given.rate_limit
    told = given.model_dump(exclude={"barrier", "rate_limit"})
    return ReactionRecipe(
        **told,
        barrier=None if barrier is None else (barrier.start, barrier.scale),
        rate_limit=None
        if limit is None
        else (limit.pre_exponential_factor, limit.activation_energy),
    )
