"""Property laws fitted to a user's own measurements: `joulestack fit densification data.csv`.

Each module fits one kind of data and hands back a `regression.Fit`, which says what the data
determine and what they do not. Nothing here needs DOLFINx.
"""
