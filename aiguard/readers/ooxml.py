"""Read what the packages of Word, Excel and PowerPoint have in common (ECMA-376 Parts 1 and 2).

Elements are known by their local names, so that the strict namespaces (purl.oclc.org) read like the transitional ones.
"""

from __future__ import annotations

import re
from functools import partial
from posixpath import basename, dirname, join, normpath, splitext
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import unquote

from aiguard.errors import ReadError
from aiguard.model import Unchecked
from aiguard.readers.source import guarded, joined, only, paragraphs
from aiguard.readers.xmltree import attribute, local, parse_xml

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from lxml.etree import _Element

    from aiguard.model import Segment
    from aiguard.readers.package import Package
    from aiguard.readers.source import Content, Source


_PICTURES: Final = frozenset(
    ".bmp .dib .emf .emz .gif .heic .ico .jfif .jpe .jpeg .jpg .pcz .pct .pict .png .svg .tif .tiff .wdp .webp .wmf .wmz".split()
)
_MEDIA: Final = frozenset(
    ".aac .aif .aiff .asf .au .avi .flac .m4a .m4v .mid .midi .mkv .mov .mp3 .mp4 .mpeg .mpg .ogg .wav .wma .wmv".split()
)
# What is part of every package, is read elsewhere, or holds no text: fonts, settings of printers, signatures.
_PARTS: Final = frozenset(".xml .rels .vml .odttf .fntdata .ttf .otf .psmdcp .sigs .bin".split())
_MACROS: Final = ("vbaProject.bin", "jsaProject.bin")
_PROPERTIES: Final = ("docProps/core.xml", "docProps/app.xml", "docProps/custom.xml")
_PROPERTY_KINDS: Final = frozenset(
    "core-properties extended-properties custom-properties extendedProperties customProperties".split()
)
_PROPERTY_ROOTS: Final = frozenset({"coreProperties", "Properties"})
_OFFICE: Final = ("openxmlformats.org", "purl.oclc.org/ooxml", "schemas.microsoft.com")
_PROPERTY_NAMES: Final = {
    "title": "題名",
    "subject": "件名",
    "creator": "作成者",
    "lastModifiedBy": "最終更新者",
    "keywords": "キーワード",
    "description": "コメント",
    "category": "分類",
    "contentStatus": "状態",
    "identifier": "識別子",
    "Company": "会社",
    "Manager": "管理者",
    "HyperlinkBase": "ハイパーリンクの基点",
    "Template": "テンプレート",
}
_TOLD_NOTHING: Final = frozenset({"Normal.dotm", "Normal.dot", "Normal", "Office テーマ", "Office Theme"})
_TITLES: Final = frozenset({"TitlesOfParts", "HLinks"})
# Parts (by their roots) without words of the document: how it looks, what ties parts together, strokes of a pen.
WORDLESS: Final = frozenset(
    "styles numbering fonts theme webSettings colorsDef layoutDef styleDef datastoreItem commentsEx commentsIds "
    "commentsExtensible Signature vbaSuppData Types Relationships ink tblStyleLst viewPr revInfo".split()
)
_WORDED: Final = "docVar connectString query mailSubject presenceInfo ocxPr chgData tag".split()
_DIGITS: Final = 9  # of a number in a name or an attribute that is worth reading


class Relation(NamedTuple):
    """Hold a relationship: the last word of its type, and the part (or, where external, the address) it points at."""

    kind: str
    target: str
    external: bool


def relationships(package: Package, part: str) -> dict[str, Relation]:
    """Return the relationships of a part by their ids ("" is the package itself); none where they cannot be read.

    ECMA-376 Part 2, 6.5: they stand in `_rels/NAME.rels` beside the part, targets relative to its folder.
    """
    name = join(dirname(part), "_rels", f"{basename(part)}.rels")
    try:
        root = parse_xml(package.read(name)) if name in package else None
    except ReadError:
        return {}
    if root is None:
        return {}
    return {element.get("Id", ""): _relation(package, part, element) for element in root if element.get("Target")}


