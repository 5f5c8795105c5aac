"""The JSON Schema of case files."""

from __future__ import annotations

import json
import re
from typing import Any

from joulestack.case.root import json_schema


def nodes(node: Any) -> list[dict[str, Any]]:
    if isinstance(node, dict):
        return [node, *(n for v in node.values() for n in nodes(v))]
    return [n for v in node for n in nodes(v)] if isinstance(node, list) else []


def test_is_json_without_null_or_dangling_references() -> None:
    schema = json_schema()
    assert json.loads(json.dumps(schema)) == schema
    for node in nodes(schema):
        assert node.get("type") != "null"
        if "$ref" in node and isinstance(node["$ref"], str):
            assert node["$ref"].removeprefix("#/$defs/") in schema["$defs"]


def test_every_key_is_described() -> None:
    schema = json_schema()
    for name, model in [("CaseFile", schema), *schema["$defs"].items()]:
        for key, entry in model.get("properties", {}).items():
            assert entry.get("description"), f"{name}.{key}"
        if model.get("type") == "object" and name != "ContactTable":
            assert model["additionalProperties"] is False, name


def test_quantities_carry_unit_and_pattern() -> None:
    diameter = json_schema()["$defs"]["Cell"]["properties"]["diameter"]
    assert diameter["unit"] == "m"
    number, text = diameter["anyOf"]
    assert number == {"type": "number", "exclusiveMinimum": 0.0}
    assert re.match(text["pattern"], "10 mm")
    assert not re.match(text["pattern"], "10")
    assert not re.match(text["pattern"], "mm")


def test_patterns_are_ecmascript() -> None:
    """With its flag u, as editors use it: nothing is escaped but what has a meaning of its own."""
    known = set("^$\\.*+?()[]{}|/-dDwWsSbBnrtfv")
    patterns = {n["pattern"] for n in nodes(json_schema()) if isinstance(n.get("pattern"), str)}
    assert len(patterns) > 3
    escaped = {e for p in patterns for e in re.findall(r"\\(.)", p)}
    assert escaped <= known
    assert not any(word in p for p in patterns for word in ("(?P", "(?i", r"\A", r"\Z"))


def test_validates_the_shipped_cases() -> None:
    import tomllib
    from pathlib import Path

    import pytest

    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(json_schema())
    for path in (Path(__file__).parents[2] / "cases").glob("*.toml"):
        table = tomllib.loads(path.read_text())
        if "extends" not in table:
            assert not list(validator.iter_errors(table)), path
