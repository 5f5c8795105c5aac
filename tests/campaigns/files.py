"""Tables, pictures, images and meshes that somebody has broken, byte by byte or on purpose."""

from __future__ import annotations

import io
import random
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from joulestack.microstructure import vti
from tests.mpi import ROOT

Content = tuple[str, bytes]
"""A suffix and what a file of it holds."""

WORDS = [
    *(b"\0", b"\xff", b"-1", b"0", b"1e308", b"-1e308", b"nan", b"inf", b"99999999999999999999"),
    *(b"9" * 400, b"[" * 3000, b'"', b",", b";", b"\t", b"\n", b"\r", b"<", b">", b"&", b"/", b"A"),
    *(b"x" * 200_000, b"\x7f\xff\xff\xff", b"\xff\xff\xff\xff", b"\xff" * 8, b"\x80" + b"\0" * 7),
]  # fmt: skip
NUMBERS = [b"-1", b"0", b"1", b"7", b"4294967296", b"18446744073709551615", b"1e9", b"0.5", b"300"]


def spoilt(content: bytes, rng: random.Random) -> bytes:
    """Some bytes changed, cut, repeated; numbers replaced."""
    for _ in range(rng.choice([1, 1, 2, 5])):
        content = _once(content, rng)
    return content


def _once(content: bytes, rng: random.Random) -> bytes:
    i = rng.randrange(max(len(content), 1))
    j = min(len(content), i + rng.choice([1, 2, 4, 8, 40, 400]))
    digits = [k for k in range(len(content)) if content[k : k + 1].isdigit()][:4000]
    k = rng.choice(digits) if digits else i
    end = k
    while end < len(content) and content[end : end + 1].isdigit():
        end += 1
    new = {
        "byte": bytes([rng.randrange(256)]),
        "noise": bytes(rng.randrange(256) for _ in range(j - i)),
        "word": rng.choice(WORDS),
        "cut": b"",
        "again": content[i:j] * rng.choice([2, 30]),
    }
    way = rng.choice([*new, "end", "number", "number"])
    if way == "end":
        return content[:i]
    if way == "number":
        return content[:k] + rng.choice(NUMBERS) + content[end:]
    return content[:i] + new[way] + (content[i + 1 :] if way == "byte" else content[j:])


def tables(rng: random.Random) -> Content:
    """CSV files of loads; from one that is right."""
    mark = rng.choice([",", ";", "\t"])
    rows = [f"{60 * i}{mark}{0.001 * i:g}{mark}{3.7 - 0.01 * i:g}" for i in range(20)]
    head = mark.join(rng.choice([("time [s]", "current [A]", "voltage [V]"),
                                 ("Time (h)", "I/mA", "Ecell/V"), ("t", "i", "u")]))  # fmt: skip
    if rng.random() < 0.1:
        head = mark.join([head, "(" * 3000, "x" * 200_000])
    text = "\n".join([head, *rows, ""]).encode(rng.choice(["utf-8", "utf-16", "latin-1"]))
    return ".csv", spoilt(text, rng)


def workbooks(rng: random.Random) -> Content:
    """Archives that say they are workbooks."""
    packed = io.BytesIO()
    book = b"<workbook/>" if rng.random() < 0.7 else b"\0" * 10**6
    other = rng.choice(["../../out", "/out", "[Content_Types].xml"])
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in (("xl/workbook.xml", book), (other, b"<a/>")):
            part = zipfile.ZipInfo(name)  # of a day that does not change
            part.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(part, content)
    return rng.choice([".csv", ".xlsx"]), spoilt(packed.getvalue(), rng)


def pictures(rng: random.Random) -> Content:
    """Grey pictures of a pressure."""
    kind = rng.choice(["PNG", "TIFF"])
    saved = io.BytesIO()
    grey = np.arange(256, dtype=np.uint8).reshape(16, 16)
    Image.fromarray(grey).save(saved, kind)
    content = saved.getvalue()
    if kind == "PNG" and rng.random() < 0.3:  # a size that the picture has not, rightly signed
        sides = rng.choice([2**31 - 1, 100_000, 0]).to_bytes(4, "big") * 2
        head = b"IHDR" + sides + content[24:29]
        content = content[:12] + head + zlib.crc32(head).to_bytes(4, "big") + content[33:]
    return rng.choice([".png", ".tif"]), spoilt(content, rng)


