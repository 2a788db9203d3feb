"""Read what OpenDocument files share (OASIS OpenDocument 1.3, Part 3): flows of paragraphs, asides, properties."""

from __future__ import annotations

import re
from functools import partial
from posixpath import basename, splitext
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from aiguard.errors import ReadError
from aiguard.model import Segment, Unchecked
from aiguard.readers.lost import passed_over
from aiguard.readers.opendocument_flow import flow, paragraph_text, story_of, told
from aiguard.readers.package import Package
from aiguard.readers.source import damaged, guarded, joined, only, paragraphs
from aiguard.readers.xmltree import attribute, local, parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element

    from aiguard.readers.source import Content, Source


_LOCKED: Final = "パスワードがかかっているため読めません。パスワードを外して保存してください"
_MACROS: Final = "マクロは確認していません。不要なら、マクロを消して保存してください"
_PROPERTIES: Final = {
    "title": "題名", "subject": "件名", "creator": "最終更新者", "initial-creator": "作成者", "keyword": "キーワード",
    "description": "コメント", "printed-by": "印刷した人", "user-defined": "項目", "contributor": "協力者",
    "publisher": "発行者", "source": "出典", "rights": "権利", "coverage": "範囲", "identifier": "識別子",
}  # fmt: skip
_PICTURES: Final = frozenset(".bmp .emf .gif .jpeg .jpg .png .svg .svm .tif .tiff .webp .wmf".split())
_MEDIA: Final = frozenset(
    ".aac .avi .flac .m4a .mid .mkv .mov .mp3 .mp4 .mpeg .mpg .ogg .ogv .wav .webm .wma .wmv".split()
)
_FONTS: Final = frozenset({".ttf", ".otf", ".odttf", ".woff", ".woff2"})
_COUNTED: Final = ("settings.xml", "meta.xml")  # their numbers are sizes and counts
_SILENT: Final = frozenset(
    "ruby-text generator creation-date date editing-duration print-date binary-data page-number".split()
)
_INLINE: Final = "は確認していません。目で見て確かめてください"
_KNOWN: Final = frozenset({"mimetype", "layout-cache"})
_TABLE: Final = re.compile(r"TablePreview\d+\.svm")  # what LibreOffice draws of a table on a slide
_PREVIEWS: Final = ("Thumbnails", "ObjectReplacements")
_SAYING: Final = frozenset(
    "string-value label current-value description alias display-text help-message key1 key2 author title".split()
)
_CHOICES: Final = frozenset({"label", "option", "item", "list-item", "param"})


def open_package(source: Source) -> Package:
    """Open a document; ReadError where it takes a password, or has no content."""
    package = Package(source.data, source.budget)
    refuse_encrypted(package)
    if "content.xml" not in package:
        raise damaged("OpenDocument文書")
    return package


def refuse_encrypted(package: Package) -> None:
    """Raise ReadError where the parts of a package take a password (Part 2, 4.8: manifest:encryption-data)."""
    manifest = package.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in package else b""
    if b"encryption-data" in manifest:
        raise ReadError(_LOCKED)


def styles_of(package: Package) -> _Element | None:
    """Return the root of styles.xml; None where it is missing or damaged, which `pages` says."""
    try:
        return parse_xml(package.read("styles.xml")) if "styles.xml" in package else None
    except ReadError:
        return None


def pages(package: Package, source: Source) -> Content:
    """Return the headers and footers of the master pages in styles.xml (16.9)."""
    return guarded("ヘッダー・フッター", partial(_pages, package, source)) if "styles.xml" in package else ((), ())


def _pages(package: Package, source: Source) -> Content:
    root = parse_xml(package.read("styles.xml"))
    contents = []
    for part in (part for master in root.iter("{*}master-page") for part in master):
        if local(part).startswith(("header", "footer")):
            label = "ヘッダー" if local(part).startswith("header") else "フッター"
            story = story_of(source, root)
            flow(part, story, label)
            contents.append(told(story, label, aside=attribute(part, "display") == "false"))
    return joined(contents)


def beside(package: Package, source: Source) -> Content:
    """Return the properties and what is inside the package: objects are read, pictures and macros are unchecked."""
    contents = [guarded("文書の情報", lambda: only(properties(package)))]
    for number, name in enumerate(filter(_is_object, package.names), 1):
        contents.append(guarded(f"埋め込み{number}", partial(_object, package, source, name, f"埋め込み{number}")))
    for name in filter(_is_file, package.names):
        label = f"埋め込みファイル（{name}）"
        contents.append(guarded(label, partial(_file, package, source, name, label)))
    macros = any(name.startswith(("Basic/", "Scripts/")) and "script-lc" not in name for name in package.names)
    return joined((*contents, ((), (*pictures(package), *([Unchecked(None, _MACROS)] if macros else [])))))


