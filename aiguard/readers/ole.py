"""Tell what an OLE compound file is by its streams ([MS-CFB]), and hand it to its reader."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from aiguard.errors import ReadError
from aiguard.readers.compound import open_ole
from aiguard.readers.refusals import REFUSALS

if TYPE_CHECKING:
    from aiguard.readers.source import Content, Source

_LOCKED: Final = "パスワードがかかっているため読めません。パスワードを外して保存してください"
_OLD: Final = {
    "WordDocument": ".doc",
    "PowerPoint Document": ".ppt",
    "JSRV_SegmentInformation": ".jtd",
    "DocumentText": ".jtd",
    "VisioDocument": ".vsd",
    "Quill": ".pub",
}
_UNKNOWN: Final = "この形式は読めません。元のソフトで開き、.docx、.xlsx、.pptx形式かPDFで保存してください"


def read_ole(source: Source) -> Content:
    """Read a sheet of old Excel or a mail of Outlook; ReadError says of anything else how to save it otherwise."""
    with open_ole(source.data) as file:
        names = {entry[0] for entry in file.listdir(streams=True, storages=True) if entry}
        if "EncryptedPackage" in names or "EncryptionInfo" in names:
            raise ReadError(_LOCKED)
        if names & {"Workbook", "Book"}:
            from aiguard.readers.xls import read_xls

            return read_xls(source)
        if "__properties_version1.0" in names:
            from aiguard.readers.msg import read_msg

            return read_msg(source, file)
        raise ReadError(_refusal(names, source.name))


def _refusal(names: set[str], name: str) -> str:
    known = next((suffix for stream, suffix in _OLD.items() if stream in names), PurePath(name).suffix.lower())
    return REFUSALS.get(known, _UNKNOWN)
