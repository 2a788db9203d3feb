"""Run the commands of `aiguard incident`, but for `new`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from aiguard.cli.incident_files import refuse_unwritable, targets, write_report
from aiguard.cli.recorded import print_json, printable, records_file, say, tell_added
from aiguard.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiguard.checker import Checker
    from aiguard.model.incidents import Case, Template


def run_form(output: Path | None, config: Path | None, pack: str | None) -> int:
    """Write the empty form; a file that is there is left alone."""
    from aiguard.incident import empty_form
    from aiguard.store.atomic import write_all

    if output is not None and output.exists():
        raise UsageError(f"すでにあります: {output}", "別の名前を指定してください。")
    form = empty_form(template_by(checker_of(config, pack)))
    if output is None:
        typer.echo(form, nl=False)
        return 0
    write_all([(output, form.encode(), True)])
    say(f"書きました: {output}")
    return 0


def run_list(shape: str, store: Path | None) -> int:
    """Print the reports, open or closed, without their texts."""
    from aiguard.model.incidents import local_time
    from aiguard.store.incidents import cases

    held = cases(records_file(store))
    if shape == "json":
        print_json([{"number": e.number, "time": e.time, "ai": e.ai, "state": _state(e)[0]} for e in held])
        return 0
    for each in held:
        typer.echo(printable(f"{each.number}番  {local_time(each.time)}  {_state(each)[1]}  {'、'.join(each.ai)}"))
    if not held:
        say("問題の報告はありません。")
    return 0


def run_show(  # noqa: PLR0913, PLR0917 - one parameter an option
    number: int, shape: str | None, output: Path | None, store: Path | None, config: Path | None, pack: str | None
) -> int:
    """Write a report that was recorded."""
    from aiguard.store.incidents import case

    place, files = records_file(store), targets(shape, output)
    refuse_unwritable(files, place)
    write_report(case(place, number), template_by(checker_of(config, pack)), files)
    return 0


def run_close(  # noqa: PLR0913, PLR0917 - one parameter an option
    number: int,
    measures: str,
    by: str | None,
    store: Path | None,
    config: Path | None,
    pack: str | None,
    *,
    sure: bool = False,
    keeps_staff: bool = False,
) -> int:
    """Record that an incident is closed, with masked words that were agreed to."""
    from aiguard.masking.incident import mask_closing
    from aiguard.model.incidents import Closing
    from aiguard.store.incidents import case, close_incident

    if not measures.strip():
        raise UsageError("--measures が空です。", "とった措置を書いてください。")
    place = records_file(store)
    held = case(place, number)
    if held.closings:
        raise UsageError(
            f"{number}番の問題は、対応が終わっています。", f"「aiguard incident show {number}」で見られます。"
        )
    checker = checker_of(config, pack)
    masked = mask_closing(measures.strip(), by, held.incident, checker, keeps_staff=keeps_staff)
    closing = Closing(number, masked.fields["measures"])
    draft = held._replace(closings=(("", masked.by, closing),))
    if not agreed(draft, template_by(checker), masked.remaining, sure=sure):
        return 1
    tell_added(close_incident(place, closing, masked.by), "対応の完了を記録しました")
    return 0


def checker_of(config: Path | None, pack: str | None) -> Checker:
    """Prepare what texts are masked with; PackError, ConfigError."""
    from aiguard.checker import prepare
    from aiguard.cli.request import Request, configuration
    from aiguard.model import Use

    request = Request((), Use.PROMPT, None, None, config_file=config, pack=pack)
    return prepare(configuration(request), Use.PROMPT)


def template_by(checker: Checker) -> Template:
    """Return the form of the pack that a checker has."""
    from aiguard.incident import template_of

    return template_of(Path(checker.pack.root))


def agreed(draft: Case, template: Template, remaining: Sequence[str], *, sure: bool) -> bool:
    """Say what may be left in a masked report, show it and ask whether to record it: records can only be added to.

    A person at a terminal is always asked unless `sure`: not every name is found. Without one, what is left decides.
    """
    from aiguard.reporters.incident import to_markdown

    if remaining:
        say(f"伏せたあとの文章に、まだ次のものが残っているようです: {'、'.join(remaining)}")
    if sure:
        return True
    if not sys.stdin.isatty():
        if remaining:
            say("記録していません。文章を直すか、このままでよければ --yes を付けてください。")
        return not remaining
    typer.echo(printable(to_markdown(draft, template)), err=True)
    if typer.confirm("記録はあとから消せません。このまま記録しますか", err=True):
        return True
    say("記録していません。")
    return False


def _state(case: Case) -> tuple[str, str]:
    return ("closed", "完了") if case.closings else ("open", "対応中")
