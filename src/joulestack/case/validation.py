"""From a merged table to a valid case file, or every problem in it at once."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from joulestack.case import checks
from joulestack.case.layers.thickness import settle
from joulestack.case.messages import Where, clean, problems_from, with_remedies
from joulestack.case.paths import Key
from joulestack.case.reading import Source, beyond
from joulestack.case.root import CaseFile
from joulestack.errors import CaseError, Problem

REQUIRED: Mapping[str, Any] = {
    "joulestack": 1,
    "cell": {"geometry": "line", "layers": [{"name": "none", "material": "none"}]},
    "thermal": {"faces": {}},
    "time": {"steady": True},
}
"""Stands in for a broken required section while the other sections are checked."""


def validate(source: Source) -> CaseFile:
    """Validate a merged case table.

    Where a section is broken, the checks that need no broken section still run, so that one
    round shows as much as possible.

    Raises:
        CaseError: with every problem found.
    """
    if away := beyond(source):  # nothing is opened then
        raise CaseError(away, source.name)
    where = Where(source.table, source.lines)
    problems: list[Problem] = []
    broken: set[str] = set()
    table = source.table
    try:
        case = CaseFile.model_validate(table)
    except ValidationError as error:
        problems = problems_from(error, CaseFile, where)
        found = error.errors(include_url=False)
        unknown = [clean(e["loc"]) for e in found if e["type"] == "extra_forbidden"]
        broken = {str(clean(e["loc"])[0]) for e in found if e["type"] != "extra_forbidden"}
        sound = {k: v for k, v in _without(table, unknown).items() if k not in broken}
        stand_in = {k: v for k, v in REQUIRED.items() if k != "time" or broken & {"time", "load"}}
        case = CaseFile.model_validate({**stand_in, **sound})
    settle(case, source.folder)
    problems += checks.run(case, source.folder, where, broken, source.allow_scripts)
    if problems:
        raise CaseError(_unique(with_remedies(problems)), source.name)
    return case


def _without(table: Mapping[str, Any], paths: list[tuple[Key, ...]]) -> dict[str, Any]:
    """Copy of a table without some keys."""
    result = copy.deepcopy(dict(table))
    for path in paths:
        node: Any = result
        for key in path[:-1]:
            node = node[key]
        del node[path[-1]]
    return result


def _unique(problems: list[Problem]) -> list[Problem]:
    return list(dict.fromkeys(problems))
