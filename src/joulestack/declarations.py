"""What a field or a local state declares of itself, once; everything else follows from it.

Which unknowns have errors of time steps and how large they may be, when Newton's method has solved
them, how they are preconditioned, what they balance, and how they are called in files: the solver,
the balances and the outputs read it here and know no field by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from joulestack import tolerances
from joulestack.tolerances import Tolerance

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Quantity:
    """What a field balances: its residuals are flows of it.

    Attributes:
        name: for people and columns of tables.
        unit: of its flow.
    """

    name: str
    unit: str


HEAT = Quantity("heat", "W")
CHARGE = Quantity("charge", "A")


@dataclass(frozen=True)
class Shown:
    """How unknowns appear in ParaView.

    Attributes:
        label: with unit.
        absolute: counted from zero; the unknown itself may count from its `origin`.
        of: values of the unknowns at nodes (n,), of vectors and local states (n, components) ->
            values to show (n,) or (n, components).
    """

    label: str
    absolute: bool = True
    of: Callable[[Floats], Floats] = lambda values: values


@dataclass(frozen=True)
class Multigrid:
    """How an iterative solver preconditions a field: one cycle of algebraic multigrid.

    Attributes:
        split: fields of the same name are preconditioned together; "": the field alone.
        options: PETSc options without prefix, in place of the solver's own or beside them.
        near_nullspace: coordinates of nodes (n, 3) -> modes (n, components) that cost next to no
            energy, as an elastic body's motions do.
        symmetric: its matrix is, and positive definite.
    """

    split: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    near_nullspace: Callable[[Floats], Sequence[Floats]] | None = None
    symmetric: bool = False


@dataclass(frozen=True)
class FieldInfo:
    """What a field is.

    Attributes:
        key: name in the code, in the solver's messages and in PETSc's options.
        name: for people; with underscores the name in case files.
        unit: of the unknown.
        balance: what its residuals are flows of.
        tolerance: the error that matters.
        rate: it has a time derivative.
        components: of a vector field; None: a scalar.
        start: value of every component at the start [unit]; `Physics.start` may set others.
        preconditioner: for iterative solvers.
        origin: of a `Setup`, what the unknown counts from [unit]; None: zero.
        shown: in ParaView; None: under `label`. Empty: not at all.
    """

    key: str
    name: str
    unit: str
    balance: Quantity
    tolerance: Tolerance
    _: KW_ONLY
    rate: bool = False
    components: int | None = None
    start: float = 0.0
    preconditioner: Multigrid | None = field(default_factory=Multigrid)
    origin: Callable[[Any], float] | None = None
    shown: tuple[Shown, ...] | None = None

    @property
    def kind(self) -> str:
        """A field is of a kind of its own."""
        return self.key

    @property
    def label(self) -> str:
        """For people and files, with unit."""
        return f"{self.name[:1].upper()}{self.name[1:]} [{self.unit}]"

    @property
    def size(self) -> int:
        """Unknowns of a node."""
        return 1 if self.components is None else self.components

    @property
    def vector(self) -> bool:
        """Whether it has an axis of components, be it of one."""
        return self.components is not None

    @property
    def units(self) -> tuple[str, ...]:
        """Of each unknown of a node: what a saved state is held against."""
        return (self.unit,) * self.size

    @property
    def rates(self) -> tuple[bool, ...]:
        """For each unknown of a node, whether it has a time derivative."""
        return (self.rate,) * self.size

    @property
    def tolerances(self) -> tuple[Tolerance, ...]:
        """Of each unknown of a node."""
        return (self.tolerance,) * self.size

    @property
    def starts(self) -> tuple[float, ...]:
        """Of each unknown of a node."""
        return (self.start,) * self.size

    @property
    def columns(self) -> tuple[Shown, ...]:
        """How it appears in ParaView."""
        return (Shown(self.label),) if self.shown is None else self.shown

    @property
    def written_as(self) -> str:
        """Name in case files."""
        return self.name.replace(" ", "_")

    @property
    def known_as(self) -> tuple[str, ...]:
        """What a selection of outputs may call it."""
        return self.key, self.written_as, self.label

    def counts_from(self, setup: Any) -> float:
        """What is added to the unknown to have its value [unit]."""
        return 0.0 if self.origin is None else self.origin(setup)


@dataclass(frozen=True)
class Unknown:
    """One unknown of a local state.

    Attributes:
        name: for people.
        unit: of the unknown.
        tolerance: the error that matters.
        rate: it has a time derivative.
        start: value at the start [unit].
    """

    name: str
    unit: str
    tolerance: Tolerance
    _: KW_ONLY
    rate: bool = False
    start: float = 0.0


@dataclass(frozen=True)
class LocalState:
    """Unknowns at the vertices of a region or an interface that know of no other vertex.

    Attributes:
        key: name in the code and in the solver's messages, of its own.
        name: for people; with underscores the name in case files.
        unknowns: of each vertex.
        shown: in ParaView, in regions; None: each unknown under its name. Labels of states that
            exist in different regions may be the same.
        family: what states of one kind have in common; "": the key.
    """

    key: str
    name: str
    unknowns: tuple[Unknown, ...]
    _: KW_ONLY
    shown: tuple[Shown, ...] | None = None
    family: str = ""

    @property
    def kind(self) -> str:
        """The family."""
        return self.family or self.key

    @property
    def label(self) -> str:
        """For messages."""
        return self.name

    @property
    def size(self) -> int:
        """Unknowns of a node."""
        return len(self.unknowns)

    @property
    def vector(self) -> bool:
        """It has an axis of components, be it of one."""
        return True

    @property
    def units(self) -> tuple[str, ...]:
        """Of each unknown of a node: what a saved state is held against."""
        return tuple(f"{u.name} [{u.unit}]" for u in self.unknowns)

    @property
    def rates(self) -> tuple[bool, ...]:
        """For each unknown of a node, whether it has a time derivative."""
        return tuple(u.rate for u in self.unknowns)

    @property
    def tolerances(self) -> tuple[Tolerance, ...]:
        """Of each unknown of a node."""
        return tuple(u.tolerance for u in self.unknowns)

    @property
    def starts(self) -> tuple[float, ...]:
        """Of each unknown of a node."""
        return tuple(u.start for u in self.unknowns)

    @property
    def columns(self) -> tuple[Shown, ...]:
        """How it appears in ParaView."""
        if self.shown is not None:
            return self.shown

        def column(k: int) -> Callable[[Floats], Floats]:
            return lambda values: values[:, k]

        return tuple(
            Shown(f"{u.name[:1].upper()}{u.name[1:]} [{u.unit}]", of=column(k))
            for k, u in enumerate(self.unknowns)
        )

    @property
    def known_as(self) -> tuple[str, ...]:
        """What a selection of outputs may call it."""
        return self.key, self.kind, self.name.replace(" ", "_"), *(s.label for s in self.columns)

    def counts_from(self, setup: Any) -> float:
        """Local unknowns count from zero."""
        return 0.0


Info = FieldInfo | LocalState

RISE = "Temperature rise [K]"
"""Label of the temperature above that at the start."""


def lithiation_labels(population: int) -> tuple[str, str]:
    """Labels of mean and surface lithiation of a population, counted from 0 in its electrode."""
    number = f" {population + 1}" if population else ""
    return f"Lithiation mean{number} [-]", f"Lithiation surface{number} [-]"


TEMPERATURE = FieldInfo(
    "T",
    "temperature",
    "K",
    HEAT,
    tolerances.TEMPERATURE,
    rate=True,
    preconditioner=Multigrid(symmetric=True),
    origin=lambda setup: float(setup.start_temperature),
    shown=(Shown("Temperature [K]"), Shown(RISE, absolute=False)),
)
ELECTRONIC = FieldInfo(
    "phi_s",
    "electronic potential",
    "V",
    CHARGE,
    tolerances.POTENTIAL,
    preconditioner=Multigrid(split="phi"),
)
IONIC = FieldInfo(
    "phi_e", "ionic potential", "V", CHARGE, tolerances.POTENTIAL,
    preconditioner=Multigrid(split="phi"),
)  # fmt: skip

LITHIATION_NAME = "lithiation"
"""Name of the local states of particles."""


@dataclass(frozen=True)
class Selectable:
    """What `outputs.fields` of a case may name.

    Attributes:
        name: in case files.
        electrical: it is there under a load alone.
    """

    name: str
    electrical: bool = False


SELECTABLE = (
    *(Selectable(f.written_as, f.balance is CHARGE) for f in (TEMPERATURE, ELECTRONIC, IONIC)),
    Selectable(LITHIATION_NAME, electrical=True),
    Selectable("reactions"),
    Selectable("liquid_share"),
    Selectable("stack_pressure"),
    Selectable("heat_source"),
    Selectable("reaction_current", electrical=True),
    Selectable("heat_flux"),
    Selectable("current_density", electrical=True),
    Selectable("interfaces"),
)
"""The package's own fields, and what is computed from them; a `FieldWriter` takes those of any."""
