"""What LibreOffice writes is read whole: every value planted in a part is found, at the place a person would look."""

from __future__ import annotations

import contextlib
import html
import os
import re
import shutil
import subprocess
import zlib
from typing import TYPE_CHECKING
from zipfile import ZipFile

import planted_office
import pypdfium2
import pytest

from aiguard.location import locate
from aiguard.model import Document, Span, Use
from aiguard.readers import read

if TYPE_CHECKING:
    from pathlib import Path

FORMATS = {
    "text": ("fodt", ("docx", "odt", "rtf", "html", "pdf", "doc")),
    "sheet": ("fods", ("xlsx", "xls", "ods", "pdf")),
    "slides": ("fodp", ("pptx", "odp", "pdf", "ppt")),
}
OLD = frozenset({"doc", "ppt"})  # not read at all, which is said
# Each value with what its label holds, format by format; `ABSENT` has the formats that are not named.
BODY = dict.fromkeys(("docx", "odt", "rtf"), "本文")
EXPECTED: dict[str, dict[str, dict[str, str | None]]] = {
    "text": {
        "植込題名": {"html": None},  # the title of a page; elsewhere a property
        "植込見出し": {**BODY, "html": None, "pdf": "1ページ"},
        "綾瀬川 千鶴子さん": {**BODY, "html": None, "pdf": "1ページ"},
        "植込漢字": {**BODY, "html": None, "pdf": "1ページ"},
        "植込表の名": {"docx": "表1 2行目", "odt": "表1 2行目", "rtf": "表1 2行目", "html": None, "pdf": "1ページ"},
        "090-1234-5678": {"docx": "表1 2行目", "odt": "表1 2行目", "rtf": "表1 2行目", "html": None, "pdf": "1ページ"},
        "植込枠": {"docx": "テキストボックス", "odt": "テキストボックス", "rtf": "テキストボックス", "pdf": "1ページ"},
        "植込ヘッダー": {"docx": "ヘッダー", "odt": "ヘッダー", "rtf": "ヘッダー", "html": None, "pdf": "1ページ"},
        "植込フッター": {"docx": "フッター", "odt": "フッター", "rtf": "フッター", "html": None, "pdf": "1ページ"},
        "植込脚注": {"docx": "脚注1", "odt": "脚注1", "rtf": "脚注1", "html": None, "pdf": "1ページ"},
        "植込文末脚注": {"docx": "文末脚注1", "odt": "文末脚注1", "rtf": "文末脚注1", "html": None, "pdf": "2ページ"},
        "植込コメント": {"docx": "コメント1", "odt": "コメント1", "rtf": "コメント1", "html": "コメント"},
        "植込削除文": {
            "docx": "変更履歴（削除）",
            "odt": "変更履歴（削除）",
            "rtf": "変更履歴（削除）",
            "html": None,
            "pdf": "1ページ",
        },
        "植込隠し文字": {"docx": "隠し文字", "odt": "隠し文字", "rtf": "隠し文字", "html": "隠し文字"},
        "植込代替文": {"docx": "代替テキスト", "odt": "代替テキスト", "rtf": "代替テキスト"},
        "植込代替題": {"docx": "代替テキスト", "odt": "代替テキスト"},
        "注釈 四郎": {"docx": "コメント1", "odt": "コメント1"},
        "削除 三郎": {"docx": "変更した人", "odt": "変更した人", "rtf": "変更した人"},
        "uekomi@example.jp": {
            "docx": "リンク",
            "odt": "リンク",
            "rtf": "フィールド",
            "html": "リンク",
            "pdf": "リンク",
        },
    },
    "sheet": {
        "綾瀬川 千鶴子": {"xlsx": "名簿!A4", "xls": "名簿!A4", "ods": "名簿!A4", "pdf": "1ページ"},
        "090-1234-5678": {"xlsx": "名簿!B4", "xls": "名簿!B4", "ods": "名簿!B4"},
        "123456789018": {"xlsx": "名簿!C4", "xls": "名簿!C4", "ods": "名簿!C4"},
        "植込隠し行": {"xlsx": "名簿!A5", "xls": "名簿!A5", "ods": "名簿!A5"},
        "植込隠しシート": {"xlsx": "控え（非表示）!A1", "xls": "控え（非表示）!A1", "ods": "控え（非表示）!A1"},
        "植込コメント": {"xlsx": "名簿!A4 コメント", "xls": "名簿!A4 コメント", "ods": "名簿!A4 コメント"},
        "注釈 四郎": {"xlsx": "名簿 コメントの作成者", "xls": "名簿!A4 コメント", "ods": "名簿!A4 コメント"},
        "植込図形": {"xlsx": "名簿 図形", "xls": "図形", "ods": "名簿 図形", "pdf": "1ページ"},
        "植込印刷見出し": {"xlsx": "印刷ヘッダー", "xls": "印刷ヘッダー", "ods": "ヘッダー"},
    },
    "slides": {
        "綾瀬川 千鶴子のスライド": {"pptx": "スライド1", "odp": "スライド1", "pdf": "1ページ"},
        "植込表の名": {"pptx": "スライド1", "odp": "スライド1", "pdf": "1ページ"},
        "植込ノート": {"pptx": "スライド1 ノート", "odp": "スライド1 ノート"},
        "植込隠しスライド": {"pptx": "スライド2（非表示）", "odp": "スライド2（非表示）"},
        "植込代替題": {"odp": "スライド1 代替テキスト"},
    },
}
OFFICE = ("docx", "odt", "rtf", "xlsx", "xls", "ods", "pptx", "odp")
PROPERTIES = {
    "植込題名": (*OFFICE, "pdf"),
    "植込件名": (*OFFICE, "pdf", "html"),
    "植込鍵語": (*OFFICE, "pdf", "html"),
    "植込説明": (*OFFICE, "html"),
    "作成 一郎": (*OFFICE, "pdf", "html"),
    "最終 二郎": (*OFFICE, "html"),
    "植込部署": (*OFFICE, "html"),
}
_NOT_PRINTED = "is not on the pages that are printed"
_NOT_AMONG = "is not among the properties of a PDF"
_NO_PLACE = "LibreOffice writes none into the format"
# What LibreOffice leaves out of a format, and why.
ABSENT: dict[str, dict[str, dict[str, str]]] = {
    "text": {
        "植込枠": {"html": "the frame becomes a picture"},
        "植込コメント": {"pdf": _NOT_PRINTED},
        "植込隠し文字": {"pdf": _NOT_PRINTED},
        "植込代替文": {"html": "the frame becomes a picture that says its name alone", "pdf": _NOT_PRINTED},
        "植込代替題": {"rtf": _NO_PLACE, "html": "as 植込代替文", "pdf": _NOT_PRINTED},
        "注釈 四郎": {"rtf": "written as question marks", "html": _NO_PLACE, "pdf": _NOT_PRINTED},
        "削除 三郎": {"html": _NO_PLACE, "pdf": _NOT_PRINTED},
    },
    "sheet": {
        "090-1234-5678": {"pdf": "the column is too narrow: the page ends it after 090-1234-56"},
        "123456789018": {"pdf": "the column is too narrow: the page says 1.2346E+11"},
        "植込隠し行": {"pdf": _NOT_PRINTED},
        "植込隠しシート": {"pdf": _NOT_PRINTED},
        "植込コメント": {"pdf": _NOT_PRINTED},
        "注釈 四郎": {"pdf": _NOT_PRINTED},
        "植込印刷見出し": {"pdf": _NOT_PRINTED},
    },
    "slides": {
        "植込ノート": {"pdf": _NOT_PRINTED},
        "植込隠しスライド": {"pdf": _NOT_PRINTED},
        "植込代替題": {"pptx": "written as nothing where there is no description", "pdf": _NOT_PRINTED},
    },
}
ABSENT_PROPERTIES = {each: {"pdf": _NOT_AMONG} for each in ("植込説明", "最終 二郎", "植込部署")}
READINGS = ("うえこみよみ",)


