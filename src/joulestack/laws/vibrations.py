"""Heat of lattice vibrations against temperature: what they hold, and how they carry it.

Einstein 1907 takes all vibrations at one frequency: from one measured heat capacity and the number
of atoms, which is the Dulong-Petit limit, follows the whole curve (at the temperatures of cells;
far below it falls too steeply). c_p is taken as c_V.

Heat goes two ways (Agne 2022, section II): phonons, whose free path other phonons limit, carry
less with temperature, 1/T; diffusons hop from atom to atom at a diffusivity that does not depend on
temperature, so that they carry as the heat capacity rises (Agne, Hanus and Snyder 2018).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from joulestack import xmath
from joulestack.constants import GAS_CONSTANT, ROOM_TEMPERATURE
from joulestack.laws.forms import Form, filled, form, number


def einstein(x: Any) -> Any:
    """Heat capacity over the Dulong-Petit limit, x^2 e^x/(e^x - 1)^2, at x = theta/T > 0."""
    small = xmath.exp(-x)
    return x * x * small / ((1 - small) * (1 - small))


def dulong_petit(atoms: Any, molar_mass: Any) -> Any:
    """Limit of the heat capacity at high temperature, 3 R n/M [J/(kg K)].

    Args:
        atoms: n, of the formula.
        molar_mass: M, of the formula [kg/mol].
    """
    return 3 * GAS_CONSTANT * atoms / molar_mass


@form("einstein")
@dataclass(frozen=True)
class Einstein(Form):
    """`einstein` through a value at a reference, with the limit of Dulong and Petit.

    Attributes:
        value: at the reference.
        atoms, molar_mass: of the formula.
        reference: temperature of the value.
        theta: Einstein temperature; filled in.
    """

    takes: ClassVar[tuple[str, ...]] = ("T",)
    value: float = number("value")
    atoms: float = number("1")
    molar_mass: float = number("kg/mol")
    reference: float = number("K", ROOM_TEMPERATURE)
    theta: float | None = filled()

    def __post_init__(self) -> None:
        """Find theta once, while the values are numbers.

        Raises:
            ValueError: the value is not below the limit.
        """
        if self.theta is not None:
            return
        share = self.value / dulong_petit(self.atoms, self.molar_mass)
        if not 0.05 < share < 0.999:
            what = f"{share:.3g} of the Dulong-Petit limit"
            raise ValueError(f"{what}: value, atoms or molar_mass is wrong")
        low, high = 1e-2, 20.0
        while high - low > 1e-13 * high:  # it falls; a bisection loads no SciPy
            middle = 0.5 * (low + high)
            low, high = (middle, high) if float(einstein(middle)) > share else (low, middle)
        object.__setattr__(self, "theta", low * self.reference)

    def __call__(self, *, T: Any, **_: Any) -> Any:
        """Evaluate."""
        assert self.theta is not None  # __post_init__ has filled it in
        return self.value * einstein(self.theta / T) / einstein(self.theta / self.reference)


@form("phonons and diffusons")
@dataclass(frozen=True)
class TwoChannels(Form):
    """value [s T0/T + (1 - s) C(T)/C(T0)], C of `einstein`.

    Attributes:
        value: at the reference T0.
        phonons: s, their share there.
        theta: Einstein temperature.
        reference: T0.
    """

    takes: ClassVar[tuple[str, ...]] = ("T",)
    value: float = number("value")
    phonons: float = number("1")
    theta: float = number("K")
    reference: float = number("K", ROOM_TEMPERATURE)

    def __call__(self, *, T: Any, **_: Any) -> Any:
        """Evaluate."""
        held = einstein(self.theta / T) / einstein(self.theta / self.reference)
        return self.value * (self.phonons * self.reference / T + (1 - self.phonons) * held)
