"""Render a comparison of two results as text, Markdown or JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from aiguard.errors import UsageError
from aiguard.reporters import words
from aiguard.reporters.json_report import encode, head
from aiguard.reporters.plain import excerpt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from aiguard.model import Report
    from aiguard.reporters.compare import Comparison
    from aiguard.reporters.grouping import Placed
    from aiguard.reporters.options import Options

_NAMES = {
    "new": "新しく出たもの",
    "gone": "なくなったもの",
    "unknown": "なくなったか分からないもの（今回の結果にないか、読めていない文書）",
    "same": "前と同じもの",
}


def render(comparison: Comparison, report: Report, form: str, options: Options) -> str:
    """Render a comparison in a form: "text", "markdown" or "json"; UsageError for any other.

    `report` is the later result: its documents that could not be read are told too.
    """
    if form not in _FORMS:
        problem = f"--compare の結果は --format {form} では書けません。"
        raise UsageError(problem, "--format text、markdown、json のどれかにしてください。")
    return _FORMS[form](comparison, report, options)


def _counts(comparison: Comparison) -> str:
    counted = {key: len(getattr(comparison, key)) for key in _NAMES}
    unknown = f"、分からない {counted['unknown']}件" if counted["unknown"] else ""
    return f"前の結果と比べて：新しい {counted['new']}件、なくなった {counted['gone']}件、同じ {counted['same']}件{unknown}"


def _told(comparison: Comparison) -> Iterator[tuple[str, tuple[Placed, ...]]]:
    """Yield what is listed, under its heading: what is the same is only counted."""
    for key in ("new", "gone", "unknown"):
        found = getattr(comparison, key)
        if found:
            yield f"{_NAMES[key]}（{len(found)}件）", found


def _text(comparison: Comparison, report: Report, options: Options) -> str:
    from aiguard.reporters.printable import escaped, one_for_one

    lines = [one_for_one(_counts(comparison), options.encoding)]
    for title, found in _told(comparison):
        lines += ["", title]
        for item in found:
            place = escaped(words.place(words.named(item.path), item.finding.location), options.encoding)
            lines.append(f"  {place}: {one_for_one(_said(item), options.encoding)}")
    unread = [(each.path, item) for each in report.documents for item in each.unchecked]
    if unread:
        lines += ["", f"{words.UNCHECKED}（{len(unread)}件）"]
    for path, part in unread:
        place = escaped(f"{words.named(path)} {part.label or ''}".rstrip(), options.encoding)
        lines.append(f"  {place}: {one_for_one(part.reason, options.encoding)}")
    return "".join(f"{line}\n" for line in lines)


def _said(item: Placed) -> str:
    one = item.finding
    cited = "、".join(one.sections)
    return " ".join(part for part in (one.severity.label, cited, one.title, f"[{one.rule}]", excerpt(one)) if part)


def _markdown(comparison: Comparison, report: Report, _options: Options) -> str:
    from aiguard.reporters.markdown import escape

    blocks = ["# 前の結果との比較", f"- {_counts(comparison)}"]
    for title, found in _told(comparison):
        rows = (
            (
                words.place(each.path, each.finding.location),
                each.finding.severity.label,
                _kind(each),
                excerpt(each.finding),
            )
            for each in found
        )
        blocks += [
            f"## {title}",
            _table(("場所", "判定", "種類", "見つかったもの"), (map(escape, row) for row in rows)),
        ]
    unread = [
        (f"{each.path} {item.label or ''}".rstrip(), item.reason)
        for each in report.documents
        for item in each.unchecked
    ]
    if unread:
        blocks += [f"## {words.UNCHECKED}", _table(("場所", "理由"), (map(escape, row) for row in unread))]
    return "\n\n".join(blocks) + "\n"


def _kind(item: Placed) -> str:
    return f"{'、'.join(item.finding.sections)} {item.finding.title}".strip()


def _table(heads: tuple[str, ...], rows: Iterator[Iterator[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _json(comparison: Comparison, report: Report, _options: Options) -> str:
    unread = [{"path": each.path, **msgspec.to_builtins(item)} for each in report.documents for item in each.unchecked]
    value = {
        **head(report.guideline, report.version, report.schema),
        "comparison": {key: list(map(_fields, getattr(comparison, key))) for key in _NAMES},
        "unchecked": unread,
        "summary": {key: len(getattr(comparison, key)) for key in _NAMES},
    }
    return msgspec.json.format(encode(value), indent=2).decode() + "\n"


def _fields(item: Placed) -> dict[str, Any]:
    return {"path": item.path, **msgspec.to_builtins(item.finding)}


_FORMS: Mapping[str, Callable[[Comparison, Report, Options], str]] = {
    "text": _text,
    "markdown": _markdown,
    "json": _json,
}
