"""What cases/papers says of packings beyond the numbers that test_papers.py holds it to."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import numpy as np
import pytest

SCRIPTS = Path(__file__).parents[3] / "cases" / "papers"
NAMES = ("lee_microstructure", "schneider_microstructure", "utilisation_map")


@pytest.fixture(scope="module")
def load():
    sys.path.insert(0, str(SCRIPTS))
    yield importlib.import_module
    sys.path.remove(str(SCRIPTS))
    for name in (*NAMES, "compare"):
        sys.modules.pop(name, None)


def test_smaller_electrolyte_and_less_active_material_use_more(load):
    used = load("utilisation_map").used
    share = np.array([[used(r, x).ionic for r in (0.8, 1.5)] for x in (75, 85, 90)])
    assert (np.diff(share, axis=1) >= 0).all()
    assert (np.diff(share, axis=0) <= 0).all()
    assert share[0, 1] > 0.99
    assert share[2, 0] < 0.1  # 18 % electrolyte in grains as large as the active material


def test_the_activation_volume_turns_the_rise_into_a_maximum(load):
    normalised = load("schneider_microstructure").normalised
    assert (np.diff(normalised(False)) > 0).all()
    activated = normalised(True)
    assert 0 < activated.argmax() < len(activated) - 1
    assert activated[-1] < 0.7
    assert normalised(False)[0] > 0.3 / 4.1  # above the powder, as the paper's simulation
