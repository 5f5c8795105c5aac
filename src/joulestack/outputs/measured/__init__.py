"""A run beside what was measured: `series` over time, `steps` by the capacity of each.

Not here: pictures of steps (`outputs.plots.measured`), virtual measurements (`measurements`).
"""