@pytest.fixture(scope="session")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with every source in every format."""
    office = shutil.which("soffice")
    if office is None:
        if os.environ.get("CI") == "true":
            pytest.fail("LibreOffice is not installed")
        pytest.skip("LibreOffice is not installed")
    folder = tmp_path_factory.mktemp("office")
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    for kind, (suffix, formats) in FORMATS.items():
        source = folder / f"{kind}.{suffix}"
        source.write_text(getattr(planted_office, kind)(), encoding="utf-8")
        for each in formats:
            command = [office, "--headless", profile, "--convert-to", each, "--outdir", str(folder), str(source)]
            subprocess.run(command, check=True, capture_output=True, timeout=240)
    return folder


def places(document: Document, value: str) -> list[str | None]:
    """Return the labels of a value, wherever it stands."""
    found = []
    for segment in document.segments:
        at = segment.source.find(value)
        while at >= 0:
            found.append(locate(segment, Span(at, at + len(value))).label)
            at = segment.source.find(value, at + 1)
    return found


def standing(file: Path) -> str:
    """Return what stands in a file, found without any of its readers, without white space."""
    data = file.read_bytes()
    if data.startswith(b"%PDF"):
        text = _in_pdf(data)
    elif data.startswith(b"{\\rtf"):
        text = _in_rtf(data.decode("latin-1"))
    elif data.startswith(b"PK"):
        with ZipFile(file) as archive:
            text = _with_and_without_tags(
                *(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
            )
    else:
        codes = ((0, "utf-8"), (0, "utf-16-le"), (1, "utf-16-le"))
        text = _with_and_without_tags(*(data[at:].decode(code, "replace") for at, code in codes))
    return "".join(text.split())


def _with_and_without_tags(*texts: str) -> str:
    return " ".join(
        each for text in texts for each in (html.unescape(text), html.unescape(re.sub("<[^>]*>", "", text)))
    )


def _in_rtf(source: str) -> str:
    """Undo both ways to write a character: by its number, with one or three bytes instead, and by its bytes."""
    return " ".join(_characters(source, instead) for instead in (1, 3))


def _characters(source: str, instead: int) -> str:
    number = rf"\\u(-?\d+) ?(?:(?:\\'..){{1,{instead}}}|\?)?"
    numbered = re.sub(number, lambda code: chr(int(code[1]) % 65536), source)
    paged = re.sub(
        r"(?:\\'[0-9a-f]{2})+",
        lambda run: bytes.fromhex(run[0].replace("\\'", "")).decode("cp932", "replace"),
        numbered,
    )
    return re.sub(r"\\[a-z]+-?\d* ?|[{}]", "", paged)


def _in_pdf(data: bytes) -> str:
    whole = [data, *(_inflated(found[1]) for found in re.finditer(rb"stream\r?\n(.*?)endstream", data, re.DOTALL))]
    strings = (found[1] for each in whole for found in re.finditer(rb"FEFF((?:[0-9A-F]{4})+)", each))
    texts = [bytes.fromhex(each.decode()).decode("utf-16-be", "replace") for each in strings]
    texts += [each.decode("latin-1") for each in whole]
    with contextlib.closing(pypdfium2.PdfDocument(data)) as pdf:
        for number in range(len(pdf)):
            texts.append(pdf[number].get_textpage().get_text_bounded())
        return " ".join((*texts, *pdf.get_metadata_dict().values()))


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data)
    except zlib.error:
        return b""


CASES = [
    (kind, suffix, value, label)
    for kind, values in EXPECTED.items()
    for value, labels in values.items()
    for suffix, label in labels.items()
]


@pytest.mark.parametrize(("kind", "suffix", "value", "label"), CASES)
def test_a_planted_value_is_found_in_its_place(
    converted: Path, kind: str, suffix: str, value: str, label: str | None
) -> None:
    found = places(read(converted / f"{kind}.{suffix}", Use.PROMPT), value)
    assert any(place is None if label is None else label in (place or "") for place in found), found


@pytest.mark.parametrize(
    ("kind", "suffix", "value"),
    [
        (kind, suffix, value)
        for value, suffixes in PROPERTIES.items()
        for kind, (_, formats) in FORMATS.items()
        for suffix in formats
        if suffix in suffixes
    ],
)
def test_properties_are_found(converted: Path, kind: str, suffix: str, value: str) -> None:
    found = places(read(converted / f"{kind}.{suffix}", Use.PROMPT), value)
    assert any(place in {"文書の情報", "ページの情報"} for place in found), found


LEFT_OUT = [
    *((kind, suffix, value) for kind, some in ABSENT.items() for value, why in some.items() for suffix in why),
    *((kind, suffix, value) for kind in FORMATS for value, why in ABSENT_PROPERTIES.items() for suffix in why),
]


@pytest.mark.parametrize(("kind", "suffix", "value"), LEFT_OUT)
def test_what_is_said_to_be_left_out_is_not_in_the_file_or_else_it_is_found(
    converted: Path, kind: str, suffix: str, value: str
) -> None:
    file = converted / f"{kind}.{suffix}"
    assert "".join(value.split()) not in standing(file) or places(read(file, Use.PROMPT), value)


@pytest.mark.parametrize(
    ("kind", "suffix", "value"),
    [case[:3] for case in CASES if case[1:3] != ("xls", "123456789018")],  # a binary number
)
def test_what_is_written_is_seen_without_a_reader_as_well(converted: Path, kind: str, suffix: str, value: str) -> None:
    assert "".join(value.split()) in standing(converted / f"{kind}.{suffix}")


@pytest.mark.parametrize("kind", FORMATS)
def test_every_part_is_expected_in_every_format_or_said_to_be_left_out(kind: str) -> None:
    formats = set(FORMATS[kind][1]) - OLD
    for value, labels in EXPECTED[kind].items():
        if value not in PROPERTIES:
            assert formats == {*labels, *ABSENT[kind].get(value, {})}, value
    for value, suffixes in PROPERTIES.items():
        elsewhere = {*EXPECTED[kind].get(value, {}), *ABSENT_PROPERTIES.get(value, {})}
        assert formats <= {*suffixes, *elsewhere}, value


@pytest.mark.parametrize("suffix", ["docx", "odt", "rtf", "html"])
def test_readings_stay_out_of_the_text(converted: Path, suffix: str) -> None:
    assert all(places(read(converted / f"text.{suffix}", Use.PROMPT), each) == [] for each in READINGS)


@pytest.mark.parametrize(("name", "other"), [("text.doc", ".docx"), ("slides.ppt", ".pptx")])
def test_old_formats_say_what_to_do(converted: Path, name: str, other: str) -> None:
    document = read(converted / name, Use.PROMPT)
    assert document.segments == ()
    assert other in document.unchecked[0].reason


def test_alternative_texts_of_a_tagged_pdf_are_found(converted: Path) -> None:
    folder = converted / "tagged"
    tagged = 'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}'
    profile = f"-env:UserInstallation=file://{converted / 'profile'}"
    office = str(shutil.which("soffice"))
    command = [office, "--headless", profile, "--convert-to", tagged, "--outdir", str(folder), str(converted / "text.fodt")]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    document = read(folder / "text.pdf", Use.PROMPT)
    for value in ("植込代替文", "植込代替題"):
        assert places(document, value) == ["1ページ 代替テキスト"]
