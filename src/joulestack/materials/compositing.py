"""Put a composite electrode together from its components and its recipe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from joulestack.errors import CaseError, Problem
from joulestack.materials import electrode, library
from joulestack.materials.amounts import complete
from joulestack.materials.composite import SOLIDS_THEN_PORES, CompositeElectrode
from joulestack.materials.composite_checks import check, percolates
from joulestack.materials.effective import MIXTURES
from joulestack.materials.electrolyte import SolidElectrolyte
from joulestack.materials.kinetics import Kinetics
from joulestack.materials.laws import resolve
from joulestack.materials.library import Material
from joulestack.materials.measured import advice, chosen, tables
from joulestack.materials.media import Phase
from joulestack.materials.overrides import Overrides
from joulestack.materials.pressing import scaling, solid_electrolyte
from joulestack.materials.property import Property, user_property
from joulestack.materials.quantities import QUANTITIES
from joulestack.materials.reading import Reader
from joulestack.materials.specification import Composite
from joulestack.materials.state import State

SLOTS = dict.fromkeys(("thermal_conductivity", "ionic_conductivity", "electronic_conductivity"))
_ROOM = State(T=298.15)


def composite_electrode(
    spec: Composite, extra_dirs: Sequence[str | Path], where: str
) -> CompositeElectrode:
    """Composite electrode with its laws.

    Raises:
        CaseError: impossible or missing input, each with a remedy.
    """
    key = f"{where}." if where else ""
    active = _component(spec.active, "active material", extra_dirs, f"{key}active")
    additive = None
    if spec.additive is not None:
        additive = _component(spec.additive, "carbon", extra_dirs, f"{key}additive")
    spec = complete(spec, _densities(spec, active, additive, extra_dirs, key), key)
    check(spec, key)
    laws = resolve(spec.laws, SLOTS, where)
    measured = {s: n for s, n in laws.items() if n in tables()}
    laws = {s: n for s, n in laws.items() if s not in measured}
    thermal_law = laws.get("thermal_conductivity", SOLIDS_THEN_PORES)
    if thermal_law not in (SOLIDS_THEN_PORES, *MIXTURES):
        raise CaseError(
            Problem(
                f"{key}laws.thermal_conductivity",
                f'"{thermal_law}" is a law for one solid with pores',
                f"choose one of {', '.join((SOLIDS_THEN_PORES, *MIXTURES))}",
            )
        )
    overrides = Overrides(spec.overrides, "a composite electrode", where)
    electrolyte = _electrolyte(spec, extra_dirs, key)
    measured_tables = chosen(measured, active.name, electrolyte.name, additive is not None, key)
    pair = _pair(active, electrolyte.name)
    phases = {"active": _phase(active, pair, laws, overrides, where)}
    if additive is not None:
        phases["additive"] = _phase(additive, {}, {}, None, where)
    electrolyte, ionic_scaling = _ionic(electrolyte, pair, laws, overrides, extra_dirs, where)
    densities = {"electrolyte": electrolyte.density(_ROOM)}
    densities.update({n: p.density(_ROOM) for n, p in phases.items()})
    mass = {n: w for n, w in spec.mass_fractions.items() if w > 0}
    kinetics = Kinetics(spec, active, overrides, key)
    capacity = overrides.take("specific_capacity")
    result = CompositeElectrode(
        name=f"{active.name} + {electrolyte.name}" + (f" + {additive.name}" if additive else ""),
        kind="composite electrode",
        overrides=overrides.effective(
            "relative_density",
            "thermal_conductivity",
            "thermal_conductivity_in_plane",
            "volumetric_heat_capacity",
            "ionic_conductivity",
            "electronic_conductivity",
        ),
        phases=phases,
        electrolyte=electrolyte,
        shares=electrode.solid_shares(mass, densities),
        mass_fractions=mass,
        ionic_scaling=ionic_scaling,
        thermal_law=thermal_law,
        porosity=spec.porosity,
        pressed_active=active.properties.get("relative_density"),
        stoichiometry=spec.stoichiometry,
        tables=measured_tables,
        interface=_interface(overrides, kinetics.radius, spec, key),
        capacity=active.properties.get("specific_capacity")
        if capacity is None
        else user_property("specific_capacity", "C/kg", capacity, active.name),
    )
    overrides.finish()
    percolates(result, key)
    eps = float(result.fractions(_ROOM)["active"])
    return replace(
        result,
        kinetics=kinetics.charge_transfer(eps),
        missing=tuple(kinetics.problems),
        kinetics_properties=tuple(kinetics.used),
        remarks=tuple(advice(spec, mass, float(result.pores(_ROOM)), kinetics.radius or None)),
    )


def _interface(
    overrides: Overrides, radius: float | None, spec: Composite, key: str
) -> tuple[float, float] | None:
    """Thermal resistance on the grains of active material, and their radius (Nan et al. 1997)."""
    if "thermal_conductivity" in spec.overrides:
        return None  # a resistance given beside it is refused as without effect
    resistance = overrides.take("interface_resistance")
    if resistance is None:
        return None
    if not radius:
        raise CaseError(
            Problem(
                f"{key}particle_radius",
                "is missing: the interface resistance acts on the surface of the grains",
                'set particle_radius = "2.5 um"',
            )
        )
    return (resistance, float(radius))


def _densities(
    spec: Composite,
    active: Material,
    additive: Material | None,
    extra_dirs: Sequence[str | Path],
    key: str,
) -> dict[str, float]:
    """Densities of the components, as far as they are known [kg/m3]."""
    made = spec.electrolyte
    electrolyte = _component(
        made.material, "solid electrolyte", extra_dirs, f"{key}electrolyte.material"
    )
    found = {}
    for name, material in (
        ("active", active),
        ("electrolyte", electrolyte),
        ("additive", additive),
    ):
        law = material.properties.get("density") if material is not None else None
        if law is not None:
            found[name] = float(law(_ROOM))
    if "density" in made.overrides:
        found["electrolyte"] = float(made.overrides["density"])
    return found


def _component(name: str, kind: str, extra_dirs: Sequence[str | Path], where: str) -> Material:
    material = library.load(name, extra_dirs, where)
    if material.kind != kind:
        known = [m for m in library.names(extra_dirs) if library.load(m, extra_dirs).kind == kind]
        raise CaseError(
            Problem(
                where,
                f"{material.name} is a {material.kind}, not a {kind}",
                f"known: {', '.join(known)}",
            )
        )
    return material


def _electrolyte(spec: Composite, extra_dirs: Sequence[str | Path], key: str) -> SolidElectrolyte:
    from joulestack.materials.fabrication import check as check_fabrication

    made, where = spec.electrolyte, f"{key}electrolyte"
    pressures = [p for p in (made.moulding_pressure, spec.moulding_pressure) if p is not None]
    if made.relative_density is None and pressures:
        # Grains of the composite have seen the highest of all pressures.
        made = replace(made, moulding_pressure=max(pressures))
    check_fabrication(made, where)
    material = _component(made.material, "solid electrolyte", extra_dirs, where)
    described = made.sintering_temperature or made.relative_density or made.moulding_pressure
    reference = getattr(
        material.of_class(made.particle_class)["ionic_conductivity"].form, "reference_density", 1.0
    )
    if described is None:
        # With the porosity given, the grains' conductivity is taken as it was measured.
        made = replace(made, relative_density=reference)
    return solid_electrolyte(made, material, extra_dirs, where)


def _pair(active: Material, electrolyte: str) -> Mapping[str, Property]:
    """Laws that belong to a pair of active material and electrolyte."""
    for table in library.pairs("_composites")["pairs"]:
        if active.name in table["active"] and electrolyte in table["electrolyte"]:
            reader = Reader(f"{active.name} + {electrolyte}")
            read = {k: reader.property(k, t, k) for k, t in table.items() if k in QUANTITIES}
            return {k: p for k, p in read.items() if p is not None}
    return {}


def _phase(
    material: Material,
    pair: Mapping[str, Property],
    laws: Mapping[str, str],
    overrides: Overrides | None,
    where: str,
) -> Phase:
    needed = (
        "density",
        "specific_heat_capacity",
        "dense_thermal_conductivity",
        "electronic_conductivity",
        "electronic_scaling",
    )
    properties = dict(material.properties)
    properties.update({k: p for k, p in pair.items() if k == "electronic_scaling"})
    missing = [n for n in needed if n not in properties]
    if missing:
        raise CaseError(
            Problem(
                where,
                f"{material.name} has no {', '.join(missing)}",
                f"add [{missing[0]}] to {material.path}",
            )
        )
    law = properties["electronic_scaling"]
    if overrides is not None:
        own = material.properties["electronic_scaling"]
        if laws.get("electronic_conductivity") == own.form.form_name:
            properties["electronic_scaling"] = own
        law = scaling("electronic", material, properties, laws, overrides, where)
    return Phase(
        properties["density"],
        properties["specific_heat_capacity"],
        properties["dense_thermal_conductivity"],
        properties["electronic_conductivity"],
        law,
    )


def _ionic(
    electrolyte: SolidElectrolyte,
    pair: Mapping[str, Property],
    laws: Mapping[str, str],
    overrides: Overrides,
    extra_dirs: Sequence[str | Path],
    where: str,
) -> tuple[SolidElectrolyte, Property | None]:
    """The electrolyte, and the law of its share if that is not the electrolyte's own."""
    law = laws.get("ionic_conductivity", "percolation" if "ionic_scaling" in pair else None)
    if law is None:
        return electrolyte, None
    if law == "percolation":
        if "ionic_scaling" not in pair:
            raise CaseError(
                Problem(
                    f"{where}.laws.ionic_conductivity" if where else "laws.ionic_conductivity",
                    "the library holds no percolation law for this pair of materials",
                    'choose "power" or "bruggeman"',
                )
            )
        return electrolyte, pair["ionic_scaling"]
    material = library.load(electrolyte.name, extra_dirs)
    own = {"ionic_scaling": electrolyte.ionic_scaling}
    chosen = scaling("ionic", material, own, {"ionic_conductivity": law}, overrides, where)
    return replace(electrolyte, ionic_scaling=chosen), None
