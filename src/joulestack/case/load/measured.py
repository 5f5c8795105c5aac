"""[load.measured]: what the same cell gave in a laboratory, to be held against the run."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from joulestack.case.quantities import Charge, Section, SpecificCharge

StepNumber = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]*$")]
"""Of a step of the protocol, from 1; the key of a TOML table, so text."""


class Measured(Section):
    """Capacities of steps of the protocol, without sign; no number of the run follows from them."""

    source: str = Field("", description="where they were read")
    capacity: dict[StepNumber, Charge] = Field(
        {}, description='step -> capacity of the cell: { 2 = "3.1 mA h" }'
    )
    specific_capacity: dict[StepNumber, SpecificCharge] = Field(
        {},
        description="step -> capacity per mass of active material, of the positive electrode: "
        '{ 2 = "145 mA h/g" }',
    )

    def charges(self, active_mass: float | None) -> dict[int, float]:
        """Step -> capacity [C].

        Args:
            active_mass: that specific capacities count [kg].
        """
        found = {int(step): charge for step, charge in self.capacity.items()}
        if active_mass is not None:
            found |= {int(n): q * active_mass for n, q in self.specific_capacity.items()}
        return dict(sorted(found.items()))
