"""Keep the account of what the reading of one file costs, so that no file can stop the others."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Final

from aiguard.errors import ReadError
from aiguard.model.passing import SLOW

if TYPE_CHECKING:
    from aiguard.model import Limits

_MENDS: Final = "分割するか、必要な部分だけを保存し直してください"
_ALWAYS_UNPACKED: Final = 20_000_000  # bytes: a small file may be packed as well as it likes


class Budget:
    """Hold what is left of the limits of one file; shared by everything inside it, so that nesting gains nothing.

    Every method raises ReadError, with the reason in Japanese, once its limit is passed.
    """

    def __init__(self, limits: Limits, size: int) -> None:
        """Begin an account for a file of `size` bytes."""
        self.limits = limits
        self._unpacked = min(limits.unpacked, max(_ALWAYS_UNPACKED, limits.ratio * size))
        self._members = limits.members
        self._cells = limits.cells
        self._pages = limits.pages
        self._ends = monotonic() + limits.seconds

    @property
    def unpacked_left(self) -> int:
        """Return how many bytes may still be unpacked."""
        return self._unpacked

    def unpack(self, size: int) -> None:
        """Count bytes that were unpacked."""
        self._unpacked -= size
        if self._unpacked < 0:
            raise ReadError(f"展開すると大きすぎるため読めません（上限に達しました）。{_MENDS}")
        self.check_time()

    def member(self) -> None:
        """Count a file inside the file."""
        self._members -= 1
        if self._members < 0:
            raise ReadError(f"中のファイルが多すぎます（上限{self.limits.members:,}件）。{_MENDS}")
        self.check_time()

    def cells(self, count: int) -> None:
        """Count cells of a sheet that hold something."""
        self._cells -= count
        if self._cells < 0:
            raise ReadError(f"表のセルが多すぎます（上限{self.limits.cells:,}個）。{_MENDS}")
        self.check_time()

    def page(self) -> None:
        """Count a page."""
        self._pages -= 1
        if self._pages < 0:
            raise ReadError(f"ページが多すぎます（上限{self.limits.pages:,}ページ）。{_MENDS}")
        self.check_time()

    def check_time(self) -> None:
        """Stop what takes longer than the limit; to be called in every loop over what a file holds."""
        if monotonic() > self._ends:
            raise ReadError(f"{SLOW}（上限{self.limits.seconds:,}秒）。{_MENDS}")
