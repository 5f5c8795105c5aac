"""Compile all forms of a model together, once, before any solve.

Forms with the same signature share one kernel, and all new kernels go through one compiler run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from dolfinx import cpp, fem

from joulestack import _compat
from joulestack._compat import Indices, SubMesh
from joulestack.discretisation.domain import Domain

CELL, EXTERIOR, INTERIOR = (
    fem.IntegralType.cell,
    fem.IntegralType.exterior_facet,
    fem.IntegralType.interior_facet,
)
Subdomains = Mapping[Any, Sequence[tuple[int, Indices]]]


class Assembled:
    """A compiled form with its packed-constants protocol: assembles into arrays."""

    def __init__(self, form: Any) -> None:
        """Take a dolfinx form."""
        self.form = form
        # Without coefficients there is nothing to pack anew.
        cpp_form = form._cpp_object
        self._packed = None if cpp_form.coefficients else cpp.fem.pack_coefficients(cpp_form)

    def _data(self) -> tuple[Any, Any]:
        cpp_form, packed = self.form._cpp_object, self._packed
        coefficients = cpp.fem.pack_coefficients(cpp_form) if packed is None else packed
        return cpp.fem.pack_constants(cpp_form), coefficients

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
    """Collects forms, then compiles them all."""

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
        self._subdomains = subdomains
        self._maps = _compat.merge_entity_maps(submeshes)
        self._requests: list[_Request] = []

    def add(self, form: Any, subdomains: Subdomains | None = None) -> list[Assembled]:
        """Ask for a form; the returned list holds it after `compile`.

        Args:
            form: UFL form.
            subdomains: integration data of its own instead of the shared ones.
        """
        request = _Request(form, self._subdomains if subdomains is None else subdomains)
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
