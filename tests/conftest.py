"""Settings of all tests."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import measured

# The first text drawn takes a table of Unicode, which a slow machine needs more than a second for;
# and a busy machine is slow.
settings.register_profile("any", suppress_health_check=[HealthCheck.too_slow], deadline=None)
settings.load_profile("any")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--measured FOLDER`: leave figures of docs/verification.md there (tests/measured.py)."""
    parser.addoption("--measured", metavar="FOLDER", help="leave figures of docs/verification.md")


def pytest_configure(config: pytest.Config) -> None:
    """Workers of xdist get the option as well."""
    if where := config.getoption("--measured"):
        measured.folder = Path(where)
