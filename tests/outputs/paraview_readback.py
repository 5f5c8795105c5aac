"""Read a result's fields.pvd with ParaView itself.

usage: pvpython tests/outputs/paraview_readback.py fields.pvd

Checks what a person would see: time steps, arrays, named regions, finite ranges, jumps that are
still there. Where there is a display (xvfb-run makes one) it renders the temperature to
paraview_readback.png in the working folder. Prints a line for each check; exit code 1 on failure.
"""

from __future__ import annotations

import math
import os
import sys
from pathlib import Path

from paraview import servermanager, simple
from vtkmodules.numpy_interface import dataset_adapter
from vtkmodules.util import numpy_support

failures = 0


def say(*words):
    """Print past ParaView, which buffers standard output and loses it at `os._exit`."""
    os.write(1, (" ".join(str(w) for w in words) + "\n").encode())


def check(what, good, detail=""):
    global failures
    failures += not good
    say("OK  " if good else "FAIL", what, detail)


def leaves(data):
    """Unstructured grids of whatever the reader gives."""
    if data.IsA("vtkCompositeDataSet"):
        iterator = data.NewIterator()
        iterator.InitTraversal()
        while not iterator.IsDoneWithTraversal():
            yield iterator.GetCurrentDataObject()
            iterator.GoToNextItem()
    else:
        yield data


def menu(arrays):
    """Arrays by name."""
    found = [arrays[i] for i in range(arrays.GetNumberOfArrays())]
    return {a.Name: a for a in found}


def jumps(grid):
    """Number of places where nodes of two regions meet, and the largest temperature jump there."""
    points = numpy_support.vtk_to_numpy(grid.GetPoints().GetData())
    T = numpy_support.vtk_to_numpy(grid.GetPointData().GetArray("Temperature [K]"))
    region = numpy_support.vtk_to_numpy(grid.GetPointData().GetArray("Region"))
    here, shared, largest = {}, 0, 0.0
    for point, value, where in zip(points.tolist(), T.tolist(), region.tolist(), strict=True):
        for other, old in here.setdefault(tuple(point), []):
            if other != where:
                shared += 1
                largest = max(largest, abs(value - old))
        here[tuple(point)].append((where, value))
    return shared, largest


def main(path):
    reader = simple.OpenDataFile(str(path))
    reader.UpdatePipelineInformation()
    times = list(reader.TimestepValues)
    good = len(times) >= 1 and times == sorted(times)
    check("time steps", good, f"{len(times)}: {times[0]} .. {times[-1]} s")
    for t in (times[0], times[-1]):
        reader.UpdatePipeline(t)
        data = servermanager.Fetch(reader)
        grids = [g for g in leaves(data) if g.GetNumberOfCells()]
        cells = sum(g.GetNumberOfCells() for g in grids)
        points = sum(g.GetNumberOfPoints() for g in grids)
        check(f"t = {t} s: cells", cells > 0, f"{cells} cells, {points} points")
    # PointData of the proxy gives what the colour menu shows.
    arrays, cell_arrays = menu(reader.PointData), menu(reader.CellData)
    good = "Temperature [K]" in arrays and "Region" in arrays and "Region" in cell_arrays
    check("arrays", good, ", ".join([*arrays, "| cells:", *cell_arrays]))
    for name, array in {**arrays, **cell_arrays}.items():
        low, high = array.GetRange(0)
        good = math.isfinite(low) and math.isfinite(high) and low <= high
        check(f"range of {name}", good, f"{low:.9g} .. {high:.9g}")
    low, high = arrays["Temperature [K]"].GetRange(0)
    check("temperatures make sense", 100.0 < low <= high < 5000.0)
    names = grids[0].GetFieldData().GetAbstractArray("Region names")
    texts = [names.GetValue(i) for i in range(names.GetNumberOfValues())] if names else []
    ids = int(cell_arrays["Region"].GetRange(0)[1]) if "Region" in cell_arrays else -1
    check("region names", len(texts) == ids and all(texts), ", ".join(texts))
    cell = [g for g in grids if g.GetPointData().GetArray("Region")]
    shared = [jumps(g) for g in cell]
    pairs, largest = sum(n for n, _ in shared), max(j for _, j in shared)
    good = len(texts) < 2 or pairs > 0
    check("both sides of interfaces", good, f"{pairs} pairs, largest jump {largest:.6g} K")
    between = [g for g in grids if g.GetCellData().GetArray("Interface")]
    if between:
        names = between[0].GetFieldData().GetAbstractArray("Interface names")
        count = names.GetNumberOfValues()
        ids = int(cell_arrays["Interface"].GetRange(0)[1])
        check("interfaces", ids == count, ", ".join(names.GetValue(i) for i in range(count)))
        block = simple.ExtractBlock(Input=reader, Selectors=["/Root/Interfaces"])
        block.UpdatePipeline(times[-1])
        count = sum(g.GetNumberOfCells() for g in between)
        found = block.GetDataInformation().GetNumberOfCells()
        check("block of interfaces", found == count > 0, f"{found} facets")
    threshold = simple.Threshold(Input=reader, Scalars=["CELLS", "Region"])
    threshold.LowerThreshold = threshold.UpperThreshold = 1
    threshold.UpdatePipeline(times[-1])
    inside = dataset_adapter.WrapDataObject(servermanager.Fetch(threshold))
    count = inside.GetNumberOfCells()
    check("threshold on the first region", count > 0, f"{count} cells")
    if os.environ.get("DISPLAY"):
        render(reader, times[-1], Path("paraview_readback.png"))
    else:
        print("--   no display: no picture")


def render(reader, time, target):
    view = simple.CreateView("RenderView")
    view.ViewSize = [900, 600]
    view.ViewTime = time
    display = simple.Show(reader, view)
    simple.ColorBy(display, ("POINTS", "Temperature [K]"))
    display.RescaleTransferFunctionToDataRange(True)
    display.SetScalarBarVisibility(view, True)
    view.ResetCamera()
    simple.Render(view)
    simple.SaveScreenshot(str(target), view)
    size = target.stat().st_size if target.is_file() else 0
    check("picture", size > 2000, f"{target.name}, {size} bytes")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]).resolve())
    say("all read back" if not failures else f"{failures} checks failed")
    os._exit(1 if failures else 0)  # some displays crash while ParaView takes its windows down
