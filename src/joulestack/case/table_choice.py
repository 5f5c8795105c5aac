"""What a case says of the columns of a table beside, or in place of, their titles."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from joulestack.case.quantities import Section
from joulestack.tables.layout import Choice


class TableChoice(Section):
    """Which columns of a file are meant, and their units."""

    columns: dict[str, str | int] = Field(
        {}, description="quantity -> title of its column in the file, or its number from 1"
    )
    units: dict[str, str] = Field(
        {}, description="quantity -> unit of its column, in place of what its title says"
    )

    def choice(self) -> Choice:
        """For the reader of tables."""
        return Choice(dict(self.columns), dict(self.units))


class SignedChoice(TableChoice):
    """The same for a load, whose current has a direction."""

    sign: Literal["discharge positive", "charge positive"] | None = Field(
        None,
        description="which way is positive in the file; without: as the file shows, else discharge",
    )
