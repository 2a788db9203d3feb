"""A draft is compared with existing works: copies are found with their place in both, and boilerplate is none (8.3(1))."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiguard.batch import report_document
from aiguard.checker import prepare
from aiguard.errors import StoreError
from aiguard.model import Config, Limits, Use
from aiguard.readers import read, read_text
from aiguard.similarity import GRAM, WINDOW, fingerprints, letters_of, passages, shared_grams
from aiguard.store.works import refresh, shared_with
from aiguard.works import prepare_works

if TYPE_CHECKING:
    from pathlib import Path

    from aiguard.model import DocumentReport

KANA = "のはをにがとでもへや"
WORDS = (
    "川べり 夕暮れ 水路 葦原 羽音 記憶 渡し舟 橋脚 遠雷 灯台 砂丘 石畳 路地 暖簾 井戸 縁側 梅雨 麦秋 夜汽車 汽笛 "
    "郵便 便箋 万年筆 図書室 階段 踊り場 鏡 硝子 風鈴 団扇 朝顔 露草 蝉 鈴虫 月夜 霜柱 氷 吹雪 雪解け 芽吹き"
).split()


def prose(seed: int, length: int) -> str:
    rng = random.Random(seed)  # noqa: S311 - repeatable, not secret
    text = ""
    while len(text) < length:
        text += "".join(rng.choice(WORDS) + rng.choice(KANA) for _ in range(rng.randint(3, 8))) + "。"
    return text[:length]


def compared(draft: str, work: str) -> list[tuple[str, str]]:
    mine, theirs = letters_of(draft), letters_of(work)
    found = passages(mine, theirs, shared_grams(fingerprints(mine.text), fingerprints(theirs.text)), 40, 0.75)
    return [(draft[one.span.start : one.span.end], work[one.work.start : one.work.end]) for one in found]


@pytest.mark.parametrize("every", [1000, 15, 12, 10])
@pytest.mark.parametrize("seed", range(5))
def test_copies_of_sixty_letters_are_found_through_light_edits(seed: int, every: int) -> None:
    work = prose(seed, 3000)
    piece = list(work[1000:1060])
    for at in range(every // 2, len(piece), every):
        piece[at] = "ん"
    draft = prose(seed + 100, 400) + "".join(piece) + prose(seed + 200, 400)
    found = compared(draft, work)
    assert len(found) == 1
    assert len(found[0][0]) >= 50


def test_width_spaces_marks_and_line_breaks_do_not_hide_a_copy() -> None:
    work = "ＡＢＣ町の夕方の川べりを歩くと、葦の間から小さな鳥が飛び立つ。その羽音を聞くたびに故郷の水路を思い出す。"
    draft = "はじめに\nABC町の夕方の川べりを歩くと葦の間から小さな\n鳥が飛び立つ その羽音を聞くたびに 故郷の水路を思い出す\nおわり"
    assert compared(draft, work) == [(draft[5:-4], work[:-1])]


def test_unrelated_texts_share_nothing() -> None:
    assert all(compared(prose(seed, 800), prose(seed + 50, 800)) == [] for seed in range(20))


@given(st.text(st.sampled_from("あいう、 \n漢Ａa1㍿"), max_size=80))
def test_letters_lead_back_to_their_places(text: str) -> None:
    letters = letters_of(text)
    assert len(letters.text) == len(letters.places)
    assert list(letters.places) == sorted(letters.places)


@given(st.text(st.sampled_from("あいうえおかきくけこ"), min_size=GRAM + WINDOW - 1, max_size=40), st.integers(0, 30))
def test_a_shared_run_shares_a_fingerprint(run: str, shift: int) -> None:
    one, other = "x" * shift + run, run + "y" * shift
    assert {value for value, _ in fingerprints(one)} & {value for value, _ in fingerprints(other)}


def test_an_index_reads_only_what_changed(tmp_path: Path) -> None:
    works = tmp_path / "works"
    works.mkdir()
    for number in range(3):
        (works / f"{number}.txt").write_text(prose(number, 500), encoding="utf-8")
    index = tmp_path / "index.sqlite3"
    assert prepare_works([works], index, Limits()).changes[:2] == (3, 3)
    assert prepare_works([works], index, Limits()).changes[:2] == (3, 0)
    (works / "1.txt").write_text(prose(9, 600), encoding="utf-8")
    (works / "2.txt").unlink()
    assert prepare_works([works], index, Limits()).changes[:2] == (2, 1)
    mine = fingerprints(letters_of(prose(9, 600)).text)
    assert [shared.path for shared in shared_with(index, mine, 0.01)] == [str(works / "1.txt")]
    assert not index.stat().st_mode & 0o077


def test_the_index_holds_no_text(tmp_path: Path) -> None:
    work = tmp_path / "w.txt"
    work.write_text("灯台のむこうに遠雷が鳴り、渡し舟の記憶がよみがえる。", encoding="utf-8")
    index = tmp_path / "index.sqlite3"
    refresh(index, [work], lambda path: path.read_text(encoding="utf-8"))
    data = index.read_bytes()
    assert all("灯台のむこう".encode(codec) not in data for codec in ("utf-8", "utf-16-le", "cp932"))


def test_boilerplate_is_no_copy(tmp_path: Path) -> None:
    closing = "お問い合わせは市役所の担当課までお願いします。開庁時間は平日の午前8時30分から午後5時15分までです。"
    for number in range(6):
        (tmp_path / f"{number}.txt").write_text(prose(number, 400) + closing, encoding="utf-8")
    report = reviewed(prose(77, 300) + closing, tmp_path)
    assert [finding.rule for finding in report.findings] == []


def test_a_word_before_boilerplate_does_not_make_it_a_copy(tmp_path: Path) -> None:
    closing = "お問い合わせは市役所の担当課までお願いします。開庁時間は平日の午前8時30分から午後5時15分までです。"
    for number in range(6):
        ending = "渡し舟の鈴虫が鳴く。" if number == 0 else ""
        (tmp_path / f"{number}.txt").write_text(prose(number, 400) + ending + closing, encoding="utf-8")
    assert reviewed(prose(77, 300) + "渡し舟の鈴虫が鳴く。" + closing, tmp_path).findings == ()


def reviewed(text: str, works: Path) -> DocumentReport:
    from msgspec.structs import replace

    checker = prepare(Config(), Use.DOCUMENT)
    found = prepare_works([works], works.parent / "index.sqlite3", Limits())
    return report_document(read_text(text, "draft.txt", Use.DOCUMENT), replace(checker, works=found))


def test_a_copy_is_a_finding_with_both_places(tmp_path: Path) -> None:
    works = tmp_path / "works"
    works.mkdir()
    (works / "詩.txt").write_text("あとがき\n\n" + prose(5, 300), encoding="utf-8")
    report = reviewed("巻頭言\n" + prose(5, 300)[40:120], works)
    finding = next(each for each in report.findings if each.rule == "similar-work")
    assert finding.sections == ("8.3(1)",)
    assert finding.location.line == 2
    assert f"work:{works / '詩.txt'}:3" in finding.evidence
    assert report.verdict == "warn"


def test_a_draft_is_not_compared_with_itself(tmp_path: Path) -> None:
    from msgspec.structs import replace

    works = tmp_path / "works"
    works.mkdir()
    draft = works / "draft.txt"
    draft.write_text(prose(5, 300), encoding="utf-8")
    checker = prepare(Config(), Use.DOCUMENT)
    checker = replace(checker, works=prepare_works([works], tmp_path / "i.sqlite3", Limits()))
    assert report_document(read(draft, Use.DOCUMENT), checker).findings == ()


def test_a_file_that_is_no_index_is_named(tmp_path: Path) -> None:
    index = tmp_path / "index.sqlite3"
    index.write_bytes(b"no database" * 200)
    with pytest.raises(StoreError) as caught:
        shared_with(index, [(1, 1)], 0.01)
    assert str(index) in caught.value.message
