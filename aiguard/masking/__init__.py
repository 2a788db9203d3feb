"""Mask a file so that it may be entered, and restore an answer.

`pieces` says what has to go, `masked` replaces it in place and looks again, `extracted` does so with the text of a
document that is no text file, `restored` takes an answer back. What
stand-ins look like is decided in `aiguard.mask`, what a map looks like on the disk in `aiguard.store`.
"""

from __future__ import annotations

from aiguard.masking.extracted import mask_file
from aiguard.masking.masked import Masked, mask_bytes
from aiguard.masking.restored import Restored, unmask_bytes

__all__ = ["Masked", "Restored", "mask_bytes", "mask_file", "unmask_bytes"]
