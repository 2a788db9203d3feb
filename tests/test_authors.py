"""Every file of an office says who wrote it: that alone is no alarm, and what its pages say stays one."""

from __future__ import annotations

from aiguard.batch import report_document
from aiguard.checker import prepare
from aiguard.model import Config, Document, Part, Segment, Severity, Use, Verdict
from aiguard.policy.authors import soften_authors
from aiguard.scanner import scan

PROPERTIES = Segment("作成者: 海老原 裕子\n最終更新者: 沢渡 健一\n題名: お知らせ\n", "文書の情報", aside=True)


def report(*segments: Segment) -> tuple[Verdict, list[tuple[str, Severity]]]:
    document = Document("a.docx", Use.PROMPT, segments)
    done = report_document(document, prepare(Config(), Use.PROMPT))
    return done.verdict, [(finding.location.label or "", finding.severity) for finding in done.findings]


def test_the_authors_of_a_file_are_notes() -> None:
    verdict, found = report(Segment("会議の準備の手順です。", "本文"), PROPERTIES)
    assert verdict == Verdict.PASS
    assert found == [("文書の情報", Severity.NOTE)] * 2


def test_who_changed_or_commented_is_a_note() -> None:
    changed = Segment("海老原 裕子さん\n", "変更した人", (Part(0, "変更した人"),), aside=True)
    comment = Segment(
        "作成者: 海老原 裕子\n要確認です\n", "コメント", (Part(0, "コメント1"), Part(12, "コメント1")), aside=True
    )
    assert all(severity is Severity.NOTE for _, severity in report(changed, comment)[1])


def test_a_name_on_the_page_stays_an_alarm() -> None:
    shown = Segment("作成者: 海老原 裕子\n", "本文")
    titled = Segment("題名: 海老原 裕子様の滞納について\n", "文書の情報", aside=True)
    for segment in (shown, titled):
        assert report(segment)[0] == Verdict.BLOCK


def test_other_hits_are_left_as_they_are() -> None:
    document = Document("a.txt", Use.PROMPT, (Segment("個人番号は1234 5678 9018です"),))
    hits, _ = scan(document, prepare(Config(), Use.PROMPT).compiled)
    assert soften_authors(document, hits) == hits
