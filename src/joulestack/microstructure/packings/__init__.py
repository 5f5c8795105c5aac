"""Spheres between two plates: filled in, pressed, counted, turned into voxels."""
