"""Names of persons in the names of files and folders: hidden where a report is kept or handed on, and found again."""

from __future__ import annotations

import json
import re
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from aiguard.model import Span
from aiguard.paths import mark_of, marks_of, masked_path
from aiguard.readers.filenames import in_path

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import CompletedProcess

    Aiguard = Callable[..., CompletedProcess[str]]

NAMES = ("山田花子", "佐藤次郎", "田中一郎")
KEY = b"k" * 32


@pytest.fixture
def share(desk: Path) -> Path:
    """Make a share whose names tell of persons."""
    root = desk / "共有"
    files = {
        "税務課/山田花子_滞納.txt": "電話は090-1234-5678です。\n",
        "福祉課/山田花子/通知.txt": "電話は090-1234-5678です。\n",
        "福祉課/佐藤次郎様_通知.doc": "古い形式",
        "chat_田中一郎.jsonl": '{"role":"user","content":"電話は090-1234-5678です。"}\n{"role":"assistant","content":"はい"}\n',
        "お知らせ.txt": "電話は090-1234-5678です。\n",
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def _told(names: str) -> list[str]:
    return [name for name in NAMES if name in names]


@pytest.mark.parametrize("command", ["check", "review", "scan"])
@pytest.mark.parametrize("form", ["html", "csv"])
def test_what_is_handed_on_names_nobody(share: Path, call: Aiguard, command: str, form: str) -> None:
    done = call(command, share.name, "--format", form)
    assert not _told(done.stdout)
    assert "税務課/●●●●〔" in done.stdout
    assert "お知らせ.txt" in done.stdout


def test_a_workbook_names_nobody(share: Path, call: Aiguard) -> None:
    call("scan", share.name, "--format", "xlsx", "-o", "r.xlsx")
    with ZipFile(BytesIO((share.parent / "r.xlsx").read_bytes())) as book:
        text = "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    assert not _told(text)
    assert "●●●●〔" in text


@pytest.mark.parametrize("form", ["text", "concise", "json", "jsonl", "github", "markdown", "junit"])
def test_elsewhere_a_path_stands_as_given_unless_it_is_to_be_masked(share: Path, call: Aiguard, form: str) -> None:
    assert "山田花子" in call("scan", share.name, "--format", form).stdout
    masked = call("scan", share.name, "--format", form, "--mask-paths").stdout
    assert not _told(masked)
    assert "税務課/●●●●〔" in masked


def test_masking_can_be_switched_off(share: Path, call: Aiguard) -> None:
    assert "税務課/山田花子_滞納.txt" in call("scan", share.name, "--format", "csv", "--no-mask-paths").stdout


def test_a_saved_result_is_masked_when_it_is_shown_again(share: Path, call: Aiguard) -> None:
    call("scan", share.name, "--format", "json", "-o", "r.json")
    again = call("report", "r.json", "--format", "csv").stdout
    assert again == call("scan", share.name, "--format", "csv").stdout
    assert not _told(call("report", "r.json", "--mask-paths").stdout)
    assert "山田花子" in call("report", "r.json").stdout


def test_masked_results_are_compared_by_their_marks(share: Path, call: Aiguard) -> None:
    call("scan", share.name, "--format", "json", "-o", "old.json")
    call("scan", share.name, "--format", "json", "-o", "new.json", "--mask-paths")
    done = call("report", "new.json", "--compare", "old.json", "--format", "json", "--mask-paths")
    changes = json.loads(done.stdout)
    assert changes["summary"]["new"] == changes["summary"]["gone"] == 0
    assert not _told(done.stdout)


def test_state_gives_the_same_masks(share: Path, call: Aiguard) -> None:
    first = call("scan", share.name, "--format", "csv", "--state", "s.sqlite3")
    again = call("scan", share.name, "--format", "csv", "--state", "s.sqlite3")
    assert "前の結果を使いました" in again.stderr
    assert again.stdout == first.stdout
    assert not _told(again.stdout)


def test_a_mark_leads_back_to_the_file(share: Path, call: Aiguard) -> None:
    table = call("scan", share.name, "--format", "csv").stdout
    found = re.search("税務課/●●●●〔([0-9a-f]{8})〕", table)
    assert found
    done = call("locate", found[1], share.name)
    assert (done.returncode, done.stdout) == (0, "共有/税務課/山田花子_滞納.txt\n")
    assert "山田花子_滞納.txt" in call("locate", f"●●●●〔{found[1]}〕", str(share)).stdout  # however it is given
    assert call("locate", "00000000", share.name).returncode == 1


def test_a_wrong_mark_or_no_key_is_told(share: Path, call: Aiguard) -> None:
    assert "目印ではありません" in call("locate", "山田花子", share.name).stderr
    done = call("locate", "00000000", share.name, "--key", "none.txt")
    assert done.returncode == 2
    assert "鍵のファイルがありません" in done.stderr


def test_no_key_is_made_where_no_name_is_masked(share: Path, home: Path, call: Aiguard) -> None:
    call("scan", f"{share.name}/お知らせ.txt", "--format", "csv")
    assert not list(home.rglob("key.txt"))


def test_a_name_is_hidden_where_no_key_can_be_kept(share: Path, home: Path, call: Aiguard) -> None:
    (home / "aiguard").write_text("a file where a folder is needed", encoding="utf-8")
    done = call("scan", share.name, "--format", "csv")
    assert not _told(done.stdout)
    assert "今回の報告の中だけ" in done.stderr


def test_the_fingerprint_of_a_masked_path_cannot_be_tried_out(share: Path, call: Aiguard) -> None:
    def prints(*options: str) -> dict[str, list[str]]:
        report = json.loads(call("scan", share.name, "--format", "json", *options).stdout)
        return {each["path"]: [one["fingerprint"] for one in each["findings"]] for each in report["documents"]}

    clear, masked = prints(), prints("--mask-paths")
    assert clear["共有/お知らせ.txt"] == masked["共有/お知らせ.txt"]
    assert {tuple(found) for found in clear.values()} & {tuple(found) for found in masked.values()} == {
        tuple(clear["共有/お知らせ.txt"])
    }


def test_the_name_of_a_file_in_pieces_is_checked_and_masked_in_all_its_reports(desk: Path, call: Aiguard) -> None:
    line = json.dumps(
        {"role": "user", "content": "電話は090-1234-5678です。" + "会議の資料です。" * 100}, ensure_ascii=False
    )
    (desk / "【機密性2】田中一郎様.jsonl").write_text(f"{line}\n" * 2_100, encoding="utf-8")
    done = call("scan", "【機密性2】田中一郎様.jsonl", "--format", "csv")
    assert "機密性2" in done.stdout.partition("ファイル名")[2]
    assert not _told(done.stdout)
    assert len({row.partition(",")[0] for row in done.stdout.splitlines()[1:]}) == 1


def test_a_path_that_is_no_text_is_masked_in_a_saved_result(share: Path, call: Aiguard) -> None:
    odd = bytes(share) + b"/\xff\xfe" + "_山田花子様.txt".encode()
    with open(odd, "wb") as file:  # noqa: PTH123 - a name of bytes
        file.write("会議です。".encode())
    call("scan", share.name, "--format", "jsonl", "-o", "r.jsonl")
    shown = call("report", "r.jsonl", "--format", "concise", "--mask-paths").stdout
    assert not _told(shown)
    call("scan", share.name, "--format", "html", "-o", "r.html")
    page = (share.parent / "r.html").read_text(encoding="utf-8")
    assert not _told(page)
    assert "_●●●●〔" in page


@pytest.mark.parametrize(
    ("path", "start", "end", "parts"),
    [
        ("a/山田.txt", 2, 4, ["山田"]),
        ("./a//山田/b.txt", 2, 4, ["山田"]),
        ("/srv/山田/山田.txt", 4, 9, ["山田", "山田"]),
        ("/home/山田/b/山田.txt", 2, 4, ["山田"]),
    ],
)
def test_a_span_of_a_name_stands_in_the_path(path: str, start: int, end: int, parts: list[str]) -> None:
    found = list(in_path(path, Span(start, end)))
    assert [path[span.start : span.end] for span in found] == parts
    assert found[-1].end == path.rindex(parts[-1]) + len(parts[-1])


def test_each_step_has_one_mark_which_hangs_on_its_folder() -> None:
    shown = masked_path("x/山田と佐藤/山田.txt", (Span(2, 4), Span(5, 7), Span(8, 10)), KEY)
    assert re.fullmatch("x/●●●●〔[0-9a-f]{8}〕と●●●●/●●●●〔[0-9a-f]{8}〕.txt", shown)
    assert mark_of("a/山田.txt", KEY) != mark_of("b/山田.txt", KEY)
    assert mark_of("./a//山田.txt", KEY) == mark_of("a\\山田.txt", KEY)
    assert mark_of("a/山田", KEY) in marks_of("/srv/share/a/山田/通知.txt", KEY)
    assert mark_of("a/山田", KEY) != mark_of("a/山田", b"j" * 32)
