"""Put a solid electrolyte together from its library entry and its fabrication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from joulestack.errors import CaseError, Problem
from joulestack.materials import library
from joulestack.materials.branches import LoadedAndReleased
from joulestack.materials.compacting import compaction, grain_size, key_of, of_grain_size
from joulestack.materials.conductivity import PressedIonic
from joulestack.materials.effective import MIXTURES
from joulestack.materials.electrolyte import SolidElectrolyte
from joulestack.materials.forms import FORMS
from joulestack.materials.gaps import fill
from joulestack.materials.laws import resolve
from joulestack.materials.library import Material
from joulestack.materials.overrides import Overrides
from joulestack.materials.property import Property
from joulestack.materials.scaling import PorousMixture
from joulestack.materials.specification import Fabrication

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

_LAW_PARAMETER = {"power": "exponent", "phi/tau^2": "tortuosity", "phi/tau": "tortuosity"}


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
    laws = resolve(spec.laws, SLOTS, where)
    overrides = Overrides(spec.overrides, material.name, where)
    overrides.into(
        properties,
        ("density", "specific_heat_capacity", "dense_thermal_conductivity", "grain_contact_factor"),
    )
    ionic = _ionic(properties["ionic_conductivity"], laws, overrides)
    ionic = of_grain_size(ionic, spec, properties, material, where)
    _pressed_for(ionic, spec, where)
    reference: float | None = 1.0
    if isinstance(ionic.form, PressedIonic):
        reference = ionic.form.reference_density
    elif isinstance(ionic.form, LoadedAndReleased):
        reference = None
    sintered = spec.sintering_temperature is not None
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
        grain_contact=None if sintered else properties.get("grain_contact_factor"),
        thermal_scaling=scaling("thermal", material, properties, laws, overrides, where),
        ionic=ionic,
        ionic_scaling=scaling("ionic", material, properties, laws, overrides, where),
        reference_density=reference,
        pore_gas=_pore_gas(laws, extra_dirs),
        leakage=properties.get("electronic_conductivity"),
        critical_current=properties.get("critical_current_density"),
        grain_size=grain_size(spec, properties) or getattr(ionic.form, "grain_size", None),
    )
    overrides.finish()
    return result


def _ionic(ionic: Property, laws: Mapping[str, str], overrides: Overrides) -> Property:
    own = overrides.take("reference_ionic_conductivity")
    form: Any = ionic.form
    if own is not None:
        form = replace(form, value=own)
        ionic = replace(ionic, source="user", status="user", note="S0 given in the case")
    contact = laws.get("ionic_contact", "stack-pressure")
    if contact != "stack-pressure":
        if isinstance(form, LoadedAndReleased):
            form = replace(form, contact_pressure=0.0)
        elif isinstance(form, PressedIonic):
            kept = form.contact_pressure if contact == "loading" else 0.0
            form = replace(form, release=0.0, contact_pressure=kept)
    return replace(ionic, form=form)


def _pressed_for(ionic: Property, spec: Fabrication, where: str) -> None:
    """Refuse a conductivity that follows from pressing where nothing says how hard."""
    needs = isinstance(ionic.form, LoadedAndReleased)
    if needs and spec.moulding_pressure is None and "ionic_conductivity" not in spec.overrides:
        raise CaseError(
            Problem(
                key_of(where, "moulding_pressure"),
                f"is missing: the ionic conductivity of {spec.material} follows from it",
                'set moulding_pressure = "500 MPa", or overrides.ionic_conductivity',
            )
        )


def _pore_gas(laws: Mapping[str, str], extra_dirs: Sequence[str | Path]) -> Property | None:
    gas = laws.get("pore_gas", "none")
    return None if gas == "none" else library.load(gas).properties["thermal_conductivity"]


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
    parameter = _LAW_PARAMETER.get(law, "")
    own = overrides.take(f"{transport}_{parameter}") if parameter else None
    if own is not None:
        form = FORMS[law](**{parameter: own})
        return Property(
            name,
            "1",
            form,
            "user",
            "user",
            material=material.name,
            note=f"{parameter} given in the case",
        )
    if law == default.form.form_name:
        return default
    if law in material.alternatives.get(name, {}):
        return material.alternatives[name][law]
    remedy = f"set overrides.{transport}_{parameter}" if parameter else "choose another law"
    raise CaseError(
        Problem(
            f"{key_of(where, 'laws')}.{transport}_conductivity",
            f'the library holds no numbers for the law "{law}" of {material.name}',
            remedy,
        )
    )
