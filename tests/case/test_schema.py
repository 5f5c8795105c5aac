"""The JSON Schema of case files."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import jsonschema

from joulestack.case.root import CHANGED, json_schema


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
        if model.get("type") == "object" and name.removesuffix(CHANGED) != "ContactTable":
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
    """Those too that extend another one, which need not say again what that one says."""
    validator = jsonschema.Draft202012Validator(json_schema())
    seen = 0
    for path in (Path(__file__).parents[2] / "cases").rglob("*.toml"):
        table = tomllib.loads(path.read_text())
        if "cell" in table or "extends" in table:  # else a microstructure, or what was measured
            assert not list(validator.iter_errors(table)), path
            seen += "extends" in table
    assert seen > 5


def test_what_extends_nothing_says_all_and_what_extends_says_it_rightly() -> None:
    validator = jsonschema.Draft202012Validator(json_schema())
    partial = {"joulestack": 1, "cell": {"stack_pressure": "5 MPa"}}
    assert not validator.is_valid(partial)
    assert validator.is_valid(partial | {"extends": "a.toml"})
    for wrong in ({"stack_presure": "5 MPa"}, {"stack_pressure": "5"}):
        assert not validator.is_valid({"extends": "a.toml", "joulestack": 1, "cell": wrong})
    assert not validator.is_valid({"extends": "a.toml", "joulestack": 1, "tiem": {}})
