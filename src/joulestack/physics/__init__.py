"""Weak forms: heat, charge, particles, metals, thickness change; one line of UFL per term.

Here: what is integrated, and the heat that it makes. Not here: the laws of materials (`laws`), how
forms are assembled and solved (`solver`), which of them a cell needs (`simulation.model`).
"""
