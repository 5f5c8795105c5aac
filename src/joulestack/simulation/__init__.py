"""A run: from a setup to a model, through its protocol, to a folder of results."""
