"""The library: numbers of materials with unit, range, uncertainty and source, read from TOML files.

Here: properties, the reader, overrides of a case, what is missing, the bibliography. Not here: how
a law looks (`laws`), what a recipe makes of it (`fabrication`), tables for people (`reports`).
"""
