"""How far off the figures of a run are by what is numerical, followed while it goes.

What is measured of a state belongs to `observe/`; here it is compared with what it should be.
"""
