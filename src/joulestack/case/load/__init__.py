"""[load] and [thermal]: what acts on the cell."""
