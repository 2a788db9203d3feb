"""No text breaks aiguard or keeps it for ever: whatever comes in, a report comes out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import TypeAlias

import pytest

from aiguard.detectors.checks import my_number

Spawn: TypeAlias = Callable[..., CompletedProcess[bytes]]

MANY = 100_000
GUARD = 120  # seconds: no text takes as long, but one that hangs would

FLOODS: dict[str, dict[str, str]] = {
    "digits": {
        "run.txt": "1234567890" * (MANY // 10),
        "hyphens.txt": "1234-" * (MANY // 5),
        "spaces.txt": "1 2-3 " * (MANY // 6),
        "kanji.txt": "一二三四五六七八九〇" * (MANY // 10),
        "phones.txt": "電話090-1234-5678" * (MANY // 100),
        "dates.txt": "令和5年1月1日" * (MANY // 20),
        "wide.txt": "１２３４‐" * (MANY // 5),
    },
    "brackets": {
        "open.txt": "「【" * MANY,
        "close.txt": "】」" * MANY,
        "named.txt": "【ChatGPT】により" * (MANY // 10),
        "quotes.csv": '"' * (MANY + 1),
        "fields.csv": "," * MANY,
        "markdown.md": "**a**\n- " * (MANY // 5),
        "directives.txt": "aiguard:ignore[" * (MANY // 10),
    },
    "addresses": {
        "at.txt": "@" * MANY,
        "dots.txt": "a." * MANY + "@",
        "mails.txt": "a@b." * (MANY // 4),
        "links.txt": "https://" * (MANY // 10),
        "keys.txt": "password=" * (MANY // 10),
        "encoded.eml": "=?utf-8?B?" * (MANY // 10),
        "references.html": "&#" * MANY,
        "places.txt": "千葉県流山市" * (MANY // 10),
        "houses.txt": "一丁目二番" * (MANY // 10),
    },
    "names": {
        "kanji.txt": "佐藤山田高橋" * (MANY // 10),
        "kana.txt": "サトウハナコ" * (MANY // 10),
        "honorifics.txt": "さん様氏殿" * (MANY // 10),
        "latin.txt": "x" * MANY,
        "titles.txt": "氏名：" * (MANY // 10),
    },
    "invisible": {
        "joiners.txt": "佐\u200b" * (MANY // 2) + "\u200d\ufe0f" * (MANY // 2),
        "marks.txt": "e" + "\u0301" * MANY,
        "selectors.txt": "葛" + "\U000e0100" * MANY,
        "turns.txt": "\u202e\u2066" * MANY,
        "lines.txt": "\n" * MANY,
        "returns.txt": "\r" * MANY,
        "blanks.txt": "\u3000 \t" * MANY,
    },
    "nesting": {
        "arrays.json": "[" * MANY + "]" * MANY,
        "objects.json": '{"a":' * MANY + "1" + "}" * MANY,
        "open.json": '{"a":[' * MANY,
        "key.json": json.dumps({"a/~" * MANY: "x"}),
        "long.json": "[" + "1e999999999," * (MANY // 10) + "9" * MANY + "]",
    },
}


@pytest.fixture
def judged(spawn: Spawn, desk: Path) -> Callable[..., dict[str, str]]:
    """Return a function that runs aiguard on files of the desk, in time, and returns their verdicts."""

    def run(*arguments: str) -> dict[str, str]:
        done = spawn(*arguments, "--format", "json", "-o", "../out.json", timeout=GUARD)
        said = done.stderr.decode("utf-8", "replace")
        assert (done.returncode in {0, 1, 3}, said) == (True, "")
        report = json.loads((desk.parent / "out.json").read_text(encoding="utf-8"))
        assert done.returncode == 3 or not report["summary"]["unchecked"]
        return {Path(document["path"]).name: document["verdict"] for document in report["documents"]}

    return run


Judged: TypeAlias = Callable[..., dict[str, str]]


@pytest.mark.parametrize(
    ("command", "flood"), [*(("check", flood) for flood in FLOODS), ("review", "brackets"), ("review", "invisible")]
)
def test_a_flood_is_judged(judged: Judged, desk: Path, command: str, flood: str) -> None:
    for name, text in FLOODS[flood].items():
        (desk / name).write_text(text, encoding="utf-8", newline="")
    assert judged(command, ".").keys() == FLOODS[flood].keys()


@pytest.mark.parametrize("flood", ["brackets", "invisible", "digits"])
def test_a_flood_does_not_hide_what_is_behind_it(judged: Judged, desk: Path, flood: str) -> None:
    number = next(f"70518293641{digit}" for digit in range(10) if my_number(f"70518293641{digit}"))
    texts = {name: text for name, text in FLOODS[flood].items() if name.endswith(".txt")}
    for name, text in texts.items():
        (desk / name).write_text(f"{text[: MANY // 2]}\n個人番号：{number}\n", encoding="utf-8", newline="")
    assert set(judged("check", ".").values()) == {"block"}


def test_fifty_megabytes_on_one_line(judged: Judged, desk: Path) -> None:
    sentence = "来月の会議の案内文を直してください。"
    with (desk / "line.txt").open("w", encoding="utf-8") as file:
        for _ in range(50):
            file.write(sentence * (1_000_000 // len(sentence.encode())))
    assert judged("check", "line.txt") == {"line.txt": "pass"}


def test_a_million_digits(judged: Judged, desk: Path) -> None:
    (desk / "digits.txt").write_text("1234567890" * MANY, encoding="utf-8")
    assert judged("check", "digits.txt").keys() == {"digits.txt"}


def test_a_hundred_thousand_rows(judged: Judged, desk: Path) -> None:
    rows = "".join(f"{number},窓口の受付,{number % 97}件\n" for number in range(MANY))
    (desk / "counts.csv").write_text(f"番号,内容,数\n{rows}", encoding="cp932")
    assert judged("check", "counts.csv") == {"counts.csv": "pass"}


def test_rows_and_rows_of_people(judged: Judged, desk: Path) -> None:
    rows = "".join(f"早乙女 詩織,090-7361-{number:04}\n" for number in range(1_000))
    (desk / "people.csv").write_text(f"氏名,電話\n{rows}", encoding="cp932")
    assert judged("check", "people.csv") == {"people.csv": "block"}


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ('{"氏名": "\\ud83d 早乙女 詩織 \\udc00"}', "block"),
        ('{"\\udfff": "会議", "a\\u0000b": "\\u0000"}', "pass"),
        ('["\\ud83d\\ude00", "\\u202e", "\\ufffe"]', "pass"),
        ('{"a": "\\uZZZZ"}', "unchecked"),
        ('{"a": 1' * 3, "unchecked"),
    ],
)
def test_strange_escapes_in_json(judged: Judged, desk: Path, text: str, verdict: str) -> None:
    (desk / "chat.json").write_text(text, encoding="utf-8")
    assert judged("check", "chat.json") == {"chat.json": verdict}


@pytest.mark.parametrize(
    "content", [b"\0", "早乙女 詩織\0".encode() * 1_000, b"\0" * MANY, b"a\0" * MANY, b"\xff" * MANY]
)
def test_bytes_that_are_no_text(judged: Judged, desk: Path, content: bytes) -> None:
    (desk / "memory.txt").write_bytes(content)
    verdict = judged("check", "memory.txt")["memory.txt"]
    assert verdict == "unchecked" or not content.startswith((b"\0", b"\xff"))
