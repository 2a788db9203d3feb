"""Run the commands of `aiguard incident`."""

from __future__ import annotations

import datetime as dt
import re
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from msgspec import Struct

from aiguard.cli.records import _place, _print_json, _printable, _refuse_store, _told
from aiguard.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from aiguard.checker import Checker
    from aiguard.model.incidents import Case, Template

_BY = "記録者の氏名"
_WHY = "停止の理由"
_NUMBERED = re.compile(r"〔([^〔〕0-9]+)[0-9]+([^〔〕]*)〕")


class NewRequest(Struct, frozen=True):
    """Hold what the command line asks to be reported."""

    given: dict[str, str]
    form: Path | None
    results: tuple[Path, ...]
    output: Path | None
    shape: str
    by: str | None
    store: Path | None
    config: Path | None
    pack: str | None
    sure: bool = False
    suspends: bool = False
    reason: str | None = None


def run_form(output: Path | None, config: Path | None, pack: str | None) -> int:
    """Write the empty form; a file that is there is left alone."""
    from aiguard.incident import empty_form

    if output is not None and output.exists():
        raise UsageError(f"すでにあります: {output}", "別の名前を指定してください。")
    _write(empty_form(_template(_checker(config, pack))), output)
    return 0


def run_new(asked: NewRequest) -> int:
    """Record a report and write it; nothing is recorded unless all of it could be read and masked."""
    from aiguard.incident import completed, read_form
    from aiguard.model.incidents import Incident
    from aiguard.store.incidents import add_incident, case

    place = _place(asked.store)
    _refuse_printing(asked.shape, asked.output)
    _refuse_store(place, "読み書きするもの", asked.output, asked.form, *asked.results)
    checker = _checker(asked.config, asked.pack)
    template = _template(checker)
    values = {**(read_form(asked.form) if asked.form else {}), **asked.given}
    filled = completed(template, values, dt.datetime.now().astimezone())
    found = tuple(_found(asked.results))
    suspension = _suspension(asked, filled["ai"], checker) if asked.suspends else None
    fields, by, remaining = _masked(filled, asked.by, checker)
    if remaining and not _agreed(asked, fields, remaining):
        return 1
    added = add_incident(place, Incident(fields, found), fields["ai"], by)
    _told_aside(added)
    if suspension is not None:
        file = suspension()
        typer.echo(f"aiguard: 「{fields['ai']}」の利用を停止しました（{file}）。職員に知らせてください。", err=True)
    _write(_report(case(place, added.entry.number), template, asked.shape), asked.output)
    typer.echo("aiguard: 伏せ漏れがないか、報告を読んで確かめてから渡してください。", err=True)
    return 0


def _suspension(asked: NewRequest, ai: str, checker: Checker) -> Callable[[], Path]:
    """Return what suspends the AI; UsageError and ConfigError before anything is recorded where that cannot be done."""
    from aiguard.errors import ConfigError
    from aiguard.masking.fields import mask_fields
    from aiguard.model import Decision, Standing
    from aiguard.services import decide, find, register

    if not (asked.by or "").strip() or not (asked.reason or "").strip():
        raise UsageError("停止を決めた人と理由がありません。", "--by と --reason に書いてください。")
    own = checker.config.services
    if own is None:
        raise UsageError(
            "組織の services.toml が設定されていません。",
            'aiguard.toml に services = "services.toml" と書いてください。',
        )
    if find(register(checker.pack, own), ai) is None:
        raise ConfigError(f"「{ai}」は一覧にありません。", file=own, hint="aiguard services で名前を確かめてください。")
    reason = mask_fields({_WHY: str(asked.reason).strip()}, checker).texts[_WHY]
    decision = Decision(ai, Standing.SUSPENDED, checker.today, str(asked.by).strip(), reason)
    return partial(decide, checker.pack, own, decision)


def _agreed(asked: NewRequest, fields: dict[str, str], remaining: Sequence[str]) -> bool:
    """Show what is left to be seen in masked texts, and ask whether to record them: the record can only be added to."""
    typer.echo(f"aiguard: 伏せたあとの文章に、まだ次のものが残っているようです: {'、'.join(remaining)}", err=True)
    if asked.sure:
        return True
    if not sys.stdin.isatty():
        typer.echo("aiguard: 記録していません。文章を直すか、このままでよければ --yes を付けてください。", err=True)
        return False
    for name, text in fields.items():
        typer.echo(f"  {name}: {_printable(text)}", err=True)
    return typer.confirm("記録はあとから消せません。このまま記録しますか", err=True)


