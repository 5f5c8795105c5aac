"""The cell of nmc_lpscl_cell.toml from C/10 to 5C: capacity, voltage curves, peak temperature.

    docker/joulestack python cases/c_rate_series.py

Each discharge ends at 3.0 V or when the nominal capacity has been taken: beyond, U(x) of NMC811 is
not known. Writes results/c_rate_series/, one folder a rate, rates.csv and rates.png.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import joulestack as js
from joulestack.outputs.plots import style
from joulestack.outputs.result import Result

CASE = Path(__file__).parent / "nmc_lpscl_cell.toml"
FOLDER = Path("results") / "c_rate_series"
RATES = {"C/10": 0.1, "C/5": 0.2, "C/2": 0.5, "1C": 1.0, "2C": 2.0, "3C": 3.0, "5C": 5.0}
CUT_OFF = 3.0


@dataclass(frozen=True)
class Discharge:
    """One rate.

    Attributes:
        name, rate: "2C", 2.0.
        capacity: taken, over the nominal one [-].
        voltage: mean, weighted by charge [V].
        rise: highest temperature above the start [K].
        curve: capacity taken over the nominal one, and voltage at it.
    """

    name: str
    rate: float
    capacity: float
    voltage: float
    rise: float
    curve: tuple[np.ndarray, np.ndarray]


def discharge(name: str, rate: float, folder: Path = FOLDER) -> Discharge:
    """Run one rate."""
    sentence = f"Discharge at {name} for {3600 / rate:.0f} s or until {CUT_OFF} V"
    case = js.Case.load(CASE, {"load.protocol": [sentence]})
    target = folder / name.replace("/", "_")
    return judged(name, rate, js.run(case, target, overwrite=True, progress=False))


def judged(name: str, rate: float, result: Result) -> Discharge:
    """What came of it; the current is constant."""
    taken = result["Time [s]"].entries * rate / 3600
    voltage = result["Voltage [V]"].entries
    mean = float(np.trapezoid(voltage, taken) / taken[-1])
    rise = result.summary["temperature_rise_max_K"]
    return Discharge(name, rate, float(taken[-1]), mean, rise, (taken, voltage))


def picture(found: list[Discharge], path: Path) -> None:
    """Voltage curves; capacity and peak temperature against the rate."""
    with style.applied():
        figure = style.figure(9.0, 3.6)
        left, right = figure.subplots(1, 2, width_ratios=[1.3, 1])
        shades = style.colours()(np.linspace(0.15, 0.8, len(found)))
        for one, shade in zip(found, shades, strict=True):
            left.plot(100 * one.curve[0], one.curve[1], color=shade, label=one.name)
        left.set_xlabel("charge taken (% of nominal)")
        left.set_ylabel("voltage (V)")
        left.legend(loc="lower left", ncols=2)
        rates = [one.rate for one in found]
        right.semilogx(rates, [100 * one.capacity for one in found], "o-", color=style.INK)
        right.set_xticks(rates, [one.name for one in found])
        right.minorticks_off()
        right.set_xlabel("C-rate")
        right.set_ylabel("capacity (% of nominal)")
        right.set_ylim(0, 105)
        heat = right.twinx()
        heat.spines["right"].set_visible(True)
        heat.plot(rates, [one.rise for one in found], "s-", color=style.TEMPERATURE)
        heat.set_ylabel("peak temperature rise (K)", color=style.TEMPERATURE)
        heat.set_ylim(0)
        style.save(figure, path)


def main() -> None:
    """Run all, print, write, draw."""
    nominal = js.Case.load(CASE).capacity
    assert nominal is not None
    print(f"nominal capacity {nominal / 3.6:.1f} mA h, until {CUT_OFF:g} V")
    print(f"{'rate':>5} {'capacity':>9} {'mean V':>8} {'peak rise':>10}")
    found = []
    for name, rate in RATES.items():
        found.append(one := discharge(name, rate))
        print(f"{name:>5} {100 * one.capacity:7.1f} % {one.voltage:6.3f} V {one.rise:8.3f} K")
    with (FOLDER / "rates.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["C-rate", "capacity [% of nominal]", "mean voltage [V]", "peak rise [K]"])
        rows.writerows([o.rate, 100 * o.capacity, o.voltage, o.rise] for o in found)
    picture(found, FOLDER / "rates.png")
    print(f"written: {FOLDER}/rates.csv, rates.png")


if __name__ == "__main__":
    main()
