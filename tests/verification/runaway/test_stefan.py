"""Lithium melts from a hot face: Neumann's solution of the Stefan problem, two phases.

Carslaw and Jaeger, Conduction of Heat in Solids (1959), section 11.2: alike in both phases, the
front is at 2 m sqrt(a t) with

    St_l exp(-m^2)/erf(m) - St_s exp(-m^2)/erfc(m) = m sqrt(pi),   St = c_p (T - T_m)/L.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.special import erf, erfc

from joulestack.case.layers.material import material
from joulestack.errors import CaseError
from joulestack.laws.runaway.melting import Melting
from joulestack.mesh import LayerSpec, Line, build
from joulestack.simulation.setup import FaceCondition, Setup
from joulestack.tolerances import Tolerances
from tests.media import filler
from tests.verification.harness import Run

K, RHO, CP, LATENT, T_M = 84.8, 534.0, 4234.0, 432.2e3, 453.69
COLD, HOT, LENGTH, END = T_M - 40.0, T_M + 60.0, 0.04, 4.0


def front() -> float:
    """Where it is at the end [m]."""
    hot, cold = CP * (HOT - T_M) / LATENT, CP * (T_M - COLD) / LATENT

    def misfit(m: float) -> float:
        fed = hot / erf(m) - cold / erfc(m)
        return float(fed * math.exp(-m * m) - m * math.sqrt(math.pi))

    return 2 * brentq(misfit, 1e-3, 2.0) * math.sqrt(K / (RHO * CP) * END)


def molten(width: float, delay: float, cells: int = 160) -> tuple[float, Run]:
    """Length that is liquid at the end [m]."""
    law = Melting(T_M, RHO * LATENT, width, delay)
    spec = Line((LayerSpec("a", LENGTH, cells, grading=1.0),))
    setup = Setup(
        build(spec), {"a": filler(k=K, rho_cp=RHO * CP, melting=law)}, COLD,
        faces={"bottom": [FaceCondition(temperature=HOT)]}, thickness={"a": LENGTH},
    )  # fmt: skip
    run = Run(setup, tolerances=Tolerances(1e-2, 1e-3))
    run.advance(END)
    (state,) = (s for key, s in run.model.states.items() if key == "liquid")
    (block,) = state.blocks
    x = block.space.tabulate_dof_coordinates()[:, 0]
    order = np.argsort(x)
    return float(np.trapezoid(block.value.x.array[order], x[order])), run


def test_neumanns_front() -> None:
    """Within 0.2 %, and no latent heat is lost though steps are longer than a vertex melts."""
    found, run = molten(1.0, 0.01, 120)
    assert found == pytest.approx(front(), rel=2e-3)
    assert run.observer.balances()["power_balance_relative_max"] < 1e-5
    taken = -run.observer.heat["melting"]
    assert taken == pytest.approx(RHO * LATENT * found, rel=1e-4)


def test_how_much_smearing_costs() -> None:
    """Melting spread over 10 K of the 60 K that drive it moves the front by a hundredth."""
    assert molten(5.0, 0.01, 80)[0] == pytest.approx(front(), rel=2e-2)


def test_of_the_library() -> None:
    melts = material("lithium", melting={})
    assert melts.melting.temperature == pytest.approx(453.69)  # type: ignore[union-attr]
    assert melts.melting.latent_heat == pytest.approx(RHO * LATENT, rel=1e-3)  # type: ignore[union-attr]
    assert any(line[0] == "lithium: latent_heat" for line in melts.sources())  # type: ignore[attr-defined]
    with pytest.raises(CaseError, match=r"latent_heat: is not known of copper"):
        material("copper", melting={"temperature": "1358 K"})
