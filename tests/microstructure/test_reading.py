"""Images from files: what is written comes back voxel for voxel; what is no image is refused."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from joulestack import machine
from joulestack.errors import CaseError
from joulestack.microstructure import vti
from joulestack.microstructure.reading import RawHeader, read_array


@pytest.fixture
def grey():
    return np.random.default_rng(1).integers(0, 60000, (5, 6, 7)).astype(np.uint16)


def test_tiff_stack_is_slices_of_rows(grey, tmp_path):
    tifffile.imwrite(tmp_path / "a.tif", grey.transpose(2, 1, 0))
    array, size = read_array(tmp_path / "a.tif")
    np.testing.assert_array_equal(array, grey)
    assert size is None


def test_folder_of_slices_goes_by_number(grey, tmp_path):
    for z in range(grey.shape[2]):
        tifffile.imwrite(tmp_path / f"slice_{z + 7}.tif", grey[:, :, z].T)  # 7 ... 13
    np.testing.assert_array_equal(read_array(tmp_path)[0], grey)


@pytest.mark.parametrize("axes", ["xyz", "zyx"])
def test_npy(grey, tmp_path, axes):
    np.save(tmp_path / "a.npy", grey if axes == "xyz" else grey.transpose(2, 1, 0))
    np.testing.assert_array_equal(read_array(tmp_path / "a.npy", axes=axes)[0], grey)


@pytest.mark.parametrize("big", [False, True])
def test_raw_with_header(grey, tmp_path, big):
    data = grey.transpose(2, 1, 0).astype(">u2" if big else "<u2").tobytes()
    (tmp_path / "a.raw").write_bytes(b"head" + data)
    header = RawHeader((5, 6, 7), "uint16", big, offset=4)
    array, _ = read_array(tmp_path / "a.raw", header)
    np.testing.assert_array_equal(array, grey)
    assert array.dtype == np.uint16
    assert array.dtype.isnative


@settings(max_examples=25, deadline=None)
@given(
    hnp.arrays(
        st.sampled_from([np.uint8, np.int32, np.float32, np.float64]),
        hnp.array_shapes(min_dims=3, max_dims=3, min_side=1, max_side=20),
        elements=st.integers(0, 100),
    )
)
def test_vti_round_trip(tmp_path_factory, array):
    path = vti.write(tmp_path_factory.mktemp("vti") / "a.vti", {"a": array, "b": array[::-1]}, 5e-7)
    back, size = vti.read(path, "a")
    np.testing.assert_array_equal(back, array)
    assert back.dtype == array.dtype
    assert size == 5e-7


def test_pyvista_reads_what_is_written(grey, tmp_path):
    pyvista = pytest.importorskip("pyvista")
    flux = np.random.default_rng(2).normal(size=(3, *grey.shape)).astype(np.float32)
    mesh = pyvista.read(vti.write(tmp_path / "a.vti", {"grey": grey, "flux": flux}, 1e-6))
    assert mesh.dimensions == (6, 7, 8)
    assert mesh.spacing == (1e-6,) * 3
    np.testing.assert_array_equal(mesh["grey"], grey.ravel("F"))
    np.testing.assert_array_equal(mesh["flux"], flux.reshape(3, -1, order="F").T)


@pytest.mark.parametrize("packed", ["None", "ZLib", "LZMA"])
@pytest.mark.parametrize("mode", ["ascii", "binary", "appended", "raw", "points"])
def test_vti_of_others(grey, tmp_path, mode, packed):
    vtk = pytest.importorskip("vtkmodules.vtkIOXML")
    pyvista = pytest.importorskip("pyvista")
    mesh = pyvista.ImageData(dimensions=np.array(grey.shape) + (mode != "points"), spacing=[2] * 3)
    (mesh.point_data if mode == "points" else mesh.cell_data)["g"] = grey.ravel("F")
    writer = vtk.vtkXMLImageDataWriter()
    writer.SetInputData(mesh)
    writer.SetFileName(str(tmp_path / "a.vti"))
    if mode == "ascii":
        writer.SetDataModeToAscii()
    elif mode == "binary":
        writer.SetDataModeToBinary()
    else:
        writer.SetDataModeToAppended()
        writer.SetEncodeAppendedData(mode == "appended")
    getattr(writer, f"SetCompressorTypeTo{packed}")()
    writer.SetBlockSize(1024)  # bytes: several blocks, the last one shorter
    writer.Write()
    array, size = read_array(tmp_path / "a.vti")
    np.testing.assert_array_equal(array, grey)
    assert size == 2


VTI = """<VTKFile type="ImageData" byte_order="LittleEndian" header_type="UInt32" {more}>
<ImageData WholeExtent="0 4 0 4 0 4" Spacing="{spacing}"><Piece Extent="{extent}"><CellData>
<DataArray type="{kind}" Name="g" format="{way}">{body}</DataArray>
</CellData></Piece></ImageData></VTKFile>"""
SOUND = {
    "more": "", "spacing": "1 1 1", "extent": "0 4 0 4 0 4", "kind": "UInt8", "way": "ascii",
    "body": "1 " * 64,
}  # fmt: skip
ZLIB = {"more": 'compressor="vtkZLibDataCompressor"', "way": "binary"}


@pytest.mark.parametrize(
    "damage",
    [
        {"kind": "Float16"},
        {"kind": ""},
        {"body": "300 " * 64},
        {"body": "x " * 64},
        {"body": ""},
        {"extent": "0 4 0 4"},
        {"extent": "0 4 0 4 0 x"},
        {"extent": "4 0 4 0 4 0"},
        {"extent": "0 2000000 0 2000000 0 2000000"},
        {"spacing": "1 1"},
        {"spacing": "nan nan nan"},
        {"more": 'compressor="vtkLZ4DataCompressor"'},
        {**ZLIB, "body": ""},
        {**ZLIB, "body": "AQAAAA=="},  # one block, no more said
        {**ZLIB, "body": "AQAAAEAAAAAAAAAACAAAAA==eJxj"},  # one block of 64 bytes, cut short
        {**ZLIB, "body": "AQAAAP///38AAAAACAAAAA==eJxj"},  # of 2 GB
        {**ZLIB, "body": "////fwAAAAAAAAAA"},  # 2e9 blocks
        {"way": "binary", "body": "////fw=="},
    ],
)
def test_damaged_vti(tmp_path, damage):
    path = tmp_path / "a.vti"
    path.write_text(VTI.format(**SOUND))
    assert read_array(path)[0].sum() == 64
    path.write_text(VTI.format(**{**SOUND, **damage}))
    with pytest.raises(CaseError) as caught:
        read_array(path)
    assert caught.value.problems[0].remedy


def _broken(folder, name):
    path = folder / name
    match name:
        case "empty.tif":
            path.write_bytes(b"")
        case "text.tif" | "text.npy" | "text.vti" | "text.txt":
            path.write_text("no image")
        case "flat.npy":
            np.save(path, np.zeros((4, 4)))
        case "colour.npy":
            np.save(path, np.zeros((4, 4, 4, 3)))
        case "thin.npy":
            np.save(path, np.zeros((4, 4, 1)))
        case "complex.npy":
            np.save(path, np.zeros((4, 4, 4), complex))
        case "nan.npy":
            np.save(path, np.full((4, 4, 4), np.nan))
        case "flat.raw":
            path.write_bytes(bytes(64))
        case "bricks.vti":
            vti.write(path, {"a": np.zeros((3, 3, 3))}, 1e-6)
            data = path.read_bytes().replace(b'Spacing="1e-06', b'Spacing="2e-06')
            path.write_bytes(data)
        case "two.vti":
            vti.write(path, {"a": np.zeros((3, 3, 3)), "b": np.zeros((3, 3, 3))}, 1e-6)
        case "short.vti":
            vti.write(path, {"a": np.zeros((3, 3, 3))}, 1e-6)
            path.write_bytes(path.read_bytes()[:-120])
        case "slices":
            path.mkdir()
            tifffile.imwrite(path / "1.tif", np.zeros((4, 4), np.uint8))
            tifffile.imwrite(path / "2.tif", np.zeros((4, 5), np.uint8))
        case "nothing":
            path.mkdir()
    return path


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("empty.tif", "is empty"),
        ("text.tif", "no TIFF"),
        ("text.npy", "no .npy"),
        ("text.vti", "not VTK XML"),
        ("text.txt", "not known"),
        ("flat.npy", "2 dimensions"),
        ("colour.npy", "colours"),
        ("thin.npy", "at least 2 voxels"),
        ("complex.npy", "complex128"),
        ("nan.npy", "no numbers"),
        ("flat.raw", "nothing of its shape"),
        ("bricks.vti", "not a cube"),
        ("two.vti", "several arrays"),
        ("short.vti", "cut short"),
        ("slices", "differs in shape"),
        ("nothing", "no TIFF or PNG slices"),
        ("missing.tif", "there is no"),
    ],
)
def test_no_image_is_a_case_error(tmp_path, name, said):
    with pytest.raises(CaseError, match=said):
        read_array(_broken(tmp_path, name))


def test_raw_of_another_size(tmp_path):
    (tmp_path / "a.raw").write_bytes(bytes(63))
    with pytest.raises(CaseError, match=r"holds 63 bytes.* make 64"):
        read_array(tmp_path / "a.raw", RawHeader((4, 4, 4)))
    with pytest.raises(CaseError, match="is no type"):
        read_array(tmp_path / "a.raw", RawHeader((4, 4, 4), "grey"))


def written(path, *images, **options):
    with tifffile.TiffWriter(path) as file:
        for image in images:
            file.write(image, **options)
    return path


def test_of_several_series_one_is_chosen(grey, tmp_path):
    stack = grey.transpose(2, 1, 0)
    with tifffile.TiffWriter(tmp_path / "a.ome.tif", ome=True) as file:
        file.write(stack, metadata={"Name": "scan", "axes": "ZYX"})
        file.write(stack[:, ::-1], metadata={"Name": "turned", "axes": "ZYX"})
        file.write(stack[0, :2, :2], metadata={"Name": "thumbnail", "axes": "YX"})
    with pytest.raises(CaseError) as caught:
        read_array(tmp_path / "a.ome.tif")
    for word in ("3 series", "scan", "turned", "thumbnail", "7 x 6 x 5 of uint16", "series = 1"):
        assert word in str(caught.value)
    for series in (2, "turned"):
        array, _ = read_array(tmp_path / "a.ome.tif", series=series)
        np.testing.assert_array_equal(array, grey[:, ::-1])
    for series in (4, 0, "other", "all"):
        with pytest.raises(CaseError, match=r"has (no|3) series"):
            read_array(tmp_path / "a.ome.tif", series=series)
    with pytest.raises(CaseError, match="3 series"):
        read_array(tmp_path)  # as a slice


def test_slices_written_one_by_one_are_stacked_when_asked(grey, tmp_path):
    path = written(tmp_path / "a.tif", *grey.transpose(2, 1, 0))
    with pytest.raises(CaseError, match="7 series"):
        read_array(path)
    np.testing.assert_array_equal(read_array(path, series="all")[0], grey)


def test_white_that_is_zero(grey, tmp_path):
    """Values are those that are shown."""
    stack = grey.transpose(2, 1, 0)
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, 65535 - stack, photometric="miniswhite")
    np.testing.assert_array_equal(read_array(path)[0], grey)
    tifffile.imwrite(path, (stack > 30000), photometric="miniswhite")
    np.testing.assert_array_equal(read_array(path)[0], grey <= 30000)
    tifffile.imwrite(path, stack.astype(np.float32), photometric="miniswhite")
    with pytest.raises(CaseError, match="white is zero"):
        read_array(path)


def test_a_missing_codec_is_named(grey, tmp_path, monkeypatch):
    """As tifffile says it of JPEG, which it cannot unpack by itself."""
    from PIL import Image

    from joulestack.errors import EnvironmentMissing

    path = tmp_path / "a.tif"
    Image.fromarray((grey[:, :, 0] % 256).astype(np.uint8)).save(path, compression="jpeg")
    try:
        import imagecodecs  # noqa: F401
    except ModuleNotFoundError:
        pass
    else:
        raise AssertionError("the environment has imagecodecs: this test says nothing")
    with pytest.raises(EnvironmentMissing) as caught:
        read_array(path)
    assert "compressed by JPEG" in str(caught.value)
    assert "joulestack[codecs]" in str(caught.value)


def test_folder_of_png_slices(grey, tmp_path):
    from PIL import Image

    for z in range(grey.shape[2]):
        Image.fromarray(grey[:, :, z].T).save(tmp_path / f"a{z + 8}.png")
    (tmp_path / "notes.txt").write_text("not a slice")
    np.testing.assert_array_equal(read_array(tmp_path)[0], grey)
    tifffile.imwrite(tmp_path / "b.tif", grey[:, :, 0].T)
    with pytest.raises(CaseError, match="of TIFF and of PNG"):
        read_array(tmp_path)


def test_slices_go_by_number_whatever_else_is_in_their_names(grey, tmp_path):
    names = ("2", "10", "a1", "a9b", "a10", "B2", "c")
    for z, name in enumerate(names):
        tifffile.imwrite(tmp_path / f"{name}.tif", grey[:, :, z].T)
    np.testing.assert_array_equal(read_array(tmp_path)[0], grey)


def test_sizes_are_held_against_the_file_and_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of the size that a header claims is made for it."""
    np.save(tmp_path / "a.npy", np.zeros((4, 4, 4), np.uint8))
    head = (tmp_path / "a.npy").read_bytes()
    (tmp_path / "a.npy").write_bytes(head.replace(b"(4, 4, 4), }  ", b"(999,999,999)}"))
    assert b"999" in (tmp_path / "a.npy").read_bytes()
    tracemalloc.start()
    with pytest.raises(CaseError, match=r"is no \.npy file"):
        read_array(tmp_path / "a.npy")
    assert tracemalloc.get_traced_memory()[1] < 1e7
    tracemalloc.stop()
    flat = np.zeros((100, 1000, 1000), np.uint8)
    tifffile.imwrite(tmp_path / "a.tif", flat, compression="zlib")
    assert (tmp_path / "a.tif").stat().st_size < 1e6
    monkeypatch.setenv(machine.MEMORY, "100 MB")
    with pytest.raises(CaseError, match=r"unpacks to 0\.1 GB; the machine has 0\.1"):
        read_array(tmp_path / "a.tif")


@pytest.mark.parametrize("pages", [1, 3])
def test_pages_that_go_in_a_circle_end(tmp_path: Path, pages: int) -> None:
    """The chain of pages of a TIFF file may lead back into itself."""
    path = tmp_path / "a.tif"
    with tifffile.TiffWriter(path) as file:
        for _ in range(pages):
            file.write(np.zeros((4, 5), np.uint8), contiguous=False, metadata=None)
    with tifffile.TiffFile(path) as file:
        offsets = [page.offset for page in file.pages]
    content = bytearray(path.read_bytes())
    entries = int.from_bytes(content[offsets[-1] : offsets[-1] + 2], "little")
    last = offsets[-1] + 2 + 12 * entries
    content[last : last + 4] = offsets[0].to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(CaseError):
        read_array(path)
