"""Deysher 2022, Fig. 3c-e (Koerver 2018): LCO and NMC mixed so that the cathode keeps its volume.

On charge LCO grows and NMC shrinks. Both share one voltage in a blend, so the lithium of each at
both ends of a charge follows from the voltages alone, and with it the share of LCO that cancels:
s = dv_NMC/(dv_NMC - dv_LCO). The solver then charges that blend.
"""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

import numpy as np
from compare import Promise, Row, Worth, pick, picture, show

import joulestack as js
from joulestack.mechanics.volume_change import neutral_share, volume_law

BASE = Path(__file__).parents[1] / "fixtures" / "constant_pressure.toml"
DENSITIES = {"LiCoO2": 5.05, "NMC622": 4.65}
"""Of the library [g/cm3]; only to turn a volume share into mass fractions."""
END = 0.9
"""State of charge to which the blend is charged from empty."""


def case(share: float, charge: float = 0.0) -> js.Case:
    """The cell of cases/fixtures with a volume share of LCO in the active material."""
    mass = {"LiCoO2": DENSITIES["LiCoO2"] * share, "NMC622": DENSITIES["NMC622"] * (1 - share)}
    parts = [{"material": n, "share": m / sum(mass.values())} for n, m in mass.items() if m]
    changes = {
        "materials.cathode.active": parts if len(parts) > 1 else parts[0]["material"],
        "materials.cathode.state_of_charge": charge,
        "load.protocol": ["Charge at C/3 for 2.7 hours", "Rest for 2 hours"],
    }
    return js.Case.load(BASE, changes)


def predicted() -> float:
    """Volume share of LCO at which nothing moves between empty and `END`."""
    before = case(0.5).media()["cathode"].particles
    after = case(0.5, END).media()["cathode"].particles
    x, y = ((b.start, a.start) for b, a in zip(before, after, strict=True))
    first, second = map(volume_law, before)
    return float(neutral_share(first, second, x, y))


@functools.cache
def change(share: float) -> tuple[np.ndarray, np.ndarray]:
    """Time [h] and thickness change of the cathode [um]."""
    with tempfile.TemporaryDirectory() as folder:
        found = js.run(case(share), Path(folder) / "blend", progress=False)
        label = "cathode thickness change [um]"
        return found[label].times / 3600, found[label].entries


def rows() -> list[Row]:
    """The blend against its parts: what is left, over what NMC alone does."""
    share = predicted()
    nmc, lco, blend = (change(s)[1][-1] for s in (0.0, 1.0, share))
    assert nmc < 0 < lco, "NMC shrinks and LCO grows on charge (Deysher 2022, Fig. 3c)"
    return [
        Row(f"1 + blend/NMC, {100 * share:.1f} % LCO by volume", 1 - blend / nmc, 1.0, "", 0.03),
        Row("share of LCO that cancels, linear between the parts", share, nmc / (nmc - lco), "",
            None, "parts charged alone go to other voltages"),
    ]  # fmt: skip


def promises() -> list[Promise]:
    """What the numbers are worth."""
    return [
        Promise("a blend that keeps its volume", Worth.IDENTITY, "Deysher 2022, Fig. 3d",
                "the share is predicted from the same volumes by hand",
                pick(rows(), "1 + blend")),
    ]


def main() -> None:
    """Print and draw."""
    share = predicted()
    way = change(share)[1]
    notes = [
        "Volumes: LCO Ai 2020 (model input); NMC622 unverified, -3.5 % from full to charged.",
        f"The blend: {way[-1]:+.4f} um at the end, {way.min():+.2f} um on the way: of the two NMC "
        "gives its lithium first.",
    ]
    show("Deysher 2022, Fig. 3d: a cathode that does not breathe", rows(), notes)
    curves = [
        (*change(s), label)
        for s, label in ((0.0, "NMC622"), (1.0, "LCO"), (share, f"{100 * share:.1f} vol% LCO"))
    ]
    picture(
        "zero_breathing_blend",
        [{"x": "time [h]", "y": "thickness change of the cathode [um]", "curves": curves}],
    )


if __name__ == "__main__":
    main()
