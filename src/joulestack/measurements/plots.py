"""Pictures of measurements."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from joulestack.case.settings.accuracy import MEANT_FOR
from joulestack.outputs.plots import style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from joulestack.measurements.impedance import Spectrum
    from joulestack.measurements.numerical_error import Accuracy
    from joulestack.measurements.polarisation import Polarisation
    from joulestack.measurements.thermal_wave import ThermalWave

SMALLEST = 1e-8
"""Relative error that is drawn."""

TALLEST = 1.5
"""Height of a Nyquist plot over its width in ohms: a capacitor's tail is cut there."""


def impedance(found: Spectrum, title: str = "") -> Figure:
    """Nyquist plot and Bode plot."""
    with style.applied():
        figure = style.figure(8.6, 3.6)
        figure.suptitle(title, x=0.01, ha="left", fontsize=9.5)
        nyquist, bode = figure.subplots(1, 2)
        real, minus = found.impedance.real, -found.impedance.imag
        nyquist.plot(real, minus, "o-", ms=2.5, color=style.IONIC)
        nyquist.plot([found.intercept], [0.0], "x", color=style.INK)
        nyquist.set_xlim(0, 1.05 * real.max())
        nyquist.set_ylim(
            min(0.0, 1.05 * minus.min()), min(minus.max(), TALLEST * real.max()) * 1.05
        )
        decades = np.log10(found.frequency)
        for exponent in range(int(np.ceil(decades.min())), int(np.floor(decades.max())) + 1, 2):
            at = int(np.argmin(np.abs(decades - exponent)))
            if minus[at] <= nyquist.get_ylim()[1]:
                power = f"$10^{{{exponent}}}$ Hz"
                nyquist.annotate(power, (real[at], minus[at]), fontsize=6.5, color=style.FAINT)
        nyquist.set_aspect("equal", adjustable="box")  # a semicircle is to look like one
        nyquist.set(xlabel="Re Z (Ohm)", ylabel="-Im Z (Ohm)")
        bode.loglog(found.frequency, np.abs(found.impedance), color=style.IONIC)
        bode.set(xlabel="frequency (Hz)", ylabel="|Z| (Ohm)")
        phase = bode.twinx()
        phase.semilogx(found.frequency, found.phase, "--", color=style.TEMPERATURE)
        phase.set_ylabel("phase (degree), dashed", color=style.TEMPERATURE)
        phase.spines.right.set_visible(True)
        return figure


def polarisation(found: Polarisation, title: str = "") -> Figure:
    """Current over time."""
    with style.applied():
        figure = style.figure(5.4, 3.2)
        figure.suptitle(title, x=0.01, ha="left", fontsize=9.5)
        axes = figure.subplots()
        axes.plot(found.time, 1e3 * found.current, color=style.ELECTRONIC)
        axes.axhline(1e3 * found.current[-1], color=style.FAINT, lw=0.8, ls=":")
        axes.set(xlabel="time (s)", ylabel="current (mA)")
        axes.set_ylim(bottom=0.0) if found.current.min() >= 0 else None
        return figure


def thermal_wave(found: ThermalWave, title: str = "") -> Figure:
    """Delay and amplitude over frequency."""
    with style.applied():
        figure = style.figure(5.4, 3.2)
        figure.suptitle(title, x=0.01, ha="left", fontsize=9.5)
        axes = figure.subplots()
        axes.semilogx(found.frequency, np.degrees(found.delay), "o-", color=style.TEMPERATURE)
        axes.set(xlabel="frequency (Hz)", ylabel="delay of the rear face (degree)")
        ratio = axes.twinx()
        ratio.semilogx(
            found.frequency, np.abs(found.rear / found.heated), "s--", color=style.ELECTRONIC
        )
        ratio.set_ylabel("amplitude, rear over heated; dashed", color=style.ELECTRONIC)
        ratio.spines.right.set_visible(True)
        return figure


def accuracy(found: Accuracy, title: str = "") -> Figure:
    """Bars of the relative errors of headline figures, by cause."""
    with style.applied():
        figure = style.figure(7.2, 1.2 + 0.32 * len(found.figures))
        figure.suptitle(title, x=0.01, ha="left", fontsize=9.5)
        axes = figure.subplots()
        names = [f.name for f in found.figures]
        rows = np.arange(len(names))
        height = 0.8 / max(len(found.causes), 1)
        for i, cause in enumerate(found.causes):
            sizes = [
                abs(f.by_cause.get(cause, 0.0)) / f.scale if f.scale else 0.0 for f in found.figures
            ]
            places = rows - 0.4 + (i + 0.5) * height
            axes.barh(places, np.maximum(sizes, SMALLEST), height, label=f"by {cause}")
        axes.set_xscale("log")
        axes.set_xlim(SMALLEST, max(0.1, 2 * found.worst.relative))
        axes.set_yticks(rows, names)
        axes.invert_yaxis()
        axes.set(xlabel="error over the figure (of heat: over the largest source)")
        for name, promised in MEANT_FOR.items():
            axes.axvline(promised, color=style.FAINT, lw=0.8, ls=":")
            place, kind = (promised, 1.0), ("data", "axes fraction")
            axes.annotate(name, place, xycoords=kind, fontsize=6.5, ha="center")
        figure.legend(fontsize=7, frameon=False, loc="outside lower center", ncols=4)
        return figure
