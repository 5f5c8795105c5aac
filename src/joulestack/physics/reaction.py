"""Charge transfer inside a composite electrode, between its two potentials.

j = (phi_s - phi_e - U) / R_ct on the active area a_s per volume (linear kinetics); heat
a_s j (phi_s - phi_e - U) and the reversible a_s j T dU/dT.
"""

from __future__ import annotations

from joulestack.physics.context import Context
from joulestack.physics.sources import HeatSource, Loss, Origin
from joulestack.physics.terms import Terms

CHARGE_TRANSFER = HeatSource(
    "charge transfer", Origin.CHARGE_TRANSFER, Loss("kinetics", ("#cc6677",)), colour="#cc6677"
)
"""Heat of a reaction's overpotential, on particles too."""
REVERSIBLE = HeatSource("reversible", Origin.ENTROPY, colour="#44aa99")
"""Heat of a reaction's entropy, on particles and at metal electrodes too."""


def charge_transfer(context: Context, terms: Terms) -> None:
    """Couple phi_s and phi_e wherever a medium has charge transfer."""
    for group in context.regions:
        kinetics = group.medium.charge_transfer
        if kinetics is None or group.particles or "phi_s" not in group.blocks:
            continue
        phi_s, phi_e = group.blocks["phi_s"], group.blocks["phi_e"]
        T = context.state(group).T
        eta = phi_s.value - phi_e.value - kinetics.open_circuit_voltage
        a_j = kinetics.current(eta)
        dx = context.dx(group)
        terms.add(phi_s, a_j * phi_s.test * dx)
        terms.add(phi_e, -a_j * phi_e.test * dx)
        terms.heat(CHARGE_TRANSFER, a_j * eta, group)
        terms.heat(REVERSIBLE, a_j * T * kinetics.entropic_coefficient, group)
        terms.reaction.append((a_j, kinetics.open_circuit_voltage, group))
