"""Read what a workbook holds beside the values of its cells (ECMA-376 Part 1, 18), from the package's XML."""

from __future__ import annotations

import re
from functools import partial
from posixpath import dirname
from typing import TYPE_CHECKING, Final

from aiguard.errors import ReadError
from aiguard.readers.ooxml import kind_of, other_words, relationships, xml_parts
from aiguard.readers.ooxml_drawing import chart_lines, drawing_lines
from aiguard.readers.sheet_outline import text_of, workbook_part
from aiguard.readers.source import guarded, joined, only, paragraphs, refused
from aiguard.readers.xmltree import attribute, local, parse_xml, root_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lxml.etree import _Element

    from aiguard.readers.package import Package
    from aiguard.readers.source import Content, Source

_FIGURES: Final = {
    "wsDr": "図形",
    "chartSpace": "グラフ",
    "userShapes": "グラフの図形",
    "dataModel": "図形",
    "drawing": "図形",
}
# Parts whose text is read elsewhere, or that say nothing: cells, styles, the order of calculation.
_APART: Final = frozenset(
    "worksheet dialogsheet chartsheet sst styleSheet calcChain theme metadata volTypes table".split()
)
_STRAY: Final = "シートが決まった場所にないため、セルを読めません。元のソフトで開いて保存し直してください"
_NOTES: Final = frozenset({"comments", "ThreadedComments"})
_LITERAL: Final = re.compile('"((?:[^"]|"")*)"')
_CODES: Final = re.compile(r'&"[^"]*"|&[0-9]{1,3}|&K[0-9A-Fa-f]{6}|&[LCR]|&.')
_HEADERS: Final = {
    "oddHeader": "印刷ヘッダー", "evenHeader": "印刷ヘッダー", "firstHeader": "印刷ヘッダー",
    "oddFooter": "印刷フッター", "evenFooter": "印刷フッター", "firstFooter": "印刷フッター",
}  # fmt: skip
_SAID: Final = ("prompt", "promptTitle", "error", "errorTitle", "descr", "title", "alt", "name")
_TELLING: Final = 6  # letters from which on a text of ASCII in a formula may tell something


def beside_cells(source: Source, package: Package, sheets: Mapping[str, bool]) -> Content:
    """Return comments, drawings, headers, lists and formulas by sheet, then what the whole workbook keeps.

    `sheets` are the parts whose cells are read elsewhere, and whether they hold cells only; cells in any other part
    are unchecked.
    """
    owners = _owners(package)
    names = [name for name in xml_parts(package, "xl") if not sheets.get(name)]
    contents = [guarded(name, partial(_part, source, package, name, owners.get(name, ""))) for name in names]
    stray = [name for name in names if name not in sheets and _has_cells(package, name)]
    return joined((*contents, *(refused(_STRAY, name) for name in stray)))


def _has_cells(package: Package, name: str) -> bool:
    """Tell whether a part outside the folder of the sheets, where any that cannot be read is told, is a sheet."""
    try:
        return not dirname(name).endswith("worksheets") and root_name(package.read(name)) == "worksheet"
    except ReadError:
        return False  # reading the parts says that this one is damaged


def _owners(package: Package) -> dict[str, str]:
    """Return the sheet that each part belongs to, by the relationships of the workbook and of its sheets."""
    book = workbook_part(package)
    try:
        root = parse_xml(package.read(book)) if book in package else None
    except ReadError:
        return {}  # reading the parts says that this one is damaged
    targets = relationships(package, book)
    owners: dict[str, str] = {}
    for sheet in root.iter("{*}sheet") if root is not None else ():
        relation = targets.get(attribute(sheet, "id") or "")
        if relation:
            owners[relation.target] = sheet.get("name", "")
            waiting = [relation.target]
            while waiting:  # what a sheet points at belongs to it: a drawing, and the charts of a drawing
                for each in relationships(package, waiting.pop()).values():
                    if not each.external and each.target not in owners:
                        owners[each.target] = sheet.get("name", "")
                        waiting.append(each.target)
    return owners


