"""joulestack: where does the heat appear in a pressed solid-state battery, and how hot is it?

The public names are imported when they are first used, so that `import joulestack` is quick and
needs no DOLFINx.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from joulestack import _petsc

__version__ = "0.1.0"

_PUBLIC = {
    "Case": "joulestack.case",
    "run": "joulestack.simulation.run",
    "load_result": "joulestack.outputs.result",
    "impedance": "joulestack.measurements.run",
    "polarise": "joulestack.measurements.run",
    "thermal_wave": "joulestack.measurements.run",
    "pulses": "joulestack.measurements.titration",
    "JoulestackError": "joulestack.errors",
    "CaseError": "joulestack.errors",
    "MeshError": "joulestack.errors",
    "ConvergenceError": "joulestack.errors",
    "EnvironmentMissing": "joulestack.errors",
}

_petsc.guard()

__all__ = [
    "Case",
    "CaseError",
    "ConvergenceError",
    "EnvironmentMissing",
    "JoulestackError",
    "MeshError",
    "__version__",
    "impedance",
    "load_result",
    "polarise",
    "pulses",
    "run",
    "thermal_wave",
]


def __getattr__(name: str) -> Any:
    """Import a public name on first use.

    Raises:
        EnvironmentMissing: what it needs is not installed.
    """
    if name in _PUBLIC:
        from joulestack._needs import needed

        with needed():
            return getattr(import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Public names."""
    return sorted(__all__)
