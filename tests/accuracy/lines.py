"""Finite volumes through a stack of slabs, by scipy alone: references for heat on a line.

Nothing of the package's discretisation is used: cells hold mean temperatures, contacts and films
are resistances in series with half a cell, time goes by Radau's method of fifth order at 1e-7.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.integrate import solve_ivp
from scipy.sparse import diags

Floats = npt.NDArray[np.float64]
InTime = Callable[[float], float]

STEFAN_BOLTZMANN = 5.670374419e-8


@dataclass(frozen=True)
class Slab:
    """Thickness [m], k [W/(m K)], a number or of T, rho c_p [J/(m3 K)], source [W/m3]."""

    thickness: float
    k: float | Callable[[Floats], Floats]
    rho_cp: float
    source: InTime = lambda t: 0.0


@dataclass(frozen=True)
class Face:
    """Film [W/(m2 K)] and emissivity towards an ambient [K]."""

    coefficient: float = 0.0
    emissivity: float = 0.0
    ambient: InTime = lambda t: 298.15

    def flux(self, cell: float, conductance: float, t: float) -> tuple[float, float]:
        """Out of the body [W/m2], and the temperature of the face [K]."""
        h, e, air = self.coefficient, self.emissivity * STEFAN_BOLTZMANN, self.ambient(t)
        T = cell
        for _ in range(50):
            balance = h * (T - air) + e * (T**4 - air**4) - conductance * (cell - T)
            change = balance / (h + 4 * e * T**3 + conductance)
            T -= change
            if abs(change) < 1e-13 * T:
                break
        return conductance * (cell - T), T


@dataclass(frozen=True)
class Line:
    """Slabs bottom first, contact resistances between them [m2 K/W], and both faces."""

    slabs: tuple[Slab, ...]
    bottom: Face
    top: Face
    contacts: tuple[float, ...] = ()
    cells: int = 100

    def solve(
        self, start: float, times: Sequence[float], kinks: Sequence[float] = ()
    ) -> tuple[Floats, Floats]:
        """Mean temperature of each slab, and the hottest point, a row for each time [K]."""
        n = self.cells
        dx = np.repeat([s.thickness / n for s in self.slabs], n)
        capacity = dx * np.repeat([s.rho_cp for s in self.slabs], n)
        joints = np.zeros(len(dx) - 1)
        for i, R in enumerate(self.contacts, 1):
            joints[i * n - 1] = R

        def k_of(T: Floats) -> Floats:
            parts = [
                s.k(T[i * n : (i + 1) * n]) if callable(s.k) else np.full(n, s.k)
                for i, s in enumerate(self.slabs)
            ]
            return np.concatenate(parts)

        def fluxes(t: float, T: Floats) -> tuple[Floats, float, float]:
            half = 0.5 * dx / k_of(T)
            inner = (T[:-1] - T[1:]) / (half[:-1] + half[1:] + joints)
            low, T_low = self.bottom.flux(T[0], 1 / half[0], t)
            high, T_high = self.top.flux(T[-1], 1 / half[-1], t)
            return np.concatenate([[-low], inner, [high]]), T_low, T_high

        def rate(t: float, T: Floats) -> Floats:
            q, _, _ = fluxes(t, T)
            made = np.repeat([s.source(t) for s in self.slabs], n) * dx
            return (made + q[:-1] - q[1:]) / capacity

        n_all = len(dx)
        band = diags([np.ones(n_all)] * 3, [-1, 0, 1], shape=(n_all, n_all))
        means, hottest = [], []
        rise, now = np.zeros(n_all), 0.0
        for stop in sorted({*times, *(k for k in kinks if 0 < k < max(times))}):
            inside = 1e-9 * (stop - now)
            found = solve_ivp(
                lambda t, u, a=now + inside, b=stop - inside: rate(min(max(t, a), b), start + u),
                (now, stop), rise, "Radau", t_eval=(stop,), rtol=1e-7, atol=1e-8, jac_sparsity=band,
            )  # fmt: skip
            assert found.success, found.message
            rise, now = found.y[:, -1], stop
            T = start + rise
            if stop in times:
                means.append(T.reshape(-1, n).mean(axis=1))
                _, low, high = fluxes(stop, T)
                hottest.append(max(float(T.max()), low, high, self._at_contacts(T, k_of(T), dx)))
        return np.array(means), np.array(hottest)

    def _at_contacts(self, T: Floats, k: Floats, dx: Floats) -> float:
        """Hottest side of a contact [K]."""
        found = -math.inf
        for i, R in enumerate(self.contacts, 1):
            a, b = i * self.cells - 1, i * self.cells
            below, above = 0.5 * dx[a] / k[a], 0.5 * dx[b] / k[b]
            q = (T[a] - T[b]) / (below + R + above)
            found = max(found, T[a] - q * below, T[b] + q * above)
        return found
