"""A stand-in for a model: a meshed cell with fields of known values, nothing solved."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
from mpi4py import MPI

from joulestack.declarations import ELECTRONIC, IONIC, TEMPERATURE
from joulestack.discretisation.domain import Domain
from joulestack.discretisation.fields import Field
from joulestack.mesh import LayerSpec, Line, Pellet, Pouch, RingSpec, TabSpec, build

START = 298.15
GRADIENT = np.array([100.0, 200.0, 300.0])

SPECS: dict[str, Any] = {
    "line": Line((LayerSpec("lower", 1e-3, 5), LayerSpec("upper", 2e-4, 4))),
    "pellet": Pellet(
        (
            LayerSpec("plunger-", 1e-2, 6),
            LayerSpec("lower", 5e-4, 4),
            LayerSpec("upper", 1e-4, 4),
            LayerSpec("plunger+", 1e-2, 6),
        ),
        5e-3,
        (RingSpec("die", 5e-3, 1.2e-2),),
    ),
    "pouch": Pouch(
        (LayerSpec("Cu", 1e-5, 2), LayerSpec("lower", 1e-4, 3), LayerSpec("upper", 8e-5, 3)),
        0.03,
        0.05,
        (TabSpec("back", "Cu", 1e-2, 1e-2),),
        in_plane_size=5e-3,
    ),
}


def stand_in(kind: str) -> Any:
    """What a FieldWriter needs of a model; temperature jumps between lower and upper."""
    domain = Domain(build(SPECS[kind], MPI.COMM_WORLD))
    jumps = [i for i in domain.interfaces if set(i.layers) == {"lower", "upper"}]
    around = [i for i in domain.interfaces if "die" in i.layers]
    electronic = [r for r in domain.regions if r.layer != "lower"]
    ionic = [r for r in domain.regions if r.layer in ("lower", "upper")]
    return SimpleNamespace(
        domain=domain,
        fields={
            "T": Field(TEMPERATURE, domain, domain.regions, jumps + around),
            "phi_s": Field(ELECTRONIC, domain, electronic, []),
            "phi_e": Field(IONIC, domain, ionic, []),
        },
        states={},
        setup=SimpleNamespace(start_temperature=START, pressure=lambda t: 20e6),
        pressure=SimpleNamespace(shape=None, field=None, now=lambda t: 20e6),
    )


def fill(model: Any, scale: float = 1.0) -> None:
    """Set all fields to scale times a linear function, 5 K (or V) higher on the upper side."""
    for field in model.fields.values():
        for block in field.blocks:
            linear = block.space.tabulate_dof_coordinates() @ GRADIENT
            jump = 5.0 * any(r.layer == "upper" for r in block.regions)
            block.value.x.array[:] = scale * (linear + jump)
