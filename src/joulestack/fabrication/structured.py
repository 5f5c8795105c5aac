"""Effective transport computed on a microstructure, and what must not be counted beside it.

The geometry of pores and necks is in f(phi). What else the library knows of the contacts that
pressing makes would count them twice: the growth of the ionic contacts on loading, and the factor
of unsintered grains on k. Contacts that open as the stack relaxes, and the activation volume of the
lattice, are not in a picture taken under the highest pressure: they stay.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from joulestack.errors import CaseError, Problem
from joulestack.fabrication.compaction import key_of
from joulestack.fabrication.specification import Composite, Computed, Fabrication
from joulestack.fabrication.tabulated import SCALINGS, of_composite, reached, read, scalings
from joulestack.laws.state import ROOM
from joulestack.materials.property import Property

LOADING = ("stack-pressure", "grains", "loading")
"""Laws of ionic contact that count what loading makes."""


def of_pellet(
    spec: Fabrication, laws: Mapping[str, str], extra_dirs: Sequence[str | Path], where: str
) -> Computed | None:
    """What was computed for a solid electrolyte, where the case names a microstructure.

    Raises:
        CaseError: no such table, or a setting beside it that counts the same again.
    """
    given = _given(spec.effective, extra_dirs, where)
    if given is None:
        return None
    names = ("thermal_conductivity", "ionic_conductivity")
    problems = _twice(given, names, spec.laws, spec.overrides, where)
    if "ionic_conductivity" in given.provides and laws.get("ionic_contact") in LOADING:
        what = "contacts made on loading are in the microstructure already"
        remedy = '"release" (default beside effective) or "none"'
        problems.append(Problem(f"{key_of(where, 'laws')}.ionic_contact", what, remedy))
    if "thermal_conductivity" in given.provides and "grain_contact_factor" in spec.overrides:
        what = "contacts between grains are in the microstructure already"
        remedy = "leave it out; particle_resistance of [[transport]] is for their boundaries"
        path = f"{key_of(where, 'overrides')}.grain_contact_factor"
        problems.append(Problem(path, what, remedy))
    if problems:
        raise CaseError(problems)
    return given


def pellet_laws(
    spec: Fabrication, given: Computed | None, reference: float | None, where: str
) -> dict[str, Property]:
    """f(phi) by the property it scales; empty where nothing was computed yet.

    Raises:
        CaseError: the conductivity of the material is not that of grains.
    """
    if given is None:
        return {}
    if reference is None and "ionic_conductivity" in given.provides:
        what = f"the ionic conductivity of {spec.material} is that of pellets as pressed"
        remedy = "a table of thermal_conductivity alone, or another particle_class"
        raise CaseError(Problem(key_of(where, "effective"), what, remedy))
    return scalings(given, spec.material, f"{key_of(where, 'effective')}.microstructure")


def of_electrode(
    spec: Composite, extra_dirs: Sequence[str | Path], where: str
) -> tuple[Composite, Computed | None]:
    """What was computed for a composite; its electrolyte without the contacts of loading.

    Raises:
        CaseError: as for `of_pellet`.
    """
    given = _given(spec.effective, extra_dirs, where)
    if given is None:
        return spec, None
    problems = _twice(given, tuple(SCALINGS), spec.laws, spec.overrides, where)
    if "thermal_conductivity" in given.provides and "interface_resistance" in spec.overrides:
        what = "has no effect: heat was computed on the microstructure"
        remedy = "leave it out; interface_resistance of [[transport]] acts there"
        path = f"{key_of(where, 'overrides')}.interface_resistance"
        problems.append(Problem(path, what, remedy))
    if problems:
        raise CaseError(problems)
    made = spec.electrolyte
    if "ionic_conductivity" in given.provides:
        kept = made.laws.get("ionic_contact", "release")
        laws = {**made.laws, "ionic_contact": "release" if kept in LOADING else kept}
        made = replace(made, laws=laws)
    # A microstructure of the electrolyte's own is that of the separator, not of this mixture.
    return replace(spec, electrolyte=replace(made, effective=None)), given


@dataclass(frozen=True)
class Structure:
    """What a microstructure says of a composite of one density.

    Attributes:
        provides: conductivities that it is for, computed yet or not.
        conductors: best conductor and f(phi) of it, by conductivity, once computed.
        used: share of active material that takes part, and of its surface that touches
            electrolyte; None: not computed.
        remarks: what a user should know.
    """

    provides: tuple[str, ...]
    conductors: Mapping[str, tuple[str, Property]]
    used: tuple[float, float] | None = None
    remarks: tuple[str, ...] = ()


def structure(given: Computed | None, phi: float, where: str) -> Structure | None:
    """The microstructure of a composite; None where the case names none.

    Args:
        given: what was computed.
        phi: volume fraction of all solids in the electrode.
        where: path of the material in the case.

    Raises:
        CaseError: a phase that the electrode does not have, or a network that leads nowhere.
    """
    if given is None:
        return None
    key = f"{key_of(where, 'effective')}.microstructure"
    known = of_composite(given, key)
    problems = [
        Problem(key, f"{name}: nothing leads through {given.name} at {100 * phi:.1f} %",
                "denser, more of what conducts, or a larger image")
        for name, (_, law) in known.items() if float(law(ROOM, phi=phi)) <= 0
    ]  # fmt: skip
    used = reached(given, phi)
    if used is not None and 0 in used:
        what = f"no active material of {given.name} is reached by ions and electrons"
        problems.append(Problem(key, what, "more electrolyte or carbon, or smaller particles"))
    if problems:
        raise CaseError(problems)
    if used is None:
        return Structure(given.provides, known)
    said = (
        f"{100 * used[0]:.1f} % of the active material takes part, {100 * used[1]:.1f} % of its "
        f"surface touches electrolyte (microstructure {given.name})"
    )
    return Structure(given.provides, known, used, (said,))


def _given(
    effective: str | Computed | None, extra_dirs: Sequence[str | Path], where: str
) -> Computed | None:
    if isinstance(effective, str):
        return read(effective, extra_dirs, f"{key_of(where, 'effective')}.microstructure")
    return effective


def _twice(
    given: Computed,
    names: Sequence[str],
    laws: Mapping[str, str],
    overrides: Mapping[str, float],
    where: str,
) -> list[Problem]:
    """Laws and overrides of properties that were computed."""
    return [
        Problem(f"{key_of(where, table)}.{name}", "has no effect beside effective", "one of them")
        for table, settings in (("laws", laws), ("overrides", overrides))
        for name in names
        if name in given.provides and name in settings
    ]
