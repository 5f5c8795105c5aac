"""Choices between forms of a value, told apart by what is written, so that errors name one form.

Tags stand in angle brackets; `messages` takes them out of the paths it shows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Discriminator, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticKnownError, core_schema


def has(value: object, key: str) -> bool:
    """Tell whether a table or model has a key."""
    if isinstance(value, Mapping):
        return key in value
    return getattr(value, key, None) is not None


def get(value: object, key: str) -> Any:
    """Entry of a table or model, None if missing."""
    return value.get(key) if isinstance(value, Mapping) else getattr(value, key, None)


def is_table(value: object) -> bool:
    """Tell whether a value is a table (or its model)."""
    return isinstance(value, (Mapping, BaseModel))


def value_or_table() -> Discriminator:
    """A quantity ("<value>") or a table ("<table>")."""
    return Discriminator(lambda v: "<table>" if is_table(v) else "<value>")


def flat_or_nested() -> Discriminator:
    """A list ("<list>") or a list of lists ("<lists>")."""

    def tag(value: object) -> str:
        nested = isinstance(value, (list, tuple)) and any(
            isinstance(item, (list, tuple)) for item in value
        )
        return "<lists>" if nested else "<list>"

    return Discriminator(tag)


def one_or_many() -> Discriminator:
    """One table ("<one>") or a list of them ("<many>")."""
    return Discriminator(lambda v: "<many>" if isinstance(v, (list, tuple)) else "<one>")


class _Choice(Discriminator):
    """A discriminator with a message of its own; hashed, for Python 3.11 and 3.12 hash a union's
    members, and the message's context is a dict."""

    __hash__ = object.__hash__


def by_key(key: str, choices: tuple[str, ...]) -> Discriminator:
    """Tables told apart by the text under `key`; tags are "<text>"."""

    def tag(value: object) -> str | None:
        chosen = get(value, key)
        return f"<{chosen}>" if chosen in choices else None

    return _Choice(
        tag,
        custom_error_type="choice",
        custom_error_message="unknown " + key,
        custom_error_context={"key": key, "choices": "|".join(choices)},
    )


def by_marker(pick: Callable[[object], str | None], message: str) -> Discriminator:
    """Tables told apart by a function that returns a tag or None."""
    return _Choice(
        pick,
        custom_error_type="form",
        custom_error_message="{message}",
        custom_error_context={"message": message},
    )


@dataclass(frozen=True)
class OneOf:
    """Annotation of a text that is one of names to which scripts may add; else like `Literal`.

    Attributes:
        names: gives them.
    """

    names: Callable[[], tuple[str, ...]]

    def read(self, value: object) -> str:
        """The name, if it is one."""
        if isinstance(value, str) and value in self.names():
            return value
        *most, last = (repr(name) for name in self.names())
        expected = f"{', '.join(most)} or {last}" if most else last
        raise PydanticKnownError("literal_error", {"expected": expected})

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Read in place of pydantic's own text."""
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """The names as they are now."""
        return {"enum": list(self.names()), "type": "string"}
