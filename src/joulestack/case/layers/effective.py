"""`effective = {microstructure = ...}`: what a cell's case leaves out of a microstructure.

Conductivities of the phases, the density that is wanted, which phase is active: what the tables do
not say is taken from the layer; what they say is held against it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from joulestack.case.messages import Where
from joulestack.case.microstructures.check_microstructure import check, phases
from joulestack.case.microstructures.microstructure import MicrostructureCase
from joulestack.case.microstructures.microstructure_key import table_path
from joulestack.case.microstructures.schema import (
    AnalysisTable,
    CompactionTable,
    MicrostructureTables,
    SpeciesTable,
    TransportTable,
)
from joulestack.case.reading import Source
from joulestack.errors import CaseError, Problem
from joulestack.fabrication.composite.electrode import CompositeElectrode
from joulestack.fabrication.electrolyte import SolidElectrolyte
from joulestack.fabrication.layers import AnyMedium, fabricate
from joulestack.fabrication.specification import Composite, Computed, Fabrication
from joulestack.fabrication.tabulated import SCALINGS, computed, read
from joulestack.laws.state import ROOM

SHARE = 0.02
"""Largest difference between the shares of a packing and those of the electrode."""


@dataclass(frozen=True)
class Request:
    """A microstructure that a layer is made of.

    Attributes:
        where: of the material in the case.
        case: complete.
        path: of the table, once it has been computed.
    """

    where: str
    case: MicrostructureCase
    path: Path

    @property
    def ready(self) -> bool:
        """Whether it has been computed."""
        return self.path.is_file()


def structured(
    spec: Fabrication | Composite, given: str | MicrostructureTables, folder: Path,
    folders: tuple[Path, ...], where: str,
) -> tuple[Computed, Request | None]:  # fmt: skip
    """What a microstructure gives to a layer, and what to compute for it; None for a table.

    Args:
        spec: how the layer is made, without the microstructure.
        given: name of a table (.json) or of a microstructure case (.toml), or its tables.
        folder: of the cell's case.
        folders: where a table may lie.
        where: of the material in the case.

    Raises:
        CaseError: no such file, or tables that do not fit the layer.
    """
    key = f"{where}.effective.microstructure"
    if isinstance(given, str) and not given.endswith(".toml"):
        found = read(given, folders, key)
        if isinstance(spec, Fabrication):
            return found, None
        return replace(found, roles=_roles(_electrode(spec, folders, where))), None
    medium = fabricate(spec, folders, where)
    case = _load(given, folder, key, where)
    complete = _Filling(case, medium, spec, key).complete()
    problems = check(complete, case.folder, Where(case.source.table, case.source.lines))
    if problems:
        raise CaseError([_below(key, case, p) for p in problems])
    request = Request(where, replace(case, file=complete), table_path(complete, case.folder))
    roles = {} if isinstance(medium, SolidElectrolyte) else _roles(medium)
    if request.ready:
        table = json.loads(request.path.read_text("utf-8"))
        return computed(case.name, table, roles), request
    asked = {t.property for t in complete.transport}
    provides = tuple(n for n in SCALINGS if n in asked)
    return Computed(case.name, provides, complete.analysis.active is not None, None, roles), request


def _load(
    given: str | MicrostructureTables, folder: Path, key: str, where: str
) -> MicrostructureCase:
    if isinstance(given, MicrostructureTables):
        name = where.rpartition(".")[2]
        return MicrostructureCase(given, Source({}, folder, name))
    try:
        return MicrostructureCase.read(folder / given)
    except CaseError as error:
        found = [Problem(key, f"{given}: {p}", p.remedy) for p in error.problems]
        raise CaseError(found) from None


def _below(key: str, case: MicrostructureCase, problem: Problem) -> Problem:
    """A problem of a microstructure as one of the cell's case."""
    if case.source.name.endswith(".toml"):
        what = f"{Path(case.source.name).name}, {problem.where}: {problem.what}"
        return Problem(key, what, problem.remedy)
    return Problem(f"{key}.{problem.where}", problem.what, problem.remedy)


def _electrode(
    spec: Fabrication | Composite, folders: tuple[Path, ...], where: str
) -> CompositeElectrode:
    made = fabricate(spec, folders, where)
    assert isinstance(made, CompositeElectrode)
    return made


def _roles(medium: Any) -> dict[str, str]:
    """Names that a phase of an image can have -> phase of the electrode."""
    found = {phase: phase for phase in medium.phases} | {"electrolyte": "electrolyte"}
    found |= {law.density.material: phase for phase, law in medium.phases.items()}
    return found | {medium.electrolyte.name: "electrolyte"}


