"""Solids that flow and crack: creep of metals, the voids that it closes, toughness."""
