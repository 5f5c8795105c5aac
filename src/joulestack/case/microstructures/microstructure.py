"""Microstructure cases: read, held against their schema, and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from joulestack.case.messages import Where, problems_from, with_remedies
from joulestack.case.microstructures.check_microstructure import check
from joulestack.case.microstructures.schema import MicrostructureFile, MicrostructureTables
from joulestack.case.reading import Source, beyond, override, read_file
from joulestack.errors import CaseError


@dataclass(frozen=True)
class MicrostructureCase:
    """A valid microstructure case, all SI.

    Attributes:
        file: the case as models.
        source: the merged table and where it came from.
    """

    file: MicrostructureTables
    source: Source

    @classmethod
    def load(cls, path: str | Path, changes: Mapping[str, Any] | None = None) -> MicrostructureCase:
        """Read a TOML file; see `joulestack.case.case.Case.load`.

        Raises:
            CaseError: with every problem found.
        """
        case = cls.read(path, changes)
        case.refuse()
        return case

    @classmethod
    def read(cls, path: str | Path, changes: Mapping[str, Any] | None = None) -> MicrostructureCase:
        """The same, but a cell that uses the case may fill in what it leaves out.

        Raises:
            CaseError: what is there is wrong by itself.
        """
        source = override(read_file(Path(path)), changes or {})
        if away := beyond(source):
            raise CaseError(away, source.name)
        where = Where(source.table, source.lines)
        try:
            file = MicrostructureFile.model_validate(source.table)
        except ValidationError as error:
            raise CaseError(problems_from(error, MicrostructureFile, where), source.name) from None
        return cls(file, source)

    def refuse(self) -> None:
        """Check what concerns more than one value.

        Raises:
            CaseError: with every problem found.
        """
        where = Where(self.source.table, self.source.lines)
        problems = check(self.file, self.source.folder, where)
        if problems:
            raise CaseError(with_remedies(problems), self.source.name)

    @property
    def name(self) -> str:
        """Name of the file without its folder and ending."""
        return Path(self.source.name).stem

    @property
    def folder(self) -> Path:
        """Folder that file names start from."""
        return self.source.folder
