"""Metal electrodes: creep, and the voids that it closes."""
