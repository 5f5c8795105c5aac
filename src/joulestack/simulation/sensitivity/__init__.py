"""Derivatives of a run with respect to numbers of its case and of the library, in forward mode.

A number that is moved may change anything: a constant of the forms, a mesh, a start, a current
given as a C-rate. So beside the run there are two models for each number, built from the case with
the number a little larger and a little smaller. They are never solved: what tells how they differ
is their residual at states beside that of the run, and the matrix of the run does the rest.
"""
