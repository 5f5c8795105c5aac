"""The C of the points against the same in NumPy."""

import re
from pathlib import Path

import numpy as np
import pytest

from joulestack.errors import CaseError
from joulestack.simulation.model import Model
from joulestack.solver import local_unknowns, native
from joulestack.solver.native import pointer
from tests.verification.half_cell import half_cell

SOURCE = Path(local_unknowns.__file__).with_suffix(".c")
P, N, M, G = 7, 5, 3, 2
WIDTH = N * (N + M) + G * (N + M) + 1
RANDOM = np.random.default_rng(3)


def bytes_of(mask: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(mask, dtype=np.uint8)


def linearised(sums: np.ndarray, own: np.ndarray, held: np.ndarray) -> tuple[np.ndarray, ...]:
    """By the library; the third feed and the first input of point 0 do not move."""
    _, lib = native.library()
    flow = own * np.linspace(0.5, 2, P)
    fixed_inputs, fixed_feeds = np.zeros((P, M), np.uint8), np.zeros((P, G), np.uint8)
    fixed_inputs[0, 0] = fixed_feeds[1, 1] = 1
    shapes = ((P, N, N), (P, G, N), (P, N, M), (P, G, M), (P,))
    out = [np.full(shape, np.nan) for shape in shapes]
    lib.linearise(
        P, N, M, G, WIDTH, pointer(sums), pointer(own), pointer(flow),
        pointer(held, "uint8_t[]"), pointer(fixed_inputs, "uint8_t[]"),
        pointer(fixed_feeds, "uint8_t[]"), *map(pointer, out),
    )  # fmt: skip
    return (*out, flow, fixed_inputs, fixed_feeds)


@pytest.mark.parametrize("frozen", [False, True])
def test_elimination(frozen: bool) -> None:
    """B^-1, E B^-1, B^-1 C and D - E B^-1 C; a point without weight, rows held, fixed fields."""
    sums = RANDOM.normal(size=(P, WIDTH))
    sums[:, : N * N] += 4 * np.eye(N).ravel()
    if not frozen:
        sums[3, : N * N] = np.eye(N)[[1, 2, 3, 4, 0]].ravel()  # every pivot off the diagonal
    own = RANDOM.uniform(0.5, 2, P)
    own[5] = 0.0
    held = bytes_of(np.arange(N) < N - 1) if frozen else np.zeros(N, np.uint8)
    inverse, E_inverse, inverse_C, schur, exchange, flow, inputs, feeds = linearised(
        sums, own, held
    )
    B = own[:, None, None] * sums[:, : N * N].reshape(P, N, N)
    C = own[:, None, None] * sums[:, N * N : N * (N + M)].reshape(P, N, M)
    received = flow[:, None, None] * sums[:, N * (N + M) : -1].reshape(P, G, N + M)
    E, D = received[:, :, :N].copy(), received[:, :, N:]
    rows = held.astype(bool)
    B[:, rows] = np.eye(N)[rows]
    C[:, rows] = 0.0
    B[own == 0], C[own == 0] = np.eye(N), 0.0
    C[np.broadcast_to(inputs[:, None, :].astype(bool), C.shape)] = 0.0
    E[feeds.astype(bool)] = 0.0
    expected = np.linalg.inv(B)
    assert inverse == pytest.approx(expected, rel=1e-10, abs=1e-12)
    assert E_inverse == pytest.approx(E @ expected, rel=1e-10, abs=1e-12)
    assert inverse_C == pytest.approx(expected @ C, rel=1e-10, abs=1e-12)
    assert schur == pytest.approx(D - E @ expected @ C, rel=1e-10, abs=1e-12)
    assert exchange == pytest.approx(own * sums[:, -1])


def test_a_singular_point_gives_no_number() -> None:
    """The step control shortens a step whose residual is not a number; nothing else may happen."""
    sums = RANDOM.normal(size=(P, WIDTH))
    sums[2, : N * N] = 0.0
    inverse = linearised(sums, np.ones(P), np.zeros(N, np.uint8))[0]
    assert not np.isfinite(inverse[2]).all()
    assert np.isfinite(inverse[[0, 1, 3]]).all()


def test_what_the_fields_receive_and_give_back() -> None:
    """Feeds, right-hand side and recovery land on the right nodes; -1 is none."""
    _, lib = native.library()
    nodes = np.array([[p, -1 if p == 2 else P + p] for p in range(P)], dtype=np.int32)
    sums, own = RANDOM.normal(size=(P, N + G)), np.ones(P)
    own[4], flow = 0.0, RANDOM.uniform(1, 2, P)
    state, out, fields = RANDOM.normal(size=(P, N)), np.zeros((P, N)), np.ones(2 * P)
    held = bytes_of(np.arange(N) == 1)
    places = pointer(nodes, "int32_t[]")
    lib.residual(
        P, N, G, pointer(sums), pointer(own), pointer(flow), pointer(held, "uint8_t[]"),
        pointer(state), places, pointer(out), pointer(fields),
    )  # fmt: skip
    expected = np.where((own > 0)[:, None], sums[:, :N], state)
    expected[:, 1] = 0.0
    assert np.array_equal(out, expected)
    received = np.ones(2 * P + 1)
    np.add.at(received, nodes, flow[:, None] * sums[:, N:])
    assert fields == pytest.approx(received[:-1])

    E, b = RANDOM.normal(size=(P, G, N)), RANDOM.normal(size=(P, N))
    fields, expected = np.zeros(2 * P), np.zeros(2 * P + 1)
    lib.reduce(P, N, G, pointer(E), pointer(b), places, pointer(fields))
    np.subtract.at(expected, nodes, np.einsum("pgn,pn->pg", E, b))
    assert fields == pytest.approx(expected[:-1])

    inverse, inverse_C = RANDOM.normal(size=(P, N, N)), RANDOM.normal(size=(P, N, G))
    given, y = RANDOM.normal(size=2 * P), np.zeros((P, N))
    lib.recover(
        P, N, G, pointer(inverse), pointer(inverse_C), pointer(b), places, pointer(given),
        pointer(y),
    )  # fmt: skip
    g = np.where(nodes >= 0, given[nodes], 0.0)
    right = np.einsum("pij,pj->pi", inverse, b) - np.einsum("pij,pj->pi", inverse_C, g)
    assert y == pytest.approx(right)


def test_the_largest_change_that_matters() -> None:
    """Lithium by its tolerance, a current by the overpotential that it means, never by nothing."""
    _, lib = native.library()
    absolute = np.where(np.arange(N) < N - 1, 2e-4, 1e-6)
    of_largest = np.where(np.arange(N) < N - 1, 0.0, 1e-3)
    state, change = RANDOM.normal(size=(P, N)), 1e-3 * RANDOM.normal(size=(P, N))
    exchange = RANDOM.uniform(0.01, 1, P)
    for i0 in (exchange, None):
        scale = np.full((P, N), 2e-4)
        scale[:, -1] = 1e-3 * np.abs(state[:, -1]).max()
        if i0 is not None:
            scale[:, -1] = np.maximum(scale[:, -1], 0.1 * np.hypot(2 * i0, state[:, -1]))
        found = lib.largest(
            P, N, pointer(absolute), pointer(of_largest), pointer(i0), pointer(state),
            pointer(change), 0.1,
        )  # fmt: skip
        assert found == pytest.approx(np.abs(change / scale).max())
    change[3, 2] = np.nan
    scales = pointer(absolute), pointer(of_largest), pointer(None)
    assert np.isnan(lib.largest(P, N, *scales, pointer(state), pointer(change), 0.1))


def test_surfaces_are_not_filled_beyond_full() -> None:
    """By no more than 0.003 in one iteration; the amount of lithium, the first mode, stays."""
    _, lib = native.library()
    before = np.array([[0.5, 0.1, 0.0, 1.0], [0.9, 0.2, 0.0, 1.0], [0.5, 0.1, 0.0, 1.0]])
    after = np.array([[0.5, 0.3, 0.4, 2.0], [0.9, 0.1, 0.05, 2.0], [0.5, 0.2, 0.1, 2.0]])
    wanted = after.copy()
    changed = lib.limit_filling(3, 4, 3, 0.003, pointer(before), pointer(after))
    assert changed
    assert np.array_equal(after[:, 0], wanted[:, 0])
    assert after[:, :3].sum(axis=1) == pytest.approx([1.003, 1.05, 0.8])
    assert np.array_equal(after[2], wanted[2])
    assert not lib.limit_filling(3, 4, 3, 0.003, pointer(before), pointer(after))


def test_a_falling_current_follows_its_law() -> None:
    """From z = 1e4 to almost nothing: the tangent ends far below zero, asinh does not."""
    _, lib = native.library()
    i0, own = np.full(3, 0.5), np.array([1.0, 1.0, 0.0])
    before = np.array([[1e4], [2.0], [2.0]])
    tangent = np.array([[1e4 - 8e4], [2.05], [2.05]])
    after = tangent.copy()
    assert lib.limit_current(3, 1, 0.05, pointer(i0), pointer(own), pointer(before), pointer(after))
    force = np.arcsinh(1e4) - 8e4 / np.sqrt(1 + 1e8)
    assert after[0, 0] == pytest.approx(np.sinh(force), rel=1e-9)
    assert np.array_equal(after[1:], tangent[1:])


def test_more_unknowns_than_there_is_room_for() -> None:
    room = int(re.search(r"MOST = (\d+)", SOURCE.read_text(encoding="utf-8")).group(1))  # type: ignore[union-attr]
    assert room == local_unknowns.MOST_UNKNOWNS
    with pytest.raises(CaseError, match="at most 64"):
        Model(half_cell(None, lambda t: 0.0, modes=local_unknowns.MOST_UNKNOWNS))
