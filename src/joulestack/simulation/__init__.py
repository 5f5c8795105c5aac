"""A run: a setup becomes a model, follows its protocol, and leaves a folder of results.

Here: setup and model, which unknowns exist, conditions on faces, the protocol, what is observed.
Not here: equations (`physics`), solvers (`solver`), formats of files (`outputs`).
"""
