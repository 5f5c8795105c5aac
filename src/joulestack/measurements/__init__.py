"""Virtual measurements: impedance, polarisation, titration, thermal waves.

Here: a model linearised or driven as an instrument would, and what the instrument reads. Not here:
equations of their own; a measurement takes the residual that a run solves.
"""
