"""From pydantic's errors to problems that say what, where and what would be right."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, Tag, ValidationError

from joulestack import units
from joulestack.case.paths import Key, show
from joulestack.case.quantities import Quantity, Section
from joulestack.errors import Problem, shown
from joulestack.spelling import did_you_mean

_TYPES = {
    "string_type": "text in quotes",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "tuple_type": "a list [...]",
    "list_type": "a list [...]",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "missing_argument": "a value",
}


SEE = "docs/case_files.md says what may stand there"
MOST_READ = 200
"""Problems of one case that are looked into: a list of 50 000 wrong values is one mistake."""


def one_of(word: str, known: Iterable[str]) -> str:
    """Remedy for a name that is not known: the nearest, and all if they are few."""
    names = list(known)
    near = did_you_mean(word, names)
    if not names:
        return "none can be given here"
    listing = f"one of: {', '.join(names)}" if len(names) <= 16 else ""
    many = f"{len(names)} names are known; see docs/case_files.md"
    return "; ".join(t for t in (near, listing) if t) or many


class Where:
    """Turns key paths into text with line numbers, for one merged case table."""

    def __init__(self, table: Any, lines: Mapping[tuple[Key, ...], str] | None = None) -> None:
        self.table = table
        self.lines = lines or {}

    def __call__(self, *loc: Key) -> str:
        """Path and line of the key, or of the nearest table around it."""
        text = show(loc, self.table)
        for end in range(len(loc), 0, -1):
            line = self.lines.get(tuple(loc[:end]))
            if line is not None:
                return f"{text} ({line})"
        return text


def problems_from(error: ValidationError, model: type[BaseModel], where: Where) -> list[Problem]:
    """One problem for each thing that pydantic found, up to `MOST_READ` of them."""
    result = []
    for item in error.errors(include_url=False)[:MOST_READ]:
        if item["type"] == "too_short" and len(item["input"]) >= item["ctx"]["min_length"]:
            continue  # its entries are wrong, not their number
        found = _problem(dict(item), model, where)
        remedy = "" if found.remedy else _wanted(model, item["loc"])
        result.append(replace(found, remedy=remedy) if remedy else found)
    return with_remedies(result)


def with_remedies(problems: Iterable[Problem]) -> list[Problem]:
    """Problems that all say what to do: where nobody knows better, where it is written."""
    return [p if p.remedy else replace(p, remedy=SEE) for p in problems]


def _problem(item: dict[str, Any], model: type[BaseModel], where: Where) -> Problem:
    loc: tuple[Key, ...] = item["loc"]
    path = clean(loc)
    place = where(*path)
    kind, value, context = item["type"], item["input"], item.get("ctx", {})
    key = str(path[-1]) if path else ""
    if kind == "extra_forbidden":
        return Problem(place, "unknown key", _instead(key, _section_at(model, loc[:-1])))
    if kind == "missing":
        return Problem(place, "is missing", _wanted(model, loc))
    if kind == "choice":
        word = value.get(context["key"]) if isinstance(value, Mapping) else None
        choices = context["choices"].split("|")
        if not isinstance(value, Mapping):
            return Problem(
                place, f"{_written(value)} is not a table", f'{{{context["key"]} = "..."}}'
            )
        if word is None:
            return Problem(place, f"`{context['key']}` is missing", one_of("", choices))
        return Problem(
            place, f'unknown {context["key"]} "{shown(word)}"', one_of(shown(word), choices)
        )
    if kind == "form":
        return Problem(place, context["message"], "see docs/case_files.md")
    if kind == "literal_error":
        choices = [c.strip("' ") for c in context["expected"].replace(" or ", ", ").split(",")]
        if path == ("joulestack",):
            return Problem(
                place, f"version {_written(value)} of the case language is not known", "write 1"
            )
        return Problem(place, f"{_written(value)} is not allowed", one_of(shown(value), choices))
    if kind == "value_error":
        return Problem.of(place, context["error"])
    if kind in _TYPES:
        return Problem(place, f"{_written(value)} is not {_TYPES[kind]}", _wanted(model, loc))
    if kind in ("greater_than_equal", "less_than_equal", "greater_than", "less_than"):
        bound = next(iter(context.values()))
        word = "at least" if kind.startswith("greater") else "at most"
        return Problem(place, f"{_written(value)} is out of range", f"must be {word} {bound}")
    if kind in ("too_short", "too_long"):
        bound = context.get("min_length", context.get("max_length"))
        word = "at least" if kind == "too_short" else "at most"
        return Problem(place, f"has {len(value)} entries", f"give {word} {bound}")
    if kind == "string_pattern_mismatch":
        return Problem(
            place, f'"{shown(value)}" cannot be a name', "no dots, brackets or quotes in it"
        )
    return Problem(place, f"{_written(value)}: {item['msg']}", _wanted(model, loc))


def _written(value: object) -> str:
    """A value as it would stand in Python, shortened."""
    return f"'{shown(value)}'" if isinstance(value, str) else shown(value)


def clean(loc: Sequence[Key]) -> tuple[Key, ...]:
    """Path without the tags of unions and pydantic's marks."""
    return tuple(k for k in loc if isinstance(k, int) or not (k.startswith("<") or k == "[key]"))


