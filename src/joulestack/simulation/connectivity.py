"""Which regions can carry current from terminal to terminal.

A potential that nothing ties to the negative terminal is undetermined: its regions are left out of
the field, and a positive terminal that cannot be reached is an error before any solve.
"""

from __future__ import annotations

from collections.abc import Mapping

from joulestack.discretisation.domain import Domain
from joulestack.errors import CaseError, Problem
from joulestack.laws.medium import Medium
from joulestack.mesh import Region
from joulestack.physics.capacitance import blocked_side
from joulestack.physics.context import Contacts
from joulestack.simulation.setup import Drive

Node = tuple[str, int]


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
    nodes: set[Node] = set()
    edges: dict[Node, set[Node]] = {}

    def tie(a: Node, b: Node) -> None:
        if a in nodes and b in nodes:
            edges.setdefault(a, set()).add(b)
            edges.setdefault(b, set()).add(a)

    for region in domain.regions:
        medium = media[region.layer]
        if region.kind == "die":
            continue
        if medium.conducts_electrons:
            nodes.add(("phi_s", region.id))
        if medium.conducts_ions:
            nodes.add(("phi_e", region.id))
        if medium.charge_transfer is not None or medium.particles:
            tie(("phi_s", region.id), ("phi_e", region.id))
    for interface in domain.interfaces:
        a, b = (s.id for s in interface.sides)
        tie(("phi_s", a), ("phi_s", b))
        tie(("phi_e", a), ("phi_e", b))
        met = contacts[interface.name]
        if met.charge_transfer is not None or met.kinetics is not None:
            tie(("phi_s", a), ("phi_e", b))
            tie(("phi_e", a), ("phi_s", b))
        if met.blocking is not None:
            side = blocked_side(*(media[s.layer] for s in interface.sides))
            tie(("phi_s", (a, b)[side or 0]), ("phi_e", (b, a)[side or 0]))

    start = _on_face(domain, drive.negative) & {i for k, i in nodes if k == "phi_s"}
    goal = _on_face(domain, drive.positive) & {i for k, i in nodes if k == "phi_s"}
    reached: set[Node] = set()
    queue: list[Node] = [("phi_s", i) for i in start]
    while queue:
        node = queue.pop()
        if node not in reached:
            reached.add(node)
            queue.extend(edges.get(node, ()))
    if not start or not any(("phi_s", i) in reached for i in goal):
        raise CaseError(
            Problem(
                "load",
                f"no path for current between the faces {drive.negative!r} and {drive.positive!r}",
                "check the order of the layers, that an electrode stands on each side of the "
                "electrolyte, and that both terminals touch an electronic conductor; alternating "
                "current alone passes a blocking contact",
            )
        )
    for key, i in sorted(nodes - reached):
        region = next(r for r in domain.regions if r.id == i)
        notes.append(
            f"{region.name}: its potential {key} is tied to nothing and carries no current"
        )
    by_id = {r.id: r for r in domain.regions}
    return (
        [by_id[i] for i in sorted(i for k, i in reached if k == "phi_s")],
        [by_id[i] for i in sorted(i for k, i in reached if k == "phi_e")],
    )


def _on_face(domain: Domain, face: str) -> set[int]:
    """Ids of the regions with facets on a face, over all ranks."""
    here = {int(i) for i in domain.cell_region[domain.face_facets(face)[:, 0]]}
    return set().union(*domain.comm.allgather(here))
