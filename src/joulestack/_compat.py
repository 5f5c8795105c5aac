"""The one place that knows DOLFINx versions (0.9 to 0.11), by what they offer, not by number."""

from __future__ import annotations

import fcntl
import hashlib
import itertools
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from joulestack import _equality
from joulestack._needs import refuse_dolfinx
from joulestack._without import without
from joulestack.progress import stage

with without("numba"):  # only for utilities of DOLFINx that nothing here uses; 0.15 s
    import basix.ufl
    import dolfinx
    import ffcx
    import ffcx.codegeneration.jit
    import ffcx.options
    import ufl
    from dolfinx import fem, jit
    from dolfinx.mesh import Mesh
    from petsc4py import PETSc

refuse_dolfinx(dolfinx.__version__, PETSc.ScalarType)

_equality.install()


def _keep_cells() -> None:
    """Build the UFL cell of a shape once: Basix builds it, with all its faces, on every request.

    Half of what a form's signature costs, a quarter of its analysis.
    """
    element = basix.ufl.element("Lagrange", "interval", 1)
    if element.cell is element.cell:
        return
    owner: Any = next(c for c in type(element).__mro__ if "cell" in vars(c))
    build, built = owner.cell.fget, {}

    def cell(self: Any) -> Any:
        if self.cell_type not in built:
            built[self.cell_type] = build(self)
        return built[self.cell_type]

    owner.cell = property(cell, doc=owner.cell.__doc__)


_keep_cells()


# UFL orders constants by what they print, "9" after "10": numbers of one length keep the order in
# which they were made, and with it the kernels of a model that is built a second time.
ufl.Constant._counter = itertools.count(10**12)

Indices = npt.NDArray[np.int32]
HAS_ENTITY_MAP = hasattr(dolfinx.mesh, "EntityMap")


class SubMesh:
    """Some cells of a parent mesh as a mesh of their own, with the map that forms need.

    Attributes:
        mesh: the submesh (the parent itself where it covers all cells).
        parent_to_sub: submesh cell of each local parent cell, -1 outside.
        entity_map: what the form constructor of this DOLFINx wants.
    """

    def __init__(self, parent: Mesh, cells: Indices, interface_rows: Indices) -> None:
        """Create the submesh.

        Args:
            parent: the whole mesh.
            cells: local cells (owned and ghost) to take.
            interface_rows: rows (cell0, facet0, cell1, facet1) of interior facets on which forms
                use functions of this submesh from one side only.
        """
        tdim = parent.topology.dim
        imap = parent.topology.index_map(tdim)
        count = imap.size_local + imap.num_ghosts
        self.mesh, cell_map, _, _ = dolfinx.mesh.create_submesh(parent, tdim, cells)
        sub_map = self.mesh.topology.index_map(tdim)
        sub_count = sub_map.size_local + sub_map.num_ghosts
        if HAS_ENTITY_MAP:
            to_parent = cell_map.sub_topology_to_topology(
                np.arange(sub_count, dtype=np.int32), False
            )
        else:
            to_parent = np.asarray(cell_map)
        self.parent_to_sub = np.full(count, -1, dtype=np.int32)
        self.parent_to_sub[to_parent] = np.arange(sub_count, dtype=np.int32)
        if HAS_ENTITY_MAP:
            self.entity_map: Any = cell_map
        else:
            # An interior-facet integral packs both sides: the far side borrows the near cell.
            padded = self.parent_to_sub.copy()
            for near, far in ((0, 2), (2, 0)):
                rows = interface_rows.reshape(-1, 4)
                take = (padded[rows[:, near]] >= 0) & (self.parent_to_sub[rows[:, far]] < 0)
                padded[rows[take, far]] = self.parent_to_sub[rows[take, near]]
            self.entity_map = padded


def merge_entity_maps(submeshes: Sequence[SubMesh]) -> Any:
    """Entity maps of several submeshes in the form's own format."""
    if HAS_ENTITY_MAP:
        return [s.entity_map._cpp_object for s in submeshes]
    return {s.mesh._cpp_object: s.entity_map for s in submeshes}


COMPILER_OPTIONS = [
    "-O2",
    "-g0",
    # Element tensors are sums over quadrature points: free to regroup them, the compiler makes the
    # kernels of three coupled fields twice as fast. Infinities and NaNs stay what they are.
    "-fno-math-errno",
    "-fno-trapping-math",
    "-fno-signed-zeros",
    "-fassociative-math",
]


def kernel_folder() -> Path:
    """Where compiled kernels are kept.

    DOLFINx's default, whatever a dolfinx_jit_options.json in the working folder says: that could
    name a folder of libraries made by somebody else, and options of the compiler that run code.
    """
    return Path(jit.DOLFINX_DEFAULT_JIT_OPTIONS["cache_dir"][0]) / "joulestack"


def _folder(forms: Sequence[Any]) -> Path:
    """Where a batch of forms is kept."""
    text = "".join(f.signature() for f in forms) + ffcx.__version__ + " ".join(COMPILER_OPTIONS)
    return kernel_folder() / hashlib.sha1(text.encode()).hexdigest()


