"""`aiguard mask` and `aiguard unmask` do what they say: files, exit codes, messages without values."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import TypeAlias

import pytest

from aiguard.cli import passphrase as asking
from aiguard.errors import UsageError

Call: TypeAlias = Callable[..., CompletedProcess[str]]
Spawn: TypeAlias = Callable[..., CompletedProcess[bytes]]

VALUES = {"氏名": "早乙女 詩織", "携帯電話": "090-7361-8245", "メール": "shiori.saotome@aoba-tsubaki.jp"}
VALUES |= {"住所": "千葉県流山市西初石9丁目8765番地の4", "パスワード": "Xq7-Tsubaki-92!"}
CANARIES = ("早乙女", "詩織", "7361", "8245", "shiori", "saotome", "西初石", "8765", "Xq7-")
MAIL = "申請への返事を書いてください。\r\n" + "".join(f"{label}：{value}\r\n" for label, value in VALUES.items())
WORDS = "つばき山の合言葉92"


@pytest.fixture(autouse=True)
def _mail(desk: Path) -> None:
    (desk / "mail.txt").write_bytes(MAIL.encode())


@pytest.fixture
def quiet(call: Call) -> Call:
    """Return a function that runs aiguard and finds no value in what it says on standard error."""

    def run(*arguments: object, stdin: bytes = b"") -> CompletedProcess[str]:
        done = call(*arguments, stdin=stdin)
        assert [canary for canary in CANARIES if canary in done.stderr] == []
        assert "Traceback" not in done.stderr
        return done

    return run


@pytest.mark.parametrize("codec", ["utf-8", "cp932", "utf-16", "euc_jp"])
def test_there_and_back(quiet: Call, desk: Path, codec: str) -> None:
    (desk / "mail.txt").write_bytes(MAIL.encode(codec))
    done = quiet("mask", "mail.txt", "-o", "safe.txt", "--map", "map.json")
    assert (done.returncode, done.stdout) == (0, "")
    assert "氏名 1か所、電話 1か所、メール 1か所、住所 1か所、認証情報 1か所" in done.stderr
    assert "map.json" in done.stderr
    assert "残っている指摘はありません" in done.stderr
    safe = (desk / "safe.txt").read_bytes()
    assert safe.decode(codec).splitlines()[1:3] == ["氏名：〔氏名1〕", "携帯電話：〔電話1〕"]
    assert quiet("check", "safe.txt").returncode == 0
    back = quiet("unmask", "safe.txt", "--map", "map.json", "-o", "back.txt")
    assert (back.returncode, back.stdout) == (0, "")
    assert (desk / "back.txt").read_bytes() == MAIL.encode(codec)
    assert (desk / "mail.txt").read_bytes() == MAIL.encode(codec)
    assert stat.S_IMODE((desk / "map.json").stat().st_mode) in {0o600, 0o666}  # the latter on Windows


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp932", "utf-16", "euc_jp"])
def test_standard_output_has_the_bytes(spawn: Spawn, codec: str) -> None:
    done = spawn("mask", "-", "--map", "map.json", stdin=MAIL.encode(codec))
    assert done.returncode == 0
    assert done.stdout.decode(codec).splitlines()[1] == "氏名：〔氏名1〕"
    back = spawn("unmask", "-", "--map", "map.json", stdin=done.stdout)
    assert back.stdout == MAIL.encode(codec)


def test_an_answer(quiet: Call, desk: Path) -> None:
    quiet("mask", "mail.txt", "-o", "safe.txt", "--map", "map.json")
    (desk / "answer.md").write_text("**［氏名１］様**\n電話〔電話1〕、〔電話7〕", encoding="utf-8")
    done = quiet("unmask", "answer.md", "--map", "map.json")
    assert done.stdout == "**早乙女 詩織様**\n電話090-7361-8245、〔電話7〕"
    assert "2か所、対応表にないもの 1か所" in done.stderr
    assert done.returncode == 1


def test_the_usual_place_of_a_map(quiet: Call, home: Path, desk: Path) -> None:
    done = quiet("mask", "mail.txt")
    (kept,) = [path for path in home.rglob("*.json") if path.is_file()]
    assert str(kept) in done.stderr
    assert stat.S_IMODE(kept.parent.stat().st_mode) in {0o700, 0o777}  # the latter on Windows
    assert [path.name for path in desk.iterdir()] == ["mail.txt"]
    (desk / "answer.txt").write_text("〔氏名1〕様", encoding="utf-8")
    assert quiet("unmask", "answer.txt", "--map", kept).stdout == "早乙女 詩織様"


def test_nothing_to_replace_keeps_no_map(quiet: Call, home: Path) -> None:
    done = quiet("mask", "-", stdin="会議の案内\n".encode())
    assert (done.returncode, done.stdout) == (0, "会議の案内\n")
    assert "置き換えるものはありませんでした" in done.stderr
    assert list(home.iterdir()) == []


def test_what_remains_is_told_by_place_and_fails(quiet: Call) -> None:
    done = quiet("mask", "-", "--map", "map.json", stdin=f"【庁内限り】\n担当：{VALUES['氏名']}\n".encode())
    assert done.returncode == 1
    assert done.stdout == "【庁内限り】\n担当：〔氏名1〕\n"
    assert "1行目" in done.stderr
    assert "5(4)" in done.stderr


def test_a_table_and_json(quiet: Call, desk: Path) -> None:
    (desk / "a.csv").write_bytes(f"氏名,電話\r\n{VALUES['氏名']},{VALUES['携帯電話']}\r\n".encode("utf-16"))
    (desk / "a.json").write_text(json.dumps(VALUES), encoding="utf-8")
    for name in ("a.csv", "a.json"):
        assert quiet("mask", name, "-o", f"safe-{name}", "--map", f"{name}.map").returncode == 0
        assert quiet("unmask", f"safe-{name}", "--map", f"{name}.map", "-o", f"back-{name}").returncode == 0
        assert (desk / f"back-{name}").read_bytes() == (desk / name).read_bytes()
    assert (desk / "safe-a.csv").read_bytes().decode("utf-16") == "氏名,電話\r\n〔氏名1〕,〔電話1〕\r\n"
    assert json.loads((desk / "safe-a.json").read_text(encoding="utf-8"))["氏名"] == "〔氏名1〕"


def test_the_name_of_what_comes_by_standard_input(quiet: Call) -> None:
    done = quiet("mask", "-", "--stdin-filename", "a.json", "--map", "map.json", stdin=json.dumps(VALUES).encode())
    assert json.loads(done.stdout)["メール"] == "〔メール1〕"


def test_aliases(quiet: Call) -> None:
    done = quiet("mask", "-", "--style", "alias", "--map", "map.json", stdin=MAIL.encode())
    assert "氏名：A氏\r\n" in done.stdout
    assert "住所：A市\r\n" in done.stdout


# ---- What is refused


@pytest.mark.parametrize("name", ["photo.txt", "list.xlsx", "none.txt", "broken.json", "."])
def test_what_cannot_be_checked_is_exit_3(quiet: Call, desk: Path, name: str) -> None:
    (desk / "photo.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + MAIL.encode())
    (desk / "list.xlsx").write_bytes(b"PK\x03\x04" + MAIL.encode())
    (desk / "broken.json").write_text(json.dumps(VALUES, ensure_ascii=False)[:-1], encoding="utf-8")
    done = quiet("mask", name, "-o", "safe.txt", "--map", "map.json")
    assert (done.returncode, done.stdout) == (3, "")
    assert "何も書きませんでした" in done.stderr
    assert not (desk / "safe.txt").exists()
    assert not (desk / "map.json").exists()


def test_an_answer_that_cannot_be_read_is_exit_3(quiet: Call, desk: Path) -> None:
    quiet("mask", "mail.txt", "-o", "safe.txt", "--map", "map.json")
    (desk / "answer.docx").write_bytes(b"PK\x03\x04" + MAIL.encode())
    for name in ("answer.docx", "none.txt"):
        assert quiet("unmask", name, "--map", "map.json").returncode == 3


@pytest.mark.parametrize(
    "options",
    [
        ("-o", "mail.txt", "--map", "map.json"),
        ("-o", "safe.txt", "--map", "mail.txt"),
        ("-o", "safe.txt", "--map", "safe.txt"),
        ("-o", "./link.txt", "--map", "map.json"),
        ("-o", "none/safe.txt", "--map", "map.json"),
        ("-o", "safe.txt", "--map", "none/map.json"),
    ],
)
def test_nothing_is_written_over_what_is_read(quiet: Call, desk: Path, options: tuple[str, ...]) -> None:
    (desk / "link.txt").hardlink_to(desk / "mail.txt")
    done = quiet("mask", "mail.txt", *options, "--force")
    assert (done.returncode, done.stdout) == (2, "")
    assert sorted(path.name for path in desk.iterdir()) == ["link.txt", "mail.txt"]
    assert (desk / "mail.txt").read_bytes() == MAIL.encode()


def test_the_map_is_not_written_over(quiet: Call, desk: Path) -> None:
    quiet("mask", "mail.txt", "-o", "safe.txt", "--map", "map.json")
    kept, safe = (desk / "map.json").read_bytes(), (desk / "safe.txt").read_bytes()
    for output in ("safe.txt", "map.json"):
        assert quiet("unmask", "safe.txt", "--map", "map.json", "-o", output).returncode == 2
    assert quiet("mask", "mail.txt", "-o", "safe.txt", "--map", "map.json").returncode == 0
    (desk / "other.txt").write_text("細谷昌弘さんへ\n", encoding="utf-8")
    done = quiet("mask", "other.txt", "-o", "safe.txt", "--map", "map.json")
    assert (done.returncode, "--force" in done.stderr) == (2, True)
    assert ((desk / "map.json").read_bytes(), (desk / "safe.txt").read_bytes()) == (kept, safe)
    assert quiet("mask", "other.txt", "-o", "safe.txt", "--map", "map.json", "--force").returncode == 0
    assert quiet("unmask", "safe.txt", "--map", "map.json").stdout == "細谷昌弘さんへ\n"


def test_a_map_of_another_text_restores_nothing_of_it(quiet: Call) -> None:
    quiet("mask", "mail.txt", "-o", "safe.txt", "--map", "map.json")
    quiet("mask", "-", "--map", "other.json", stdin="会員は細谷昌弘さんです\n".encode())
    done = quiet("unmask", "safe.txt", "--map", "other.json")
    assert "細谷昌弘" in done.stdout
    assert "対応表にないもの 4か所" in done.stderr


@pytest.mark.parametrize("content", [MAIL.encode(), MAIL.encode("cp932"), b"{}", b'{"kind": "\xe6\x97\xa9'])
def test_what_is_no_map(quiet: Call, desk: Path, content: bytes) -> None:
    (desk / "map.json").write_bytes(content)
    done = quiet("unmask", "mail.txt", "--map", "map.json")
    assert (done.returncode, done.stdout) == (2, "")


# ---- Passphrases


def test_a_passphrase_from_the_environment(quiet: Call, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(asking.VARIABLE, WORDS)
    quiet("mask", "mail.txt", "-o", "safe.txt", "--map", "map.json", "--passphrase")
    held = (desk / "map.json").read_text(encoding="utf-8")
    assert [canary for canary in (*CANARIES, WORDS) if canary in held] == []
    assert quiet("unmask", "safe.txt", "--map", "map.json").stdout == MAIL
    monkeypatch.setenv(asking.VARIABLE, "another passphrase")
    done = quiet("unmask", "safe.txt", "--map", "map.json")
    assert (done.returncode, done.stdout) == (2, "")


def test_a_passphrase_from_a_file(quiet: Call, desk: Path) -> None:
    (desk / "words.txt").write_text(f"{WORDS}\r\n", encoding="utf-8-sig")
    quiet("mask", "mail.txt", "-o", "safe.txt", "--map", "map.json", "--passphrase-file", "words.txt")
    assert quiet("unmask", "safe.txt", "--map", "map.json", "--passphrase-file", "words.txt").stdout == MAIL
    assert quiet("unmask", "safe.txt", "--map", "map.json", "--passphrase-file", "none.txt").returncode == 2


def test_nobody_to_ask(quiet: Call, desk: Path) -> None:
    done = quiet("mask", "mail.txt", "-o", "safe.txt", "--map", "map.json", "--passphrase")
    assert (done.returncode, asking.VARIABLE in done.stderr) == (2, True)
    assert [path.name for path in desk.iterdir()] == ["mail.txt"]


@pytest.mark.parametrize(("answers", "message"), [((WORDS, "other"), "2回"), (("short", "short"), "短すぎ")])
def test_a_new_passphrase_is_asked_twice(
    monkeypatch: pytest.MonkeyPatch, answers: tuple[str, ...], message: str
) -> None:
    left = list(answers)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda _prompt: left.pop(0))
    with pytest.raises(UsageError, match=message):
        asking.passphrase(None, new=True)
    left[:] = [WORDS, WORDS]
    assert asking.passphrase(None, new=True) == WORDS
    left[:] = ["short"]
    assert asking.passphrase(None, new=False) == "short"


def test_a_passphrase_is_no_argument(quiet: Call) -> None:
    assert quiet("mask", "mail.txt", "--map", "map.json", f"--passphrase={WORDS}").returncode == 2


# ---- Privacy


def test_an_error_inside_shows_no_value(quiet: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object, **_: object) -> None:
        raise ValueError(arguments)

    quiet("mask", "mail.txt", "-o", "safe.txt", "--map", "map.json")
    for broken in ("masked.allocate", "masked.spliced", "restored.unmask_bytes", "restored.spliced"):
        with monkeypatch.context() as patch:
            patch.setattr(f"aiguard.masking.{broken}", fail)
            patch.setattr("aiguard.masking.unmask_bytes", fail)
            command = ("mask", "mail.txt") if broken.startswith("masked") else ("unmask", "safe.txt")
            done = quiet(*command, "--map", "map.json")
            assert (done.returncode, done.stdout) == (2, "")
            assert "内部エラー" in done.stderr


def test_only_the_map_and_what_is_restored_hold_values(quiet: Call, home: Path, desk: Path) -> None:
    quiet("mask", "mail.txt", "-o", "safe.txt")
    quiet("mask", "-", "--map", "map.json", stdin=MAIL.encode())
    holding = {
        path.suffix
        for folder in (home, desk)
        for path in folder.rglob("*")
        if path.is_file()
        and path.name != "mail.txt"
        and any(
            canary in path.read_text("cp932", "replace") + path.read_text("utf-8", "replace") for canary in CANARIES
        )
    }
    assert holding == {".json"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_leaves_no_map_behind(desk: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "aiguard", "mask", "mail.txt", "--map", "map.json"],
            cwd=desk, stdout=full, stderr=subprocess.PIPE, check=False, text=True, encoding="utf-8",
        )  # fmt: skip
    assert done.returncode == 2
    assert "書き込めませんでした" in done.stderr
    assert not (desk / "map.json").exists()
    assert not list(desk.glob(".aiguard-*"))
