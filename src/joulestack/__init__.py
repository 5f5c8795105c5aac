"""joulestack: where does the heat appear in a pressed solid-state battery, and how hot is it?

    import joulestack as js

is all that a script needs. The public names are imported when they are first used, so that the
import is quick and needs no DOLFINx.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from joulestack import _petsc
from joulestack._lazy import attach

if TYPE_CHECKING:  # the same names as below, for type checkers and editors
    from joulestack import microstructure as microstructure
    from joulestack import units as units
    from joulestack import xmath as xmath
    from joulestack.access import allow_read as allow_read
    from joulestack.case import Case as Case
    from joulestack.case.layers.material import material as material
    from joulestack.declarations import FieldInfo as FieldInfo
    from joulestack.declarations import LocalState as LocalState
    from joulestack.declarations import Multigrid as Multigrid
    from joulestack.declarations import Quantity as Quantity
    from joulestack.declarations import Unknown as Unknown
    from joulestack.errors import CaseError as CaseError
    from joulestack.errors import ConvergenceError as ConvergenceError
    from joulestack.errors import EnvironmentMissing as EnvironmentMissing
    from joulestack.errors import JoulestackError as JoulestackError
    from joulestack.errors import MeshError as MeshError
    from joulestack.fabrication.constant_media import GivenMedium as GivenMedium
    from joulestack.fabrication.constant_media import GivenResistance as GivenResistance
    from joulestack.in_time import Profile as Profile
    from joulestack.laws.kinetics import ButlerVolmer as ButlerVolmer
    from joulestack.laws.medium import Medium as Medium
    from joulestack.laws.particles import Particles as Particles
    from joulestack.laws.state import State as State
    from joulestack.measurements.numerical_error import accuracy as accuracy
    from joulestack.measurements.run import impedance as impedance
    from joulestack.measurements.run import polarisation as polarisation
    from joulestack.measurements.run import thermal_wave as thermal_wave
    from joulestack.measurements.titration import titration as titration
    from joulestack.mesh import LayerSpec as LayerSpec
    from joulestack.mesh import Line as Line
    from joulestack.mesh import MeshFile as MeshFile
    from joulestack.mesh import Pellet as Pellet
    from joulestack.mesh import Pouch as Pouch
    from joulestack.mesh import RingSpec as RingSpec
    from joulestack.mesh import TabSpec as TabSpec
    from joulestack.mesh.build import build as build
    from joulestack.outputs.result import Result as Result
    from joulestack.outputs.result import load_result as load_result
    from joulestack.physics.base import Held as Held
    from joulestack.physics.base import Physics as Physics
    from joulestack.physics.base import Placed as Placed
    from joulestack.physics.capacitance import Capacitances as Capacitances
    from joulestack.physics.context import Blocking as Blocking
    from joulestack.physics.context import Contacts as Contacts
    from joulestack.physics.local import Local as Local
    from joulestack.physics.sources import HeatSource as HeatSource
    from joulestack.physics.sources import Loss as Loss
    from joulestack.physics.sources import Origin as Origin
    from joulestack.physics.sources import Pointwise as Pointwise
    from joulestack.simulation.case_to_setup import contact as contact
    from joulestack.simulation.case_to_setup import setup_of as setup_of
    from joulestack.simulation.model import Model as Model
    from joulestack.simulation.observe import Observer as Observer
    from joulestack.simulation.run import run as run
    from joulestack.simulation.setup import Drive as Drive
    from joulestack.simulation.setup import FaceCondition as FaceCondition
    from joulestack.simulation.setup import Setup as Setup
    from joulestack.simulation.setup import Surroundings as Surroundings
    from joulestack.simulation.simulation import Simulation as Simulation
    from joulestack.simulation.simulation import solve as solve
    from joulestack.solver.stepper import StepControl as StepControl
    from joulestack.solver.stepper import Stepper as Stepper
    from joulestack.solver.stepper import Stop as Stop
    from joulestack.tolerances import Tolerance as Tolerance
    from joulestack.tolerances import Tolerances as Tolerances

__version__ = "0.1.0"

_PUBLIC = {
    "joulestack.access": ("allow_read",),
    "joulestack.case": ("Case",),
    "joulestack.case.layers.material": ("material",),
    "joulestack.declarations": ("FieldInfo", "LocalState", "Multigrid", "Quantity", "Unknown"),
    "joulestack.errors": (
        *("CaseError", "ConvergenceError", "EnvironmentMissing", "JoulestackError", "MeshError"),
    ),
    "joulestack.fabrication.constant_media": ("GivenMedium", "GivenResistance"),
    "joulestack.in_time": ("Profile",),
    "joulestack.laws.kinetics": ("ButlerVolmer",),
    "joulestack.laws.medium": ("Medium",),
    "joulestack.laws.particles": ("Particles",),
    "joulestack.laws.state": ("State",),
    "joulestack.measurements.numerical_error": ("accuracy",),
    "joulestack.measurements.run": ("impedance", "polarisation", "thermal_wave"),
    "joulestack.measurements.titration": ("titration",),
    "joulestack.mesh": (
        *("LayerSpec", "Line", "MeshFile", "Pellet", "Pouch", "RingSpec", "TabSpec"),
    ),
    "joulestack.mesh.build": ("build",),
    "joulestack.outputs.result": ("Result", "load_result"),
    "joulestack.physics.base": ("Held", "Physics", "Placed"),
    "joulestack.physics.capacitance": ("Capacitances",),
    "joulestack.physics.context": ("Blocking", "Contacts"),
    "joulestack.physics.local": ("Local",),
    "joulestack.physics.sources": ("HeatSource", "Loss", "Origin", "Pointwise"),
    "joulestack.simulation.case_to_setup": ("contact", "setup_of"),
    "joulestack.simulation.model": ("Model",),
    "joulestack.simulation.observe": ("Observer",),
    "joulestack.simulation.run": ("run",),
    "joulestack.simulation.setup": ("Drive", "FaceCondition", "Setup", "Surroundings"),
    "joulestack.simulation.simulation": ("Simulation", "solve"),
    "joulestack.solver.stepper": ("StepControl", "Stepper", "Stop"),
    "joulestack.tolerances": ("Tolerance", "Tolerances"),
}
_MODULES = ("microstructure", "units", "xmath")
_FORMER = {"polarise": "polarisation", "pulses": "titration"}

_petsc.guard()
_find, _names = attach(__name__, _PUBLIC, _MODULES, _FORMER)
__all__ = ["__version__", *_names]

if not TYPE_CHECKING:  # so that type checkers refuse names that are none
    __getattr__ = _find


def __dir__() -> list[str]:
    """Public names."""
    return sorted(__all__)
