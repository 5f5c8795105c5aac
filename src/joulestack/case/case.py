"""The case: a validated case file, and the plain objects that the solver asks of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from joulestack import _html
from joulestack.case import profiles
from joulestack.case.clamping import pressure
from joulestack.case.layers.thickness import given
from joulestack.case.load import drives
from joulestack.case.messages import Where
from joulestack.case.named_files import file_names
from joulestack.case.protocol import Protocol
from joulestack.case.protocol.estimate import likely
from joulestack.case.reading import Source, deep, override, plain, read_file
from joulestack.case.root import CaseFile
from joulestack.case.settings.check_requests import MOST_STATES
from joulestack.case.settings.numerics import Mesh, Outputs, Solver, TimeControl
from joulestack.case.stack import stack
from joulestack.case.stack.cell import Cell
from joulestack.case.stack.geometry import geometry_of, mesh_spec
from joulestack.case.tables import listening
from joulestack.case.time_tables import in_time
from joulestack.case.validation import validate
from joulestack.errors import CaseError, Problem, computable
from joulestack.units import format_quantity

if TYPE_CHECKING:
    from joulestack.case.interfaces.contacts import Contacts
    from joulestack.case.layers.effective import Request
    from joulestack.laws.medium import Medium
    from joulestack.mechanics.clamping import Clamping
    from joulestack.mesh.geometry import Geometry

Overrides = Mapping[str, Any]

FEW = 20
"""Written states up to which those of a regular interval get records of their own."""


@dataclass(frozen=True)
class Case:
    """A valid case. Everything in it is SI; nothing in it changes.

    Attributes:
        file: the case file as models.
        source: the merged table as written (units kept) and where it came from.
    """

    file: CaseFile
    source: Source

    @classmethod
    def load(
        cls,
        path: str | Path,
        overrides: Overrides | None = None,
        allow_scripts: bool = False,
        measurement: str = "",
    ) -> Case:
        """Read a TOML case file.

        Args:
            path: of the file.
            overrides: dotted path -> value, as {"cell.stack_pressure": "20 MPa"}; list entries go
                by name ("cell.layers.separator.thickness") or index; None removes a key.
            allow_scripts: the case may name a gmsh script (.geo) as its mesh, which can run any
                command.
            measurement: section that it is read for; where it has none, all of that is default.

        Raises:
            CaseError: with every problem found.
        """
        read = replace(read_file(Path(path)), allow_scripts=allow_scripts)
        read = override(read, overrides or {})
        if measurement:
            read.table.setdefault(measurement, {})
        return cls._from_source(read)

    @classmethod
    def from_dict(
        cls,
        table: Mapping[str, Any],
        folder: str | Path = ".",
        name: str = "case",
        allow_scripts: bool = False,
    ) -> Case:
        """Make a case from plain data, as a TOML file would give it.

        Args:
            table: the data; not changed.
            folder: that relative file names start from.
            name: shown in messages and used for the results folder.
            allow_scripts: as in `load`.

        Raises:
            CaseError: with every problem found.
        """
        if deep(table):
            raise CaseError(Problem("", "is nested too deep", "see docs/case_files.md"), name)
        source = Source(plain(table), Path(folder), name, allow_scripts=allow_scripts)
        return cls._from_source(source)

    @classmethod
    def _from_source(cls, source: Source) -> Case:
        with computable(source.name):
            return cls(validate(source), source)

    def replace(self, changes: Overrides) -> Case:
        """A new valid case with changes by dotted path, as in `load`.

        Raises:
            CaseError: with every problem found.
        """
        return self._from_source(override(self.source, changes))

    @property
    def name(self) -> str:
        """Name of the file without its folder and ending."""
        return Path(self.source.name).stem

    @property
    def title(self) -> str:
        """Title, or the name."""
        return self.file.title or self.name

    @property
    def folder(self) -> Path:
        """Folder that relative file names start from."""
        return self.source.folder

    @property
    def cell(self) -> Cell:
        """[cell]."""
        return self.file.cell

    @property
    def mesh(self) -> Mesh:
        """[mesh]."""
        return self.file.mesh

    @property
    def time(self) -> TimeControl:
        """[time]."""
        return self.file.time

    @property
    def solver(self) -> Solver:
        """[solver]."""
        return self.file.solver

    @property
    def outputs(self) -> Outputs:
        """[outputs]."""
        return self.file.outputs

    @property
    def start_temperature(self) -> float:
        """Temperature of everything at the start [K]."""
        return self.cell.start_temperature

    @property
    def where(self) -> Where:
        """Turns key paths into text with line numbers, for messages."""
        return Where(self.source.table, self.source.lines)

    @cached_property
    def area(self) -> float:
        """Face area of one layer [m2]; 1 for an imported mesh that states none."""
        return self.geometry.face_area or 1.0

    @cached_property
    def electrode_area(self) -> float:
        """Area that the terminal current spreads over [m2]: face times unit cells."""
        return self.area * self.cell.unit_cells

    @cached_property
    def capacity(self) -> float | None:
        """Capacity [C]: cell.capacity, or what the composite electrode holds; None if unknown."""
        from joulestack.case.layers.recipes import capacity_of, nominal

        stated = nominal(self.file, lambda: self.active_mass)
        return stated or capacity_of(self.file, self.media(), self.electrode_area)

    @property
    def active_mass(self) -> float | None:
        """Mass of active material that mA/g count per [kg]; the positive one's of two."""
        from joulestack.case.layers.recipes import active_mass

        return active_mass(self.file, self.media(), self.electrode_area)

    @property
    def driven(self) -> bool:
        """Whether there is an electrical load; heat alone if not."""
        return self.file.load is not None

    @cached_property
    def protocol(self) -> Protocol:
        """What happens to the cell, step after step; one endless rest for heat alone."""
        from joulestack.case.protocol.build import protocol_of
        from joulestack.case.protocol.cell_facts import facts_of

        return protocol_of(self.file.load, self.time, facts_of(self.file, self.folder, self.media))

    @cached_property
    def stack_pressure(self) -> profiles.StackPressure:
        """Stack pressure in time, or its map over the face."""
        return pressure.pressure_of(self.cell, self.folder, self.mesh)

    @cached_property
    def thermal_conditions(self) -> dict[str, tuple[profiles.FaceCondition, ...]]:
        """Conditions of each face that has any; they add up."""
        result = {}
        for face, entry in self.file.thermal.faces.items():
            found = [drives.condition_of(c, self.folder) for c in drives.entries(entry)]
            conditions = tuple(c for c in found if c is not None)
            if conditions:
                result[face] = conditions
        return result

    @cached_property
    def table_notes(self) -> tuple[str, ...]:
        """What was decided about files of numbers: signs, units, columns passed over."""
        with listening() as heard:
            fresh = Case(self.file, self.source)
            _ = fresh.protocol, fresh.stack_pressure, fresh.thermal_conditions, fresh.heat_sources
        return tuple(heard)

    @property
    def probes(self) -> tuple[profiles.Probe, ...]:
        """Points of the time series."""
        return tuple(drives.probe_of(p) for p in self.file.probes)

    @property
    def heat_sources(self) -> dict[str, profiles.InTime]:
        """Prescribed heat source of each layer that has one [W/m3], or its table in time."""
        return {
            b.name: in_time(b.heat_source, self.folder)
            for b in stack.layers(self.cell)
            if b.heat_source is not None
        }

    @property
    def end_time(self) -> float:
        """End of the run at the latest [s]; 0 for a steady one."""
        return 0.0 if self.time.steady else self.protocol.longest

    @property
    def expected_time(self) -> float:
        """How long the run is likely to last [s], by the capacity."""
        return min(self.end_time, likely(self.protocol, self.capacity))

    @cached_property
    def output_times(self) -> tuple[float, ...]:
        """Times of written states [s], the end included.

        If nothing is asked for, 60 intervals over the time that the run is expected to last; where
        it lasts longer, 60 of twice that length, and so on.
        """
        end = self.end_time
        if self.outputs.times is not None:
            return tuple(sorted({*(t for t in self.outputs.times if t <= end), end}))
        found, step = [0.0], self.outputs.every or self.expected_time / 60
        if self.outputs.every and end / step > MOST_STATES:
            what = f"makes {end / step:.3g} states, more than {MOST_STATES:,}"
            where = self.where("outputs", "every")
            raise CaseError(Problem(where, what, f'every = "{end / MOST_STATES:.2g} s" or more'))
        while step and found[-1] < end:
            found += [found[-1] + i * step for i in range(1, 61)]
            step *= 1 if self.outputs.every else 2
        return (*(t for t in found if t < end * (1 - 1e-12)), end)

    @cached_property
    def named_times(self) -> tuple[float, ...]:
        """Those of them that the case names, where steps end: each has a record of its own [s].

        A regular interval names times where they are few; steps should not follow it otherwise.
        """
        asked = self.outputs.times is not None or self.outputs.every is not None
        few = self.outputs.times is not None or len(self.output_times) <= FEW
        return tuple(t for t in self.output_times if 0 < t < self.end_time) if asked and few else ()

    @cached_property
    def geometry(self) -> Geometry:
        """What answers everything about the shape of the cell."""
        return geometry_of(self.cell, self.mesh)

    @cached_property
    def mesh_spec(self) -> Geometry:
        """What to mesh."""
        return mesh_spec(self.file, self.folder, self.source.allow_scripts)

    @property
    def touching(self) -> list[tuple[str, str]]:
        """Pairs of layers and rings that touch: (lower, upper) or (inner, outer)."""
        return self.geometry.touching()

    def media(self) -> dict[str, Medium]:
        """The fabricated medium of each layer and ring; layers of one material share it."""
        if all(request.ready for request in self.microstructures):
            return self._media
        from joulestack.case.layers.recipes import media_of

        return media_of(self.file, self.folder)  # stand-ins are not kept

    @cached_property
    def _media(self) -> dict[str, Medium]:
        from joulestack.case.layers.recipes import media_of

        return media_of(self.file, self.folder)

    @cached_property
    def microstructures(self) -> tuple[Request, ...]:
        """What layers are made of that has to be computed first, computed yet or not."""
        from joulestack.case.layers.recipes import requests_of

        return requests_of(self.file, self.folder)

    @cached_property
    def clamping(self) -> Clamping | None:
        """The fixture and what grows in it; None where the stack pressure is held."""
        from joulestack.case.clamping.clamping import clamping_of

        return clamping_of(self.file, self._media, self.folder)

    def contacts(self) -> dict[tuple[str, str], Contacts]:
        """How each pair of touching layers meets; library defaults where nothing is stated."""
        return self._contacts

    @cached_property
    def _contacts(self) -> dict[tuple[str, str], Contacts]:
        from joulestack.case.interfaces.contacts import contacts_of

        return contacts_of(self.file, self._media)

    def __repr__(self) -> str:
        layers = " | ".join(layer.name for layer in self.cell.layers)
        return f"<Case {self.name}: {self.cell.geometry}, {layers}>"

    def _repr_html_(self) -> str:
        rows = [
            (
                layer.name,
                layer.material,
                "" if layer.thickness is None else format_quantity(layer.thickness, "m"),
            )
            for layer in self.cell.layers
        ]
        shown = _html.table(("layer", "material", "thickness"), rows, self.title)
        steps = [(step.text,) for step in self.protocol.steps[:FEW]]
        more = len(self.protocol.steps) - FEW
        rest = [(f"and {more} more",)] if more > 0 else []
        told = f"{self.cell.geometry}, {self.electrode_area * 1e4:.4g} cm^2"
        return shown + _html.text(told) + _html.table(("protocol",), [*steps, *rest])

    def to_dict(self) -> dict[str, Any]:
        """The case as written: `extends` and overrides applied, units kept, no defaults."""
        return dict(override(self.source, {}).table)

    def to_toml(self) -> str:
        """The case as written (see `to_dict`) as TOML text, which `load` reads again."""
        import tomli_w  # 10 ms that a check does not need

        return tomli_w.dumps(self.to_dict())

    def resolved(self) -> dict[str, Any]:
        """The case with every default, in SI, as plain data that `from_dict` reads again."""
        data: dict[str, Any] = self.file.model_dump(mode="json", exclude_none=True)
        own = given(self.file)
        for i, layer in enumerate(data["cell"]["layers"]):
            if i not in own:  # it follows, and would be one number too many
                layer.pop("thickness", None)
        return data

    def digest(self) -> str:
        """Hash of everything that shapes the results: the resolved case and the files it names."""
        data = {k: v for k, v in self.resolved().items() if k != "title"}
        digest = hashlib.sha256(json.dumps(data, sort_keys=True).encode())
        for name in sorted(file_names(data)):
            path = self.folder / name
            if path.is_file():
                digest.update(name.encode() + path.read_bytes())
        return digest.hexdigest()
