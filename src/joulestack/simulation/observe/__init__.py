"""What is measured at every accepted step: voltage, heat by source, temperatures, balances.

Every number is assembled from the same terms that the solver balances. Volume quantities come from
one sweep over the cells, interface quantities from one over the interfaces; what is linear in the
unknowns, like mean temperatures and terminal voltages, is a product with weights assembled once. On
several ranks all sums of a record travel in one reduction.
"""

from joulestack.simulation.observe.balances import Row
from joulestack.simulation.observe.contact import ContactHistory
from joulestack.simulation.observe.observer import Observer
from joulestack.simulation.observe.volumes import HEAT_DENSITY, REACTION_DENSITY

__all__ = ["HEAT_DENSITY", "REACTION_DENSITY", "ContactHistory", "Observer", "Row"]
