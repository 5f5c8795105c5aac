"""Fields that jump: how many functions they take, who shares one, what cannot jump."""

from __future__ import annotations

import numpy as np
import pytest
from mpi4py import MPI

from joulestack.declarations import TEMPERATURE
from joulestack.discretisation.domain import Domain
from joulestack.discretisation.fields import Field
from joulestack.errors import CaseError
from joulestack.mesh import LayerSpec, Line, build
from tests.mesh.measures import SPECS


def stack(layers: int) -> Domain:
    spec = Line(tuple(LayerSpec(f"layer {n}", 1e-4, 2) for n in range(layers)))
    return Domain(build(spec, MPI.COMM_SELF))


@pytest.mark.parametrize("layers", [2, 3, 21])
def test_two_functions_however_many_contacts(layers: int) -> None:
    """Two colours do for a chain, as neighbours are all that must differ."""
    domain = stack(layers)
    field = Field(TEMPERATURE, domain, domain.regions, domain.interfaces)
    assert len(domain.interfaces) == layers - 1
    assert len(field.blocks) == 2
    for interface in domain.interfaces:
        first, second = (field.block(r) for r in interface.sides)
        assert first is not second
    assert sum(len(b.regions) for b in field.blocks) == layers
    nodes = sum(b.nodes for b in field.blocks)
    assert nodes == 3 * layers  # two cells each, nothing shared


def test_without_contacts_one_function_and_no_node_twice() -> None:
    domain = stack(4)
    (block,) = Field(TEMPERATURE, domain, domain.regions, []).blocks
    assert block.submesh is None
    assert block.nodes == 9


def test_a_jump_in_the_middle_leaves_the_rest_joined() -> None:
    domain = stack(4)
    middle = [i for i in domain.interfaces if i.layers == ("layer 1", "layer 2")]
    field = Field(TEMPERATURE, domain, domain.regions, middle)
    lower, upper = ({r.layer for r in b.regions} for b in field.blocks)
    assert (lower, upper) == ({"layer 0", "layer 1"}, {"layer 2", "layer 3"})


def test_cells_of_a_pouch_share_their_functions() -> None:
    """Three cells, a contact in each: what is joined by busbars, and what is not, two functions."""
    domain = Domain(build(SPECS["stack"], MPI.COMM_SELF))
    inside = [i for i in domain.interfaces if set(i.layers) == {"separator", "cathode"}]
    assert len(inside) == 3
    field = Field(TEMPERATURE, domain, domain.regions, inside)
    assert len(field.blocks) == 2


def test_a_contact_that_others_bypass_is_refused() -> None:
    """The rings of the die join both sides perfectly: no jump could stand."""
    domain = Domain(build(SPECS["pellet"], MPI.COMM_SELF))
    inside = [i for i in domain.interfaces if set(i.layers) == {"separator", "cathode"}]
    with pytest.raises(CaseError, match=r"separator \| cathode.*joined perfectly through other"):
        Field(TEMPERATURE, domain, domain.regions, inside)


def test_values_of_a_layer_and_of_a_face() -> None:
    domain = stack(3)
    field = Field(TEMPERATURE, domain, domain.regions, domain.interfaces)
    field.fill(domain, 1.0)
    field.fill(domain, 5.0, layer="layer 1")
    for region in domain.regions:
        block = field.block(region)
        found = block.value.x.array[block.region_dofs(domain, [region])]
        assert np.all(found == (5.0 if region.layer == "layer 1" else 1.0))
    top = domain.face_facets("top")
    last = field.block(domain.region("layer 2"))
    heights = last.space.tabulate_dof_coordinates()[last.facet_dofs(top)]
    assert heights.max(axis=1) == pytest.approx([3e-4])
