"""Composite electrodes: from what is weighed in to one medium with particles."""