def run_list(shape: str, store: Path | None) -> int:
    """Print the reports, open or closed, without their texts."""
    from aiguard.store.incidents import cases

    held = cases(_place(store))
    if shape == "json":
        _print_json([{"number": e.number, "time": e.time, "ai": e.ai, "state": _state(e)[0]} for e in held])
        return 0
    for each in held:
        typer.echo(_printable(f"{each.number}番  {each.time}  {_state(each)[1]}  {'、'.join(each.ai)}"))
    if not held:
        typer.echo("aiguard: 問題の報告はありません。", err=True)
    return 0


def run_show(  # noqa: PLR0913, PLR0917 - one parameter an option
    number: int, shape: str, output: Path | None, store: Path | None, config: Path | None, pack: str | None
) -> int:
    """Write a report that was recorded."""
    from aiguard.store.incidents import case

    place = _place(store)
    _refuse_printing(shape, output)
    _refuse_store(place, "-o の書き出し先", output)
    _write(_report(case(place, number), _template(_checker(config, pack)), shape), output)
    return 0


def run_close(  # noqa: PLR0913, PLR0917 - one parameter an option
    number: int, measures: str, by: str | None, store: Path | None, config: Path | None, pack: str | None
) -> int:
    """Record that an incident is closed, with masked words."""
    from aiguard.model.incidents import Closing
    from aiguard.store.incidents import close_incident

    if not measures.strip():
        raise UsageError("--measures が空です。", "とった措置を書いてください。")
    fields, name, _ = _masked({"measures": measures}, by, _checker(config, pack), numbered=False)
    _told(close_incident(_place(store), Closing(number, fields["measures"]), name), "対応の完了を記録しました")
    return 0


def _checker(config: Path | None, pack: str | None) -> Checker:
    from aiguard.checker import prepare
    from aiguard.cli.request import Request, configuration
    from aiguard.model import Use

    request = Request((), Use.PROMPT, None, None, config_file=config, pack=pack)
    return prepare(configuration(request), Use.PROMPT)


def _template(checker: Checker) -> Template:
    from aiguard.incident import template_of

    return template_of(Path(checker.pack.root))


def _masked(
    values: dict[str, str], by: str | None, checker: Checker, *, numbered: bool = True
) -> tuple[dict[str, str], str | None, tuple[str, ...]]:
    """Mask all but the time, which was validated; labels tell the rules what a value is.

    Numbers of stand-ins hold within one entry of the record: where it speaks of another, they are left out, so that
    nobody takes 〔氏名1〕 here for 〔氏名1〕 there.
    """
    from aiguard.masking.fields import mask_fields

    labels = {"who": "氏名", "ai": "生成AI", "entered": "内容", "spread": "広がり", "measures": "措置"}
    texts = {labels[name]: value for name, value in values.items() if name in labels}
    masked, remaining = mask_fields({**texts, **({_BY: by} if by else {})}, checker)
    if not numbered:
        masked = {label: _NUMBERED.sub(r"〔\1\2〕", text) for label, text in masked.items()}
    fields = {name: masked[labels[name]] if name in labels else value for name, value in values.items()}
    return fields, masked.get(_BY), remaining


def _found(results: Sequence[Path]) -> Iterator[str]:
    """Yield what a check had found: rule, title and the excerpt as the result has it, which is masked."""
    from aiguard.reporters.saved import load

    if not results:
        return
    for document in load(results).documents:
        for finding in document.findings:
            if finding.suppressed is None:
                yield f"{finding.rule} {finding.title}: {finding.location.line}行目 {finding.excerpt}"
        for each in document.unchecked:
            yield f"点検できなかったところ: {each.reason}"


def _report(case: Case, template: Template, shape: str) -> str | bytes:
    from aiguard.reporters.incident import to_json, to_markdown
    from aiguard.reporters.incident_docx import to_docx

    if shape == "docx":
        return to_docx(case, template)
    return to_json(case, template) if shape == "json" else to_markdown(case, template)


def _refuse_printing(shape: str, output: Path | None) -> None:
    if shape == "docx" and output is None:
        raise UsageError("docxは画面に出せません。", "-o 報告.docx のように、書くファイルを指定してください。")


def _state(case: Case) -> tuple[str, str]:
    return ("closed", "完了") if case.closings else ("open", "対応中")


def _told_aside(added: object) -> None:
    """Say number and head on the error stream: standard output is the report."""
    from contextlib import redirect_stdout
    from sys import stderr

    from aiguard.store.records import Added

    if isinstance(added, Added):
        with redirect_stdout(stderr):
            _told(added, "記録しました")


def _write(report: str | bytes, output: Path | None) -> None:
    from aiguard.store.atomic import write_all

    if output is None:
        typer.echo(report, nl=False)
        return
    write_all([(output, report.encode() if isinstance(report, str) else report, True)])
    typer.echo(f"aiguard: 書きました: {output}", err=True)
