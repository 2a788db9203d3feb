"""What stands in a text never leaves it: not by a message, a report, a file, a cache, a traceback, or the network."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import TypeAlias

import pytest

from aiguard.detectors.checks import luhn, my_number

Spawn: TypeAlias = Callable[..., CompletedProcess[bytes]]
Call: TypeAlias = Callable[..., CompletedProcess[str]]

TINY = Path(__file__).parent / "tiny"


def _numbered(start: str, valid: Callable[[str], bool]) -> str:
    """Return a number that begins with `start` and ends with its check digit."""
    return next(start + digit for digit in "0123456789" if valid(start + digit))


NUMBER = _numbered("70518293641", my_number)
CARD = _numbered("412345670918263", luhn)
VALUES = {
    "氏名": "早乙女 詩織",
    "個人番号": NUMBER,
    "携帯電話": "090-7361-8245",
    "メール": "shiori.saotome@aoba-tsubaki.jp",
    "住所": "千葉県流山市西初石9丁目8765番地の4",
    "カード番号": CARD,
    "パスワード": "Xq7-Tsubaki-92!",
}
CANARIES = (
    *("早乙女", "詩織", "7361", "8245", "shiori", "saotome", "西初石", "8765", "Xq7-"),
    *(NUMBER[:6], NUMBER[6:], CARD[:8], CARD[8:]),
)
LINES = "".join(f"{label}：{value}\n" for label, value in VALUES.items())
MAIL = f"次の申請への返事を書いてください。\n\n{LINES}\n以上です。\n"

# Runs first in a process of aiguard: watches for the network, and breaks a detector where it is told to.
WATCH = """\
import os, sys

def _watch(event, arguments):
    if event.startswith("socket.") and event != "socket.gethostname":
        with open(os.environ["WATCHED"], "a") as log:
            log.write(event + "\\n")
        raise OSError("the network is out of reach")

sys.addaudithook(_watch)

if os.environ.get("BROKEN"):
    from aiguard.detectors import pattern

    def find(spec, view, reading, words):
        held = reading.source
        raise {"value": ValueError, "time": TimeoutError, "memory": MemoryError}[os.environ["BROKEN"]](held)

    pattern.find = find
