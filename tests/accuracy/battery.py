"""All cases of the battery."""

from __future__ import annotations

from tests.accuracy import bodies, half_cells, heat_lines, shipped, spectra
from tests.accuracy.record import Case

CASES: dict[str, Case] = {
    case.name: case
    for case in (
        *half_cells.cases(),
        *heat_lines.cases(),
        *bodies.cases(),
        *spectra.cases(),
        *shipped.cases(),
    )
}