def main_part(package: Package, pattern: str) -> str | None:
    """Return the part that a package is about: the one it names, or else the first whose name matches a pattern."""
    named = [each.target for each in relationships(package, "").values() if each.kind == "officeDocument"]
    likely = (name for name in package.names if re.fullmatch(pattern, name.lstrip("/"), re.IGNORECASE))
    return next((name for name in (*named, *likely) if name in package), None)


def xml_parts(package: Package, folder: str) -> list[str]:
    """Return the parts to be read as XML: all but the properties, the relationships and the embedded files.

    What stands under the name of properties or relationships and is none is read with the rest.
    """
    apart = {*_property_parts(package), *package.matching(f"{folder}/embeddings/")}
    named = [name for name in package.names if _suffix(name) == ".xml" and name not in apart]
    stray = (name for name in package.names if _suffix(name) == ".rels" and not _is(package, name, {"Relationships"}))
    return [*named, *stray]


def kind_of(name: str, root: _Element) -> str:
    """Return the name of the root of a part; nothing where it is not Office's own: data that is bound to a document."""
    kind = local(root) if any(each in root.tag for each in _OFFICE) else ""
    return "" if name.startswith("customXml/") and kind != "datastoreItem" else kind


def links(package: Package) -> Content:
    """Return what lies outside a package and is pointed at from inside: addresses of pages, mails and files."""
    return joined(guarded("リンク先", partial(_links, package, name)) for name in package.matching("", ".rels"))


def properties(package: Package) -> Segment | None:
    """Return the properties of a document, built-in and custom, a line each; ReadError where they are damaged.

    ECMA-376 Part 2, 8 (core) and Part 1, 22.2 (extended), 22.3 (custom).
    """
    lines = [line for name in _property_parts(package) for line in _properties(parse_xml(package.read(name)))]
    return paragraphs((("文書の情報", line) for line in lines), label="文書の情報", aside=True)


def pictures(package: Package, folder: str) -> tuple[Unchecked, ...]:
    """Count the pictures, sounds and films of a package, `folder` ("word", "xl", "ppt") being where it keeps them.

    The thumbnail in docProps is a picture of the first page, which is read itself.
    """
    media = f"{folder}/media/"
    names = [name for name in package.names if not name.startswith(("docProps/thumbnail", f"{folder}/embeddings/"))]
    played = sum(_suffix(name) in _MEDIA for name in names)
    seen = sum(_suffix(name) in _PICTURES or (name.startswith(media) and _suffix(name) not in _MEDIA) for name in names)
    found: list[Unchecked] = []
    if seen:
        found.append(Unchecked(None, f"画像{seen}点は確認していません。目で見て確かめてください"))
    if played:
        found.append(Unchecked(None, f"音声・動画{played}点は確認していません。再生して確かめてください"))
    return tuple(found)


def embedded(source: Source, package: Package, folder: str) -> Content:
    """Read the files inside a package: those in `folder`/embeddings ("word", …), and whatever is no part of a document.

    Parts of chunks (Word's altChunk: HTML, RTF, another .docx) are such files as well.
    """
    names = [name for name in package.names if _is_embedded(name, folder)]
    return joined(
        guarded(f"埋め込みファイル{n}", partial(_embedded, source, package, name, n)) for n, name in enumerate(names, 1)
    )


def macros(package: Package) -> tuple[Unchecked, ...]:
    """Say that a program inside a package, and what was typed into its ActiveX controls, was not read."""
    found: list[Unchecked] = []
    if any(name.endswith(_MACROS) for name in package.names):
        reason = "マクロは確認していません。マクロを除いた形式で保存し直すか、内容を目で見て確かめてください"
        found.append(Unchecked(None, reason))
    controls = sum("/activeX/" in name and name.endswith(".bin") for name in package.names)
    if controls:
        reason = f"入力欄などの部品（ActiveX）{controls}点は確認していません。目で見て確かめてください"
        found.append(Unchecked(None, reason))
    return tuple(found)


