"""Formulas and judgement of time steps: BDF, errors of a step, length of the next, errors so far.

What takes the steps is `segment.py` in the room above.
"""
