"""What the commands do: images, statistics and conductivities of a case into a folder."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from joulestack.case.microstructures.check_microstructure import conductivities, resistances
from joulestack.case.microstructures.microstructure import MicrostructureCase
from joulestack.case.microstructures.microstructure_key import CACHE
from joulestack.case.microstructures.schema import TransportTable
from joulestack.errors import CaseError, Problem
from joulestack.microstructure import plots, series, vti
from joulestack.microstructure.analysis import analyse as count
from joulestack.microstructure.analysis import packing_numbers
from joulestack.microstructure.conduction.solver import Conduction
from joulestack.microstructure.fluxes import flux_density
from joulestack.microstructure.imaging import Sample, samples
from joulestack.microstructure.packings.packing import Packing
from joulestack.microstructure.powder import Progress
from joulestack.microstructure.staircase import staircase
from joulestack.outputs.folder import OutputFolder

FIELDS = {
    "thermal_conductivity": ("Temperature [K]", "Heat flux [W/m2]"),
    "ionic_conductivity": ("Potential [V]", "Current density [A/m2]"),
    "electronic_conductivity": ("Potential [V]", "Current density [A/m2]"),
}
"""Names of fields; the ends of the image differ by 1 K or 1 V."""


OWN = {
    "images.json": r"images\.json|profile\.png|(image_.+\.vti|slices_.+\.png|spheres_.+\.csv)",
    "statistics.json": r"statistics\.(json|csv|png)|statistics_.+\.png|(two_point|chords)_.+\.csv",
    "table.json": r"table\.json|conductivity\.(csv|png)|\w+_conductivity_[xyz]_.+\.vti",
}
"""Files that a command writes, by the one that lists them."""


def results(case: MicrostructureCase) -> Path:
    """Folder that the results of a case go to."""
    return Path("results") / case.name


def generate(
    case: MicrostructureCase,
    output: str | Path | None = None,
    overwrite: bool = False,
    cache: Path | None = CACHE,
    progress: Progress | None = None,
) -> list[Sample]:
    """Make the images of a case: VTI files, spheres, pictures.

    Args:
        case: what to make or read.
        output: folder; None: results/CASE.
        overwrite: replace what an earlier run has written.
        cache: folder of packings; None: none is kept.
        progress: told what has been done.

    Raises:
        CaseError: a packing or image that cannot be had, or results that are in the way.
    """
    with _folder(case, output, overwrite, "images.json") as folder:
        made = list(samples(case, cache, progress))
        table = []
        for sample in made:
            image = sample.image
            fields: dict[str, Any] = {"Phase": image.labels}
            if image.particles is not None:
                fields["Particle"] = image.particles
            vti.write(folder / f"image_{sample.name}.vti", fields, image.voxel_size)
            plots.save(plots.slices(image, sample.name), folder / f"slices_{sample.name}.png")
            line: dict[str, Any] = {"name": sample.name, "shape": image.shape}
            line["phases"] = image.phases
            line["volume_fraction"] = {n: image.fraction(n) for n in image.present}
            if sample.pressed is not None:
                line |= packing_numbers(sample.pressed)
                _spheres(folder / f"spheres_{sample.name}.csv", sample.pressed.relaxed.packing)
            table.append(line)
        _profiles(folder / "profile.png", case, made)
        folder.finish({"case": case.name, "images": table})
    return made


def analyse(
    case: MicrostructureCase,
    output: str | Path | None = None,
    overwrite: bool = False,
    cache: Path | None = CACHE,
    progress: Progress | None = None,
) -> list[dict[str, Any]]:
    """Count everything on the images of a case: statistics.json, CSV tables, pictures.

    Arguments and errors as for `generate`.
    """
    found, seen = [], []
    with _folder(case, output, overwrite, "statistics.json") as folder:
        for sample in samples(case, cache, progress):
            numbers, name = count(sample, case.file.analysis), sample.name
            found.append(numbers)
            seen.append(sample)
            plots.save(plots.slices(sample.image, name), folder / f"statistics_{name}.png")
            for kind in ("two_point", "chords"):
                if kind in numbers:
                    _lines(folder / f"{kind}_{name}.csv", kind, numbers[kind])
            if progress is not None:
                progress(f"counted on {name}")
        _profiles(folder / "statistics.png", case, seen)
        flat = [dict(_flat(n)) for n in found]
        _csv(folder / "statistics.csv", flat)
        folder.finish({"case": case.name, "images": found})
    return found


def conductivity(
    case: MicrostructureCase,
    output: str | Path | None = None,
    overwrite: bool = False,
    cache: Path | None = CACHE,
    progress: Progress | None = None,
    fields: bool = False,
    bar: bool = False,
) -> list[series.Row]:
    """Solve all conduction problems of a case: conductivity.csv, table.json, pictures.

    Args:
        case, output, overwrite, cache, progress: as for `generate`.
        fields: write potential and flux of every problem as VTI.
        bar: show a progress bar for every solution.

    Raises:
        CaseError: nothing to solve, or as for `generate`.
    """
    if not case.file.transport:
        what = "there is no conduction problem in the case"
        remedy = '[[transport]] property = "ionic_conductivity", conductivity = {...}'
        raise CaseError(Problem("transport", what, remedy), case.source.name)
    with _folder(case, output, overwrite, "table.json") as folder:

        def keep(sample: Sample, given: TransportTable, found: Conduction) -> None:
            _write_fields(folder, sample, given, found)

        made = series.series(case, cache, progress, keep if fields else None, bar)
        rows = made.rows
        _csv(folder / "conductivity.csv", [dict(_flat(asdict(r))) for r in rows])
        plots.save(plots.against(rows, case.file.title), folder / "conductivity.png")
        folder.finish(series.table_of(case, made))
    return rows


def _folder(
    case: MicrostructureCase, output: str | Path | None, overwrite: bool, marker: str
) -> OutputFolder:
    where, own = results(case) if output is None else output, re.compile(OWN[marker])
    return OutputFolder(where, marker, own, overwrite, case.source.inputs())


def _write_fields(
    folder: OutputFolder, sample: Sample, given: TransportTable, found: Conduction
) -> None:
    image, known = sample.image, conductivities(given)
    between, particles = resistances(given)
    flux = flux_density(
        image,
        {n: known.get(n, 0.0) for n in image.phases.values()},
        found.potential,
        axis=found.axis,
        sides=given.sides,
        interface_resistance=between,
        particle_resistance=particles,
        staircase=staircase(sample, given),
    )
    potential, current = FIELDS[given.property]
    name = f"{given.property}_{given.axis}_{sample.name}.vti"
    fields: dict[str, Any] = {"Phase": image.labels, potential: found.potential, current: flux}
    vti.write(folder / name, fields, image.voxel_size)


def _profiles(path: Path, case: MicrostructureCase, made: Sequence[Sample]) -> None:
    drawn = plots.along_z([(s.name, s.image) for s in made[:6]], case.file.title)
    plots.save(drawn, path)


def _spheres(path: Path, packing: Packing) -> None:
    names = np.array([k.name for k in packing.kinds])[packing.species]
    columns = zip(packing.particle, names, *packing.centres.T, packing.radii, strict=True)
    head = ("particle", "species", "x [m]", "y [m]", "z [m]", "radius [m]")
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows((p, n, *map("{:.6g}".format, rest)) for p, n, *rest in columns)


def _lines(path: Path, kind: str, found: Mapping[str, Any]) -> None:
    """Columns of two-point correlations, or of chord counts."""
    columns: dict[str, Any] = {}
    for phase, entry in found.items():
        if kind == "two_point":
            columns.setdefault("distance [m]", entry["distance"])
            columns |= {f"{phase} {k}": entry[k] for k in ("x", "y", "z", "radial")}
        else:
            longest = max((e["length"] for e in entry.values()), key=len)
            if len(longest) > len(columns.get("length [m]", ())):
                columns["length [m]"] = longest
            columns |= {f"{phase} {a} [count]": e["count"] for a, e in entry.items()}
    rows = max(len(c) for c in columns.values())
    lines = [{k: c[i] if i < len(c) else "" for k, c in columns.items()} for i in range(rows)]
    _csv(path, lines)


def _flat(table: Mapping[str, Any], head: str = "") -> Iterable[tuple[str, Any]]:
    """Numbers and words of a nested table under dotted names; long lists are left out."""
    for key, value in table.items():
        name = f"{head}.{key}" if head else str(key)
        if isinstance(value, Mapping):
            yield from _flat(value, name)
        elif isinstance(value, (tuple, list)) and len(value) == 3:
            yield from ((f"{name}.{a}", v) for a, v in zip("xyz", value, strict=True))
        elif value is None or isinstance(value, (str, bool, int, float, np.generic)):
            yield name, value


def _csv(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    head = list(dict.fromkeys(k for r in rows for k in r))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, head, restval="")
        writer.writeheader()
        writer.writerows(rows)
