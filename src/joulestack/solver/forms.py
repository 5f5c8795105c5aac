"""Compile all forms of a model together, once, before any solve.

Forms with the same signature share one kernel, and all new kernels go through one compiler run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from dolfinx import cpp, fem

from joulestack import _compat
from joulestack._compat import Indices, SubMesh
from joulestack.discretisation.domain import Domain
from joulestack.solver import native

CELL, EXTERIOR, INTERIOR = (
    fem.IntegralType.cell,
    fem.IntegralType.exterior_facet,
    fem.IntegralType.interior_facet,
)
Subdomains = Mapping[Any, Sequence[tuple[int, Indices]]]
Floats = npt.NDArray[np.float64]

MOST_TABULATED = 100_000
"""Packed numbers of a form; with more, DOLFINx's own packing costs little beside the kernels, and
tables would cost memory."""


class Assembled:
    """A compiled form with its packed-constants protocol: assembles into arrays."""

    def __init__(self, form: Any) -> None:
        """Take a dolfinx form."""
        self.form = form
        self._coefficients: Callable[[], Any] | None = None

    def _data(self) -> tuple[Any, Any]:
        cpp_form = self.form._cpp_object
        if self._coefficients is None:
            self._coefficients = packing(cpp_form)
        return cpp.fem.pack_constants(cpp_form), self._coefficients()

    def vector(self, b: npt.NDArray[np.float64]) -> None:
        """Add a linear form into a local array (owned and ghost entries)."""
        constants, coefficients = self._data()
        cpp.fem.assemble_vector(b, self.form._cpp_object, constants, coefficients)

    def scalar(self) -> float:
        """This rank's part of a functional."""
        constants, coefficients = self._data()
        return float(cpp.fem.assemble_scalar(self.form._cpp_object, constants, coefficients))

    def matrix(self, A: Any) -> None:
        """Add a bilinear form of vector-valued spaces into a PETSc matrix of scalar rows."""
        constants, coefficients = self._data()
        cpp.fem.petsc.assemble_matrix(A, self.form._cpp_object, constants, coefficients, [], True)


@dataclass
class _Request:
    form: Any
    subdomains: Subdomains
    result: list[Assembled] = field(default_factory=list)


class FormSet:
    """Collects forms, then compiles them all.

    Attributes:
        subdomains: the shared integration data; what is integrated over grows until `compile`.
    """

    def __init__(
        self, domain: Domain, subdomains: Subdomains, submeshes: Sequence[SubMesh]
    ) -> None:
        """Set the shared integration data.

        Args:
            domain: parent mesh.
            subdomains: integral type -> [(id, entities)], ids increasing.
            submeshes: all submeshes that functions live on.
        """
        self._domain = domain
        self.subdomains = subdomains
        self._maps = _compat.merge_entity_maps(submeshes)
        self._requests: list[_Request] = []

    def add(self, form: Any, subdomains: Subdomains | None = None) -> list[Assembled]:
        """Ask for a form; the returned list holds it after `compile`.

        Args:
            form: UFL form.
            subdomains: integration data of its own instead of the shared ones.
        """
        request = _Request(form, self.subdomains if subdomains is None else subdomains)
        self._requests.append(request)
        return request.result

    def compile(self) -> int:
        """Compile and create everything asked for; returns the number of distinct kernels."""
        unique: dict[str, Any] = {}
        for request in self._requests:
            unique.setdefault(request.form.signature(), request.form)
        compiled = dict(
            zip(
                unique, _compat.compile_forms(self._domain.comm, list(unique.values())), strict=True
            )
        )
        for request in self._requests:
            kernel = compiled[request.form.signature()]
            request.result.append(
                Assembled(
                    _compat.create_form(
                        kernel, request.form, self._domain.mesh, request.subdomains, self._maps
                    )
                )
            )
        self._requests.clear()
        return len(unique)


def packing(form: Any) -> Callable[[], Any]:
    """How to pack the coefficients of a form, cell by cell, with their present values.

    DOLFINx packs them anew for every assembly; of the few cells of a line that takes as long as the
    kernels. Where a number comes from does not change: DOLFINx is asked once, with the numbers of
    the entries in their place, and from then on a page of C moves them.

    Args:
        form: a compiled form of DOLFINx (the C++ object).

    Returns:
        A function that gives what `assemble_vector` takes; the arrays are overwritten by the next
        call.
    """
    packed = cpp.fem.pack_coefficients(form)
    if not form.coefficients:
        return lambda: packed
    if sum(array.size for array in packed.values()) > MOST_TABULATED:
        return lambda: cpp.fem.pack_coefficients(form)
    arrays = [f.x.array for f in form.coefficients]
    found = _places(form, arrays)
    if found is None:
        return lambda: cpp.fem.pack_coefficients(form)
    ffi, lib = native.library()
    parts = []
    for key, (columns, places) in found.items():
        sources = ffi.new("double *[]", [native.pointer(arrays[c]) for c in columns])
        target, table = native.pointer(packed[key]), native.pointer(places, "int32_t[]")
        parts.append((*places.shape, sources, table, target))

    def pack() -> Any:
        for part in parts:
            lib.gather(*part)
        return packed

    return pack


def _places(
    form: Any, arrays: list[Floats]
) -> dict[Any, tuple[list[int], npt.NDArray[np.int32]]] | None:
    """Of each integral the array that every column comes from, and the place in it.

    None where packing changes numbers (elements whose bases turn with the cells).
    """
    kept = [array.copy() for array in arrays]
    starts = np.cumsum([1, *(array.size for array in arrays)])
    try:
        for array, start in zip(arrays, starts, strict=False):
            array[:] = np.arange(start, start + array.size)
        packed = {key: array.copy() for key, array in cpp.fem.pack_coefficients(form).items()}
    finally:
        for array, values in zip(arrays, kept, strict=True):
            array[:] = values
    found = {}
    for key, numbers in packed.items():
        whole = numbers.astype(np.int64)
        owner = np.searchsorted(starts, whole, side="right") - 1
        columns = owner.max(axis=0, initial=0)
        there = whole > 0
        same = np.where(there, owner == columns, True).all()
        if not same or not (whole == numbers).all() or (owner >= len(arrays)).any():
            return None
        columns = np.maximum(columns, 0)
        places = np.where(there, whole - starts[columns], -1)
        found[key] = [int(c) for c in columns], np.ascontiguousarray(places, dtype=np.int32)
    return found
