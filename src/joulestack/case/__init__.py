"""Case files: schema, reading, checking, and the plain objects made from them."""

from joulestack.case.case import Case

__all__ = ["Case"]
