"""Equations of materials and contacts, over `xmath`: called with numbers they compute,
with UFL they write UFL.

Here: formulas and the plain data that they take. Not here: numbers of materials, files, assembly.
"""
