"""The whole case file as one model, and its JSON Schema."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from joulestack.case.experiments.measurement import Impedance, Polarisation, ThermalWave
from joulestack.case.layers.fabrication import Interface, Recipe
from joulestack.case.load.load import Load
from joulestack.case.load.thermal import Thermal
from joulestack.case.quantities import Section
from joulestack.case.settings.accuracy import Accuracy, settled
from joulestack.case.settings.numerics import Mesh, Outputs, Probe, Solver, TimeControl
from joulestack.case.stack.cell import AnyCell

VERSION = 1


class CaseFile(Section):
    """A joulestack case."""

    joulestack: Literal[1] = Field(description="version of the case language")
    title: str = Field("", description="one line on what the case shows")
    extends: str | None = Field(None, description="case file that this one changes")
    cell: AnyCell = Field(description="geometry and layers")
    materials: dict[str, Recipe] = Field({}, description="how the case's own materials were made")
    interfaces: tuple[Interface, ...] = Field((), description="contacts that differ from default")
    load: Load | None = Field(None, description="none: heat only")
    thermal: Thermal = Field(description="conditions on the outer faces")
    accuracy: Accuracy = Field(
        "normal",
        description="how much the results may be off by what is numerical: the numbers of [mesh] "
        "and [time] that are not given",
    )
    mesh: Mesh = Field(default_factory=lambda: Mesh(), description="how the cell is divided")
    time: TimeControl = Field(
        default_factory=lambda: TimeControl(), description="length and accuracy of the run"
    )
    solver: Solver = Field(default_factory=lambda: Solver(), description="linear solver")
    outputs: Outputs = Field(default_factory=lambda: Outputs(), description="what is written")
    probes: tuple[Probe, ...] = Field((), description="points in the time series")
    impedance: Impedance | None = Field(None, description="for joulestack impedance")
    polarisation: Polarisation | None = Field(None, description="for joulestack polarisation")
    thermal_wave: ThermalWave | None = Field(None, description="for joulestack thermal-wave")

    @model_validator(mode="after")
    def _settle(self) -> Self:
        """Give [mesh] and [time] the numbers that `accuracy` stands for."""
        for name in ("mesh", "time"):  # the models are frozen for everybody else
            self.__dict__[name] = settled(getattr(self, name), name, self.accuracy)
        return self

    @property
    def ends(self) -> bool:
        """Whether a run of it comes to an end."""
        time, load = self.time, self.load
        return time.steady or time.end is not None or (load is not None and load.bounded)

    @property
    def measured(self) -> bool:
        """Whether a measurement is asked for, which needs no run and no end of one."""
        return any(s is not None for s in (self.impedance, self.polarisation, self.thermal_wave))

    @property
    def electrical(self) -> bool:
        """Whether current is to flow: under a load, or in a measurement."""
        return any(s is not None for s in (self.load, self.impedance, self.polarisation))


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of case files, for editors and other programs."""
    schema = _without_null(CaseFile.model_json_schema(mode="validation"))
    kinds = schema.pop("$defs")
    whole = {key: schema[key] for key in ("additionalProperties", "properties", "required", "type")}
    kinds[WHOLE] = whole
    keys = {k: {"description": entry["description"]} for k, entry in whole["properties"].items()}
    changes = {f"{name}{CHANGED}": _of_changes(kind) for name, kind in kinds.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **{key: schema[key] for key in ("title", "description") if key in schema},
        "type": "object",
        "properties": keys,
        "additionalProperties": False,
        "if": {"required": ["extends"]},
        "then": {"$ref": f"#/$defs/{WHOLE}{CHANGED}"},
        "else": {"$ref": f"#/$defs/{WHOLE}"},
        "$defs": kinds | changes,
    }


WHOLE = "CaseFile"
CHANGED = "OfChanges"
"""Ending of what a file that extends another may hold: the same, but nothing is required."""


def _of_changes(node: Any) -> Any:
    """A schema for tables that change those of another file, which has what is required."""
    if isinstance(node, str) and node.startswith("#/$defs/"):
        return node + CHANGED
    if isinstance(node, list):
        return [_of_changes(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {k: v for k, v in node.items() if k != "required" or isinstance(v, dict)}
    if "oneOf" in kept:  # which one it is may be said in the other file
        kept["anyOf"] = kept.pop("oneOf")
    return {key: _of_changes(entry) for key, entry in kept.items()}


def _without_null(node: Any) -> Any:
    """TOML has no null: take it out of every choice."""
    if isinstance(node, list):
        return [_without_null(item) for item in node]
    if not isinstance(node, dict):
        return node
    node = {k: _without_null(v) for k, v in node.items() if not (k == "default" and v is None)}
    for word in ("anyOf", "oneOf"):
        choices = [c for c in node.get(word, []) if c != {"type": "null"}]
        if word in node and len(choices) == 1:
            del node[word]
            node = {**choices[0], **node}
        elif word in node:
            node[word] = choices
    return node
