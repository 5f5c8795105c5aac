"""What is known of a case without solving it: resistances, capacities, rises, limits.

One-dimensional, at the starting state, without DOLFINx; nothing that a run needs.
"""

from joulestack.estimates.evaluate import evaluate
from joulestack.estimates.figures import ContactFigures, Figures, LayerFigures

__all__ = ["ContactFigures", "Figures", "LayerFigures", "evaluate"]
