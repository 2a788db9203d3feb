"""What patterns/README.md says, followed from start to finish, makes a pack that judges by the rules of its city."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from aiguard import resources
from aiguard.model import Coverage, Kind

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import CompletedProcess

    Call = Callable[..., CompletedProcess[str]]

GUIDE = resources.root() / "README.md"
_FILE = re.compile(r"```toml\n# (架空市/\S+)\n(.*?)```", re.DOTALL)
DRAFT = "防犯のお知らせ\n戸締まりをお願いします。\n"


def follow(call: Call, desk: Path) -> Path:
    """Make the pack as the guide says: by the command, then each file as it is shown."""
    assert call("pack", "new", "架空市").returncode == 0
    for name, text in _FILE.findall(GUIDE.read_text(encoding="utf-8")):
        (desk / name).parent.mkdir(exist_ok=True)
        (desk / name).write_text(text, encoding="utf-8")
    return desk / "架空市"


def check(call: Call, desk: Path, text: str) -> CompletedProcess[str]:
    (desk / "t.txt").write_text(text, encoding="utf-8")
    return call("check", "--pack", "./架空市", "t.txt")


def review(call: Call, desk: Path, text: str, *options: str) -> CompletedProcess[str]:
    (desk / "t.txt").write_text(text, encoding="utf-8")
    return call("review", "--pack", "./架空市", *options, "t.txt")


def test_a_new_pack_works_before_a_word_of_it_is_changed(call: Call, desk: Path) -> None:
    made = call("pack", "new", "架空市")
    assert made.returncode == 0
    assert {path.name for path in (desk / "架空市").iterdir()} == {
        "guideline.toml", "attribution.toml", "classification.toml", "organisation.toml", "words.toml", "changes.toml",
    }  # fmt: skip
    tested = call("pack", "test", "架空市")
    assert (tested.returncode, tested.stdout.split("、")[-1]) == (0, "失敗 0件\n")


def test_every_file_that_the_command_makes_is_in_the_guide_or_needs_no_change() -> None:
    shown = {name.partition("/")[2] for name, _ in _FILE.findall(GUIDE.read_text(encoding="utf-8"))}
    made = {path.name for path in (resources.root() / "common" / "new").iterdir()}
    assert made <= shown


def test_the_guide_names_every_topic_and_every_choice() -> None:
    import rtoml

    text = GUIDE.read_text(encoding="utf-8")
    topics = rtoml.loads((resources.root() / "common" / "topics.toml").read_text(encoding="utf-8"))
    assert [name for name in topics if f"| `{name}` |" not in text] == []
    assert [each for each in (*Kind, *Coverage) if f'`"{each.value}"`' not in text] == []
    new = (resources.root() / "common" / "new" / "guideline.toml").read_text(encoding="utf-8")
    assert list(rtoml.loads(new)["topics"]) == list(topics)


def test_the_pack_of_the_guide_passes_its_test(call: Call, desk: Path) -> None:
    follow(call, desk)
    tested = call("pack", "test", "架空市")
    assert (tested.returncode, tested.stdout.split("、")[-1]) == (0, "失敗 0件\n")
    assert "調べない話題: trademark" in tested.stdout
    assert "確かめてください" not in tested.stdout


def test_verdicts_of_the_pack_of_the_guide_are_those_of_its_city(call: Call, desk: Path) -> None:
    follow(call, desk)
    blocked = check(call, desk, "【自治体機密性3A】\n庁舎の移転先")
    assert (blocked.returncode, "第3条第2号" in blocked.stdout) == (1, True)
    assert "自治体機密性3A・3Bの情報は、生成AIに入力できません" in blocked.stdout
    warned = check(call, desk, "【自治体機密性3C】\n庁舎の清掃の分担")
    assert (warned.returncode, "【注意】" in warned.stdout) == (0, True)
    assert "問題は見つかりませんでした" in check(call, desk, "【自治体機密性1】\n庁舎の清掃の分担").stdout
    assert "【禁止】" in check(call, desk, "相談者の住所は星見台3-4-5").stdout
    assert "公表前の計画の呼び名" in check(call, desk, "ほしぞらドーム計画の工程表を直して").stdout
    assert "情報政策課に知らせて" in check(call, desk, "個人番号は1234 5678 9018").stdout.replace("\n        ", "")


def test_the_statement_of_the_pack_of_the_guide_is_that_of_its_city(call: Call, desk: Path) -> None:
    follow(call, desk)
    right = "※この文章は生成AIを使用して作成しました\n"
    assert review(call, desk, DRAFT + right, "--ai-used").returncode == 0
    assert review(call, desk, DRAFT + right, "--ai", "ChatGPT").returncode == 0
    wrong = review(call, desk, DRAFT + "【ChatGPT】により作成\n", "--ai", "ChatGPT")
    assert (wrong.returncode, "第6条 AI利用の明示：書き方が決まりと違います" in wrong.stdout) == (1, True)
    assert "明示がありません" in review(call, desk, DRAFT, "--ai-used").stdout
    assert review(call, desk, DRAFT, "--ai-used", "--internal").returncode == 0


@pytest.mark.parametrize("statement", ["", "【ChatGPT】により作成\n"])
def test_fix_writes_the_statement_of_the_pack_of_the_guide(call: Call, desk: Path, statement: str) -> None:
    follow(call, desk)
    mended = review(call, desk, DRAFT + statement, "--ai-used", "--fix")
    assert "明示を書きました" in mended.stderr
    text = (desk / "t.attributed.txt").read_text(encoding="utf-8")
    assert text.startswith(DRAFT)
    assert text.count("※この文章は生成AIを使用して作成しました") == 1
    assert "ChatGPT" not in text
    assert call("review", "--pack", "./架空市", "--ai-used", "t.attributed.txt").returncode == 0


def test_the_settings_of_the_guide_name_the_pack(call: Call, desk: Path) -> None:
    follow(call, desk)
    (desk / "aiguard.toml").write_text('pack = "./架空市"\n', encoding="utf-8")
    (desk / "t.txt").write_text("個人番号は1234 5678 9018", encoding="utf-8")
    assert "第3条第1号" in call("check", "t.txt").stdout
    assert "第3条第1号" in call("scan" if "scan" in call("--help").stdout else "check", "t.txt").stdout


def test_the_next_edition_starts_as_the_one_before(call: Call, desk: Path) -> None:
    follow(call, desk)
    assert call("pack", "new", "架空市-令和9年", "--from", "./架空市").returncode == 0
    same = call("pack", "diff", "架空市", "架空市-令和9年")
    assert (same.returncode, "違いはありません" in same.stdout) == (0, True)
    assert call("pack", "test", "架空市-令和9年").returncode == 0


def test_an_edition_of_a_pack_that_is_shipped_builds_on_it_by_name(call: Call, desk: Path) -> None:
    assert call("pack", "new", "次の版", "--from", "nagareyama").returncode == 0
    head = (desk / "次の版" / "guideline.toml").read_text(encoding="utf-8")
    assert 'id = "nagareyama"' in head
    assert 'extends = "nagareyama"' in head
    assert "違いはありません" in call("pack", "diff", "nagareyama", "次の版").stdout


@pytest.mark.parametrize("name", ["../外", "a/b", "", ".隠し", "-x y", "a:b", "二 語"])
def test_a_name_that_is_no_folder_is_refused(call: Call, name: str) -> None:
    refused = call("pack", "new", "--", name)
    assert (refused.returncode, "パックの名前に使えません" in refused.stderr) == (2, True)


def test_a_folder_that_is_there_is_not_touched(call: Call, desk: Path) -> None:
    (desk / "架空市").mkdir()
    refused = call("pack", "new", "架空市")
    assert (refused.returncode, "すでにあります" in refused.stderr) == (2, True)
    assert list((desk / "架空市").iterdir()) == []


def test_a_pack_is_made_where_it_is_wanted(call: Call, desk: Path) -> None:
    assert call("pack", "new", "架空市", "--into", "置き場/パック").returncode == 0
    assert (desk / "置き場" / "パック" / "架空市" / "guideline.toml").is_file()


def test_what_no_rule_looks_at_is_said(call: Call, desk: Path) -> None:
    pack = follow(call, desk)
    head = pack / "guideline.toml"
    text = head.read_text(encoding="utf-8").replace('misuse = ["第4条"]', "misuse = []")
    head.write_text(text.replace('coverage = "human"', 'coverage = "checked"'), encoding="utf-8")
    said = call("pack", "test", "架空市").stdout
    assert "節 第4条 は「一部を機械で確認」ですが、調べる規則がありません" in said
    assert "節 第1条 は「機械で確認」ですが、調べる規則がありません" in said
    assert "調べない話題: misuse" in said


def test_the_words_of_the_guideline_are_marked_without_being_kept(call: Call, desk: Path) -> None:
    pack = follow(call, desk)
    words = "職員は、個人情報及び部外秘の資料その他これらに類するものを入力してはならないことを常に確かめるものとする。"
    (desk / "規程.txt").write_text(words, encoding="utf-8")
    assert call("pack", "quote", "架空市", "規程.txt").returncode == 0
    hashes = (pack / "quotations.bin").read_bytes()
    assert len(hashes) == 4 * (len("".join(filter(str.isalnum, words))) - 9)
    assert not any(words[at : at + 4].encode() in hashes for at in range(len(words) - 3))
    assert call("pack", "quote", "架空市", "ない.txt").returncode == 2
    assert call("pack", "quote", "ない市", "規程.txt").returncode == 2
