"""What a recipe of a composite electrode must and must not say."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from joulestack import units
from joulestack.errors import CaseError, Problem
from joulestack.fabrication.composite.composition import Composition
from joulestack.fabrication.composite.mixture import Mixture
from joulestack.fabrication.specification import Composite
from joulestack.laws.scaling import Percolation
from joulestack.laws.state import ROOM
from joulestack.materials.property import Property


def check(spec: Composite, key: str) -> None:
    """Refuse impossible numbers of a composite.

    Raises:
        CaseError: lists them.
    """
    problems = [*_components(spec, key), *_pores(spec, key), *_ranges(spec, key)]
    if problems:
        raise CaseError(problems)


def _components(spec: Composite, key: str) -> Iterator[Problem]:
    """Mass fractions of known components add up, and those that must be there are."""
    w = spec.mass_fractions
    names = ("active", "electrolyte", "additive")
    wrong = [n for n in w if n not in names]
    if wrong:
        yield Problem(
            f"{key}mass_fractions.{wrong[0]}", "unknown component", f"known: {', '.join(names)}"
        )
    if any(not 0 <= v <= 1 for v in w.values()) or abs(sum(w.values()) - 1) > 1e-6:
        parts = " + ".join(f"{v:g}" for v in w.values())
        yield Problem(
            f"{key}mass_fractions",
            f"{parts} = {sum(w.values()):g}, not 1",
            "mass fractions are at least 0 and add up to 1; 70 % is 0.7",
        )
    for name in ("active", "electrolyte"):
        if w.get(name, 0) == 0:
            yield Problem(
                f"{key}mass_fractions.{name}",
                "is missing or zero",
                "a composite electrode needs both",
            )
    if (w.get("additive", 0) > 0) != (spec.additive is not None):
        yield Problem(
            f"{key}additive",
            "is named but has no mass fraction"
            if spec.additive
            else "is not named, but has a mass fraction",
            'give both (additive = "VGCF", mass_fractions.additive = 0.02) or neither',
        )


def _pores(spec: Composite, key: str) -> Iterator[Problem]:
    """The porosity is stated: itself, or by what made it."""
    if (
        spec.porosity is None
        and spec.moulding_pressure is None
        and spec.electrolyte.stack_moulding is None
        and "relative_density" not in spec.overrides
    ):
        yield Problem(
            f"{key}porosity",
            "is missing",
            'set porosity = 0.15 or moulding_pressure = "370 MPa"',
        )


def _ranges(spec: Composite, key: str) -> Iterator[Problem]:
    """Numbers are possible ones."""
    checks: tuple[tuple[str, Callable[[float], bool], str], ...] = (
        ("porosity", lambda v: 0 <= v < 1, "a porosity is at least 0 and below 1; 15 % is 0.15"),
        ("particle_radius", lambda v: v > 0, "give a value above 0"),
        ("charge_transfer_resistance", lambda v: v > 0, "give a value above 0"),
        ("stoichiometry", lambda v: 0 <= v <= 1, "x in Li_x is between 0 and 1"),
        ("contact_fraction", lambda v: 0 < v <= 1, "a share is above 0 and at most 1"),
    )
    for name, possible, remedy in checks:
        value = getattr(spec, name)
        if value is not None and not possible(value):
            yield Problem(f"{key}{name}", f"{value:g} is impossible", remedy)


def percolates(mixture: Mixture, ionic: Property | None, apart: Collection[str], key: str) -> None:
    """Refuse electrodes in which one of the networks does not reach through.

    Args:
        mixture: solids and pores.
        ionic: f(volume fraction of electrolyte); None: the electrolyte's own law.
        apart: conductivities that do not follow from the laws of networks.
        key: path of the material in the case, with a dot.

    Raises:
        CaseError: lists them.
    """
    f = mixture.composition.fractions(ROOM)
    problems: list[Problem] = []
    networks: list[tuple[str, str, float, Property | None]] = [
        ("ionic", "electrolyte", f["electrolyte"], ionic)
    ]
    if "additive" not in mixture.phases:
        whole = sum(f[n] for n in mixture.actives)
        own = mixture.phases["active"].electronic_scaling
        networks.append(("electronic", "active", whole, own))
    for transport, part, filled, law in networks:
        if law is None or not isinstance(law.form, Percolation):
            continue
        if f"{transport}_conductivity" in apart or filled > law.form.threshold:
            continue
        problems.append(
            Problem(
                f"{key}mass_fractions.{part}",
                f"{part} fills {100 * filled:.1f} % of the electrode, below the percolation "
                f"threshold of {100 * law.form.threshold:.1f} % ({law.source})",
                f"raise it, lower the porosity, or set overrides.{transport}_conductivity",
            )
        )
    if problems:
        raise CaseError(problems)


def without_effect(spec: Composite, composition: Composition) -> Iterator[str]:
    """Pressures of a recipe that change nothing, or less than one may think."""
    own, inner = spec.moulding_pressure, spec.electrolyte.moulding_pressure
    if own is not None and inner is not None and own != inner:
        yield (
            f"it was pressed at {_shown(own)}, its electrolyte with it: {_shown(inner)} is what a "
            "layer of that electrolyte was pressed at"
        )
    press = spec.electrolyte.stack_moulding
    stays = not composition.densifies
    if press is not None and stays and composition.density is None:
        why = "give the moulding_pressure that left this porosity"
        if own is not None:
            why = "nothing is known of how this mixture densifies"
        yield f"{_shown(press)} on the whole stack leaves its porosity as given: {why}"
    elif own is not None and stays:
        yield f"moulding_pressure = {_shown(own)} leaves its porosity as given, and moves contacts"


def _shown(pressure: float) -> str:
    return units.format_quantity(pressure, "Pa", 3)
