"""What is known of a case without solving it."""

from joulestack.kpi.evaluate import evaluate
from joulestack.kpi.figures import ContactFigures, Figures, LayerFigures

__all__ = ["ContactFigures", "Figures", "LayerFigures", "evaluate"]
