"""Discrete equations and their solution: block system, static condensation, Newton, time, events.

Here: vectors, matrices, preconditioners, steps. Not here: any equation of physics, any word of a
case file.
"""
