"""Tell what an OLE compound file is by its streams ([MS-CFB]), and hand it to its reader."""

from __future__ import annotations

import struct
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from aiguard.errors import ReadError
from aiguard.readers.compound import open_ole, stream
from aiguard.readers.refusals import REFUSALS
from aiguard.readers.rtf_objects import package

if TYPE_CHECKING:
    from olefile import OleFileIO

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
        content = _wrapped(file, source)
        if content is None:
            raise ReadError(_refusal(names, source.name))
        return content


def _wrapped(file: OleFileIO[str], source: Source) -> Content | None:
    """Read the file that Office wrapped to embed it: as it is ("Package"), or as the packager of Windows did.

    [MS-OLEDS] 2.3.6: four bytes of size come before what the packager wrote.
    """
    name, data = "embedded", stream(file, "Package")
    native = b"" if data else stream(file, "\x01Ole10Native")
    if native:
        try:
            name, data = package(native[4:])
        except (ValueError, struct.error):
            return None
    if not data:
        return None
    source.budget.member()
    source.budget.unpack(len(data))
    return source.read_member(data, name, "中のファイル")


def _refusal(names: set[str], name: str) -> str:
    known = next((suffix for stream, suffix in _OLD.items() if stream in names), PurePath(name).suffix.lower())
    return REFUSALS.get(known, _UNKNOWN)
