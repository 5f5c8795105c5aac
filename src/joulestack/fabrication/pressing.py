"""Put a solid electrolyte together from its library entry and its fabrication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from joulestack.errors import CaseError, Problem
from joulestack.fabrication import structured
from joulestack.fabrication.compaction import compaction, grain_size, key_of, with_stack
from joulestack.fabrication.electrolyte import SolidElectrolyte
from joulestack.fabrication.grain_boundaries import boundaries
from joulestack.fabrication.law_choices import resolve
from joulestack.fabrication.media import weakest
from joulestack.fabrication.specification import Computed, Fabrication
from joulestack.laws.conductivity import PressedIonic
from joulestack.laws.effective_media import MIXTURES
from joulestack.laws.forms import FORMS
from joulestack.laws.scaling import NarrowGas, PorousMixture
from joulestack.laws.state import State
from joulestack.materials import ceilings, library
from joulestack.materials.library import Material
from joulestack.materials.missing_properties import fill
from joulestack.materials.overrides import Overrides
from joulestack.materials.property import Property

SLOTS = dict.fromkeys(
    (
        "relative_density",
        "thermal_conductivity",
        "ionic_conductivity",
        "ionic_contact",
        "springback",
        "pore_gas",
    )
)

_NEEDED = (
    "density",
    "specific_heat_capacity",
    "dense_thermal_conductivity",
    "thermal_scaling",
    "ionic_conductivity",
    "ionic_scaling",
)

_LAW_PARAMETERS = {
    "power": ("exponent",),
    "phi/tau^2": ("tortuosity",),
    "phi/tau": ("tortuosity",),
    "percolation": ("threshold", "exponent"),
    "general effective medium": ("threshold", "exponent"),
    "zehner-bauer-schluender": ("contact",),
}


def solid_electrolyte(
    spec: Fabrication, material: Material, extra_dirs: Sequence[str | Path], where: str
) -> SolidElectrolyte:
    """Solid electrolyte with its laws.

    Raises:
        CaseError: impossible or missing input, each with a remedy.
    """
    properties = dict(material.of_class(spec.particle_class, key_of(where, "particle_class")))
    missing = fill(material, properties, _NEEDED, spec.overrides, where)
    if missing:
        raise CaseError(missing)
    spec, remarks = with_stack(spec, properties)
    laws = resolve(spec.laws, SLOTS, where)
    overrides = Overrides(spec.overrides, material.name, where)
    overrides.into(
        properties,
        (
            "density",
            "specific_heat_capacity",
            "dense_thermal_conductivity",
            "grain_contact_factor",
            *ceilings.EVENTS,
        ),
    )
    if laws.get("springback", "none") != "none":
        overrides.into(properties, ("springback_modulus",))
    effective = structured.of_pellet(spec, laws, extra_dirs, where)
    ionic = _ionic(properties["ionic_conductivity"], laws, overrides, effective, spec, where)
    ionic = _pressings(ionic, spec, where)
    _pressed_for(ionic, spec, where)
    reference: float | None = 1.0
    if isinstance(ionic.form, PressedIonic):
        reference = ionic.form.reference_density
    sintered = spec.sintering_temperature is not None
    ions, heat = boundaries(spec, material, properties, ionic, overrides, where)
    computed = structured.pellet_laws(spec, effective, reference, where)
    thermal = computed.get("thermal_conductivity") or scaling(
        "thermal", material, properties, laws, overrides, where
    )
    result = SolidElectrolyte(
        name=material.name,
        kind=material.kind,
        overrides=overrides.effective(
            "relative_density",
            "thermal_conductivity",
            "thermal_conductivity_in_plane",
            "volumetric_heat_capacity",
            "ionic_conductivity",
        ),
        density=properties["density"],
        specific_heat=properties["specific_heat_capacity"],
        compaction=compaction(spec, material, properties, laws, where),
        dense_conductivity=properties["dense_thermal_conductivity"],
        grain_contact=None
        if sintered or "thermal_conductivity" in computed
        else properties.get("grain_contact_factor"),
        thermal_scaling=thermal,
        ionic=ionic,
        ionic_scaling=computed.get("ionic_conductivity")
        or scaling("ionic", material, properties, laws, overrides, where),
        reference_density=reference,
        pore_gas=_pore_gas(laws, extra_dirs, thermal, overrides, where),
        leakage=properties.get("electronic_conductivity"),
        critical_current=properties.get("critical_current_density"),
        grain_size=grain_size(spec, properties) or (None if ions is None else ions.size),
        densification=_reopening(ionic, properties, laws, material),
        boundaries=ions,
        thermal_boundaries=heat,
        ceilings=ceilings.of_material(properties),
        remarks=remarks,
    )
    overrides.finish()
    return result


def _ionic(
    ionic: Property,
    laws: Mapping[str, str],
    overrides: Overrides,
    effective: Computed | None,
    spec: Fabrication,
    where: str,
) -> Property:
    own = overrides.take("reference_ionic_conductivity")
    form: Any = ionic.form
    if own is not None:
        form = replace(form, value=own)
        ionic = replace(ionic, source="user", status="user", note="S0 given in the case")
    if not isinstance(form, PressedIonic):
        return ionic
    whole = form.reference_density is None  # what pressing makes is all that is known of pores
    geometry = effective is not None and "ionic_conductivity" in effective.provides
    geometry = geometry and not whole  # refused by `structured`
    usual = "grains" if spec.in_cell else "stack-pressure"
    contact = laws.get("ionic_contact", "release" if geometry else usual)
    if contact == "release" and whole:
        what = f"{ionic.material} was measured on both branches together"
        key = f"{key_of(where, 'laws')}.ionic_contact"
        remedy = '"stack-pressure", "grains", "loading" or "none"'
        raise CaseError(Problem(key, what, remedy))
    changes: dict[str, float] = {}
    if contact != "stack-pressure":
        changes["electrode_pressure"] = 0.0
    if contact in ("loading", "none"):
        changes |= {"cracks": 0.0, "contact_pressure": 0.0}
    if contact in ("release", "none") and not whole:
        changes["unpressed"] = 1.0
    return replace(ionic, form=replace(form, **changes))


def _pressings(ionic: Property, spec: Fabrication, where: str) -> Property:
    """The law after as many pressings as the case says."""
    if spec.pressings is None:
        return ionic
    form: Any = ionic.form
    if not getattr(form, "electrode_pressure", 0.0):
        what = (
            f"has no effect: pressing again smooths the pellet under its electrodes, and of those "
            f"of {spec.material} nothing is known here, or they are no part of this layer"
        )
        remedy = 'leave it out, or laws.ionic_contact = "stack-pressure" for a pellet as measured'
        raise CaseError(Problem(key_of(where, "pressings"), what, remedy))
    return replace(ionic, form=replace(form, pressings=float(spec.pressings)))


def _reopening(
    ionic: Property, properties: Mapping[str, Property], laws: Mapping[str, str], material: Material
) -> Property | None:
    """Law of the pores that cracks open again, for a layer of given density as well."""
    form, law = ionic.form, properties.get("relative_density")
    chosen = laws.get("relative_density")
    if chosen and law is not None and chosen != law.form.form_name:
        law = material.alternatives["relative_density"][chosen]  # `compaction` has made sure
    if not isinstance(form, PressedIonic) or form.reference_density is None or not form.cracks:
        return None
    return law if law is not None and "highest_pressure" in law.form.variables else None


def _pressed_for(ionic: Property, spec: Fabrication, where: str) -> None:
    """Refuse a conductivity that follows from pressing where nothing says how hard."""
    needs = isinstance(ionic.form, PressedIonic) and ionic.form.reference_density is None
    if needs and spec.moulding_pressure is None and "ionic_conductivity" not in spec.overrides:
        raise CaseError(
            Problem(
                key_of(where, "moulding_pressure"),
                f"is missing: the ionic conductivity of {spec.material} follows from it",
                'set moulding_pressure = "500 MPa", or overrides.ionic_conductivity',
            )
        )


def _pore_gas(
    laws: Mapping[str, str],
    extra_dirs: Sequence[str | Path],
    thermal: Property,
    overrides: Overrides,
    where: str,
) -> Property | None:
    """k of the gas in the pores [W/(m K)], with the Knudsen effect where their width is given."""
    name, key = laws.get("pore_gas", "none"), f"{key_of(where, 'laws')}.pore_gas"
    law = thermal.form.form_name
    if name == "none":
        if law == "zehner-bauer-schluender" and not getattr(thermal.form, "contact", 0.0):
            raise CaseError(
                Problem(
                    key,
                    "is missing: grains that touch in points conduct nothing without a gas",
                    'set laws.pore_gas = "argon", or overrides.thermal_contact',
                )
            )
        return None
    if not hasattr(thermal.form, "filled"):
        raise CaseError(
            Problem(
                key,
                f'has no effect on the law "{law}"',
                'leave it out, or choose another law, such as laws.thermal_conductivity = "power"',
            )
        )
    gas = library.load(name).properties
    k, pore = gas["thermal_conductivity"], overrides.take("pore_size")
    if pore is None:
        return k
    jump = gas.get("temperature_jump")
    if jump is None:
        raise CaseError(
            Problem(
                f"{key_of(where, 'overrides')}.pore_size",
                f"the library holds no temperature jump of {name}",
                'leave it out, or set laws.pore_gas = "argon"',
            )
        )
    form = NarrowGas(k.form, float(jump(State(T=300.0))), pore)
    note = f"in pores of {1e6 * pore:g} um; temperature jump: {jump.note or jump.source}"
    return replace(k, form=form, note=note, status=weakest([k, jump]))


def _all_given(own: Mapping[str, float], law: str, transport: str, where: str) -> None:
    """A law of several numbers takes all of them from the case or none."""
    lost = [p for p in _LAW_PARAMETERS[law] if p not in own and law != "zehner-bauer-schluender"]
    if lost:
        raise CaseError(
            Problem(
                f"{key_of(where, 'overrides')}.{transport}_{lost[0]}",
                f'is missing: the law "{law}" needs it beside {", ".join(own)}',
                f"set overrides.{transport}_{lost[0]}",
            )
        )


def scaling(
    transport: str,
    material: Material,
    properties: Mapping[str, Property],
    laws: Mapping[str, str],
    overrides: Overrides,
    where: str,
) -> Property:
    """Law f(phi) of one transport ("thermal", "ionic", "electronic").

    Raises:
        CaseError: the law needs a number that neither library nor overrides give.
    """
    name = f"{transport}_scaling"
    default = properties[name]
    law = laws.get(f"{transport}_conductivity", default.form.form_name)
    if law in MIXTURES:
        return Property(
            name,
            "1",
            PorousMixture(law),
            "user",
            "user",
            material=material.name,
            note=f"law of {law} chosen in the case",
        )
    parameters = _LAW_PARAMETERS.get(law, ())
    given = {p: overrides.take(f"{transport}_{p}") for p in parameters}
    own = {p: value for p, value in given.items() if value is not None}
    if own or law == "zehner-bauer-schluender":
        _all_given(own, law, transport, where)
        note = f"{' and '.join(own)} given in the case" if own else "points of contact"
        return Property(
            name, "1", FORMS[law](**own), "user", "user", material=material.name, note=note
        )
    if law == default.form.form_name:
        return default
    if law in material.alternatives.get(name, {}):
        return material.alternatives[name][law]
    wanted = " and ".join(f"overrides.{transport}_{p}" for p in parameters)
    remedy = f"set {wanted}" if wanted else "choose another law"
    raise CaseError(
        Problem(
            f"{key_of(where, 'laws')}.{transport}_conductivity",
            f'the library holds no numbers for the law "{law}" of {material.name}',
            remedy,
        )
    )
