"""Case files: for each topic its schema, its checks, and the plain objects made from them.

Here: TOML, units, messages that say where. Not here: meshes with cells, solver objects
(`simulation.case_to_setup` makes them).
"""

from joulestack.case.case import Case

__all__ = ["Case"]