def _form_options() -> dict[str, Any]:
    """FFCx's own defaults; an ffcx_options.json in the working folder is left alone."""
    defaults = {name: entry[1] for name, entry in ffcx.options.FFCX_DEFAULT_OPTIONS.items()}
    return defaults | {"scalar_type": np.float64}


@jit.mpi_jit_decorator
def _compile(forms: Sequence[Any]) -> Any:
    """Compile under a lock, in a folder of the batch's own.

    FFCx takes a C file without a library for a compilation under way, and waits for it for ever
    after an interrupted run. Under the lock it can only be a leftover.
    """
    folder = _folder(forms)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(folder.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        cut_off = any(not f.with_suffix(".c.cached").exists() for f in folder.glob("*.c"))
        if cut_off or not is_whole(folder):
            shutil.rmtree(folder, ignore_errors=True)
        found = ffcx.codegeneration.jit.compile_forms(
            list(forms),
            options=_form_options(),
            cache_dir=folder,
            cffi_extra_compile_args=COMPILER_OPTIONS,
        )
        note_whole(folder)
        return found


DIGESTS = "digests.json"


def is_whole(folder: Path) -> bool:
    """Whether the libraries of a folder are those that `note_whole` has seen; nothing noted: yes.

    To load one that a full disk or a crash has cut off ends the process.
    """
    try:
        noted = json.loads((folder / DIGESTS).read_text("utf-8"))
    except FileNotFoundError:
        markers = {f.name.removesuffix(".c.cached") for f in folder.glob("*.c.cached")}
        there = {f.name.partition(".")[0] for f in _libraries(folder) if f.stat().st_size}
        return markers <= there and all(f.stat().st_size for f in _libraries(folder))
    except (OSError, ValueError):
        return False
    return bool(noted == _digests(folder))


def note_whole(folder: Path) -> None:
    """Note what the libraries of a folder are, once they could be loaded."""
    file = folder / DIGESTS
    if not file.exists():
        draft = file.with_suffix(".part")
        draft.write_text(json.dumps(_digests(folder)), "utf-8")
        draft.replace(file)


def _libraries(folder: Path) -> list[Path]:
    return sorted(f for f in folder.glob("*.so") if not f.name.startswith("unfinished"))


def _digests(folder: Path) -> dict[str, str]:
    return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in _libraries(folder)}


def compile_forms(comm: Any, forms: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Compile UFL forms into one module; returns (compiled form, module) for each.

    One compiler run for many forms is several times cheaper than one run for each.
    """
    if not forms:
        return []
    if not any(_folder(forms).glob("*.c.cached")):
        stage(f"compiling {len(forms)} kernels (once; they are kept)", long=True)
    compiled, module, _ = _compile(comm, tuple(forms))
    return [(c, module) for c in compiled]


def create_form(
    compiled: tuple[Any, Any],
    form: Any,
    mesh: Mesh,
    subdomains: Mapping[Any, Sequence[tuple[int, Indices]]],
    entity_maps: Any,
) -> Any:
    """Attach spaces, coefficients, constants and integration data to a compiled form.

    Args:
        compiled: an entry of `compile_forms` with the same signature as `form`.
        form: the UFL form whose functions are meant.
        mesh: integration mesh.
        subdomains: integral type -> (id, entities), ids increasing.
        entity_maps: from `merge_entity_maps`.
    """
    ufcx_form, module = compiled
    address = int(module.ffi.cast("uintptr_t", module.ffi.addressof(ufcx_form)))
    pointer: Any = [address] if HAS_ENTITY_MAP else address
    spaces = [a.ufl_function_space()._cpp_object for a in form.arguments()]
    coefficients = form.coefficients()
    used = [
        coefficients[ufcx_form.original_coefficient_positions[i]]._cpp_object
        for i in range(ufcx_form.num_coefficients)
    ]
    constants = [c._cpp_object for c in form.constants()]
    data = {kind: [(i, np.asarray(e)) for i, e in pairs] for kind, pairs in subdomains.items()}
    cpp_form = fem.forms.form_cpp_class(np.float64)(
        pointer, spaces, used, constants, data, entity_maps, mesh._cpp_object
    )
    return fem.Form(cpp_form, ufcx_form, module=module)


def geometry_nodes(mesh: Mesh) -> Indices:
    """Nodes of the geometry of every cell, a row for each."""
    geometry: Any = mesh.geometry
    return np.asarray(geometry.dofmaps[0] if hasattr(geometry, "dofmaps") else geometry.dofmap)


def shared_facet_partitioner(ranks: int) -> Any:
    """Partitioner that shows both cells of a facet to the rank that owns the facet.

    None for one rank: there is nothing to share, and the graph of all cells costs a third of what
    their mesh does.
    """
    if ranks == 1:
        return None
    shared = dolfinx.mesh.GhostMode.shared_facet
    try:
        return dolfinx.mesh.create_cell_partitioner(shared)
    except TypeError:  # later versions want the number of cells that may meet in a facet
        return dolfinx.mesh.create_cell_partitioner(shared, 2)
