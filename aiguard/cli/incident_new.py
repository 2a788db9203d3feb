"""Run `aiguard incident new`: read, mask, ask, suspend, record, write, in this order."""

from __future__ import annotations

import datetime as dt
from contextlib import redirect_stdout
from functools import partial
from pathlib import Path
from sys import stderr
from typing import TYPE_CHECKING

from msgspec import Struct

from aiguard.cli.incident_files import Target, refuse_unwritable, targets, write_report
from aiguard.cli.incidents import agreed, checker_of, template_by
from aiguard.cli.recorded import records_file, say, tell_added
from aiguard.errors import AiguardError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aiguard.checker import Checker
    from aiguard.masking.incident import MaskedReport
    from aiguard.model.incidents import Suspension, Template
    from aiguard.store.records import Added


class NewRequest(Struct, frozen=True):
    """Hold what the command line asks to be reported."""

    given: dict[str, str]
    form: Path | None
    results: tuple[Path, ...]
    output: Path | None
    shape: str | None
    by: str | None
    store: Path | None
    config: Path | None
    pack: str | None
    sure: bool = False
    suspends: bool = False
    reason: str | None = None
    keeps_staff: bool = False


def run_new(asked: NewRequest) -> int:
    """Record a report and write it; nothing is recorded unless all of it could be read and masked, and was agreed to.

    The AI is suspended before the report is recorded: where one of the two fails, nobody goes on using the AI.
    """
    from aiguard.model.incidents import Case, Incident
    from aiguard.store.incidents import add_incident

    store, files = records_file(asked.store), targets(asked.shape, asked.output)
    refuse_unwritable(files, store, asked.form, *asked.results)
    checker = checker_of(asked.config, asked.pack)
    template = template_by(checker)
    values = _values(asked, template)
    masked = _masked(asked, values, checker)
    suspension = _suspension(asked, values["ai"], masked, checker) if asked.suspends else None
    incident = Incident(masked.fields, masked.found, suspension and suspension[0])
    draft = Case(0, "", (), incident, (), masked.by)
    if not agreed(draft, template, masked.remaining, sure=asked.sure):
        return 1
    if suspension is not None:
        say(f"「{masked.fields['ai']}」の利用を停止しました（{suspension[1]()}）。職員に知らせてください。")
    added = _recorded(partial(add_incident, store, incident, masked.fields["ai"], masked.by), asked)
    _written(added, store, template, files)
    say("伏せ漏れがないか、報告を読んで確かめてから渡してください。")
    return 0


def _values(asked: NewRequest, template: Template) -> dict[str, str]:
    from aiguard.incident import completed, read_form

    values = {**(read_form(asked.form) if asked.form else {}), **asked.given}
    return completed(template, values, dt.datetime.now().astimezone())


def _masked(asked: NewRequest, values: dict[str, str], checker: Checker) -> MaskedReport:
    from aiguard.masking.incident import excerpts, mask_report
    from aiguard.reporters.saved import load

    found = excerpts(load(asked.results), checker) if asked.results else ()
    said = (asked.by, asked.reason if asked.suspends else None)
    return mask_report(values, said, found, checker, keeps_staff=asked.keeps_staff)


def _suspension(
    asked: NewRequest, ai: str, masked: MaskedReport, checker: Checker
) -> tuple[Suspension, Callable[[], Path]]:
    """Return what the report says of it and what suspends the AI; UsageError and ConfigError where that cannot be done."""
    from aiguard.errors import ConfigError
    from aiguard.model import Decision, Standing
    from aiguard.model.incidents import Suspension
    from aiguard.services import decide, find, register

    by, reason = (asked.by or "").strip(), masked.reason.strip()
    if not by or not reason:
        raise UsageError("停止を決めた人と理由がありません。", "--by と --reason に書いてください。")
    if masked.by != asked.by:
        raise UsageError(
            "--by に氏名があるようです。停止を決めた人は services.toml に残ります。",
            "役職（例: 情報政策課長）を書くか、氏名を残してよければ --keep-staff を付けてください。",
        )
    own = checker.config.services
    if own is None:
        raise UsageError(
            "組織の services.toml が設定されていません。",
            'aiguard.toml に services = "services.toml" と書いてください。',
        )
    if find(register(checker.pack, own), ai) is None:
        raise ConfigError(
            "--ai の生成AIが一覧にありません。", file=own, hint="aiguard services で名前を確かめてください。"
        )
    decision = Decision(ai, Standing.SUSPENDED, checker.today, by, reason)
    return Suspension(checker.today.isoformat(), reason), partial(decide, checker.pack, own, decision)


def _recorded(record: Callable[[], Added], asked: NewRequest) -> Added:
    """Record, and say number and head on the error stream, because standard output may be the report."""
    try:
        added = record()
    except AiguardError:
        if asked.suspends:
            say("利用の停止は済んでいますが、報告は記録できませんでした。次は --suspend を付けずに実行してください。")
        raise
    with redirect_stdout(stderr):
        tell_added(added, "記録しました")
    return added


def _written(added: Added, store: Path, template: Template, files: Sequence[Target]) -> None:
    """Write the report; where that fails, the entry is there all the same, and nobody should make a second one."""
    from aiguard.store.incidents import case

    number = added.entry.number
    try:
        write_report(case(store, number), template, files)
    except UsageError as error:
        problem = f"{number}番として記録しましたが、報告を書けませんでした。{error.message}"
        hint = f"記録し直さずに、「aiguard incident show {number} -o ファイル」で書いてください。"
        raise UsageError(problem, hint) from None
