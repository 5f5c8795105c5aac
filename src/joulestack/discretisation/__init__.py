"""Named regions and oriented interfaces of a mesh, and fields on them as blocks of unknowns.

Here: where a function lives and jumps. Not here: what it obeys (`physics`), how it is solved for
(`solver`).
"""
