"""The accuracy battery: what a user asks for, against converged references of other origin.

`docker/joulestack python -m tests.accuracy` runs it; docs/accuracy.md has its table.
"""
