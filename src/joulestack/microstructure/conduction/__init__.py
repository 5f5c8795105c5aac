"""Steady conduction on voxel images (docs/voxel_solver.md)."""
