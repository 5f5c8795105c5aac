"""Linear charge transfer at a constant voltage: what it needs, and what is missing."""

from __future__ import annotations

from joulestack.errors import Problem
from joulestack.fabrication.composite import composition
from joulestack.fabrication.composite.charge_transfer import default
from joulestack.fabrication.specification import Composite
from joulestack.laws.medium import ChargeTransfer
from joulestack.laws.state import State
from joulestack.materials.library import Material
from joulestack.materials.overrides import Overrides
from joulestack.materials.property import Property


class LinearKinetics:
    """Collects what linear charge transfer needs, and what is missing."""

    def __init__(self, spec: Composite, active: Material, overrides: Overrides, key: str) -> None:
        self.problems: list[Problem] = []
        self.used: list[Property] = []
        state = State(T=298.15, x=spec.stoichiometry)
        own = active.properties
        self.contact_fraction = spec.contact_fraction
        self.radius = self._number(
            spec.particle_radius,
            own.get("particle_radius"),
            state,
            f"{key}particle_radius",
            'set particle_radius = "2.5 um"',
        )
        self.resistance = self._number(
            spec.charge_transfer_resistance,
            default("charge_transfer_resistance"),
            state,
            f"{key}charge_transfer_resistance",
            "",
        )
        self.voltage = self._number(
            spec.open_circuit_voltage,
            None,
            state,
            f"{key}open_circuit_voltage",
            'set state_of_charge = "80 %" for U(x), or a constant open_circuit_voltage = "3.8 V"',
        )
        entropic = overrides.take("entropic_coefficient")
        law = own.get("entropic_coefficient") if spec.stoichiometry is not None else None
        self.entropic = entropic
        self.remarks: tuple[str, ...] = ()
        if entropic is None:
            self.entropic = 0.0 if law is None else self._number(None, law, state, "", "")
        if entropic is None and law is None and spec.open_circuit_voltage is not None:
            self.remarks = (
                f"{active.name}: the reversible heat counts as zero at a constant "
                "open_circuit_voltage. Set overrides.entropic_coefficient, or state_of_charge "
                "for U(x) and dU/dT(x)",
            )

    def _number(
        self, given: float | None, law: Property | None, state: State, where: str, remedy: str
    ) -> float:
        if given is not None:
            return float(given)
        if law is None:
            self.problems.append(Problem(where, "is missing and not in the library", remedy))
            return 0.0
        self.used.append(law)
        return float(law(state))

    def charge_transfer(self, active_fraction: float) -> ChargeTransfer | None:
        """Charge transfer, None where something is missing."""
        if self.problems:
            return None
        area = composition.specific_area(active_fraction, self.radius, self.contact_fraction)
        return ChargeTransfer(area, self.resistance, float(self.voltage), self.entropic)
