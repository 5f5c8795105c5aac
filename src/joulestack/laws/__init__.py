"""Equations of materials and contacts, over `xmath` alone.

Formulas and the plain data they need: no numbers of materials, no files, no assembly.
"""
