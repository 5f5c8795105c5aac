"""Many runs of one case: keys that are varied, runs on many processes, one table of what came."""

from joulestack.studies.file import load, of_words
from joulestack.studies.study import Study, sweep

__all__ = ["Study", "load", "of_words", "sweep"]