def _instead(key: str, section: type[Section] | None) -> str:
    """What was meant by an unknown key of a section."""
    if section is None:
        return one_of(key, ())
    return section.elsewhere.get(key) or one_of(key, section.model_fields)


def _section_at(model: Any, loc: Sequence[Key]) -> type[Section] | None:
    found = _annotation_at(model, loc)
    return found if isinstance(found, type) and issubclass(found, Section) else None


def _wanted(model: type[BaseModel], loc: Sequence[Key]) -> str:
    """What belongs at a path: the field's description and an example of its unit."""
    parent = _annotation_at(model, loc[:-1])
    if not (isinstance(parent, type) and issubclass(parent, BaseModel)):
        return ""
    info = parent.model_fields.get(str(loc[-1]))
    if info is None:
        return ""
    unit = _unit(info.annotation, info.metadata)
    text = info.description or ""
    return f'{text}; e.g. "{units.example(unit)}"' if unit else text


def _unit(annotation: Any, metadata: Sequence[Any]) -> str | None:
    """Unit of a quantity, also where a table may stand in its place."""
    own = next((m.unit for m in metadata if isinstance(m, Quantity)), None)
    if own is not None or get_origin(annotation) not in (Union, types.UnionType):
        return own
    branches = (get_args(a) for a in get_args(annotation) if get_origin(a) is Annotated)
    return next((u for inner, *more in branches if (u := _unit(inner, more))), None)


def _annotation_at(node: Any, loc: Sequence[Key]) -> Any:
    """Walk type annotations along a pydantic location."""
    for key in loc:
        node = _step(_bare(node), key)
        if node is None:
            return None
    return _bare(node)


def _bare(node: Any) -> Any:
    """Take off Annotated and `| None`."""
    while True:
        if get_origin(node) is Annotated:
            node = get_args(node)[0]
        elif get_origin(node) in (Union, types.UnionType):
            rest = [a for a in get_args(node) if a is not type(None)]
            if len(rest) != 1:
                return node
            node = rest[0]
        else:
            return node


def _step(node: Any, key: Key) -> Any:
    if isinstance(node, type) and issubclass(node, BaseModel):
        info = node.model_fields.get(str(key))
        return info.annotation if info else None
    origin, args = get_origin(node), get_args(node)
    if origin in (Union, types.UnionType):
        for branch in args:
            if get_origin(branch) is Annotated and Tag(str(key)) in get_args(branch)[1:]:
                return branch
        return node  # a tag that pydantic did not report
    if origin is tuple:
        return args[0]
    if origin is dict:
        return args[1]
    return None