class _Filling:
    """Tables of a microstructure with what the layer knows of itself."""

    def __init__(
        self, case: MicrostructureCase, medium: AnyMedium, spec: Fabrication | Composite, key: str
    ) -> None:
        self.file, self.medium, self.spec, self.key = case.file, medium, spec, key
        self.solids = list(phases(case.file)[1:])
        if isinstance(medium, CompositeElectrode):
            self.roles: Mapping[str, str] = _roles(medium)
        elif isinstance(medium, SolidElectrolyte):
            self.roles = dict.fromkeys(self.solids, "electrolyte")
        else:
            what = f"has no effect: {medium.name} is not made from powder here"
            raise CaseError(Problem(key, what, "leave it out"))

    def complete(self) -> MicrostructureTables:
        """The tables.

        Raises:
            CaseError: phases or shares that are not those of the layer.
        """
        self._fits()
        file, room = self.file, ROOM
        changes: dict[str, Any] = {}
        if file.packing is not None and file.compaction is None:
            phi = round(float(self.medium.relative_density(room)), 6)
            changes["compaction"] = CompactionTable(relative_density=(phi,))
        if file.packing is not None and file.compaction is not None and file.compaction.pressing:
            species = tuple(self._named(s) for s in file.packing.species)
            changes["packing"] = file.packing.model_copy(update={"species": species})
        given = file.transport or tuple(TransportTable(property=n) for n in self._wanted())  # type: ignore[arg-type]
        changes["transport"] = tuple(
            t if t.conductivity else t.model_copy(update={"conductivity": self._values(t.property)})
            for t in given
        )
        if isinstance(self.medium, CompositeElectrode) and len(self._active()) == 1:
            changes["analysis"] = self._analysis()
        return file.model_copy(update=changes)

    def _named(self, species: SpeciesTable) -> SpeciesTable:
        """A species whose mechanics are those of the layer's material, where it names a phase."""
        role = self.roles.get(species.name, species.name)
        if species.material is not None:
            return species
        if isinstance(self.medium, CompositeElectrode):
            phase = self.medium.phases.get(role)
            own = self.medium.electrolyte.name if phase is None else phase.density.material
            return species.model_copy(update={"material": own})
        return species.model_copy(update={"material": self.medium.name})

    def _fits(self) -> None:
        if not isinstance(self.medium, CompositeElectrode):
            return
        problems = []
        lost = [n for n in self.solids if n not in self.roles]
        for name in lost:
            remedy = f"one of: {', '.join(self.roles)}"
            problems.append(
                Problem(self.key, f'"{name}" is none of the phases of this electrode', remedy)
            )
        shares: dict[str, float] = {}
        for name in self.solids:
            role = self.roles.get(name, name)
            own = [s.share for s in self.file.packing.species if s.name == name] if (
                self.file.packing
            ) else [0.0]  # fmt: skip
            shares[role] = shares.get(role, 0.0) + sum(own)
        for role, share in self.medium.shares.items() if not lost else ():
            name = next(n for n, r in reversed([*self.roles.items()]) if r == role)
            if role not in shares:
                what = f"there is no phase for {name} in it"
                problems.append(Problem(self.key, what, f'a species named "{name}"'))
            elif self.file.packing is not None and abs(shares[role] - share) > SHARE:
                what = f"holds {shares[role]:.3g} of {name} by volume, the electrode {share:.3g}"
                problems.append(Problem(f"{self.key}.packing", what, f"share = {share:.3f}"))
        if problems:
            raise CaseError(problems)

    def _wanted(self) -> tuple[str, ...]:
        return tuple(SCALINGS)[: 3 if isinstance(self.medium, CompositeElectrode) else 2]

    def _values(self, name: str) -> dict[str, str | float]:
        """Conductivities of the phases at room temperature; those that do not conduct left out."""
        if not isinstance(self.medium, CompositeElectrode):
            return dict.fromkeys(self.solids, 1.0)  # f(phi) is a ratio
        found: dict[str, str | float] = {}
        for phase in self.solids:
            role = self.roles[phase]
            conducts = role == "electrolyte" if name[0] == "i" else role != "electrolyte"
            if conducts or name == "thermal_conductivity":
                found[phase] = float(self.medium.mixture.grain_conductivity(name, role, ROOM))
        return found if len(found) > 1 else dict.fromkeys(found, 1.0)  # ratios are what counts

    def _active(self) -> list[str]:
        """Phases of active material; of several, none is asked whether it is reached."""
        return [n for n in self.solids if self.roles[n].startswith("active")]

    def _analysis(self) -> AnalysisTable:
        """Ions come from the separator, electrons from the collector."""
        active = self._active()
        rest = [n for n in self.solids if n not in active]
        ionic = [n for n in rest if self.roles[n] == "electrolyte"]
        electronic = [*active, *(n for n in rest if n not in ionic)]
        if self.file.analysis.active is not None:
            return self.file.analysis
        changes = {"active": active[0], "ionic": tuple(ionic), "electronic": tuple(electronic)}
        return self.file.analysis.model_copy(update=changes | {"ends": "own"})
