"""Give values stable stand-ins that keep the grammar of a text, and know them again in an answer.

Pure: what was found goes in, names of stand-ins come out; nothing here reads or writes a file.
"""

from __future__ import annotations

from aiguard.mask.allocate import allocate
from aiguard.mask.grammar import AS_WRITTEN, Mention, mentions, spelled
from aiguard.mask.labels import label
from aiguard.mask.people import Lexicons
from aiguard.mask.restore import Restorer

__all__ = ["AS_WRITTEN", "Lexicons", "Mention", "Restorer", "allocate", "label", "mentions", "spelled"]
