"""Mechanics of a stack between the plates of a fixture: how thick it gets and what answers.

Plain functions and frozen data over numbers and arrays; nothing here imports DOLFINx.
"""
