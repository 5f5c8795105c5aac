"""[cell]: layers, die, tabs, and the geometry that follows."""
