"""`joulestack materials --cathodes`: what the library knows of active materials, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from joulestack.constants import ROOM_TEMPERATURE
from joulestack.fabrication.media import weakest
from joulestack.laws.lattice import LITHIUM, METALS, OXYGEN, PointDefects, shares
from joulestack.laws.state import State
from joulestack.materials import library
from joulestack.materials.library import Material
from joulestack.materials.property import Property

if TYPE_CHECKING:
    from rich.console import Console

NEEDS: dict[str, tuple[str, ...]] = {
    "U [V]": ("open_circuit_voltage",),
    "dU/dT [mV/K]": ("entropic_coefficient",),
    "D [m^2/s]": ("diffusivity",),
    "c_max [mol/m^3]": ("maximum_concentration",),
    "sigma_s [mS/cm]": ("electronic_conductivity",),
    "k [W/(m K)]": ("dense_thermal_conductivity", "thermal_disorder"),
    "V [cm^3/mol]": ("relative_volume", "density"),
}
"""Column -> properties that it rests on; the first is the least that it needs."""

_UNITS = {"dU/dT [mV/K]": 1e3, "sigma_s [mS/cm]": 10.0}


@dataclass(frozen=True)
class Cell:
    """One quantity of one material.

    Attributes:
        charged, discharged: at both ends of its window, in the unit of the column.
        constant: the same at every x.
        status: the weakest of the numbers behind it.
        used: those numbers.
    """

    charged: float
    discharged: float
    constant: bool
    status: str
    used: tuple[Property, ...]


def molar_mass(material: Material) -> float | None:
    """Of LiMO2 [kg/mol], None where the composition is not known."""
    law = material.properties.get("thermal_disorder")
    if law is None or not isinstance(law.form, PointDefects):
        return None
    metals = shares(law.form.composition)
    mass = LITHIUM + 2 * OXYGEN + sum(c * METALS[m] for m, c in metals.items())
    return 1e-3 * mass


def evaluated(material: Material, column: str, x: float) -> float:
    """A quantity at room temperature, in the unit of its column.

    The volume is that of LiMO2 with the lithium of x, at the density of the lithiated oxide;
    relative where the composition is not known.
    """
    own, state = material.properties, State(T=ROOM_TEMPERATURE, x=x)
    value: Any = own[NEEDS[column][0]](state)
    if column.startswith("k ") and "thermal_disorder" in own:
        value = value * own["thermal_disorder"](state, k=value)
    mass = molar_mass(material)
    if column.startswith("V ") and mass is not None:
        value = value * 1e6 * mass / own["density"](state)
    return float(value) * _UNITS.get(column, 1.0)


def row(material: Material) -> dict[str, Cell | None]:
    """Every column of one material; None where the library has a gap."""
    own = material.properties
    window = [
        float(own[n](State(T=ROOM_TEMPERATURE))) if n in own else end
        for n, end in (("charged_stoichiometry", 0.0), ("discharged_stoichiometry", 1.0))
    ]
    found: dict[str, Cell | None] = {}
    for column, names in NEEDS.items():
        if names[0] not in own:
            found[column] = None
            continue
        used = tuple(own[n] for n in names if n in own)
        constant = not any("x" in p.form.variables for p in used)
        ends = [evaluated(material, column, x) for x in window]
        found[column] = Cell(ends[0], ends[1], constant, weakest(list(used)), used)
    return found


def show_cathodes(console: Console, extra_dirs: Sequence[str | Path] = ()) -> None:
    """Print all active materials, a user's own among them.

    Args:
        console: rich console.
        extra_dirs: folders with a user's own files.
    """
    from rich.markup import escape
    from rich.table import Table

    table = Table(show_edge=False, pad_edge=False)
    for title in ("material", *NEEDS):
        table.add_column(escape(title), overflow="fold")
    for name in library.names(extra_dirs):
        material = library.load(name, extra_dirs)
        if material.kind == "active material":
            table.add_row(name, *(_text(cell) for cell in row(material).values()))
    console.print(table)
    console.print(
        "From charged to discharged; one number: the same at every x. "
        "[yellow]*[/yellow] unverified: no source was read, borrowed, or an assumption; "
        "`joulestack materials NAME` says which. V is relative where the composition is not known."
    )


def _text(cell: Cell | None) -> str:
    if cell is None:
        return "none"
    shown = f"{cell.discharged:.3g}"
    if not cell.constant:
        shown = f"{cell.charged:.3g} to {shown}"
    return f"{shown} [yellow]*[/yellow]" if cell.status == "unverified" else shown
