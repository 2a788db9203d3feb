"""Write what a scan is measured on: a large JSONL, and many files of mixed formats; the same bytes every time."""

from __future__ import annotations

import html
import json
from email.message import EmailMessage
from typing import TYPE_CHECKING, Final

import corpus
from compound import message, workbook
from written import package, pdf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FIRST: Final = 100_000  # pages from here on stand in no other corpus
PER_FOLDER: Final = 200
_WIDTH: Final = 40  # letters on a line of a PDF
_LINES: Final = 40
_DECLARED: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
_LINKED: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SHEET: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_KIND: Final = "application/vnd.openxmlformats-officedocument."


def jsonl(path: Path, size: int) -> None:
    """Write records of a number and a text, one a line, until the file has `size` bytes or a few more."""
    written = 0
    with path.open("wb") as out:
        for number, page in _endless(FIRST):
            line = json.dumps({"id": number, "text": page.text}, ensure_ascii=False).encode() + b"\n"
            written += out.write(line)
            if written >= size:
                return


def mixed(folder: Path, count: int) -> None:
    """Write so many files into folders of 200, the formats taking turns; each holds another page of the corpus."""
    for place, (number, page) in zip(range(count), _endless(FIRST * 10), strict=False):
        home = folder / f"{place // PER_FOLDER:03}"
        home.mkdir(parents=True, exist_ok=True)
        suffix, write = FORMATS[place % len(FORMATS)]
        home.joinpath(f"{number}.{suffix}").write_bytes(write(page.text))


def _endless(first: int) -> Iterator[tuple[int, corpus.Page]]:
    number = first
    while True:
        yield number, corpus.compose(number)
        number += 1


def _docx(text: str) -> bytes:
    body = "".join(f"<w:p><w:r><w:t>{html.escape(line)}</w:t></w:r></w:p>" for line in text.splitlines())
    document = f'<w:document xmlns:w="{_WORD}"><w:body>{body}<w:sectPr/></w:body></w:document>'
    return package(_declared("word/document.xml", "wordprocessingml.document.main") | {"word/document.xml": document})


def _xlsx(text: str) -> bytes:
    rows = "".join(
        f'<row r="{row}"><c r="A{row}" t="inlineStr"><is><t>{html.escape(line)}</t></is></c></row>'
        for row, line in enumerate(text.splitlines(), 1)
    )
    book = f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}"><sheets><sheet name="一覧" sheetId="1" r:id="rId1"/></sheets></workbook>'
    return package(
        _declared("xl/workbook.xml", "spreadsheetml.sheet.main")
        | {
            "xl/workbook.xml": book,
            "xl/_rels/workbook.xml.rels": _linked("worksheet", "worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_SHEET}"><sheetData>{rows}</sheetData></worksheet>',
        }
    )


def _declared(part: str, kind: str) -> dict[str, str]:
    """Return the parts that say what the main part of a package is (ECMA-376, part 2)."""
    types = (
        f'<Types xmlns="{_DECLARED}"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/{part}" ContentType="{_KIND}{kind}+xml"/></Types>'
    )
    return {"[Content_Types].xml": types, "_rels/.rels": _linked("officeDocument", part)}


def _linked(kind: str, target: str) -> str:
    link = f'<Relationship Id="rId1" Type="{_OFFICE}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{_LINKED}">{link}</Relationships>'


def _pdf(text: str) -> bytes:
    lines = [line[at : at + _WIDTH] for line in text.splitlines() for at in range(0, max(len(line), 1), _WIDTH)]
    return pdf([lines[at : at + _LINES] for at in range(0, len(lines), _LINES)])


def _html(text: str) -> bytes:
    body = "".join(f"<p>{html.escape(line)}</p>\n" for line in text.splitlines())
    return f'<!DOCTYPE html>\n<html lang="ja"><meta charset="utf-8"><title>記録</title>\n{body}</html>\n'.encode()


def _eml(text: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.jp", "b@example.jp", "連絡"
    mail["Date"] = "Wed, 01 Apr 2026 09:00:00 +0900"
    mail.set_content(text)
    return mail.as_bytes()


def _msg(text: str) -> bytes:
    return message({0x001A: "IPM.Note", 0x0037: "連絡", 0x1000: text.replace("\n", "\r\n")})


def _xls(text: str) -> bytes:
    return workbook("一覧", [[line] for line in text.splitlines()])


def _cp932(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode("cp932", "replace")


FORMATS: Final[tuple[tuple[str, Callable[[str], bytes]], ...]] = (
    ("txt", str.encode),
    ("docx", _docx),
    ("csv", _cp932),
    ("xlsx", _xlsx),
    ("txt", _cp932),
    ("pdf", _pdf),
    ("html", _html),
    ("eml", _eml),
    ("msg", _msg),
    ("xls", _xls),
)
