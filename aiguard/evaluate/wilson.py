"""Bound a share of counted cases."""

from __future__ import annotations

from math import sqrt

Z_95 = 1.959963984540054  # the 97.5 % point of the normal distribution


def wilson(hits: int, total: int, z: float = Z_95) -> tuple[float, float]:
    """Return the Wilson score interval of `hits` out of `total`, as shares from 0 to 1.

    Nothing counted says nothing: (0, 1). Raises `ValueError` unless 0 <= hits <= total.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22 (158), 1927, pages 209-212.
    """
    if not 0 <= hits <= total:
        message = f"{hits} of {total}"
        raise ValueError(message)
    if total == 0:
        return 0.0, 1.0
    share, square = hits / total, z * z / total
    centre = (share + square / 2) / (1 + square)
    half = z / (1 + square) * sqrt(share * (1 - share) / total + square / (4 * total))
    # Rounding may put a bound a hair beyond the share it belongs to.
    return max(0.0, min(share, centre - half)), min(1.0, max(share, centre + half))