def _part(source: Source, package: Package, name: str, sheet: str) -> Content:
    source.budget.check_time()
    data = package.read(name)
    if dirname(name).endswith("worksheets"):
        return _of_sheet(parse_xml(data), sheet)
    root = None if name.lower().startswith("xl/sharedstrings") else parse_xml(data)  # the cells hold them
    kind = kind_of(name, root) if root is not None else ""
    if root is None or kind in _APART:
        return (), ()
    if kind in _FIGURES:
        return _figure(root, _FIGURES[kind], sheet)
    if kind in _NOTES:
        return _notes(root, sheet)
    label, words = _KEPT[kind](root) if kind in _KEPT else other_words(name, root)
    return _aside(label, words)


def _pivots(root: _Element) -> tuple[str, list[str]]:
    """Return what a pivot table keeps of its source (18.10), also of rows deleted since."""
    return "ピボットテーブルの元データ", [each.get("v", "") for each in root.iter("{*}s")]


def _names(root: _Element) -> tuple[str, list[str]]:
    texts = ((each.get("name"), each.text or "") for each in root.iter("{*}definedName"))
    return "名前の定義", [f"{name}: {text}" for name, text in texts if '"' in text]


def _connections(root: _Element) -> tuple[str, list[str]]:
    return "接続", [" ".join(map(str, each.attrib.values())) for each in root.iter()]


def _of_sheet(root: _Element, sheet: str) -> Content:
    """Read what a sheet says beside its cells: headers of its pages, prompts and lists, texts in formulas."""
    headers = [
        (f"{sheet} {_HEADERS[local(element)]}", _CODES.sub(" ", element.text or ""))
        for element in root.iter(*(f"{{*}}{name}" for name in _HEADERS))
    ]
    asides = [line for element in root.iter("{*}dataValidation") for line in _rule(element, sheet)]
    asides += [line for cell in root.iter("{*}c") for line in _formula(cell, sheet)]
    segments = (
        paragraphs(headers, label=f"{sheet} 印刷"),
        paragraphs(asides, label=f"{sheet} 入力規則と数式", aside=True),
    )
    return tuple(each for each in segments if each), ()


def _rule(element: _Element, sheet: str) -> Iterator[tuple[str, str]]:
    """Yield the prompts of a rule for what may be entered (18.3.1.32), and the list it offers."""
    said = [element.get(name, "") for name in _SAID]
    formulas = element.iter("{*}formula1", "{*}formula2", "{*}f")
    said += [text for formula in formulas for text in _LITERAL.findall(formula.text or "")]
    yield from ((f"{sheet}!{element.get('sqref', '')} 入力規則", text) for text in said if text)


def _formula(cell: _Element, sheet: str) -> Iterator[tuple[str, str]]:
    """Yield the texts in a formula that its result does not show."""
    formula = cell.find("{*}f")
    if formula is None or '"' not in (formula.text or ""):
        return
    shown = "".join(each.text or "" for each in cell.iter("{*}v", "{*}t"))
    for text in _LITERAL.findall(formula.text or ""):
        if text not in shown and (not text.isascii() or len(text) >= _TELLING):
            yield f"{sheet}!{cell.get('r', '')} 数式", text


def _notes(root: _Element, sheet: str) -> Content:
    """Read comments (18.7) and the threads of newer versions, each at its cell."""
    lines = [
        (
            f"{sheet}!{element.get('ref', '')} コメント",
            text_of(element) or "".join(each.text or "" for each in element.iter("{*}text")),
        )
        for element in root.iter("{*}comment", "{*}threadedComment")
    ]
    authors = [(f"{sheet} コメントの作成者", element.text or "") for element in root.iter("{*}author")]
    segment = paragraphs((*lines, *authors), label=f"{sheet} コメント", aside=True)
    return only(segment)


def _figure(root: _Element, kind: str, sheet: str) -> Content:
    label = f"{sheet} {kind}".strip()
    lines = chart_lines(root) if kind == "グラフ" else list(drawing_lines(root))
    said = [each.get(name, "") for each in root.iter("{*}cNvPr", "{*}docPr") for name in ("descr", "title")]
    segments = (
        paragraphs(((label, line) for line in lines), label=label),
        paragraphs(((f"{sheet} 代替テキスト".strip(), text) for text in said), label="代替テキスト", aside=True),
    )
    return tuple(each for each in segments if each), ()


def _aside(label: str, texts: Iterable[str]) -> Content:
    segment = paragraphs(((label, text) for text in dict.fromkeys(texts)), label=label, aside=True)
    return only(segment)


_KEPT: Final = {
    "pivotCacheDefinition": _pivots,
    "pivotCacheRecords": _pivots,
    "workbook": _names,
    "connections": _connections,
}
