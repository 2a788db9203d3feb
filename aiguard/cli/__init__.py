"""Parse the command line, make one call, print, exit. A command imports what it needs when it runs."""

from __future__ import annotations

import errno
import gc
import sys

import typer

from aiguard.cli.baseline import baseline
from aiguard.cli.check import check
from aiguard.cli.checklist import checklist
from aiguard.cli.evaluate import evaluate
from aiguard.cli.incident import incident
from aiguard.cli.inspect import config, doctor, guideline, rule
from aiguard.cli.locate import locate
from aiguard.cli.mask import mask
from aiguard.cli.packs import pack
from aiguard.cli.record import record
from aiguard.cli.report import report
from aiguard.cli.review import review
from aiguard.cli.scan import scan
from aiguard.cli.services import services
from aiguard.cli.standard import complete, let_go
from aiguard.cli.unmask import unmask
from aiguard.errors import AiguardError
from aiguard.version import __version__

_HELP = """生成AIに入力する前の文章と、公表する前の原稿を、ガイドラインに照らして点検します。

通信はしません。見つけた個人情報は伏せて表示します。
"""

_NO_ROOM = frozenset((errno.ENOSPC, errno.EFBIG, errno.EIO, errno.EBADF, getattr(errno, "EDQUOT", errno.ENOSPC)))

app = typer.Typer(
    name="aiguard",
    help=_HELP,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(value: bool) -> None:  # noqa: FBT001 - typer passes the flag
    if value:
        typer.echo(f"aiguard {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="版を表示します"),  # noqa: FBT001, FBT003
) -> None:
    """Hold the options of all commands."""


app.command()(check)
app.command()(review)
app.command()(scan)
app.command()(mask)
app.command()(unmask)
app.command()(report)
app.command()(locate)
app.command()(guideline)
app.command()(rule)
app.add_typer(pack, name="pack")
app.add_typer(record, name="record")
app.add_typer(services, name="services")
app.add_typer(checklist, name="checklist")
app.add_typer(baseline, name="baseline")
app.add_typer(incident, name="incident")
app.command()(config)
app.command()(doctor)
app.command("eval")(evaluate)


def main() -> None:
    """Run the command line; exit 2 for wrong usage, a broken pack or configuration, and internal errors."""
    gc.disable()  # start-up makes many objects that stay: looking for garbage among them costs an eighth of a page
    complete()
    try:
        sys.exit(app(standalone_mode=False))
    except AiguardError as error:
        _refuse(error)
    except BrokenPipeError:
        sys.stderr.close()
    except OSError as error:
        _no_room() if error.errno in _NO_ROOM else _fail(error)
    except Exception as error:  # noqa: BLE001 - the message may hold text of the input: only the place is shown
        _fail(error)
    finally:
        gc.freeze()  # nothing is left to find: the search for garbage at the end costs as much as a page
    sys.exit(2)


def _no_room() -> None:
    let_go()
    _say("結果を書き込めませんでした。")
    _say("→ ディスクの空きと、書き込み先を確かめて、もう一度実行してください。")


def _fail(error: Exception) -> None:
    from aiguard.cli.usage import explain, is_from_parser, wants_help

    if wants_help(error):
        typer.echo(str(error), err=True)
    elif is_from_parser(error):
        _refuse(explain(error))
    else:
        _say(f"内部エラーです（{type(error).__name__}、{_place(error)}）。開発者に知らせてください。")


def _refuse(error: AiguardError) -> None:
    _say(error.message)
    if error.hint:
        _say(f"→ {error.hint}")


def _place(error: Exception) -> str:
    from pathlib import Path

    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"


def _say(text: str) -> None:
    typer.echo(f"aiguard: {text}", err=True)