def other_words(name: str, root: _Element) -> tuple[str, list[str]]:
    """Return what a part of no other kind is, and its words: texts by their elements, and what its attributes say.

    Data bound to a document, its variables and merge source (ECMA-376 Part 1, 17.14 and 17.15.1), who changed it.
    """
    told = [filter(None, map(each.get, each.keys())) for each in root.iter(*(f"{{*}}{name}" for name in _WORDED))]
    words = [": ".join(map(str, values)) for values in told]
    custom = name.startswith("customXml/")
    attributed = custom and local(root) != "contentTypeSchema"
    for each in root.iter():
        values = (each.text or "", *(map(str, each.attrib.values()) if attributed else ()))
        words += [f"{local(each)}: {value.strip()}" for value in values if value.strip()]
    return "カスタムXML" if custom else "その他の部品", words


def numbered(names: Iterable[str]) -> list[str]:
    """Sort names of parts as people number them: slide2 before slide10."""
    return sorted(names, key=lambda name: [part.rjust(_DIGITS) for part in re.split("([0-9]+)", name)])


def _relation(package: Package, part: str, element: _Element) -> Relation:
    target = element.get("Target", "")
    kind = element.get("Type", "").rpartition("/")[2]
    if element.get("TargetMode") == "External":
        return Relation(kind, target, external=True)
    path = normpath(join("/", dirname(part), target.replace("\\", "/"))).lstrip("/")
    return Relation(kind, path if path in package else unquote(path), external=False)


def _links(package: Package, name: str) -> Content:
    root = parse_xml(package.read(name))
    targets = [each.get("Target", "") for each in root if each.get("TargetMode") == "External"]
    readable = dict.fromkeys(text for each in targets for text in (each, unquote(each)))
    segment = paragraphs((("リンク先", text) for text in readable), label="リンク先", aside=True)
    return only(segment)


def _property_parts(package: Package) -> list[str]:
    related = (each.target for each in relationships(package, "").values() if each.kind in _PROPERTY_KINDS)
    names = (name for name in dict.fromkeys((*_PROPERTIES, *related)) if name in package)
    return [name for name in names if _is(package, name, _PROPERTY_ROOTS)]


def _is(package: Package, name: str, roots: Collection[str]) -> bool:
    """Tell whether a part has one of these roots; of a damaged one its own reader says so."""
    try:
        return local(parse_xml(package.read(name))) in roots
    except ReadError:
        return True


def _properties(root: _Element) -> Iterator[str]:
    for element in root:
        name = local(element)
        if name == "property":
            yield _named(attribute(element, "name") or "", element)
        elif name in _TITLES:
            yield from (each.text or "" for each in element.iter("{*}lpstr", "{*}lpwstr"))
        elif name in _PROPERTY_NAMES and (element.text or "").strip() not in _TOLD_NOTHING:
            yield _named(_PROPERTY_NAMES[name], element)


def _named(name: str, element: _Element) -> str:
    text = " ".join(text for each in element.iter() if (text := (each.text or "").strip()))
    return f"{name}: {text}" if text else ""


def _suffix(name: str) -> str:
    return splitext(f"x{basename(name)}")[1].lower()


def _is_embedded(name: str, folder: str) -> bool:
    if name.startswith(f"{folder}/embeddings/"):
        return True
    suffix = _suffix(name)
    return (
        not name.startswith(f"{folder}/media/")
        and suffix not in _PARTS
        and suffix not in _PICTURES
        and suffix not in _MEDIA
    )


def _embedded(source: Source, package: Package, name: str, number: int) -> Content:
    return source.read_member(package.read(name), basename(name), f"埋め込みファイル{number}")
