"""Every law has a record; what the record names is there; the page is current."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from typer.testing import CliRunner

from joulestack.cli.main import app
from joulestack.errors import CaseError
from joulestack.fabrication.contact_registry import LAWS as CONTACT_LAWS
from joulestack.fabrication.law_choices import LAWS
from joulestack.laws.catalogue import CATALOGUE, records
from joulestack.laws.forms import FORMS
from joulestack.laws.kinetics import KINETICS
from joulestack.materials import reader
from joulestack.reports.laws import found, page


@pytest.mark.parametrize(("topic", "record"), [pytest.param(t, r, id=r.name) for t, r in records()])
def test_record_says_everything_and_its_code_is_there(topic: str, record) -> None:
    assert all((record.name, record.equation, record.assumes, record.valid, record.reference))
    path, _, name = record.code.rpartition(".")
    try:
        import_module(f"joulestack.{record.code}")
    except ModuleNotFoundError:
        assert hasattr(import_module(f"joulestack.{path}"), name)


def test_no_law_is_without_a_record() -> None:
    assert reader.FORMS is FORMS
    known = {record.name for _, record in records()}
    assert set(FORMS) - {"gas in narrow pores"} <= known
    assert set(CONTACT_LAWS) == set(CATALOGUE["contact"])
    assert set(KINETICS) == set(CATALOGUE["charge transfer"])
    assert {name for slot in LAWS.values() for name in slot} <= known


def test_page_is_current() -> None:
    written = Path(__file__).parents[2] / "docs" / "laws.md"
    assert written.read_text(encoding="utf-8") == page()


def test_command() -> None:
    run = CliRunner().invoke(app, ["laws"])
    assert run.exit_code == 0
    assert "McLachlan" in run.output
    run = CliRunner().invoke(app, ["laws", "Kerrisk"])
    assert "alpha = k/(rho c_p)" in run.output
    assert "Lee 2026, Eqs 6-8" in run.output
    assert len(found("table")) == 2
    with pytest.raises(CaseError, match="bruggeman"):
        found("brugeman")
