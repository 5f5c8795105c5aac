"""A manufactured solution of everything at once: heat, both potentials, every kind of contact.

Four layers: metal a, electrolyte b, composite c, conductor d; charge transfer on a | b, ionic
contact on b | c, electronic contact on c | d, thermal contacts on all three. Every layer has its
own coefficients, conductivities that depend on temperature, and its own smooth solution. Sources
in the volume, on the interfaces and on the outer faces are what the strong form, written here
independently of the package's weak forms, leaves over.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import ufl
from mpi4py import MPI

from joulestack.fabrication.constant_media import GivenMedium, GivenResistance
from joulestack.laws.kinetics import VolumetricChargeTransfer
from joulestack.mesh import LayerSpec, Line, Pellet, Pouch, build
from joulestack.physics.base import Physics
from joulestack.physics.context import Contacts
from joulestack.simulation.model import Model
from joulestack.simulation.setup import Drive, FaceCondition, Setup
from joulestack.solver.forms import EXTERIOR, FormSet
from tests.verification.harness import Run

REFERENCE = 300.0
AMBIENT = 301.0
H = 0.7
WIDTH = 0.9
THICKNESS = {"a": 0.5, "b": 0.4, "c": 0.6, "d": 0.5}
U, ENTROPIC, SPECIFIC_AREA, R_CT = 0.4, 1e-3, 2.0, 0.8
U_METAL = 0.3
R_THERMAL = {"a": 0.3, "b": 0.05, "c": 0.9}
R_CURRENT = {"a": ("charge_transfer", 0.6), "b": ("ionic", 0.25), "c": ("electronic", 0.1)}
CURRENT = 0.35


def face_area(model: Model, face: str) -> float:
    """Area of a face [m2], weight included."""
    form = model.context.weight * model.context.outer(1)
    facets = model.domain.face_facets(face).ravel()
    forms = FormSet(model.domain, {EXTERIOR: [(1, facets)]}, [])
    area = forms.add(form)
    forms.compile()
    return float(model.domain.comm.allreduce(area[0].scalar()))


@dataclass(frozen=True)
class Stuff:
    """Properties at the reference and their slopes [1/K]."""

    k: float
    in_plane: float
    slope: float
    rho_cp: float
    sigma_s: float | None = None
    sigma_e: float | None = None
    sigma_slope: float = 0.0


STUFF = {
    "a": Stuff(2.0, 1.1, 0.02, 1.5, sigma_s=3.0, sigma_slope=-0.01),
    "b": Stuff(0.4, 0.7, -0.01, 0.8, sigma_e=0.5, sigma_slope=0.05),
    "c": Stuff(0.9, 1.6, 0.01, 1.2, sigma_s=0.8, sigma_e=0.3, sigma_slope=0.03),
    "d": Stuff(5.0, 4.0, 0.0, 2.0, sigma_s=6.0),
}
# Solution: (c0 + c1 z + c2 sin(w z)) m(x) tau(t), m = 1 + c3 (in-plane shape).
Coefficients = tuple[float, float, float, float, float]
SMOOTH: dict[tuple[str, str], Coefficients] = {
    ("T", "a"): (0.0, 0.5, 1.2, 2.1, 0.3),
    ("T", "b"): (2.0, -0.4, 0.7, 3.0, -0.4),
    ("T", "c"): (1.0, 0.6, -0.9, 2.4, 0.5),
    ("T", "d"): (0.3, 0.8, 0.5, 3.3, 0.2),
    ("phi_s", "a"): (0.0, -0.3, 0.4, 1.7, 0.4),
    ("phi_e", "b"): (-0.5, 0.4, 0.3, 2.9, 0.2),
    ("phi_e", "c"): (0.2, -0.5, 0.4, 2.2, -0.3),
    ("phi_s", "c"): (1.1, 0.3, -0.5, 1.9, 0.3),
    ("phi_s", "d"): (0.7, 0.2, 0.6, 2.6, 0.6),
}
# The upper half alone, on the ground: heat, both charges, their coupling and two kinds of contact.
UPPER: dict[tuple[str, str], Coefficients] = SMOOTH | {
    ("T", "c"): (0.0, 0.6, 1.1, 2.4, 0.5),
    ("phi_s", "c"): (0.0, 0.3, -0.5, 1.9, 0.3),
}
LINEAR: dict[tuple[str, str], Coefficients] = {
    key: (c0, c1, 0.0, w, 0.0) for key, (c0, c1, c2, w, c3) in SMOOTH.items()
}


def media() -> dict[str, GivenMedium]:
    def linear(value: float | None, slope: float) -> Any:
        return None if value is None else lambda s: value * (1 + slope * (s.T - REFERENCE))

    return {
        name: GivenMedium(
            name,
            k=linear(s.k, s.slope),
            k_in_plane=linear(s.in_plane, s.slope),
            rho_cp=linear(s.rho_cp, s.slope),
            sigma_s=linear(s.sigma_s, s.sigma_slope),
            sigma_e=linear(s.sigma_e, s.sigma_slope),
            electrode_potential=U_METAL if name == "a" else None,
            charge_transfer=VolumetricChargeTransfer(SPECIFIC_AREA, R_CT, U, ENTROPIC)
            if name == "c"
            else None,
        )
        for name, s in STUFF.items()
    }


def manufactured(
    coefficients: Mapping[tuple[str, str], Coefficients],
    tau: Callable[[float], float] = lambda t: 1.0,
    rate: Callable[[float], float] = lambda t: 0.0,
) -> type[Model]:
    """A model class that adds the sources of a solution."""

    class Manufactured(Model):
        def __init__(self, setup: Setup) -> None:
            super().__init__(replace(setup, physics=(Sources(self),)))

    class Sources(Physics):
        def __init__(self, model: Manufactured) -> None:
            self.model = model

        def contribute(self, context: Any, terms: Any) -> None:
            model = self.model
            times = context.clocked(tau), context.clocked(rate)
            model.exact = Exact(model, coefficients, *times)  # type: ignore[attr-defined]
            model.exact.add_sources()  # type: ignore[attr-defined]

    return Manufactured


class Exact:
    """The solution in UFL, its fluxes and sources in strong form."""

    def __init__(self, model: Any, coefficients: Any, tau: Any, rate: Any) -> None:
        self.model = model
        mesh = model.domain.mesh
        self.x = ufl.SpatialCoordinate(mesh)
        self.n = ufl.FacetNormal(mesh)
        self.tdim = model.domain.tdim
        self.axis = model.setup.tagged.stacking_axis
        self.axisymmetric = model.setup.tagged.coordinates == "axisymmetric"
        self.tau, self.rate = tau, rate
        self.base = {key: self._base(*map(model.wrap, c)) for key, c in coefficients.items()}

    def _base(self, c0: Any, c1: Any, c2: Any, w: Any, c3: Any) -> Any:
        z = self.x[self.axis]
        shape = c0 + c1 * z + c2 * ufl.sin(w * z)
        plane = [self.x[i] for i in range(self.tdim) if i != self.axis]
        if not plane:
            return shape
        if len(plane) == 1:
            # No flux at x = 0 (the axis, or a symmetry plane).
            return shape * (1 + c3 * ufl.cos(1.5 * plane[0] ** 2))
        modulation = 1.0
        for i, y in enumerate(plane):
            modulation = modulation * ufl.cos((1.4 + 0.5 * i) * y + 0.3)
        return shape * (1 + c3 * modulation)

    def value(self, key: str, layer: str) -> Any:
        return self.base[key, layer] * self.tau

    def flux(self, key: str, layer: str) -> Any:
        """Vector -K grad u."""
        s, rise = STUFF[layer], self.value("T", layer)
        gradient = ufl.grad(self.value(key, layer))
        if key == "T":
            factor = 1 + s.slope * rise
            return ufl.as_vector(
                [
                    -(s.k if i == self.axis else s.in_plane) * factor * gradient[i]
                    for i in range(self.tdim)
                ]
            )
        sigma = s.sigma_s if key == "phi_s" else s.sigma_e
        return -sigma * (1 + s.sigma_slope * rise) * gradient

    def divergence(self, vector: Any) -> Any:
        if not self.axisymmetric:
            return ufl.div(vector)
        r = self.x[0]
        return (r * vector[0]).dx(0) / r + vector[1].dx(1)

    def source(self, key: str, layer: str) -> Any:
        """What has to be added to the right-hand side in the volume."""
        result = self.divergence(self.flux(key, layer))
        a_j = eta = 0.0
        if layer == "c":
            eta = self.value("phi_s", "c") - self.value("phi_e", "c") - U
            a_j = SPECIFIC_AREA * eta / R_CT
        if key == "phi_s":
            return result + a_j
        if key == "phi_e":
            return result - a_j
        s, rise = STUFF[layer], self.value("T", layer)
        result += s.rho_cp * (1 + s.slope * rise) * self.base["T", layer] * self.rate
        for potential in ("phi_s", "phi_e"):
            if (potential, layer) in self.base:
                # Joule heat -i . grad phi with i = -sigma grad phi.
                gradient = ufl.grad(self.value(potential, layer))
                result += ufl.inner(self.flux(potential, layer), gradient)
        return result - a_j * (eta + (REFERENCE + rise) * ENTROPIC)

    def contact(self, lower: str, upper: str) -> dict[tuple[str, str], Any]:
        """What the laws say of the flux leaving each layer (field, layer) at their interface."""
        drop = self.value("T", lower) - self.value("T", upper)
        q = drop / R_THERMAL[lower]
        kind, R = R_CURRENT[lower]
        below, above = {
            "charge_transfer": ("phi_s", "phi_e"),
            "ionic": ("phi_e", "phi_e"),
            "electronic": ("phi_s", "phi_s"),
        }[kind]
        volt = self.value(below, lower) - self.value(above, upper)
        if kind == "charge_transfer":
            volt = volt - U_METAL
        i = volt / R
        half = 0.5 * i * volt
        return {
            ("T", lower): q - half,
            ("T", upper): -q - half,
            (below, lower): i,
            (above, upper): -i,
        }

    def add_sources(self) -> None:
        model, context, terms = self.model, self.model.context, self.model.terms
        for group in context.regions:
            layer = group.regions[0].layer
            for key, block in group.blocks.items():
                terms.add(block, -self.source(key, layer) * block.test * context.dx(group))
        for group in context.interfaces:
            lower, upper = group.interfaces[0].layers
            laws = self.contact(lower, upper)
            for layer, region, side in zip((lower, upper), group.sides, "+-", strict=True):
                for key, block in region.blocks.items():
                    out = ufl.dot(self.flux(key, layer), self.n)
                    missing = out - laws.get((key, layer), 0.0)
                    terms.add(block, missing(side) * block.test(side) * context.dS(group))
        density = CURRENT / face_area(model, "top")
        for face in model.setup.tagged.faces:
            for key in model.fields:
                for block, integral_id in model.context.on_face(face, key):
                    for layer in self._layers_on(face, block):
                        self._face(face, key, layer, block, integral_id, density)

    def _layers_on(self, face: str, block: Any) -> list[str]:
        layers = [r.layer for r in block.regions]
        if face == "bottom":
            return layers[:1]
        if face == "top":
            return layers[-1:]
        return layers

    def _face(
        self, face: str, key: str, layer: str, block: Any, integral_id: int, density: float
    ) -> None:
        out = ufl.dot(self.flux(key, layer), self.n)
        if key == "T" and face == "top":
            out = out - H * (REFERENCE + self.value("T", layer) - AMBIENT)
        if key == "phi_s" and face == "top":
            out = out - self.model.wrap(density)
        measure = self.model.context.ds(integral_id)
        if face not in ("bottom", "top"):
            # A side face spans several layers: switch the others off by height.
            below = [n for n in self.model.setup.thickness if n < layer]
            low = sum(THICKNESS[n] for n in below)
            z = self.x[self.axis]
            inside = ufl.And(ufl.gt(z, low), ufl.lt(z, low + THICKNESS[layer]))
            out = ufl.conditional(inside, out, 0.0)
        self.model.terms.add(block, out * block.test * measure)


class ManufacturedRun(Run):
    """Adds error norms of every field to what is compiled."""

    def before_finish(self) -> None:
        model = self.model
        exact = model.exact  # type: ignore[attr-defined]
        dx = ufl.Measure(
            "dx",
            domain=model.domain.mesh,
            metadata={"quadrature_degree": 2 * self.setup.degree + 3},
        )
        self.norms: dict[tuple[str, str], list[Any]] = {}
        for key in model.fields:
            for name in ("L2", "H1"):
                parts = []
                for group in model.context.regions:
                    if key in group.blocks:
                        e = group.blocks[key].value - exact.value(key, group.regions[0].layer)
                        square = e * e if name == "L2" else ufl.inner(ufl.grad(e), ufl.grad(e))
                        ids = tuple(r.id for r in group.regions)
                        parts.append(square * model.context.weight * dx(ids))
                form = parts[0]
                for part in parts[1:]:
                    form = form + part
                self.norms[key, name] = model.forms.add(form)

    def errors(self) -> dict[tuple[str, str], float]:
        comm = self.model.domain.comm
        return {k: math.sqrt(comm.allreduce(f[0].scalar())) for k, f in self.norms.items()}


def problem(kind: str, n: int, degree: int = 1, names: str = "abcd") -> Setup:
    """Mesh with n equal cells per layer and everything but the solution."""
    layers = tuple(LayerSpec(name, THICKNESS[name], n, 1.0) for name in names)
    if kind == "line":
        spec: Any = Line(layers)
    elif kind == "pouch":
        spec = Pouch(layers, WIDTH, WIDTH, in_plane_size=WIDTH / n)
    else:
        spec = Pellet(layers, WIDTH, radial_cells=n, radial_exponent=1.0)
    tagged = build(spec, MPI.COMM_SELF)
    if kind == "plane":
        # The pellet's mesh read as a plane section of unit depth.
        tagged = replace(tagged, coordinates="cartesian")
    contacts = {
        (lower, upper): Contacts(
            thermal=GivenResistance(R_THERMAL[lower]),
            **{R_CURRENT[lower][0]: GivenResistance(R_CURRENT[lower][1])},
        )
        for lower, upper in pairwise(names)
    }
    return Setup(
        tagged,
        {name: medium for name, medium in media().items() if name in names},
        REFERENCE,
        contacts,
        {
            "bottom": [FaceCondition(temperature=lambda t: REFERENCE)],
            "top": [FaceCondition(coefficient=H, ambient=lambda t: AMBIENT)],
        },
        Drive("bottom", "top", lambda t: CURRENT),
        degree=degree,
        thickness={name: THICKNESS[name] for name in names},
    )
