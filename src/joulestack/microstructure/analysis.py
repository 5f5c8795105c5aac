"""Everything that is counted on one image, as plain data [SI]."""

from __future__ import annotations

from typing import Any

import numpy as np

from joulestack.case.microstructures.schema import AnalysisTable
from joulestack.microstructure.correlation import chords, two_point
from joulestack.microstructure.imaging import Pressed, Sample
from joulestack.microstructure.interfaces import interfaces
from joulestack.microstructure.packings.pressure import Loaded
from joulestack.microstructure.percolation import percolating_fraction, profile
from joulestack.microstructure.series import AXES
from joulestack.microstructure.tortuosity import geodesic_tortuosity
from joulestack.microstructure.utilisation import of_sample


def analyse(sample: Sample, given: AnalysisTable) -> dict[str, Any]:
    """Statistics of an image, and of the packing that it shows.

    Args:
        sample: image of a case.
        given: what is wanted beyond the usual.

    Raises:
        CaseError: a phase that is asked for is not in the image.
    """
    image, sides = sample.image, "periodic" if sample.periodic[0] else "no-flux"
    found: dict[str, Any] = {
        "name": sample.name,
        "shape": image.shape,
        "voxel_size_m": image.voxel_size,
        "volume_fraction": {n: image.fraction(n) for n in image.present},
        "percolating_fraction": {
            n: {a: percolating_fraction(image, n, k, sides) for a, k in AXES.items()}  # type: ignore[arg-type]
            for n in image.present
        },
        "specific_interface_area_per_m": {
            f"{a}|{b}": {"crofton": i.area, "voxel_faces": i.faces}
            for (a, b), i in interfaces(image, sample.periodic).items()
        },
        "profile_along_z": profile(image),
    }
    if sample.thresholds:
        found["thresholds"] = sample.thresholds
    if sample.pressed is not None:
        found["packing"] = packing_numbers(sample.pressed)
    if given.active is not None:
        found["utilisation"] = of_sample(sample, given).__dict__
    if given.geodesic:
        found["geodesic_tortuosity"] = {n: geodesic_tortuosity(image, [n]) for n in image.present}
    if given.two_point:
        found["two_point"] = {
            n: two_point(image, n, periodic=sample.periodic).__dict__ for n in image.present
        }
    if given.chords:
        found["chords"] = {
            n: {a: chords(image, n, k).__dict__ for a, k in AXES.items()} for n in image.present
        }
    return found


def packing_numbers(known: Pressed) -> dict[str, Any]:
    """What is known of a packing beside its image."""
    packing, touching = known.relaxed.packing, known.contacts
    names = touching.names
    volume = float(np.prod(packing.box))
    return {
        "particles": packing.count,
        "thickness_m": packing.height,
        "relative_density_mass_conserving": packing.relative_density,
        "relative_density_union_of_spheres": known.union_density,
        "growth_of_radii": known.growth,
        "pressure_Pa": known.pressure,
        "stress_over_modulus": known.relaxed.stress,
        **({} if known.loaded is None else under_load(known.loaded)),
        "force_left": known.relaxed.residual,
        "at_rest": known.relaxed.at_rest,
        "contacts_per_particle": touching.mean_number,
        "contacts_per_loaded_particle": touching.mean_number_of_backbone,
        "particle_contacts": {
            a: {b: _mean(touching.with_neighbours(b)[touching.kind == i]) for b in names}
            for i, a in enumerate(names)
        },
        "contact_area_per_volume_per_m": {
            f"{a}|{b}": touching.area_between(a, b) / volume
            for i, a in enumerate(names)
            for b in names[i:]
        },
        "mean_contact_area_m2": _mean(touching.area),
    }


def under_load(state: Loaded) -> dict[str, Any]:
    """What the contacts of a packing say of its pressure, its release and its fracture.

    A particle counts as broken where its stress intensity exceeds the toughness of its matter.
    """
    packing = state.packing
    kind = np.zeros(packing.count, dtype=np.int64)
    kind[packing.particle - 1] = packing.species
    intensity, names = state.intensity(), [k.name for k in packing.kinds]
    tough = [s.fracture_toughness for s in state.solids]
    return {
        "stress_of_contacts_Pa": [float(s) for s in state.stress],
        "mean_contact_pressure_Pa": _mean(state.touching.mean_pressure(state.radius)),
        "section_in_contact": state.covered,
        "springback_strain": state.springback(),
        "relative_density_released": packing.relative_density / (1 + state.springback()),
        "broken_particles": {
            n: None if k is None else _mean(intensity[kind == i] > k)
            for i, (n, k) in enumerate(zip(names, tough, strict=True))
        },
    }


def _mean(values: Any) -> float:
    return float(np.mean(values)) if len(values) else 0.0