def pictures(package: Package) -> tuple[Unchecked, ...]:
    """Count the pictures, sounds and films of a package; previews of pages and objects show what is read itself."""
    names = [name for name in package.names if not _in_folder(name, *_PREVIEWS) and not _TABLE.match(basename(name))]
    played = sum(_suffix(name) in _MEDIA for name in names)
    seen = sum(_is_picture(name) for name in names)
    found = [Unchecked(None, f"画像{seen}点は確認していません。目で見て確かめてください")] if seen else []
    if played:
        found.append(Unchecked(None, f"音声・動画{played}点は確認していません。再生して確かめてください"))
    return tuple(found)


def whole(package: Package, source: Source, contents: Iterable[Content]) -> Content:
    """Join the contents of a document, with the texts of its parts that stand where no document has them."""
    content = joined(contents)
    read = "\n".join(segment.source for segment in content[0])
    texts: list[tuple[str, str]] = []
    unread = {each.reason: each for each in content[1]}
    inline = 0
    for name in package.names:
        if name.endswith((".xml", ".rdf")) and not _in_folder(name, *_PREVIEWS, "Configurations2"):
            try:
                root = parse_xml(package.read(name))
            except ReadError as error:
                unread.setdefault(error.message, Unchecked("その他の部品", error.message))
                continue
            inline += sum(1 for _ in root.iter("{*}binary-data"))
            texts += ((text, text) for text in _texts(root, name, source))
    if inline:
        unread[_INLINE] = Unchecked(None, f"文書に直接書き込まれた画像など{inline}点{_INLINE}")
    lost = paragraphs((("その他の部品", text) for text in passed_over(texts, read)), label="その他の部品", aside=True)
    more = tuple(each for each in unread.values() if each not in content[1])
    return joined((content, only(lost), ((), more)))


def _texts(root: _Element, name: str, source: Source) -> Iterator[str]:
    """Yield the texts of a part, without readings and what pages are called, and what attributes say beside them."""
    for each in root.iter():
        parts = (each.text if local(each) not in _SILENT else None, each.tail, *_attributes(each, source))
        for text in parts:
            if text and text.strip() and not (name.endswith(_COUNTED) and text.isascii()):
                yield text.strip()


def _attributes(element: _Element, source: Source) -> Iterator[str]:
    """Yield what attributes say: marks of indexes, values of variables, choices, tips."""
    choice = local(element) in _CHOICES
    for key in element.attrib:  # to list keys with values takes lxml time in the square of their count
        said = str(key).rpartition("}")[2]
        if said in _SAYING or (choice and said == "value"):
            source.budget.check_time()
            yield str(element.get(key, ""))


def _in_folder(name: str, *folders: str) -> bool:
    return any(f"/{folder}/" in f"/{name}" for folder in folders)


def _suffix(name: str) -> str:
    return splitext(name)[1].lower()


def _is_picture(name: str) -> bool:
    kept = name.startswith(("Pictures/", "media/", "Media/")) or "/Pictures/" in name
    return _suffix(name) in _PICTURES or (kept and _suffix(name) not in _MEDIA)


def _is_object(name: str) -> bool:
    return name.endswith("/content.xml") and not _in_folder(name, *_PREVIEWS)


def _is_file(name: str) -> bool:
    """Tell whether a member is a file that was put in: one of another software ("Object 1"), an older version."""
    apart = _in_folder(name, *_PREVIEWS, "Configurations2", "META-INF", "Basic", "Scripts") or basename(name) in _KNOWN
    suffix = _suffix(name)
    return not (apart or _is_picture(name) or suffix in _MEDIA or suffix in _FONTS or suffix in {".xml", ".rdf"})


def _file(package: Package, source: Source, name: str, label: str) -> Content:
    return source.read_member(package.read(name), name, label)


def _object(package: Package, source: Source, name: str, label: str) -> Content:
    """Read an object of LibreOffice's own: its paragraphs and tables, or all its words where it has none (formulas)."""
    root = parse_xml(package.read(name))
    story = story_of(source, root)
    flow(root, story, label)
    if not story.lines:
        story.put(label, paragraph_text(root))
    return told(story, label)


def properties(package: Package) -> Segment | None:
    """Return the properties of a document (4.3), a line each; ReadError where they are damaged."""
    if "meta.xml" not in package:
        return None
    lines: list[str] = []
    for each in parse_xml(package.read("meta.xml")).iter():
        label, text = _PROPERTIES.get(local(each)), (each.text or "").strip()
        if label and text:
            lines.append(f"{attribute(each, 'name') or label}: {text}")
        elif local(each) == "template":
            told_of = (attribute(each, "title") or "", unquote(attribute(each, "href") or ""))
            lines += [f"テンプレート: {value}" for value in told_of if value]
    return paragraphs((("文書の情報", line) for line in lines), label="文書の情報", aside=True)
