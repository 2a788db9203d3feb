"""Read what a zip archive holds: each file in it by its own reader, and what the packer noted."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from aiguard.errors import ReadError
from aiguard.model import Unchecked
from aiguard.readers.filenames import name_of
from aiguard.readers.package import Package
from aiguard.readers.signatures import kind_of
from aiguard.readers.source import joined, labelled, paragraphs, refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aiguard.readers.package import Member
    from aiguard.readers.source import Content, Source

_LISTED: Final = 20  # files named one by one for the same reason
_CONTROLS: Final = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# What macOS adds beside the files: AppleDouble (RFC 1740, appendix B) and the view of a folder.
_APPLE_DOUBLE: Final = b"\x00\x05\x16\x07"
_FOLDER_VIEW: Final = b"\x00\x00\x00\x01Bud1"
_EMPTY: Final = "中に確認できるファイルがありません"
_UNLISTED: Final = "ZIPの目次にない部分（約{:,}バイト）は確認していません。展開してから、中のファイルを点検してください"
_PICTURES: Final = "画像{}点は確認していません。目で見て確かめてください"


def read_archive(source: Source) -> Content:
    """Read every file of a zip archive (APPNOTE 6.3), labelled by its path: `名簿/b.docx!ヘッダー`.

    Files that share a name are all read, and told apart by their order. Comments are asides; what macOS adds is passed
    over. ReadError where the archive is damaged, empty, or locked as a whole.
    """
    package = Package(source.data, source.budget)
    files = [member for member in package.members if not member.is_folder]
    if files and all(member.encrypted for member in files):
        package.unpack(files[0])  # raises the reason
    contents = list(_contents(source, package, files))
    content = joined((_comment(package.comment), *_folders(package.members), *contents, _beside(package)))
    return content if any(content) else refused(_EMPTY)


def _contents(source: Source, package: Package, files: Sequence[Member]) -> Iterator[Content]:
    pictures: list[Unchecked] = []
    unchecked: list[Unchecked] = []
    for member, label in zip(files, _labels(files), strict=True):
        try:
            data = package.unpack(member)
        except ReadError as error:
            unchecked.append(Unchecked(label, error.message))
            data = None
        if data is not None and not _is_from_mac(member.name, data):
            segments, lacks = source.read_member(data, member.name, label)
            for lack in lacks:
                # What a picture shows is one matter for all of them; what else it lacks stays its own.
                (pictures if lack.label == label and kind_of(data) == "画像" else unchecked).append(lack)
            yield segments, ()
        yield labelled(_comment(member.comment), label)
        spent = _spent(source)
        if spent:
            unchecked.append(spent)
            break
    yield (), (*_merged(pictures), *_listed(unchecked))


def _spent(source: Source) -> Unchecked | None:
    """Say why the rest of the archive cannot be read: time or space ran out."""
    try:
        source.budget.unpack(0)
    except ReadError as error:
        return Unchecked(None, error.message)
    return None


def _labels(files: Iterable[Member]) -> Iterator[str]:
    names = [member.name for member in files]
    often, seen = Counter(names), Counter[str]()
    for name in names:
        seen[name] += 1
        shown = _CONTROLS.sub("\ufffd", name) or "（名前なし）"
        yield f"{shown}（同名の{seen[name]}つ目）" if often[name] > 1 else shown


def _is_from_mac(name: str, data: bytes) -> bool:
    """Tell whether a file is one that macOS adds: by its name, and by what it is, lest something hide behind one."""
    own = name.rpartition("/")[2]
    return (own.startswith("._") and data.startswith(_APPLE_DOUBLE)) or (
        own == ".DS_Store" and data.startswith(_FOLDER_VIEW)
    )


def _comment(text: str) -> Content:
    segment = paragraphs([("コメント", text)], label="コメント", aside=True)
    return ((segment,) if segment else (), ())


def _folders(members: Iterable[Member]) -> Iterator[Content]:
    """Yield the names of folders that hold nothing: those of the others are read with their files."""
    paths = [member.name for member in members]
    parents = {str(parent) for path in paths for parent in PurePosixPath(path).parents}
    for path in paths:
        folder = PurePosixPath(path)
        told = name_of(Path(path)) if path.endswith("/") and str(folder) not in parents else None
        if told:
            yield labelled(((told,), ()), _CONTROLS.sub("\ufffd", path))


def _beside(package: Package) -> Content:
    size = package.unlisted()
    return refused(_UNLISTED.format(size)) if size else ((), ())


def _merged(pictures: Sequence[Unchecked]) -> tuple[Unchecked, ...]:
    """Say of many pictures once what each would say."""
    return tuple(pictures) if len(pictures) < 2 else (Unchecked(None, _PICTURES.format(len(pictures))),)  # noqa: PLR2004


def _listed(unchecked: Sequence[Unchecked]) -> Iterator[Unchecked]:
    """Yield what could not be read; of many files with one reason the first few, and how many there are beside."""
    seen = Counter[str]()
    for each in unchecked:
        seen[each.reason] += 1
        if seen[each.reason] <= _LISTED:
            yield each
    for reason, count in seen.items():
        if count > _LISTED:
            yield Unchecked(f"ほか{count - _LISTED:,}件", reason)
