"""What is declared for many drafts, what the prompt held, and whether the chat is kept: the options of `review`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from aiguard.attribution import Declared
from aiguard.checker import declared_name
from aiguard.cli import app
from aiguard.cli.declarations import read_declarations
from aiguard.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the user's own settings and records out."""
    for name in ("HOME", "USERPROFILE", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "home"))


def review(*arguments: str) -> tuple[int, list[dict[str, Any]]]:
    result = CliRunner().invoke(app, ["review", *arguments, "--format", "json"])
    return result.exit_code, json.loads(result.stdout)["documents"] if result.stdout.startswith("{") else []


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp932"])
def test_declarations_are_read_by_file(tmp_path: Path, codec: str) -> None:
    table = tmp_path / "declared.csv"
    text = "ファイル,生成AI\na.txt,ChatGPT、Claude\nsub/b.txt,なし\nc.txt,あり\n\n"
    table.write_bytes(text.encode(codec))
    assert read_declarations(table) == {
        declared_name(str(tmp_path / "a.txt")): Declared(("ChatGPT", "Claude"), used=True),
        declared_name(str(tmp_path / "sub/b.txt")): Declared((), used=False),
        declared_name(str(tmp_path / "c.txt")): Declared((), used=True),
    }


@pytest.mark.parametrize("text", ["a.txt\n", "a.txt,\n", ",ChatGPT\n"])
def test_a_line_that_declares_nothing_is_named(tmp_path: Path, text: str) -> None:
    table = tmp_path / "declared.csv"
    table.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read_declarations(table)
    assert "1行目" in caught.value.message


def test_each_draft_is_judged_by_its_own_declaration(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text("秋のお知らせです。\n", encoding="utf-8")
    (tmp_path / "declared.csv").write_text("a.txt,ChatGPT\nb.txt,なし\n", encoding="utf-8")
    names = [str(tmp_path / name) for name in ("a.txt", "b.txt", "c.txt")]
    code, documents = review(*names, "--declarations", str(tmp_path / "declared.csv"))
    assert code == 1
    found = [(each["attribution"]["status"], each["attribution"]["note"]) for each in documents]
    assert found == [("missing", ""), ("not_needed", ""), ("not_needed", "AI利用の申告なし")]


def test_what_the_prompt_did_not_hold_is_marked(tmp_path: Path) -> None:
    draft, prompt = tmp_path / "draft.txt", tmp_path / "prompt.txt"
    draft.write_text("10月1日に、500人が集まります。\n【ChatGPT】により作成\n", encoding="utf-8")
    prompt.write_text("10月1日の集まりのお知らせを書いて", encoding="utf-8")
    claims = review(str(draft), "--prompt", str(prompt))[1][0]["claims"]
    assert [(each["excerpt"], each["new"]) for each in claims] == [("500人", True), ("10月1日", False)]


def test_a_chat_that_is_kept_is_known_and_a_draft_changed_since_too(tmp_path: Path) -> None:
    draft, chat, store = tmp_path / "draft.txt", tmp_path / "chat.txt", tmp_path / "records.sqlite3"
    draft.write_text("秋のお知らせです。\n【ChatGPT】により作成\n", encoding="utf-8")
    chat.write_text("お知らせを書いて", encoding="utf-8")
    add = ["record", "add", "--ai", "ChatGPT", "--store", str(store)]

    def note() -> str:
        return str(review(str(draft), "--store", str(store))[1][0]["attribution"]["note"])

    assert "記録がありません" in note()
    assert CliRunner().invoke(app, [*add, "--document", str(draft), str(chat)]).exit_code == 0
    assert note() == ""
    draft.write_text("冬のお知らせです。\n【ChatGPT】により作成\n", encoding="utf-8")
    assert "原稿が変わっています" in note()


def test_without_a_store_nothing_is_said_of_records(tmp_path: Path) -> None:
    draft = tmp_path / "draft.txt"
    draft.write_text("秋のお知らせです。\n【ChatGPT】により作成\n", encoding="utf-8")
    assert review(str(draft))[1][0]["attribution"]["note"] == ""
