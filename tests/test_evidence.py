"""Every finding says in words why it is one, and never shows a part of the value."""

from __future__ import annotations

import pytest

from aiguard import check_text
from aiguard.model import Severity
from aiguard.reporters.evidence import sentence


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("マイナンバー453331478932", "「マイナンバー」の語のすぐ後にある12桁の番号、検査数字も正しい。"),
        (
            "個人番号：453331478930",
            "「個人番号」の語のすぐ後にある12桁の番号、検査数字は合わない（書き誤りの可能性がある）。",
        ),
        ("番号,種別,個人番号\n1,甲,718147815806", "「個人番号」の列にある12桁の番号、検査数字も正しい。"),
        ("個人番号｜718147815806｜124810756900", "「個人番号」の行にある12桁の番号、検査数字も正しい。"),
        (
            "1234-5678-9018（個人番号）",
            "すぐ後に「個人番号」の語がある12桁の番号、検査数字も正しい、区切って書かれている。",
        ),
    ],
)
def test_the_evidence_of_a_number_is_a_sentence(text: str, said: str) -> None:
    assert said in [sentence(finding) for finding in check_text(text).findings]


def test_evidence_shows_no_part_of_a_value() -> None:
    text = "尾上 紀子、口座 1234568、電話 090-1234-5679、パスワードは Onoe#7788x、個人番号453331478932"
    findings = check_text(text).findings

    said = "".join(map(sentence, findings))

    assert findings
    assert all(sentence(finding) for finding in findings if finding.severity is not Severity.NOTE)
    assert not any(value in said for value in ("尾上", "紀子", "1234", "7788", "4533", "Onoe"))
