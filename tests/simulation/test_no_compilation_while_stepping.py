"""All kernels exist before the first step; a changed number compiles nothing new."""

from pathlib import Path

import joulestack as js
from joulestack import _compat
from joulestack.simulation import run

CASE = Path(__file__).parents[2] / "cases" / "pressed_pellet.toml"
SHORT = {
    # A step of each kind, and what follows it.
    "load.protocol": [
        "Discharge at 2C for 20 s", "Rest for 5 s", "Charge at 1C for 10 s",
        "Hold at 4.2 V for 10 s",
    ],
    "mesh.layers": {}, "mesh.cells_per_layer": 2, "mesh.in_plane": "5 mm",
    "outputs.pictures": False,
}  # fmt: skip


def test_no_kernel_is_compiled_inside_the_time_loop(tmp_path, monkeypatch):
    calls = []
    real = _compat.compile_forms

    def counted(comm, forms):
        calls.append(len(forms))
        return real(comm, forms)

    monkeypatch.setattr(_compat, "compile_forms", counted)
    solve = run.CaseRun.solve
    during = []

    def watched(self, bar):
        before = len(calls)
        solve(self, bar)
        during.append(len(calls) - before)

    monkeypatch.setattr(run.CaseRun, "solve", watched)
    js.run(js.Case.load(CASE, SHORT), output=tmp_path / "run", progress=False)
    assert sum(calls) > 10
    assert during == [0]


def test_a_changed_number_compiles_nothing(tmp_path, monkeypatch):
    signatures = []
    real = _compat.compile_forms

    def noted(comm, forms):
        signatures.append(tuple(f.signature() for f in forms))
        return real(comm, forms)

    monkeypatch.setattr(_compat, "compile_forms", noted)
    for n, changes in enumerate(
        (
            {},
            {
                "materials.separator.moulding_pressure": "200 MPa",
                "cell.stack_pressure": "3 MPa",
                "cell.start_temperature": "40 degC",
                "cell.layers.separator.thickness": "400 um",
                "materials.cathode.porosity": 0.2,
            },
        )
    ):
        brief = {"load.protocol": ["Discharge at 2C for 1 s"]}
        case = js.Case.load(CASE, SHORT | brief | changes)
        js.run(case, output=tmp_path / str(n), progress=False)
    half = len(signatures) // 2
    assert signatures[:half] == signatures[half:]
