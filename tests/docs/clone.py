"""A folder that looks like a fresh clone, with shipped cases made short where the suite asks.

The code is a link: compiled kernels are kept by the path of their source.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]

LINKED = ("src", "docker", "tests")

SHORTER: dict[str, dict[str, str]] = {
    "cases/measured_pellet.toml": {
        r"protocol = \[.*?\n\]": 'protocol = ["Charge at 2C for 2 minutes", "Rest for 5 s"]',
        r"specific_capacity = \{.*\}": 'specific_capacity = { 1 = "61 mA h/g" }',
    },
    "cases/pressed_pellet.toml": {
        r"protocol = \[.*?\n\]": 'protocol = ["Discharge at 2C for 1 minute"]',
        r"layers = \{ cathode = 14 \}": "cells_per_layer = 4\nrefinement = 0.5\nradial_modes = 4",
    },
    "cases/pouch_fast_charge.toml": {
        r"protocol = .*": 'protocol = ["Charge at 3C for 10 s"]',
        r'in_plane = "5 mm"': 'in_plane = "30 mm"',
    },
    "cases/fixtures/constant_pressure.toml": {  # fixed_gap.toml extends it
        r"protocol = \[.*?\n\]": 'protocol = ["Charge at 1 mA/cm^2 for 20 s"]'
    },
    "cases/oven.toml": {"unit_cells = 20": "unit_cells = 2"},
    "cases/measurements/titration.toml": {"Rest for 60 minutes": "Rest for 3 minutes"},
    "cases/microstructures/lps_glass_pressed.toml": {
        "particles = 1000": "particles = 60",
        r'width = "900 um"': 'width = "400 um"',
        r"relative_density = \[.*": "relative_density = [0.524, 0.658]",
        r"pressure = \[.*": 'pressure = ["15 MPa", "50 MPa"]',
        r'voxel_size = "7.5 um"': 'voxel_size = "15 um"',
    },
    "cases/papers/powder_to_temperature.toml": {
        "particles = 500": "particles = 90",
        r'width = "50 um"': 'width = "24.5 um"',
        "particles = 1200": "particles = 200",
        r'width = "25 um"': 'width = "12 um"',
        r'voxel_size = "0.7 um"': 'voxel_size = "1.4 um"',
        r'voxel_size = "0.4 um"': 'voxel_size = "0.8 um"',
        "for 10 minutes or": "for 1 minute or",
    },
}
"""What the suite shortens: pattern -> text, in files of the clone. Nothing in the full version."""


def clone(folder: Path, shorter: bool) -> Path:
    """Copy what git keeps, results and caches left out, into `folder`/joulestack."""
    rules = (REPOSITORY / ".gitignore").read_text(encoding="utf-8").split()
    leave = shutil.ignore_patterns(".git", *LINKED, *(rule.rstrip("/") for rule in rules))
    target = folder / "joulestack"
    shutil.copytree(REPOSITORY, target, symlinks=True, ignore=leave)
    for name in LINKED:
        (target / name).symlink_to(REPOSITORY / name)
    for name, changes in SHORTER.items() if shorter else ():
        path = target / name
        text = path.read_text(encoding="utf-8")
        for pattern, replacement in changes.items():
            lines = re.DOTALL if "\\n" in pattern else re.NOFLAG
            text, count = re.subn(pattern, replacement, text, flags=lines)
            assert count, f"{name} has no {pattern}: tests/docs/clone.py is out of date"
        path.write_text(text, encoding="utf-8")
    return target
