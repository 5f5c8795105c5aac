"""Meshed regions and interfaces, and functions on them. No physics."""
