"""All fields of a model at the present time, as plain arrays."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from joulestack.outputs.grid import PRESSURE, Floats, Snapshot
from joulestack.outputs.sampling import Sampling, wanted


class Snapshots:
    """Takes the fields of a model.

    Attributes:
        model: whose.
        sampling: node values of this rank.
    """

    def __init__(self, model: Any, fields: Collection[str] | None = None) -> None:
        """Find the nodes.

        Args:
            model: a `Model` (its domain, fields, states, setup, pressure are used).
            fields: keys, case names or labels of what to take; None: all. A case file's name of a
                field or a local state is its name with underscores.
        """
        self.model = model
        known = {**model.fields, **model.states}
        self._shown = {
            key: found.info
            for key, found in known.items()
            if found.info.columns and wanted(fields, *found.info.known_as)
        }
        self.sampling = Sampling(model.domain, {key: known[key] for key in self._shown})
        shape, field = model.pressure.shape, model.pressure.field
        wants = shape is not None and wanted(fields, "stack_pressure", PRESSURE)
        self._pressure_shape: Floats | None = self.sampling.of_function(shape) if wants else None
        wants = field is not None and wanted(fields, "stack_pressure", PRESSURE)
        self._pressure_field = field if wants else None

    def snapshot(self, t: float, cell_data: Mapping[str, npt.ArrayLike] | None = None) -> Snapshot:
        """Present values of all fields on this rank's cells.

        Args:
            t: [s].
            cell_data: label with unit -> values (or rows of three) of the owned cells.
        """
        setup = self.model.setup
        nodes: dict[str, Floats] = {}
        for key, info in self._shown.items():
            for shown in info.columns:
                origin = info.counts_from(setup) if shown.absolute else 0.0
                nodes[shown.label] = self.sampling.shown(nodes, key, shown, origin)
        if self._pressure_shape is not None:
            nodes[PRESSURE] = self._pressure_shape * (self.model.pressure.now(t) / 1e6)
        if self._pressure_field is not None:
            nodes[PRESSURE] = 1e-6 * self.sampling.of_function(self._pressure_field)
        count = len(self.sampling.grid.cells)
        cells = {k: np.asarray(v, dtype=np.float64)[:count] for k, v in (cell_data or {}).items()}
        return Snapshot(self.sampling.grid, t, nodes, cells)
