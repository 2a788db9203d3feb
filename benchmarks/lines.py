"""Fit a straight line to seconds by sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Fit(NamedTuple):
    """Hold a line in seconds and seconds per MB, and the greatest share by which a measured time is off it."""

    start: float
    slope: float
    deviation: float


def fit(times: Mapping[float, float]) -> Fit:
    """Fit seconds by size so that the squares of relative errors are least: each time weighs by its inverse square."""
    weights = {size: seconds**-2 for size, seconds in times.items()}
    total = sum(weights.values())
    mean_size = sum(weights[size] * size for size in times) / total
    mean_time = sum(weights[size] * seconds for size, seconds in times.items()) / total
    spread = sum(weights[size] * (size - mean_size) ** 2 for size in times)
    slope = sum(weights[size] * (size - mean_size) * (seconds - mean_time) for size, seconds in times.items()) / spread
    start = mean_time - slope * mean_size
    off = max(abs(start + slope * size - seconds) / seconds for size, seconds in times.items())
    return Fit(start, slope, off)
