"""Files of Parquet are read record by record, or said to be unchecked; large ones are shared out by rows."""

from __future__ import annotations

import io
import json
import zipfile
from concurrent.futures import ProcessPoolExecutor
from importlib.util import find_spec
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, TypeAlias

import made_parquet as made
import pytest

from aiguard.model import Document, Use, passing
from aiguard.readers import read_bytes
from aiguard.readers.parquet import Batch
from aiguard.readers.pieces import Piece, read_piece

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from subprocess import CompletedProcess

    Apart: TypeAlias = Callable[..., Any]
    Spawn: TypeAlias = Callable[..., CompletedProcess[bytes]]

pytestmark = pytest.mark.skipif(find_spec("pyarrow") is None, reason="pyarrow is not installed")


@pytest.fixture(scope="module")
def apart() -> Iterator[Apart]:
    """Return a function that calls another in a process of its own."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        yield lambda function, *given, **named: pool.submit(function, *given, **named).result()


def lines_of(document: Document) -> list[tuple[str, str]]:
    """Return the label and the text of each line of a document."""
    segment = document.segments[0]
    starts = [part.start for part in segment.parts]
    ends = [*starts[1:], len(segment.source)]
    return [
        (str(part.label), segment.source[start:end].rstrip("\n"))
        for part, start, end in zip(segment.parts, starts, ends, strict=True)
    ]


def findings(result: CompletedProcess[bytes]) -> list[tuple[str, str, str | None, int, int]]:
    documents = json.loads(result.stdout)["documents"]
    return [
        (document["use"], one["rule"], one["location"]["label"], one["location"]["line"], one["location"]["column"])
        for document in documents
        for one in document["findings"]
    ]


def test_every_kind_of_value_is_read_with_its_place(apart: Apart) -> None:
    document = apart(made.read, apart(made.every_kind))
    assert document.unchecked == ()
    first, second = (dict(lines_of(Document("", Use.PROMPT, (each,)))) for each in document.segments)
    assert first == {
        "1行目 /氏名": "氏名: 山田花子",
        "1行目 /番号": "番号: 12",
        "1行目 /住所": "住所:",
        "1行目 /住所/市": "市: 流山市",
        "1行目 /住所/a~1b": "a/b: 1",
        "1行目 /やり取り": "やり取り:",
        "1行目 /やり取り/0/role": "role: user",
        "1行目 /やり取り/0/content": "content: 要約して",
        "1行目 /属性": "属性:",
        "1行目 /属性/電話": "電話: 04-7158-1111",
        "1行目 /バイト": "バイト: 山",
        "1行目 /額": "額: 1234567890.50",
        "1行目 /日": "日: 1985-04-03",
        "1行目 /時": "時: 1985-04-03",
        "1行目 /時刻": "時刻: 1985-04-03 10:20:30+09:00",
        "1行目 /ナノ": "ナノ: 1970-01-01 00:00:00",
        "1行目 /数": "数: 9012345678",
        "1行目 /小数": "小数: 1",
        "1行目 /真偽": "真偽:",
    }
    assert second["2行目 /小数"] == "小数: 0.25"
    assert second["2行目 /時"] == "時: 1985-04-03 01:02:03"


def test_what_cannot_be_said_is_unchecked_and_the_rest_is_read(apart: Apart) -> None:
    document = apart(made.read, apart(made.of_bytes))
    assert [each.label for each in document.unchecked] == ["1行目 /画像", "1行目 /遠い日", "1行目 /文"]
    assert ("1行目 /備考", "備考: 山田花子") in lines_of(document)
    assert ("2行目 /文", "文: a") in lines_of(document)


def test_names_of_columns_and_what_is_said_of_the_file_are_read(apart: Apart) -> None:
    document = apart(made.read, apart(made.described))
    text = "".join(segment.source for segment in document.segments)
    assert "氏名:" in text
    assert "担当 山田花子" in text
    assert "佐藤次郎" in text
    assert [each.label for each in document.unchecked] == ["ファイルの情報"]


@pytest.mark.parametrize("plaintext_footer", [True, False])
def test_an_encrypted_file_is_unchecked(apart: Apart, *, plaintext_footer: bool) -> None:
    document = apart(made.read, apart(made.encrypted, plaintext_footer=plaintext_footer))
    assert document.segments == ()
    assert ["暗号化" in each.reason for each in document.unchecked] == [True]


def test_a_foreign_compression_is_unchecked(apart: Apart) -> None:
    document = apart(made.read, apart(made.with_codec, 3))
    assert document.segments == ()
    assert ["圧縮" in each.reason for each in document.unchecked] == [True]


def test_a_damaged_page_leaves_the_other_row_groups(apart: Apart) -> None:
    columns = {"a": [f"山田花子{at:03}" for at in range(60)]}
    data = apart(
        made.written, columns, row_group_size=20, write_page_checksum=True, compression="none", use_dictionary=False
    )
    document = apart(made.read, data.replace("花子025".encode(), "花子925".encode(), 1))
    assert [each.label for each in document.unchecked] == ["21行目から"]
    assert "壊れて" in document.unchecked[0].reason
    labels = [part.label for segment in document.segments for part in segment.parts]
    assert labels == [f"{row}行目 /a" for row in (*range(1, 21), *range(41, 61))]


def test_a_truncated_file_is_unchecked(apart: Apart) -> None:
    data = apart(made.every_kind)
    for end in (5, len(data) // 2, len(data) - 4, len(data) - 1):
        document = apart(made.read, data[:end])
        assert document.segments == ()
        assert "壊れて" in document.unchecked[0].reason


def test_spoilt_files_never_stop_the_program(apart: Apart) -> None:
    documents = apart(made.spoilt, 300)
    whole = 60 * 2
    for document in documents:
        values = sum(
            1 for segment in document.segments for part in segment.parts if part.label and part.label[-1] in "ab"
        )
        assert document.unchecked or values >= whole


def test_a_file_is_known_by_its_bytes(apart: Apart) -> None:
    data = apart(made.written, {"a": ["山田花子"]})
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("表.parquet", data)
    assert lines_of(apart(made.read, data, "a.dat")) == [("1行目 /a", "a: 山田花子")]
    assert lines_of(apart(made.read, packed.getvalue(), "a.zip")) == [("表.parquet!1行目 /a", "a: 山田花子")]


def test_what_only_begins_like_one_is_text_and_what_is_only_called_so_is_unchecked() -> None:
    text = read_bytes("PAR1は形式の名前です".encode(), "a.txt", Use.PROMPT)
    assert text.segments[0].source == "PAR1は形式の名前です"
    called = read_bytes("山田花子".encode(), "a.parquet", Use.PROMPT)
    assert called.segments == ()
    assert "壊れて" in called.unchecked[0].reason


def test_without_pyarrow_a_file_is_unchecked_and_the_mend_is_said(
    apart: Apart, desk: Path, spawn: Spawn, tmp_path: Path
) -> None:
    apart(made.save, desk / "a.parquet", {"a": ["山田花子"]})
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "pyarrow.py").write_text("raise ImportError", encoding="utf-8")
    import aiguard

    root = aiguard.__path__[0].removesuffix("aiguard")
    result = spawn("check", "a.parquet", PYTHONPATH=f"{hidden}:{root}")
    assert result.returncode == 3
    assert "aiguard[parquet]" in result.stdout.decode().replace("\n", "")


def chat(count: int) -> list[dict[str, str]]:
    return [
        {
            "role": "user" if at % 2 == 0 else "assistant",
            "content": f"資料{at * 7919 % 100_003}の要約{at}" + (f"、電話は090-7361-{at:04}" if at % 501 == 0 else ""),
        }
        for at in range(count)
    ]


@pytest.mark.parametrize("group", [1_000_000, 1_300])
def test_a_large_file_says_what_its_rows_as_json_lines_say(apart: Apart, desk: Path, spawn: Spawn, group: int) -> None:
    rows = chat(7_000)
    columns = {name: [row[name] for row in rows] for name in ("role", "content")}
    apart(made.save, desk / "a.parquet", columns, row_group_size=group, compression="none", use_dictionary=False)
    assert (desk / "a.parquet").stat().st_size > 250_000
    with (desk / "b.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    found, expected = (
        spawn("scan", name, "--format", "json", "--jobs", "2", "--quiet") for name in ("a.parquet", "b.jsonl")
    )
    assert findings(found) == findings(expected)
    assert len([one for one in findings(found) if one[1] == "phone-mobile"]) == 14
    assert {one[0] for one in findings(found)} == {"prompt", "document"}


def test_a_large_file_is_resumed_and_a_changed_one_is_checked_again(apart: Apart, desk: Path, spawn: Spawn) -> None:
    columns = {"文": [f"資料{at * 7919 % 100_003}" for at in range(20_000)]}
    asked = ("scan", "a.parquet", "--format", "json", "--quiet", "--state", "s.sqlite3")
    apart(made.save, desk / "a.parquet", columns, row_group_size=9_000)
    first = spawn(*asked)
    assert (findings(first), first.returncode) == ([], 0)
    columns["文"][15_000] = "連絡先は090-7361-1234です"
    apart(made.save, desk / "a.parquet", columns, row_group_size=9_000)
    again = spawn(*asked)
    assert ("document", "phone-mobile", "15001行目 /文", 15_001, 8) in findings(again)
    assert spawn(*asked).stdout == again.stdout


def test_a_large_file_that_is_broken_is_unchecked(apart: Apart, desk: Path, spawn: Spawn) -> None:
    data = apart(made.written, {"文": [f"資料{at * 7919 % 100_003}" for at in range(40_000)]})
    assert len(data) > 250_000
    (desk / "a.parquet").write_bytes(data[:-1000])
    result = spawn("scan", "a.parquet", "--quiet")
    assert result.returncode == 3
    assert "壊れて" in result.stdout.decode()


def test_a_file_that_changes_while_it_is_checked_is_unchecked(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1\x15")
    document = read_piece(Piece(str(path), 0, 0, 5, 0, 0, b"", Batch(0, 0, 1, (4, 0))), Use.PROMPT)
    assert [each.reason for each in document.unchecked] == [passing.CHANGED]
