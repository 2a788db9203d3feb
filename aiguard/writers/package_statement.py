"""Put a statement into an office package, at a place where the format has text, and change nothing else."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from aiguard.errors import ReadError
from aiguard.writers.docx_statement import insert_docx
from aiguard.writers.odt_statement import insert_odt
from aiguard.writers.pptx_statement import insert_pptx
from aiguard.writers.xlsx_statement import insert_xlsx
from aiguard.writers.xml_part import Change, NoPlace
from aiguard.writers.zipsplice import replaced

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiguard.readers.package import Package

_LOCKED: Final = "パスワードがかかっているため書き込めません。パスワードを外して保存してください"
_SIGNED: Final = "電子署名があるため書き込めません（署名が無効になります）"
_SIGNATURES: Final = ("_xmlsignatures/", "META-INF/documentsignatures", "META-INF/packagesignatures")


def insert(data: bytes, package: Package, form: str, statement: str, at: str) -> bytes:
    """Return a package with a statement at the "start", the "end" or in the "footer".

    NoPlace where the document has no room for it or is signed; ReadError where it is damaged or takes a password.
    """
    if any(name.startswith(_SIGNATURES) for name in package.names):
        raise NoPlace(_SIGNED)
    if "META-INF/manifest.xml" in package and b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise ReadError(_LOCKED)
    changes, added = _FORMS[form](package, escape(statement, quote=False), at)
    return replaced(data, changes, added)


def holds(form: str) -> bool:
    """Tell whether statements can be put into a format."""
    return form in _FORMS


_FORMS: Final[dict[str, Callable[[Package, str, str], Change]]] = {
    "docx": insert_docx, "odt": insert_odt, "pptx": insert_pptx, "sheet": insert_xlsx,
}  # fmt: skip
