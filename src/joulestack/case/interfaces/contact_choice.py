"""What can be said of one transport over an interface."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field, Tag

from joulestack.case.quantities import Section
from joulestack.case.unions import by_marker, is_table


class ContactTable(Section):
    """A resistance law and its parameters, as `docs/case_files.md` lists them."""

    model_config = ConfigDict(extra="allow")

    law: str = Field(description="name of the law")

    @property
    def parameters(self) -> dict[str, Any]:
        """Parameters as written."""
        return dict(self.model_extra or {})


def _contact(value: object) -> str:
    return "<table>" if is_table(value) else "<word>"


ContactChoice = Annotated[
    Annotated[str | float, Tag("<word>")] | Annotated[ContactTable, Tag("<table>")],
    by_marker(_contact, "neither a word nor a table"),
]
"""perfect | default | an area-specific resistance | {law = ..., ...}."""
