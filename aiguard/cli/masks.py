"""Run a masking or a restoring: what `mask` and `unmask` share."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from msgspec import Struct

from aiguard.cli.passphrase import passphrase
from aiguard.cli.request import Request, configuration, day
from aiguard.cli.unused import expired, warn
from aiguard.errors import ReadError, UsageError
from aiguard.model import Limits, Severity, Style, Use

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aiguard.masking import Masked
    from aiguard.model import DocumentReport, StandIns

_SHOWN = 20


class MaskRequest(Struct, frozen=True):
    """Hold what the command line asks for."""

    request: Request
    output: Path | None
    map_file: Path | None
    style: str
    sealed: bool
    passphrase_file: Path | None
    force: bool


def run_mask(asked: MaskRequest) -> int:
    """Mask one file, write the result and its map, say what was done, and return the exit code."""
    from aiguard import policy
    from aiguard.checker import prepare
    from aiguard.masking import mask_file

    path = asked.request.paths[0]
    config = configuration(asked.request)
    checker = prepare(config, Use.PROMPT, day(asked.request.today))
    warn(expired(checker))
    name = asked.request.stdin_filename or path if path == "-" else path
    try:
        masked = mask_file(_data(path), name, checker, Style(asked.style), config.limits)
    except ReadError as error:
        return _unreadable(path, [error.message])
    if masked.standins is None or masked.remaining is None:
        return _unreadable(path, [each.reason for each in masked.unchecked])
    kept = _write(masked, masked.standins, name, asked)
    for line in _summary(masked.standins, kept, masked.remaining):
        typer.echo(f"aiguard: {line}", err=True)
    for each in masked.unchecked:
        typer.echo(f"aiguard: 書いた文章に入っていません: {each.label or ''}（{each.reason}）", err=True)
    return 3 if masked.unchecked else policy.exit_code((masked.remaining,), config.fail_on)


def run_unmask(answer: str, map_file: Path, output: Path | None, passphrase_file: Path | None) -> int:
    """Restore an answer, write it, say how much was restored, and return the exit code."""
    from aiguard.masking import unmask_bytes
    from aiguard.store.atomic import write_all
    from aiguard.store.maps import load

    _refuse_same({"-o": output}, {"回答": answer, "対応表": str(map_file)})
    standins = load(map_file, lambda: passphrase(passphrase_file, new=False))
    try:
        done = unmask_bytes(_data(answer), answer, standins)
    except ReadError as error:
        return _unreadable(answer, [error.message])
    if output is not None:
        write_all([(output, done.data, True)])
    else:
        _print(done.data)
    unknown = f"、対応表にないもの {done.unknown}か所（そのまま残しました）" if done.unknown else ""
    typer.echo(f"aiguard: 元に戻しました: {done.restored}か所{unknown}", err=True)
    typer.echo(f"aiguard: 使った対応表: {map_file}（別の文章の対応表だと、別の人の名前が入ります）", err=True)
    return 1 if done.unknown else 0


def _data(path: str) -> bytes:
    from aiguard.readers import load

    return sys.stdin.buffer.read() if path == "-" else load(Path(path), Limits().bytes)


def _unreadable(path: str, reasons: Sequence[str]) -> int:
    from aiguard.readers.inputs import printable

    for reason in reasons:
        typer.echo(f"aiguard: 確認できないため、何も書きませんでした: {printable(path)}（{reason}）", err=True)
    return 3


def _write(masked: Masked, standins: StandIns, name: str, asked: MaskRequest) -> Path | None:
    """Write the masked text and the map, both or none; return where the map is, None where there is nothing to keep."""
    from aiguard.store.atomic import make_private_folder, write_all
    from aiguard.store.maps import default_path, refuse_overwriting, to_bytes

    kept = asked.map_file or (default_path(name, standins) if standins.items else None)
    _refuse_same({"-o": asked.output, "--map": kept}, {"元の文章": asked.request.paths[0]})
    files = [(asked.output, masked.data, False)] if asked.output else []
    if kept is not None:
        if not asked.force:
            refuse_overwriting(kept, standins)
        if asked.map_file is None:
            make_private_folder(kept.parent)
        words = passphrase(asked.passphrase_file, new=True) if asked.sealed else None
        files.append((kept, to_bytes(standins, words), True))
    write_all(files, lambda: None if asked.output else _print(masked.data))
    return kept


def _refuse_same(outputs: dict[str, Path | None], inputs: dict[str, str]) -> None:
    """Refuse to write over what is read, or two results into one file."""
    taken = {name: Path(path) for name, path in inputs.items() if path != "-"}
    for option, output in outputs.items():
        if output is None:
            continue
        for name, other in taken.items():
            if _is_same(output, other):
                raise UsageError(f"{option} の書き出し先が、{name}と同じです: {output}", "別の名前にしてください。")
        taken[f"{option} の書き出し先"] = output


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return one.resolve() == other.resolve()


def _print(data: bytes) -> None:
    """Write bytes to standard output as they are; to a terminal as text, which it shows in its own encoding."""
    from aiguard.readers.decode import decode

    if sys.stdout.isatty():
        sys.stdout.write(decode(data))
    else:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


def _summary(standins: StandIns, kept: Path | None, remaining: DocumentReport) -> Iterator[str]:
    from aiguard.mask import label

    count = Counter(label(standins.items[item].entity) for _, _, item in standins.places)
    told = "、".join(f"{kind} {number}か所" for kind, number in count.items())
    yield f"置き換えました: {told}" if told else "置き換えるものはありませんでした。"
    if kept is not None:
        yield f"対応表: {kept}（元の値が入っています。人に渡さず、使い終わったら消してください）"
    yield from _remaining(remaining)


def _remaining(remaining: DocumentReport) -> Iterator[str]:
    """Say what a check of the masked text still finds, by place and rule, without any words of the text."""
    found = [each for each in remaining.findings if not each.suppressed and each.severity is not Severity.NOTE]
    yield f"残っている指摘: {len(found)}件" if found else "残っている指摘はありません。"
    for each in found[:_SHOWN]:
        sections = "、".join(each.sections)
        yield f"  {each.location.line}行目 {each.severity.label} {sections} {each.title}（規則 {each.rule}）"
    if len(found) > _SHOWN:
        yield f"  ほか{len(found) - _SHOWN}件（aiguard check で見られます）"
    for missed in remaining.unchecked:
        yield f"確認できなかったもの: {missed.reason}"
