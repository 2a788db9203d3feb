"""Run the commands of `aiguard record`."""

from __future__ import annotations

import datetime as dt
import hashlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from msgspec import Struct

from aiguard.cli.recorded import print_json, printable, records_file, refuse_store, say, tell_added
from aiguard.errors import ReadError, StoreError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aiguard.store.chain import Document
    from aiguard.store.records import Kept

_SHOWN = 20
_INCIDENTS = {"incident": "問題の報告（incident show）", "incident-closed": "問題の対応の完了"}


class AddRequest(Struct, frozen=True):
    """Hold what the command line asks to be recorded."""

    chat: str
    ai: tuple[str, ...]
    documents: tuple[Path, ...]
    conversation: str | None
    note: str | None
    by: str | None


def run_add(asked: AddRequest, store: Path | None) -> int:
    """Record a chat, say its number, time and head, and return the exit code."""
    from aiguard.readers.chats import read_chat
    from aiguard.readers.inputs import printable
    from aiguard.store.records import Chat, add

    ai = tuple(filter(None, (name.strip() for name in asked.ai)))
    if not ai:
        raise UsageError("--ai が空です。", "使った生成AIの名前を書いてください（例: --ai ChatGPT）。")
    place = records_file(store)
    refuse_store(place, "記録するもの", Path(asked.chat), *asked.documents)
    try:
        data = _data(asked.chat)
        text = read_chat(data, asked.conversation)
    except ReadError as error:
        say(f"読めないため、記録しませんでした: {printable(asked.chat)}（{error.message}）")
        return 3
    if not text.strip():
        raise UsageError("記録する文章がありません（空です）。", "チャットを保存したファイルを指定してください。")
    documents = tuple(map(_document, asked.documents))
    added = add(place, Chat(text, hashlib.sha256(data).hexdigest(), ai, documents, asked.by, asked.note))
    tell_added(added, "記録しました")
    say(f"保存先: {place}（チャットの文章が入っています）")
    return 0


def run_list(form: str, store: Path | None) -> int:
    """Print all entries without their texts."""
    from aiguard.store.exports import fields
    from aiguard.store.records import listed

    entries = listed(records_file(store))
    if form == "json":
        print_json([fields(kept) for kept in entries])
    else:
        _print_lines(_line(kept) for kept in entries)
    return 0


def run_show(number: int, output: Path | None, store: Path | None) -> int:
    """Print or write the text of an entry; 1 where it is not there, or not as it was."""
    from aiguard.store.atomic import write_all
    from aiguard.store.chain import digest
    from aiguard.store.records import shown

    place = records_file(store)
    refuse_store(place, "-o の書き出し先", output)
    kept = shown(place, number)
    say(_line(kept))
    if kept.text is None:
        say("この記録に文章はありません" + ("（消去されています）。" if kept.entry.kind == "chat" else "。"))
        return 1
    if output is not None:
        write_all([(output, kept.text.encode("utf-8", "surrogateescape"), True)])
    else:
        _print_text(kept.text)
    if digest(kept.text) != kept.entry.text:
        say("文章が書き換えられています。「aiguard record verify」で確かめてください。")
        return 1
    return 0


def run_search(words: Sequence[str], form: str, store: Path | None) -> int:
    """Print the entries whose text holds all words, and how often."""
    from aiguard.store.exports import fields
    from aiguard.store.records import search

    hits = search(records_file(store), words)
    if form == "json":
        print_json([{**fields(hit.kept), "hits": hit.times} for hit in hits])
    else:
        _print_lines(f"{_line(hit.kept)}  {hit.times}か所" for hit in hits)
        say(f"{len(hits)}件の記録にあります。" if hits else "見つかりません。")
    return 0


def run_export(form: str, output: Path, store: Path | None) -> int:
    """Write all entries with their texts into a file that nobody else may read."""
    from aiguard.store.atomic import write_all
    from aiguard.store.exports import to_csv, to_jsonl
    from aiguard.store.records import listed

    place = records_file(store)
    refuse_store(place, "-o の書き出し先", output)
    entries = listed(place, texts=True)
    write_all([(output, to_csv(entries) if form == "csv" else to_jsonl(entries), True)])
    say(f"書き出しました: {output}（{len(entries)}件。チャットの文章が入っています）")
    return 0


