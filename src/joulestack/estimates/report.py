"""Figures of a case as tables for people."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from joulestack.case import Case
from joulestack.estimates import energy
from joulestack.estimates.assumed import Assumed, assumed
from joulestack.estimates.figures import Figures
from joulestack.estimates.limits import pressure_range
from joulestack.estimates.protocol import protocol_table
from joulestack.units import format_quantity


def print_report(case: Case, figures: Figures, console: Console | None = None) -> None:
    """Print what is known of a case without solving it.

    Args:
        case: a valid case.
        figures: from `estimates.evaluate`.
        console: to print on; the terminal if not given.
    """
    out = console or Console(width=None if Console().is_terminal else 118, highlight=False)
    out.print(f"[bold]{case.title}[/bold]  ({case.source.name}: valid)")
    out.print(_layers(figures))
    if figures.contacts:
        out.print(_contacts(figures))
    if defaults := [c for c in figures.contacts if c.origin != "case"]:
        said = ", ".join(f"{' | '.join(c.between)} {c.transport} ({c.origin})" for c in defaults)
        out.print(f"Defaults of the library: {said}", soft_wrap=True)
    if perfect := _perfect(case):
        out.print(f"Perfect, for want of data: {perfect}", soft_wrap=True)
    if case.driven:
        _driven(out, case, figures)
    for title, rows in (
        ("Cell", _cell(case, figures)),
        ("Heat", _heat(figures)),
        ("Size", _size(figures)),
    ):
        shown = [(name, text) for name, text in rows if text]
        if shown:
            grid = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
            for name, text in shown:
                grid.add_row(name, text)
            out.print(f"[bold]{title}[/bold]")
            out.print(grid)
    if open_ := assumed(case):
        out.print(_taken(open_))
    for note in case.table_notes:
        out.print(f"[cyan]table:[/cyan] {escape(note)}", soft_wrap=True)
    for warning in figures.warnings:
        out.print(f"[yellow]warning:[/yellow] {warning}", soft_wrap=True)


def _driven(out: Console, case: Case, figures: Figures) -> None:
    """Electrodes and protocol."""
    if figures.electrodes:
        out.print(_electrodes(figures))
    if (table := protocol_table(case, figures.voltage, figures.left)) is not None:
        out.print(table)


def _taken(rows: Sequence[Assumed]) -> Table:
    table = Table(title="Not stated, so taken", title_justify="left", box=None)
    for name in ("where", "what", "taken", "from"):
        table.add_column(name, no_wrap=name == "where")
    for row in rows:
        table.add_row(row.where, row.what, row.taken, escape(row.origin))
    return table


def _show(value: float, unit: str, digits: int = 3) -> str:
    """A quantity, or nothing if it is not known."""
    if math.isnan(value):
        return ""
    return format_quantity(value + 0.0, unit, digits) if math.isfinite(value) else "unbounded"


def _layers(figures: Figures) -> Table:
    table = Table(title="Layers at the start, bottom to top", title_justify="left", box=None)
    for name, unit in (
        ("layer", ""),
        ("thickness", ""),
        ("phi", ""),
        ("k", "W/(m K)"),
        ("rho c_p", "MJ/(m^3 K)"),
        ("R ionic", "ohm cm^2"),
        ("R electr.", "ohm cm^2"),
        ("drop", ""),
        ("heat", "W/m^2"),
        ("L^2/alpha", ""),
    ):
        left = name == "layer"
        table.add_column(f"{name}\n{unit}", justify="left" if left else "right", no_wrap=True)
    for la in figures.layers:
        table.add_row(
            la.name,
            _show(la.thickness, "m"),
            _show(la.relative_density, "1"),
            _show(la.thermal_conductivity, "1"),
            _show(la.heat_capacity * 1e-6, "1"),
            _show(la.ionic_resistance * 1e4, "1"),
            _show(la.electronic_resistance * 1e4, "1"),
            _show(la.drop, "V"),
            _show(la.heat, "1"),
            _show(la.time_constant, "s"),
        )
    return table


def _contacts(figures: Figures) -> Table:
    table = Table(title="Contacts that are not perfect", title_justify="left", box=None)
    for name in ("between", "transport", "law", "R", "drop", "heat"):
        table.add_column(
            name, justify="right" if name in ("R", "drop", "heat") else "left", no_wrap=True
        )
    for c in figures.contacts:
        thermal = c.transport == "thermal"
        table.add_row(
            " | ".join(c.between),
            c.transport,
            c.law,
            _show(c.resistance, "m^2 K/W" if thermal else "ohm m^2"),
            "" if thermal else _show(c.drop, "V"),
            "" if thermal else _show(c.heat, "W/m^2"),
        )
    return table


def _electrodes(figures: Figures) -> Table:
    table = Table(title="Composite electrodes", title_justify="left", box=None)
    for name in ("electrode", "x at the start", "charged", "U", "all sites", "usable"):
        table.add_column(name, justify="left" if name == "electrode" else "right", no_wrap=True)
    for e in figures.electrodes:
        constant = math.isnan(e.stoichiometry)
        table.add_row(
            e.name,
            "" if constant else f"{e.stoichiometry:.4f}",
            "" if constant else f"{100 * e.state_of_charge:.4g} %",
            _show(e.potential, "V", 4) + (" always" if constant else ""),
            _show(e.theoretical, "C"),
            _show(e.usable, "C"),
        )
    return table


def _perfect(case: Case) -> str:
    """Contacts that are perfect because neither case nor library says anything."""
    found = [(c.between, c.assumed) for c in case.contacts().values() if c.assumed]
    return ", ".join(f"{a} | {b} ({', '.join(what)})" for (a, b), what in found)


def _pressure(case: Case) -> str:
    """Range of the stack pressure; of a map at the start also its mean and its ends."""

    def span(low: float, high: float) -> str:
        return _show(low, "Pa") if low == high else f"{_show(low, 'Pa')} to {_show(high, 'Pa')}"

    given, whole = case.stack_pressure, pressure_range(case)
    if given.map is None:
        return span(*whole)
    text = f"{span(*given.range)} over the face, {_show(given.value(0.0), 'Pa')} in the mean"
    return text if whole == given.range else f"{text}; {span(*whole)} in the run"


def _cell(case: Case, f: Figures) -> list[tuple[str, str]]:
    rows = [
        ("face area", f"{f.area * 1e4:.4g} cm^2"),
        ("volume", f"{f.volume * 1e6:.3g} cm^3" if f.volume > 0 else ""),
        ("mass", f"{f.mass * 1e3:.3g} g" if f.mass > 0 else ""),
        ("stack pressure", _pressure(case)),
        ("capacity", _show(f.capacity, "C")),
        ("areal capacity", _show(f.areal_capacity, "C/m^2")),
        *_left(case),
    ]
    joined = case.mesh_spec.joined
    for face in case.thermal_conditions:
        within = [name for name, whole in joined.items() if whole == face]
        if within:
            rows.append((f"face {face}", f"with {', '.join(within)}"))
    if not case.driven:
        return [*rows, ("load", "none: heat only")]
    return [
        *rows,
        ("1C", "" if math.isnan(f.capacity) else _show(f.capacity / 3600, "A")),
        ("current at the start", _current(f)),
        ("resistance", _show(f.resistance, "ohm m^2")),
        ("N:P", "" if math.isnan(f.balance) else f"{f.balance:.3g}"),
        ("electronic leakage", _leakage(case, f)),
        ("open-circuit voltage", _open(f)),
        ("expected voltage", _show(f.voltage, "V", 4)),
        ("energy at no loss", _energy(case, f)),
    ]


def _left(case: Case) -> list[tuple[str, str]]:
    """What each loss leaves of the capacity of the active material, a row for an electrode."""
    rows = []
    for name, medium in case.media().items():
        steps: dict[str, float] = getattr(medium, "capacities", dict)()
        text = ", ".join(f"{q / 3600:.0f} {what}" for what, q in steps.items())
        if text:
            rows.append((f"{name}, mAh/g", text))
    return rows


def _energy(case: Case, f: Figures) -> str:
    """Energy of the cell without any loss, and over mass and volume."""
    held = energy.theoretical(f)
    if not held > 0:
        return ""
    over = {name: body.specific(held) for name, body in energy.bodies(case).items()}
    told = energy.said(over)
    return f"{_show(held / energy.WATT_HOUR, 'W')} h{': ' if told else ''}{told}"


def _current(f: Figures) -> str:
    parts = [_show(f.current, "A"), _show(f.current_density, "A/m^2")]
    if not math.isnan(f.capacity) and not math.isnan(f.current):
        parts.append(f"{f.current / f.capacity * 3600:.3g} C")
    return ", ".join(parts)


def _open(f: Figures) -> str:
    shown = _show(f.open_circuit_voltage, "V", 4)
    low, high = f.voltage_window
    if math.isnan(low + high):
        return shown
    return f"{shown}; {_show(low, 'V')} discharged, {_show(high, 'V')} charged"


def _leakage(case: Case, f: Figures) -> str:
    """Electrons through the electrolyte, and what is known of that number."""
    if math.isnan(f.leakage):
        return ""
    layer = next(la.name for la in f.layers if not math.isnan(la.leakage))
    law = case.media()[layer].leakage  # type: ignore[attr-defined]
    said = "; ".join(t for t in (law.source, law.status, law.uncertainty.note) if t)
    return f"{0.1 * f.leakage:.2g} mA/cm^2 ({said})"


def _heat(f: Figures) -> list[tuple[str, str]]:
    rows = [
        ("heat released", _show(f.heat, "W")),
        (
            "reversible heat",
            "" if math.isnan(f.reversible) or not f.reversible else _show(f.reversible, "W"),
        ),
        (
            "heating rate",
            f"{_show(f.heating_rate, 'K/s')} if no heat left"
            if not math.isnan(f.heating_rate)
            else "",
        ),
        (
            "steady rise",
            _steady(f),
        ),
        (
            "own rise",
            f"{100 * f.self_heating:.3g} K at 1 mA/cm^2, {f.heating_ratio:.2g} of T at this "
            "current: the stack between cold faces (Joule heating over conduction)"
            if not math.isnan(f.self_heating)
            else "",
        ),
        (
            "time constant",
            f"{_show(f.time_constant, 's')} through the stack"
            if not math.isnan(f.time_constant)
            else "",
        ),
    ]
    rows += [
        (
            f"own rise, {la.name}",
            f"{100 * la.self_heating:.3g} K at 1 mA/cm^2; k/(sigma T) = {la.lorenz_ratio:.2g} "
            "(k_B/e)^2",
        )
        for la in f.layers
        if not math.isnan(la.ionic_resistance) and not math.isnan(la.self_heating)
    ]
    return rows + [(f"Biot number, {face}", f"{value:.3g}") for face, value in f.biot.items()]


def _steady(f: Figures) -> str:
    """Steady rise, and what of it is not of the heat released."""
    if math.isnan(f.steady_rise):
        return ""
    shown, around = _show(f.steady_rise, "K"), f.rise_around
    if math.isnan(around) or abs(around) < 1e-6:
        return f"{shown} at this heat (estimate)"
    if f.heat == 0:
        return f"{shown} by surroundings and given heat fluxes alone (estimate)"
    part = _show(around, "K")
    return f"{shown}, of it {part} by surroundings and given heat fluxes (estimate)"


def _size(f: Figures) -> list[tuple[str, str]]:
    if not f.cells:
        return [("mesh", "known when the mesh file is read")]
    return [
        ("mesh", f"{f.cells:,} cells, about {f.unknowns:,} unknowns"),
        ("memory", f"about {f.memory / 1e6:,.0f} MB"),
    ]
