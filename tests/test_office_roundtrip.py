"""What LibreOffice writes is read whole: every value planted in a part is found, at the place a person would look."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import planted_office
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
# Each value with what its label holds, format by format; where a format is not named, LibreOffice does not write that
# part into it (a PDF has no comments or hidden text, and pictures of slides have no notes).
BODY = dict.fromkeys(("docx", "odt", "rtf"), "本文")
EXPECTED: dict[str, dict[str, dict[str, str | None]]] = {
    "text": {
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
        "植込図形": {"xlsx": "名簿 図形", "xls": "図形", "ods": "名簿 図形", "pdf": "1ページ"},
        "植込印刷見出し": {"xlsx": "印刷ヘッダー", "xls": "印刷ヘッダー", "ods": "ヘッダー"},
    },
    "slides": {
        "綾瀬川 千鶴子のスライド": {"pptx": "スライド1", "odp": "スライド1", "pdf": "1ページ"},
        "植込表の名": {"pptx": "スライド1", "odp": "スライド1", "pdf": "1ページ"},
        "植込ノート": {"pptx": "スライド1 ノート", "odp": "スライド1 ノート"},
        "植込隠しスライド": {"pptx": "スライド2（非表示）", "odp": "スライド2（非表示）"},
    },
}
OFFICE = ("docx", "odt", "rtf", "xlsx", "xls", "ods", "pptx", "odp")
PROPERTIES = {
    "植込題名": (*OFFICE, "pdf"),
    "植込件名": (*OFFICE, "pdf", "html"),
    "植込鍵語": (*OFFICE, "pdf", "html"),
    "作成 一郎": (*OFFICE, "pdf", "html"),
    "植込部署": ("docx", "odt", "rtf", "xlsx", "ods", "pptx", "odp", "html"),
}
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


@pytest.mark.parametrize("suffix", ["docx", "odt", "rtf", "html"])
def test_readings_stay_out_of_the_text(converted: Path, suffix: str) -> None:
    assert all(places(read(converted / f"text.{suffix}", Use.PROMPT), each) == [] for each in READINGS)


@pytest.mark.parametrize(("name", "other"), [("text.doc", ".docx"), ("slides.ppt", ".pptx")])
def test_old_formats_say_what_to_do(converted: Path, name: str, other: str) -> None:
    document = read(converted / name, Use.PROMPT)
    assert document.segments == ()
    assert other in document.unchecked[0].reason
