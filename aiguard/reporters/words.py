"""Hold the Japanese words that reports share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiguard.model import DocumentReport, Unchecked, Use, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiguard.model import Attribution, Finding, Location, Summary, Suppression

INTERRUPTED = "（点検の中断）"
USE = "用途"
GAPS = "機械では確認していないこと"
VERDICTS = "文書ごとの判定"
UNCHECKED = "確認できなかったもの"
REASONS = "理由と修正"
EVIDENCE = "手がかり"
SUPPRESSED = "指摘から外したもの"
NOTICES = "働いていない文中の指定（aiguard:ignore）"
RUN_NOTICES = "許可と受け入れの見直し"
CLAIMS = "元の資料で確かめること"
NEW = "★"
NEW_MEANS = "★ は、生成AIに入力した文（--prompt）にないものです。"
CHECKLIST = "公表する前に人が確かめること"
SIGNATURE = "確認した人：＿＿＿＿＿＿＿＿　　確認日：＿＿＿＿年＿＿月＿＿日"
NO_SECTION = "規定を示していないもの"
NOTHING = "見つかったものがない規定"
BY_MACHINE = "機械の確認"
BY_PERSON = "人がすること"
PARTLY = "一部だけ確認"
NOTHING_TO_CHECK = "確認の対象外"
MORE_BY_SECTION = "くわしくは --by section で見られます。"
ALL = "--format json で全件"

READ_AS = "文章の読み分け"
PARTS = {"task": "依頼", "material": "材料"}
PASSED_OVER = "見て、指摘しなかったもの"
PASSED_BECAUSE = {
    "topic": "話題・説明としての言葉",
    "negation": "打ち消し・問題のない扱い",
    "sample": "見本・架空・練習",
    "public": "公開・公表されたもの、公の立場",
    "quoted": "ガイドラインの文の引用",
    "allow": "許可リスト・文中の指定",
}

_VERDICTS = {
    (Use.PROMPT, Verdict.BLOCK): "入力できません",
    (Use.PROMPT, Verdict.WARN): "注意して入力",
    (Use.DOCUMENT, Verdict.BLOCK): "公表できません",
    (Use.DOCUMENT, Verdict.WARN): "注意して公表",
}
_COMMON = {Verdict.UNCHECKED: "確認できていない内容があります", Verdict.PASS: "問題は見つかりませんでした"}
_BY = {
    "allow": "許可リスト",
    "inline": "文中の指定",
    "organisation": "市の一覧にあるもの",
    "baseline": "受け入れの一覧",
}
_DECLARED = {
    "ok": "明示されています",
    "malformed": "書き方が決まりと違います",
    "missing": "明示がありません",
    "not_needed": "明示は要りません",
}


def stretch(location: Location) -> str:
    """Name a stretch of a text by its lines."""
    lines = (
        f"{location.line}行目" if location.line == location.end_line else f"{location.line}～{location.end_line}行目"
    )
    return f"{location.label} {lines}" if location.label else lines


def verdict(document: DocumentReport) -> str:
    """Say whether a document may be entered or published."""
    return _COMMON.get(document.verdict) or _VERDICTS[document.use, document.verdict]


def use(document: DocumentReport, uses: Mapping[str, str]) -> str:
    """Say what a prompt asks an AI to do: a fact, no finding; an empty string where nothing is known of it."""
    task = document.facts.task
    return uses.get(task, task) if task else ""


def named(path: str) -> str:
    """Name standard input; return other paths as they are."""
    if path == "-" or path.startswith(("-:", "- ")):
        return f"標準入力{path[1:]}"
    return path


def place(path: str, location: Location) -> str:
    """Say where a finding stands: path:line:column, or the path and the label of its part."""
    return f"{path} {location.label}" if location.label else f"{path}:{location.line}:{location.column}"


def spot(location: Location) -> str:
    """Say where in its document a finding stands, as short as it can be said."""
    return location.label or f"{location.line}:{location.column}"


def suppression(suppressed: Suppression) -> str:
    """Say who let a finding pass, and why."""
    return f"{_BY.get(suppressed.by, suppressed.by)}：{suppressed.reason}"


def declaration(attribution: Attribution) -> str:
    """Say in words whether a draft declares the use of AI, and the form that is wanted."""
    names = "、".join(attribution.ai_names)
    said = _DECLARED.get(attribution.status, attribution.status) + (f"（{names}）" if names else "")
    if attribution.status in {"malformed", "missing"} and attribution.wanted:
        said += f"。書き方：{attribution.wanted}"
    return said + (f"。{attribution.note}" if attribution.note else "")


def as_above(section: str) -> str:
    """Point to the section under which reason and advice stand."""
    return f"理由と修正は {section} に書いたとおりです。"


def counts(summary: Summary) -> str:
    """Count documents by verdict, in one line."""
    parts = (
        ("禁止", summary.block),
        ("注意", summary.warn),
        ("未確認", summary.unchecked),
        ("問題なし", summary.passed),
    )
    said = f"{summary.documents}件を確認：" + "、".join(f"{name} {count}件" for name, count in parts if count)
    return f"{said}（{interruption(summary.left)}）" if summary.interrupted else said


def interruption(left: int) -> str:
    """Say that a run was stopped, and how much of it is left."""
    return f"途中で止めました。残りの{left}件は確認していません"


def interrupted(left: int) -> DocumentReport:
    """Return a stand-in that says of a run that it was stopped, for formats that show documents and nothing else."""
    reason = Unchecked(None, interruption(left))
    return DocumentReport(INTERRUPTED, Use.DOCUMENT, Verdict.UNCHECKED, unchecked=(reason,))


def severities(findings: tuple[Finding, ...]) -> str:
    """Count findings by severity, the worst first, in one line."""
    found = sorted({finding.severity for finding in findings}, key=lambda severity: -severity.rank)
    return "、".join(f"{name.label} {sum(item.severity is name for item in findings)}件" for name in found)
