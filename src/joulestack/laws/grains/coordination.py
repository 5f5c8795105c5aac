"""Contacts of grains in a random packing of two kinds, and which of them hang together.

Bouvard & Lange 1991 (Acta Metall. Mater. 39, 3083), Suzuki & Oshima 1983 (Powder Technol. 35, 159).
"""

from __future__ import annotations

CONTACTS = 6.0
"""Mean number of contacts of a grain in a random packing (Bouvard & Lange 1991)."""


def touching(share: float, size_ratio: float) -> tuple[float, float]:
    """Contacts of a grain of one kind with its own kind and with the other [-].

    Z_i = 3 + (Z - 3) r_i^2/<r^2>; each neighbour is of kind j with the probability n_j Z_j/Z.

    Args:
        share: volume of this kind over that of both, above 0.
        size_ratio: diameter of this kind over that of the other.
    """
    n = share / (share + (1 - share) * size_ratio**3)
    mean = n * size_ratio**2 + (1 - n)
    own = 3 + (CONTACTS - 3) * size_ratio**2 / mean
    other = 3 + (CONTACTS - 3) / mean
    return own * n * own / CONTACTS, own * (1 - n) * other / CONTACTS


def connected(contacts: float) -> float:
    """Share of the grains of one kind that belong to a network through the electrode [-].

    P = [1 - ((4.236 - Z)/2.472)^2.5]^0.4 between Z = 1.764, where there is none, and 4.236 (Chen et
    al. 2009, J. Power Sources 191, 240).

    Args:
        contacts: Z of a grain with its own kind.
    """
    apart = min(max((4.236 - contacts) / 2.472, 0.0), 1.0)
    return float((1 - apart**2.5) ** 0.4)