"""


@pytest.fixture
def watched(spawn: Spawn, tmp_path: Path) -> Spawn:
    """Return a function that runs aiguard where any use of a socket fails, and leaves a trace that fails the test."""
    (tmp_path / "watch").mkdir()
    (tmp_path / "watch" / "sitecustomize.py").write_text(WATCH, encoding="utf-8")
    log = tmp_path / "sockets.log"

    def run(*arguments: object, stdin: bytes = b"", **environ: str) -> CompletedProcess[bytes]:
        environ = {
            "PYTHONPATH": str(tmp_path / "watch"), "WATCHED": str(log), "PYTHONDONTWRITEBYTECODE": "1",
        } | environ  # fmt: skip
        done = spawn(*arguments, stdin=stdin, before=_without_network(), **environ)
        assert not log.exists(), log.read_text(encoding="utf-8")
        return done

    return run


def _without_network() -> tuple[str, ...]:
    """Return what runs a command in a network of its own that leads nowhere; nothing where the system has no such."""
    tried = (("unshare", "-n"), ("unshare", "-rn"))
    works = (command for command in tried if shutil.which("unshare") and _succeeds(*command, sys.executable, "-c", ""))
    return next(works, ())


def _succeeds(*command: str) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.fixture
def quiet(call: Call, home: Path, desk: Path) -> Call:
    """Return a function that runs aiguard and finds no canary in what it says and writes, and no file but `out`."""

    def run(*arguments: object, stdin: bytes = b"") -> CompletedProcess[str]:
        before = _files(desk)
        done = call(*arguments, stdin=stdin)
        _assert_silent(done.stdout + done.stderr)
        after = _files(desk)
        assert {name for name in after if after[name] != before.get(name)} <= {"out"}
        _assert_silent(after.get("out", b"").decode())
        assert _files(home) == {}
        return done

    return run


def _files(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def _assert_silent(said: str) -> None:
    """Find no canary, also as JSON escapes it; the failure tells which by number only."""
    told = {number for number, canary in enumerate(CANARIES) if canary in said or json.dumps(canary)[1:-1] in said}
    assert not told, f"canaries told: {sorted(told)}"
    assert "Traceback" not in said


@pytest.mark.parametrize("label", VALUES)
def test_every_value_would_be_noticed(label: str) -> None:
    for said in (VALUES[label], json.dumps(VALUES[label]), f"…{VALUES[label]}…"):
        with pytest.raises(AssertionError):
            _assert_silent(said)


# ---- Texts that are read


@pytest.mark.parametrize("command", ["check", "review"])
@pytest.mark.parametrize(
    "options", ["", "--by section", "--format json", "--format jsonl", "--min-severity block", "-o out --format json"]
)
def test_a_mail_full_of_personal_data(quiet: Call, desk: Path, command: str, options: str) -> None:
    (desk / "mail.txt").write_text(MAIL, encoding="utf-8")
    done = quiet(command, "mail.txt", *options.split())
    assert done.returncode == 1


@pytest.mark.parametrize("kind", ["MY_NUMBER", "5(4)", "PHONE"])
def test_what_is_not_selected_is_masked_as_well(quiet: Call, desk: Path, kind: str) -> None:
    (desk / "mail.txt").write_text(MAIL + "【庁内限り】\n", encoding="utf-8")
    quiet("check", "mail.txt", "--select", kind, "--format", "json")
    quiet("check", "mail.txt", "--ignore", kind, "--format", "json")


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "utf-16"])
def test_a_table(quiet: Call, desk: Path, encoding: str) -> None:
    cells = {key: value for key, value in VALUES.items() if key != "パスワード"}
    rows = [",".join(cells), ",".join(cells.values()), f"合計,{VALUES['氏名']},,,,"]
    (desk / "list.csv").write_bytes("\r\n".join(rows).encode(encoding))
    (desk / "wide.tsv").write_bytes("\n".join(f"{key}\t{value}" for key, value in VALUES.items()).encode(encoding))
    for form in ("text", "json"):
        assert quiet("check", "list.csv", "wide.tsv", "--format", form).returncode == 1


def test_a_table_whose_headings_are_people(quiet: Call, desk: Path) -> None:
    (desk / "shift.csv").write_text(
        f"日付,{VALUES['氏名']}さん,電話{VALUES['携帯電話']}\n4/1,早番,遅番\n", encoding="utf-8"
    )
    assert quiet("check", "shift.csv", "--format", "json").returncode == 1


def test_keys_and_values_of_json(quiet: Call, desk: Path) -> None:
    held = {"申請": VALUES, f"氏名：{VALUES['氏名']}さん": [{f"電話 {VALUES['携帯電話']}": MAIL}]}
    (desk / "chat.json").write_text(json.dumps(held), encoding="utf-8")
    (desk / "chat.jsonl").write_text((json.dumps(held, ensure_ascii=False) + "\n") * 2, encoding="utf-8")
    for form in ("text", "json", "jsonl"):
        assert quiet("check", "chat.json", "chat.jsonl", "--format", form).returncode == 1


def test_standard_input(quiet: Call) -> None:
    assert quiet("check", stdin=MAIL.encode("cp932")).returncode == 1
    assert quiet("check", "-", "--format", "json", stdin=MAIL.encode()).returncode == 1


def test_a_result_that_is_shown_again(quiet: Call, desk: Path) -> None:
    (desk / "mail.txt").write_text(MAIL, encoding="utf-8")
    quiet("check", "mail.txt", "--format", "json", "-o", "out")
    for form in ("text", "markdown"):
        assert quiet("report", "out", "--format", form).returncode == 0


def test_a_labelled_set(quiet: Call, desk: Path) -> None:
    row = {"id": "a", "text": MAIL, "verdict": "pass", "sections": [], "entities": []}
    (desk / "set.jsonl").write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    for options in ("", "--show", "--format json"):
        assert quiet("eval", "set.jsonl", *options.split()).returncode == 0


def test_a_file_name_is_printed_as_given(watched: Spawn, desk: Path) -> None:
    (desk / "早乙女.txt").write_text("会議の案内を直して\n", encoding="utf-8")
    assert "早乙女.txt" in watched("check", "早乙女.txt").stdout.decode()


# ---- Texts that cannot be read


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("torn.txt", MAIL.encode() + b"\xff\xfe\xfd" + MAIL.encode("cp932")),
        ("mark.txt", b"\xef\xbb\xbf" + MAIL.encode("cp932")),
        ("mark16.txt", b"\xff\xfe" + MAIL.encode("utf-16-le") + b"\x00\xd8"),
        ("nul.txt", MAIL.encode().replace(b"\n", b"\0\0")),
        ("photo.txt", b"\x89PNG\r\n\x1a\n" + MAIL.encode()),
        ("list.xlsx", b"PK\x03\x04" + MAIL.encode()),
        ("broken.json", ('{"a": "' + MAIL).encode()),
        ("broken2.json", json.dumps(VALUES, ensure_ascii=False)[:-1].encode()),
        ("broken.jsonl", (json.dumps(VALUES, ensure_ascii=False) + "\n" + LINES + "\n").encode()),
        ("mail.eml", b"Content-Transfer-Encoding: base64\n\n" + MAIL.encode()),
        ("page.xml", b"<a>&#26089;" + MAIL.encode()),
    ],
)
def test_a_file_that_cannot_be_read(quiet: Call, desk: Path, name: str, content: bytes) -> None:
    (desk / name).write_bytes(content)
    for form in ("text", "json"):
        assert quiet("check", name, "--format", form).returncode == 3


@pytest.mark.parametrize("command", ["report", "eval", "check --files-from", "check x --config", "check x --pack"])
def test_a_text_that_is_given_for_something_else(quiet: Call, desk: Path, command: str) -> None:
    for name, content in (("a.txt", MAIL.encode()), ("b.txt", MAIL.encode("cp932"))):
        (desk / name).write_bytes(content)
        if command != "check --files-from":  # its lines are paths, and paths are printed as given
            assert quiet(*command.split(), name).returncode == 2


@pytest.mark.parametrize("key", ["verdict", "path", "findings", "documents"])
def test_a_result_that_is_damaged(quiet: Call, desk: Path, key: str) -> None:
    (desk / "mail.txt").write_text("会議の案内\n", encoding="utf-8")
    quiet("check", "mail.txt", "--format", "json", "-o", "out")
    saved = json.loads((desk / "out").read_text(encoding="utf-8"))
    (saved if key == "documents" else saved["documents"][0])[key] = VALUES if key == "path" else MAIL
    (desk / "damaged.json").write_text(json.dumps(saved, ensure_ascii=False), encoding="utf-8")
    assert quiet("report", "damaged.json").returncode == 2


# ---- Configurations and packs


@pytest.mark.parametrize(
    "wrong",
    [
        'fail-on = "{0}"',
        "fail-on = {0}",
        'select = [["{0}"]]',
        '[[allow]]\ntext = "{0}"',
        '[[allow]]\ntext = "{0}"\nreason = 3',
        '[[allow]]\ntext = ["{0}"]\nreason = "a"',
        '[[allow]]\ntext = "{0}"\nreason = "a"\nexpires = "{0}"',
        '[[allow]]\ntext = "{0}"\nreason = "a"\nrule = "nothing"',
        '[organisation]\nphones = "{0}"',
        'text = "{0}',
    ],
)
@pytest.mark.parametrize("label", ["氏名", "個人番号", "携帯電話"])
def test_a_configuration_with_a_mistake(quiet: Call, desk: Path, wrong: str, label: str) -> None:
    (desk / "aiguard.toml").write_text(wrong.format(VALUES[label]), encoding="utf-8")
    assert quiet("check", "-", stdin=MAIL.encode()).returncode == 2


def test_what_is_allowed_is_not_told(quiet: Call, desk: Path) -> None:
    allows = "".join(f'[[allow]]\ntext = "{value}"\nreason = "同意書あり"\n' for value in VALUES.values())
    (desk / "aiguard.toml").write_text(f"{allows}expires = 2020-01-01\n", encoding="utf-8")
    for form in ("text", "json"):
        said = quiet("check", "-", "--format", form, stdin=MAIL.encode())
        assert "同意書あり" in said.stdout
        assert "期限" in said.stderr
    assert quiet("config").returncode == 0


def test_an_inline_reason_is_masked_where_it_tells(quiet: Call) -> None:
    reasons = "".join(f"検討中 aiguard:ignore[undecided] {line}\n" for line in LINES.splitlines())
    for form in ("text", "json"):
        assert quiet("check", "-", "--format", form, stdin=(MAIL + reasons).encode()).returncode == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('match = ["会員番号は«A-123456»です"]', 'match = "{0}"'),
        ('match = ["会員番号は«A-123456»です"]', 'match = ["{0}", 3]'),
        ('match = ["会員番号は«A-123456»です"]', 'match = ["{0}]'),
        ('no_match = ["品番はB-123456です"]', "no_match = []\n#{0}"),
        ('no_match = ["品番はB-123456です"]', 'no_match = ["{0}"]\nnomatch = ["{0}"]'),
        ("patterns = ['A-\\d{6}']", "patterns = ['({0}']"),
    ],
)
def test_a_pack_that_is_broken(quiet: Call, desk: Path, old: str, new: str) -> None:
    pack = desk / "broken"
    shutil.copytree(TINY, pack)
    file = pack / "rules" / "tiny.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new.format(VALUES["氏名"]), 1), encoding="utf-8")
    assert quiet("check", "--pack", pack, "-", stdin=MAIL.encode()).returncode == 2
    assert quiet("pack", "test", pack).returncode == 2


# ---- Errors inside


@pytest.mark.parametrize(("broken", "code"), [("value", 2), ("memory", 2), ("time", 3)])
def test_an_error_inside_tells_only_its_place(watched: Spawn, home: Path, desk: Path, broken: str, code: int) -> None:
    (desk / "mail.txt").write_text(MAIL, encoding="utf-8")
    row = {"id": "a", "text": MAIL, "verdict": "pass"}
    (desk / "set.jsonl").write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    for line in ("check mail.txt", "review mail.txt --format json", "eval set.jsonl", "doctor"):
        done = watched(*line.split(), BROKEN=broken)
        _assert_silent(done.stdout.decode() + done.stderr.decode())
        if "mail.txt" in line:
            assert (line, done.returncode) == (line, code)
            assert ("sitecustomize.py" in done.stderr.decode()) is (code == 2)
    assert _files(home) == {}


# ---- The network


def test_the_watch_sees_the_network(tmp_path: Path, watched: Spawn) -> None:
    environ = os.environ | {"PYTHONPATH": str(tmp_path / "watch"), "WATCHED": str(tmp_path / "seen.log")}
    for program in ("import socket; socket.socket()", "import socket; socket.getaddrinfo('localhost', 80)"):
        done = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, check=False)
        assert done.returncode == 1
    assert (tmp_path / "seen.log").read_text(encoding="utf-8").split() == ["socket.__new__", "socket.getaddrinfo"]
    assert watched("--version").returncode == 0


def test_the_main_jobs_need_no_network(watched: Spawn, home: Path, desk: Path) -> None:
    (desk / "mail.txt").write_text(MAIL, encoding="utf-8")
    (desk / "draft.txt").write_text("案内です。\n【ChatGPT】により作成\n", encoding="utf-8")
    row = {"id": "a", "text": "会議の案内", "verdict": "pass"}
    (desk / "set.jsonl").write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    for line, code in (
        ("check mail.txt --format json -o saved.json", 1),
        ("review draft.txt --ai ChatGPT", 0),
        ("report saved.json", 0),
        ("mask mail.txt -o safe.txt --map map.json", 0),
        ("unmask safe.txt --map map.json -o back.txt", 0),
        ("eval set.jsonl", 0),
        ("pack test", 0),
        ("guideline 5(1)", 0),
        ("rule my-number", 0),
        ("config", 0),
        ("doctor", 0),
    ):
        assert (line, watched(*line.split()).returncode) == (line, code)
    assert _files(home) == {}
