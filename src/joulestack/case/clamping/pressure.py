"""The stack pressure of a case: one value, a table in time, or a map over the face."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from joulestack.case import expression
from joulestack.case.clamping import images
from joulestack.case.clamping.maps import Extent, FaceMap, PressureFormula, PressureMap
from joulestack.case.profiles import StackPressure
from joulestack.case.settings.numerics import Mesh
from joulestack.case.stack.cell import Cell, PressureTable
from joulestack.case.stack.geometry import geometry_of
from joulestack.case.tables import as_grid, check_times, read_columns
from joulestack.in_time import Profile
from joulestack.mesh.geometry import Face

_TABLES = ("time", "csv", "map", "x", "y", "r", "pressure")
_KEYS = (*_TABLES, "expression", "image", "black", "white", "over")
_FORMS = (
    "use time and pressure, csv, map, expression, image with black and white, r and pressure "
    "(pellet), or x, y and pressure (pouch)"
)


def pressure_of(cell: Cell, folder: Path, mesh: Mesh | None = None) -> StackPressure:
    """The stack pressure in time, or its map over the face.

    Args:
        cell: [cell].
        folder: of the case file.
        mesh: [mesh], which says what the coordinates of a mesh file mean.

    Raises:
        ValueError: keys that do not go together, a bad table, picture or expression, or a map that
            does not cover the face.
    """
    given = cell.stack_pressure
    if not isinstance(given, PressureTable):
        return StackPressure(Profile((0.0,), (given,)))
    face, name = geometry_of(cell, mesh).face, cell.geometry
    form = [n for n in _KEYS if getattr(given, n) is not None]
    if (given.columns or given.units) and form not in (["csv"], ["map"]):
        raise ValueError("columns and units have no effect without csv or map; remove them")
    if form == ["csv"]:
        columns = read_columns(folder / str(given.csv), {"time": "s", "pressure": "Pa"}, given)
        return _in_time(columns["time"], columns["pressure"])
    if form == ["time", "pressure"]:
        return _in_time(given.time or (), _row(given))
    # `over` says where a picture or an expression lies; nothing else has a use for it.
    own = [n for n in form if n != "over"] if {"expression", "image"} & set(form) else form
    if own and not set(own) <= {"time", "csv"} and not face.names:
        why = f"a map over the face has no effect for a {name}; give a value"
        raise ValueError(why)
    if own == ["expression"]:
        return _formula(given, face, name)
    if own == ["image", "black", "white"]:
        return _over_face(_picture(given, face, name, folder), face)
    if "image" in own and set(own) < {"image", "black", "white"}:
        raise ValueError(
            "an image needs the pressures that its ends of grey stand for; "
            'black = "0 MPa", white = "10 MPa"'
        )
    return _over_face(_table(given, own, face, folder), face)


def _table(given: PressureTable, form: list[str], face: Face, folder: Path) -> PressureMap:
    if form == ["map"]:
        wanted = {**dict.fromkeys(face.names, "m"), "pressure": "Pa"}
        columns = read_columns(folder / str(given.map), wanted, given)
        first, *second = (columns[name] for name in face.names)
        if not second:
            return _grid(first, (), columns["pressure"])
        return _grid(*as_grid(first, second[0], columns["pressure"]))
    if form == [*face.names, "pressure"]:
        first, *second = (getattr(given, name) or () for name in face.names)
        if not second:
            return _grid(first, (), _row(given))
        return _grid(first, second[0], given.pressure or ())
    raise ValueError(f"these keys do not make a table: {', '.join(form) or 'none'}; {_FORMS}")


def _row(table: PressureTable) -> tuple[float, ...]:
    rows = table.pressure or ()
    if any(isinstance(row, tuple) for row in rows):
        raise ValueError("pressure has rows; give one value for each time or radius")
    return tuple(float(v) for v in rows if not isinstance(v, tuple))


def _in_time(times: tuple[float, ...], values: tuple[float, ...]) -> StackPressure:
    check_times(times, values, jumps=False)
    return StackPressure(Profile(times, values))


def _span(given: PressureTable, face: Face, name: str) -> Extent:
    """Where a picture or an expression lies: `over`, or the whole face."""
    if given.over is None:
        if face.spans is None and face.radial:
            raise ValueError(
                "the case does not know the radius of an imported mesh; give r and pressure"
            )
        if face.spans is None:
            raise ValueError(
                "over is missing: the case does not know the face of an imported mesh; "
                'over = [["0 mm", "60 mm"], ["0 mm", "40 mm"]], from where to where in x and in y'
            )
        return face.spans
    if face.radial:
        raise ValueError(f"over has no effect for a {name}, whose face is known; remove it")
    for axis, (low, high) in zip("xy", given.over, strict=False):
        if high <= low:
            raise ValueError(f"over ends in {axis} where it begins; give from and to")
    return given.over


def _formula(given: PressureTable, face: Face, name: str) -> StackPressure:
    if given.over is not None and face.spans is not None:
        raise ValueError("over has no effect on the expression: the face is known; remove it")
    span = _span(given, face, name)
    read = expression.read(str(given.expression), "Pa", face.names, face.sizes)
    formula = PressureFormula(read, span, face.names, face.radial)
    formula.check()
    return _mapped(formula)


def _picture(given: PressureTable, face: Face, name: str, folder: Path) -> PressureMap:
    """Grey values as pressures: level within the outer half pixel, linear between the middles."""
    span = _span(given, face, name)
    shares = images.read_grey(folder / str(given.image))
    if face.radial:
        nx, ny = shares.shape
        if abs(nx - ny) > 0.05 * max(nx, ny):
            raise ValueError(
                f"{given.image} is not square; cut it to the square around the disc, whose middle "
                "is the axis"
            )
        shares = images.around_axis(shares)
    black, white = given.black or 0.0, given.white or 0.0
    values = black + (white - black) * shares
    axes = []
    for axis, (low, high) in enumerate(span):
        count = values.shape[axis]
        middles = (low + (i + 0.5) * (high - low) / count for i in range(count))
        axes.append((low, *middles, high))
        values = values.take([0, *range(count), count - 1], axis=axis)
    return PressureMap.of_array(axes, values)


def _grid(
    x: tuple[float, ...],
    y: tuple[float, ...],
    values: tuple[float, ...] | tuple[tuple[float, ...], ...],
) -> PressureMap:
    for name, axis in (("first", x), ("second", y)):
        if any(b <= a for a, b in pairwise(axis)):
            raise ValueError(f"positions of the {name} coordinate are not increasing; sort them")
    if len(x) < 2 or len(y) == 1:
        raise ValueError("a map needs at least two positions in each direction")
    if len(values) != len(x):
        raise ValueError(f"has {len(x)} positions but {len(values)} values or rows of pressure")
    for row in values:
        size = len(row) if isinstance(row, tuple) else 0
        if size != len(y):
            raise ValueError(
                f"has {len(y)} positions y, but a row of pressure has {size} values; "
                "write one row for each x, one value in it for each y"
            )
    if min(min(row) if isinstance(row, tuple) else row for row in values) < 0:
        raise ValueError("falls below zero, and a stack cannot be pulled; give pressures from 0")
    return PressureMap(x, y, values)


def _over_face(field: PressureMap, face: Face) -> StackPressure:
    """The part of a map on the face, whose mean is the stack pressure."""
    if face.spans is not None:
        for name, (start, end), (low, high) in zip(
            face.names, field.extent, face.spans, strict=False
        ):
            if start > low + 1e-9 or end < high * (1 - 1e-9):
                raise ValueError(
                    f"the map covers {name} from {start * 1e3:g} to {end * 1e3:g} mm, the face "
                    f"goes from {low * 1e3:g} to {high * 1e3:g} mm; "
                    "extend the map to the edges of the face"
                )
        field = field.within(face.spans)
    return _mapped(field)


def _mapped(field: FaceMap) -> StackPressure:
    if field.mean <= 0:
        raise ValueError("is zero all over the face; give a value instead of a map")
    return StackPressure(Profile((0.0,), (field.mean,)), field)
