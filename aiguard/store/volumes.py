"""Tell a local disk from a network share, on which the shared memory of SQLite's write-ahead log does not work.

https://sqlite.org/wal.html: "All processes using a database must be on the same host computer".
"""

from __future__ import annotations

import re
import sys
from pathlib import Path, PurePath
from typing import Final

# File systems of disks in this very computer. What is not listed (nfs, cifs, smb3, 9p, fuse.sshfs …) is a share, or may be.
_LOCAL: Final = frozenset(
    "apfs bcachefs btrfs exfat ext2 ext3 ext4 f2fs fuseblk hfs hfsplus jfs msdos nilfs2 ntfs ntfs3 overlay ramfs".split()
    + "reiserfs tmpfs ufs vfat xfs zfs".split()
)
_FIXED: Final = frozenset((2, 3, 6))  # DRIVE_REMOVABLE, DRIVE_FIXED, DRIVE_RAMDISK of GetDriveTypeW
_ESCAPE: Final = re.compile(r"\\([0-7]{3})")


def is_local(folder: Path) -> bool:
    """Tell whether a folder surely lies on a disk of this computer."""
    try:
        path = folder.resolve()
        if sys.platform == "win32":
            return _drive_type(path) in _FIXED
        if sys.platform == "darwin":
            return path.parts[:2] != ("/", "Volumes")
        return (
            system_of(path, Path("/proc/self/mounts").read_text(encoding="utf-8", errors="surrogateescape")) in _LOCAL
        )
    except (OSError, ValueError, RuntimeError):
        return False


def system_of(path: PurePath, mounts: str) -> str | None:
    """Return the type of the file system that a path lies on, by a table of mounts in the form of fstab(5)."""
    found: tuple[int, str] | None = None
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) > 2:  # noqa: PLR2004 - device, place, type
            place = type(path)(_ESCAPE.sub(lambda octal: chr(int(octal[1], 8)), fields[1]))
            if path.is_relative_to(place) and (found is None or len(place.parts) >= found[0]):
                found = len(place.parts), fields[2]  # a later mount covers an earlier one at the same place
    return found[1] if found else None


def is_share_name(anchor: str) -> bool:
    r"""Tell whether the beginning of a Windows path names a share: \\server\share\ or \\?\UNC\server\share\."""
    plain = anchor.replace("/", "\\").upper()
    return plain.startswith("\\\\?\\UNC\\") or (plain.startswith("\\\\") and plain[2:4] not in {"?\\", ".\\"})


def _drive_type(path: Path) -> int:
    """Return what GetDriveTypeW says of a drive; 4 (DRIVE_REMOTE) for a share."""
    if is_share_name(path.anchor):
        return 4
    if sys.platform == "win32":
        import ctypes

        return int(ctypes.windll.kernel32.GetDriveTypeW(path.anchor))
    return 0
