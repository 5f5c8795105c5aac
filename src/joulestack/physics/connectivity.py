"""Which regions can carry current from terminal to terminal.

A potential that nothing ties to the negative terminal is undetermined: its regions are left out of
the field, and a positive terminal that cannot be reached is an error before any solve.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from joulestack.declarations import ELECTRONIC, IONIC
from joulestack.discretisation.domain import Domain
from joulestack.errors import CaseError, Problem
from joulestack.laws.medium import Medium
from joulestack.mesh import Region
from joulestack.physics.capacitance import blocked_side
from joulestack.physics.context import Contacts
from joulestack.physics.operation import Drive

Node = tuple[str, int]


class _Network:
    """Potentials of regions, and which of them current joins."""

    def __init__(self) -> None:
        self.nodes: set[Node] = set()
        self._edges: dict[Node, set[Node]] = {}

    def tie(self, a: Node, b: Node) -> None:
        """Current flows between two potentials, if both exist."""
        if a in self.nodes and b in self.nodes:
            self._edges.setdefault(a, set()).add(b)
            self._edges.setdefault(b, set()).add(a)

    def reached(self, start: Iterable[Node]) -> set[Node]:
        """What current gets to from some potentials, they themselves included."""
        found: set[Node] = set()
        queue = list(start)
        while queue:
            node = queue.pop()
            if node not in found:
                found.add(node)
                queue.extend(self._edges.get(node, ()))
        return found


def conducting_regions(
    domain: Domain,
    media: Mapping[str, Medium],
    contacts: Mapping[str, Contacts],
    drive: Drive,
    notes: list[str],
) -> tuple[list[Region], list[Region]]:
    """Regions of phi_s and of phi_e that are tied to the negative terminal.

    Raises:
        CaseError: there is no path for current between the terminals.
    """
    network = _Network()
    _add_regions(network, domain, media)
    _add_interfaces(network, domain, media, contacts)
    start, goal = (_terminal(network, domain, f) for f in (drive.negative, drive.positive))
    reached = network.reached(start)
    if not goal & reached:
        raise CaseError(
            Problem(
                "load",
                f"no path for current between the faces {drive.negative!r} and {drive.positive!r}",
                "check the order of the layers, that an electrode stands on each side of the "
                "electrolyte, and that both terminals touch an electronic conductor; alternating "
                "current alone passes a blocking contact",
            )
        )
    by_id = {r.id: r for r in domain.regions}
    for key, i in sorted(network.nodes - reached):
        notes.append(
            f"{by_id[i].name}: its potential {key} is tied to nothing and carries no current"
        )
    return (
        [by_id[i] for k, i in sorted(reached) if k == ELECTRONIC.key],
        [by_id[i] for k, i in sorted(reached) if k == IONIC.key],
    )


def _add_regions(network: _Network, domain: Domain, media: Mapping[str, Medium]) -> None:
    """The potentials of each region, tied where charge is transferred inside it."""
    for region in domain.regions:
        if region.kind == "die":
            continue
        medium = media[region.layer]
        if medium.conducts_electrons:
            network.nodes.add((ELECTRONIC.key, region.id))
        if medium.conducts_ions:
            network.nodes.add((IONIC.key, region.id))
        if medium.charge_transfer is not None or medium.particles:
            network.tie((ELECTRONIC.key, region.id), (IONIC.key, region.id))


def _add_interfaces(
    network: _Network,
    domain: Domain,
    media: Mapping[str, Medium],
    contacts: Mapping[str, Contacts],
) -> None:
    """What is tied through an interface: like potentials, and others by a reaction."""
    for interface in domain.interfaces:
        a, b = (s.id for s in interface.sides)
        network.tie((ELECTRONIC.key, a), (ELECTRONIC.key, b))
        network.tie((IONIC.key, a), (IONIC.key, b))
        met = contacts[interface.name]
        if met.charge_transfer is not None or met.kinetics is not None:
            network.tie((ELECTRONIC.key, a), (IONIC.key, b))
            network.tie((IONIC.key, a), (ELECTRONIC.key, b))
        if met.blocking is not None:
            side = blocked_side(*(media[s.layer] for s in interface.sides))
            network.tie((ELECTRONIC.key, (a, b)[side or 0]), (IONIC.key, (b, a)[side or 0]))


def _terminal(network: _Network, domain: Domain, face: str) -> set[Node]:
    """Potentials of the electrons at a face."""
    return {(ELECTRONIC.key, i) for i in _on_face(domain, face)} & network.nodes


def _on_face(domain: Domain, face: str) -> set[int]:
    """Ids of the regions with facets on a face, over all ranks."""
    here = {int(i) for i in domain.cell_region[domain.face_facets(face)[:, 0]]}
    return set().union(*domain.comm.allgather(here))
