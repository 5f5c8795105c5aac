"""Grains of an electrode: how they touch, hang together, and let lithium in."""