VTI = [
    b'<VTKFile type="ImageData" byte_order="LittleEndian" compressor="vtkZLibDataCompressor">'
    b'<ImageData WholeExtent="0 4 0 4 0 4" Spacing="1 1 1"><Piece Extent="0 4 0 4 0 4"><CellData>'
    b'<DataArray type="UInt8" Name="a" format="binary">AQAAAACAAAAAAAAA</DataArray>'
    b"</CellData></Piece></ImageData></VTKFile>",
    b'<VTKFile type="ImageData" byte_order="LittleEndian">'
    b'<ImageData WholeExtent="0 2 0 2 0 2" Spacing="1 1 1"><Piece Extent="0 2 0 2 0 2"><CellData>'
    b'<DataArray type="Float16" Name="a" format="ascii">1 2 3 4 5 6 7 300</DataArray>'
    b"</CellData></Piece></ImageData></VTKFile>",
    b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    b"<VTKFile>&c;</VTKFile>",
]


def _images(folder: Path) -> list[Content]:
    import tifffile

    grey = (np.arange(6 * 5 * 4) % 3).astype(np.uint8).reshape(6, 5, 4)
    vti.write(folder / "a.vti", {"a": grey}, 1e-6)
    np.save(folder / "a.npy", grey)
    found = [(".vti", (folder / "a.vti").read_bytes()), (".npy", (folder / "a.npy").read_bytes())]
    for options in ({}, {"compression": "zlib"}, {"bigtiff": True}, {"tile": (16, 16)}):
        tifffile.imwrite(folder / "a.tif", grey, **options)
        found.append((".tif", (folder / "a.tif").read_bytes()))
    np.savez(folder / "a.npz", grey)
    return [*found, (".npy", (folder / "a.npz").read_bytes()), *((".vti", v) for v in VTI)]


def images(folder: Path) -> Callable[[random.Random], Content]:
    """Voxel images in every format that is read."""
    found = _images(folder)

    def make(rng: random.Random) -> Content:
        suffix, content = rng.choice(found)
        return suffix, content if rng.random() < 0.02 else spoilt(content, rng)

    return make


GEO = b'SystemCall "touch hacked";\nPoint(1) = {0, 0, 0};\n'
MSH = b"$MeshFormat\n2.2 0 8\n$EndMeshFormat\n"


def _meshes(folder: Path) -> list[Content]:
    import meshio

    points = np.array([[x, y, z] for z in (0.0, 1.0) for y in (0.0, 1.0) for x in (0.0, 1.0)])
    tetra = [[0, 1, 3, 5], [0, 3, 2, 6], [0, 5, 4, 6], [3, 5, 6, 7], [0, 3, 5, 6]]
    cells = [("tetra", np.array(tetra))]
    mesh = meshio.Mesh(points, cells, cell_data={"region": [np.array([1, 1, 1, 2, 2])]})
    found = [(".msh", (ROOT / "meshes" / "l_pouch.msh").read_bytes()[:20_000]), (".msh", GEO)]
    found += [(".msh", MSH + GEO), (".geo", GEO)]
    for suffix, kind in ((".vtu", "vtu"), (".vtk", "vtk"), (".inp", "abaqus"), (".mesh", "medit"),
                         (".su2", "su2"), (".bdf", "nastran"), (".xml", "dolfin-xml"),
                         (".msh", "gmsh"), (".msh", "gmsh22"), (".avs", "avsucd")):  # fmt: skip
        path = folder / f"a{suffix}"
        try:
            mesh.write(path, file_format=kind)
        except Exception:  # meshio cannot write what it reads
            continue
        found.append((suffix, path.read_bytes()))
    return found


def meshes(folder: Path) -> Callable[[random.Random], Content]:
    """Meshes in the formats that are read, and what only looks like one."""
    found = _meshes(folder)

    def make(rng: random.Random) -> Content:
        suffix, content = rng.choice(found)
        return suffix, content if rng.random() < 0.02 else spoilt(content, rng)

    return make
