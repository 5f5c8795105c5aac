"""What is known of a case without solving it."""

from joulestack.estimates.evaluate import evaluate
from joulestack.estimates.figures import ContactFigures, Figures, LayerFigures

__all__ = ["ContactFigures", "Figures", "LayerFigures", "evaluate"]