def run_verify(head: str | None, store: Path | None) -> int:
    """Say whether the records are as they were written: 0, 1 where they are not, 3 where they cannot be read."""
    from aiguard.store.heads import parse_head
    from aiguard.store.verification import verify

    kept = parse_head(head) if head is not None else None
    try:
        verdict = verify(records_file(store), kept)
    except StoreError as error:
        say(error.message)
        say(f"→ {error.hint}")
        return 3
    for number, reason in verdict.problems:
        typer.echo(f"{number}番: {reason}" if number is not None else reason)
    if verdict.problems:
        typer.echo(f"記録が変わっています（{len(verdict.problems)}か所）。")
        say("→ ファイルを複製して残し、所属長と情報政策部門に知らせてください。")
        return 1
    typer.echo(f"{verdict.head.count}件の記録は、書き込まれたときのままです。")
    typer.echo(f"照合値: {verdict.head}")
    if verdict.copy is None and kept is None:
        say("比べる照合値がないため、末尾の記録が消されていないかは確かめていません（--head で指定できます）。")
    elif verdict.lags:
        say("控えの照合値は、最後の記録より前のものです（書く途中で終わったためで、記録に問題はありません）。")
    return 0


def run_purge(before: str, by: str | None, reason: str | None, store: Path | None, *, sure: bool) -> int:
    """Take the texts before a date for good, after asking; 1 where something may be left of them in the file."""
    from aiguard.store.records import purge, purgeable

    place = records_file(store)
    date = _date(before)
    numbers = purgeable(place, date)
    if numbers and not sure:
        _ask(numbers, date)
    done = purge(place, date, by, reason)
    if done.added is None:
        typer.echo(f"{date} より前の、文章の残っている記録はありません。")
    else:
        typer.echo(f"文章を消しました: {len(done.numbers)}件（{_ranges(done.numbers)}）")
        tell_added(done.added, "消したことを記録しました")
    if not done.clean:
        say("ほかで使われているため、消した文章の一部がファイルに残っているかもしれません。")
        say("→ 記録を使っているほかのソフトを終えて、ディスクの空きを確かめ、同じコマンドをもう一度実行してください。")
        return 1
    return 0


def _data(path: str) -> bytes:
    from aiguard.model import Limits
    from aiguard.readers import load

    limit = Limits().bytes
    data = sys.stdin.buffer.read(limit + 1) if path == "-" else load(Path(path), limit)
    if len(data) > limit:
        raise ReadError(f"大きすぎます。上限は{limit // 1_000_000:,}MBです")
    return data


def _document(path: Path) -> Document:
    """Return the name as it was given, of an absolute path the last part, and the hash of the bytes."""
    from aiguard.store.chain import Document

    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        raise UsageError(f"資料を読めません: {path}", "ファイルの場所と、読む権限を確かめてください。") from None
    return Document(path.name if path.is_absolute() else path.as_posix(), digest)


def _line(kept: Kept) -> str:
    entry = kept.entry
    if entry.kind == "unreadable":
        told = "読めない記録（「aiguard record verify」で確かめてください）"
    elif entry.kind == "purge":
        told = f"文章の消去 {len(entry.purged)}件（{_ranges(entry.purged)}）"
    elif entry.kind in _INCIDENTS:
        told = _INCIDENTS[entry.kind]
    else:
        names = ("、".join(entry.ai), "、".join(each.name for each in entry.documents) or "資料なし")
        told = "  ".join((*names, *(() if kept.has_text else ("（文章は消去済み）",))))
    return printable(f"{entry.number}番  {entry.time}  {told}")


def _ranges(numbers: Sequence[int]) -> str:
    """Return numbers as a person writes them: 1、3～5番."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    told = "、".join(str(first) if first == last else f"{first}～{last}" for first, last in runs[:_SHOWN])
    return f"{told}番" + ("など" if len(runs) > _SHOWN else "")


def _date(text: str) -> str:
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        raise UsageError("--before の日付が読めません。", "2025-04-01 のように書いてください。") from None


def _ask(numbers: Sequence[int], date: str) -> None:
    """Ask before texts are taken for good; UsageError for no, and where nobody can be asked."""
    if not sys.stdin.isatty():
        raise UsageError(f"{len(numbers)}件の文章を消します。", "消してよければ --yes を付けてください。")
    if (
        input(f"{date} より前の {len(numbers)}件の文章を消します。元に戻せません。消しますか [y/N]: ").strip().lower()
        != "y"
    ):
        raise UsageError("消しませんでした。")


def _print_text(text: str) -> None:
    """Write a text as it is; to a terminal without what would steer it."""
    if sys.stdout.isatty():
        sys.stdout.write(printable(text))
    else:
        sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
        sys.stdout.buffer.flush()


def _print_lines(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(line)
