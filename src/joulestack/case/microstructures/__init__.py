"""Case files of microstructures."""
