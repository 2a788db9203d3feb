"""Read saved results back: the JSON and JSON Lines that aiguard writes, also as a Windows shell saved them.

A folder is what a cluster wrote: the results of its parts in order, as JSON Lines or Parquet, which may lack none.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from aiguard.errors import ResultError
from aiguard.model import SCHEMA, DocumentReport, Report, Summary
from aiguard.reporters.summary import summarise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

T = TypeVar("T")

_AGAIN = "aiguard check か aiguard review を --format json（または jsonl）で、もう一度実行してください。"
_ENCODINGS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_FEWEST_LINES = 2
_STAMP = "_aiguard.json"
_GO_ON = "同じコマンドをもう一度実行すると、続きから始まります。"


def load(paths: Sequence[Path]) -> Report:
    """Read results and merge them into one report, in the order given.

    Raises `ResultError`, naming the file, for anything that is not a whole result, and for results of different
    guidelines.
    """
    paths = [file for path in paths for file in (_parts(path) if path.is_dir() else (path,))]
    reports = [_read(path) for path in paths]
    if not reports:
        problem = "結果のファイルがありません。"
        raise ResultError(problem, "aiguard report 結果.json のように指定してください。")
    for path, report in zip(paths, reports, strict=True):
        if report.guideline != reports[0].guideline:
            problem = f"{paths[0]} とは別のガイドライン（または別の版）で点検した結果です。"
            raise _error(path, problem, "ガイドラインごとに分けて実行してください。")
    left = [report.left for report in reports if report.left is not None]
    gaps = {gap.section: gap for report in reports for gap in report.not_checked}
    return Report(
        guideline=reports[0].guideline,
        documents=tuple(document for report in reports for document in report.documents),
        not_checked=tuple(gaps.values()),
        version=", ".join(dict.fromkeys(report.version for report in reports)),
        left=sum(left) if left else None,
        notices=tuple(dict.fromkeys([*(notice for report in reports for notice in report.notices), *_twice(reports)])),
    )


def _twice(reports: Sequence[Report]) -> Iterator[str]:
    """Say that results share names of documents: only who made them knows whether those are the same documents."""
    counts = Counter(path for report in reports for path in {document.path for document in report.documents})
    if shared := sum(count > 1 for count in counts.values()):
        yield f"同じ名前の文書が複数の結果にあります（{shared:,}件）。別の文書として、それぞれ数えています。"


def _parts(folder: Path) -> list[Path]:
    """List the results of a folder; ResultError where the run that wrote them is not at its end."""
    stamp = folder / _STAMP
    fields = _json(_text(stamp)) if stamp.exists() else None
    found = sorted(folder.glob("part-*"))
    if not isinstance(fields, dict) or fields.get("left") != 0 or fields.get("parts") != len(found):
        raise _error(folder, "aiguard scan --engine ray の、終わりまで済んだ結果のフォルダーではありません。", _GO_ON)
    return found


def _read(path: Path) -> Report:
    text = _of_parquet(path) if path.suffix == ".parquet" else _text(path)
    first = _json(text.partition("\n")[0])
    is_lines = isinstance(first, dict) and first.get("type") == "header"
    report, summary = _from_lines(path, text) if is_lines else _from_value(path, text)
    left = summary.left if summary.interrupted else None
    if summarise(report.documents, left) != summary:
        raise _error(path, "文書や指摘の数が、集計と合いません。一部が欠けているか、書きかえられています。")
    return msgspec.structs.replace(report, left=left)


def _of_parquet(path: Path) -> str:
    """Return the lines that a result in Parquet holds."""
    try:
        from pyarrow import parquet

        table = parquet.read_table(path, columns=["document"])
        counted = msgspec.json.decode(table.schema.metadata[b"aiguard.counted"])
        summary = msgspec.json.encode({"type": "summary", **counted["summary"]}).decode()
        header = table.schema.metadata[b"aiguard"].decode().rstrip("\n")
        return "\n".join((header, *table["document"].to_pylist(), summary))
    except ImportError:
        raise _error(
            path, "Parquet を読む部品がありません。", "pip install 'aiguard[ray]' を実行してください。"
        ) from None
    except (OSError, ValueError, KeyError, TypeError):
        raise _error(path, "aiguard の結果ではありません。") from None


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError:
        raise _error(path, "開けません。", "ファイルの場所と、読む権限を確かめてください。") from None
    encoding = next((name for mark, name in _ENCODINGS.items() if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise _error(path, "UTF-8 として読めません。途中で切れているか、aiguard の結果ではありません。") from None


def _from_value(path: Path, text: str) -> tuple[Report, Summary]:
    fields = _json(text)
    if fields is None:
        raise _error(path, "JSON として読めません。途中で切れているか、aiguard の結果ではありません。")
    _check_schema(path, fields)
    return _convert(path, fields, Report), _convert(path, fields.get("summary"), Summary, "$.summary")


def _from_lines(path: Path, text: str) -> tuple[Report, Summary]:
    values = [_json(line) for line in text.split("\n") if line.strip()]
    broken = next((number for number, value in enumerate(values, 1) if not isinstance(value, dict)), None)
    if broken:
        raise _error(path, f"{broken}行目が JSON として読めません。途中で切れています。")
    if len(values) < _FEWEST_LINES or values[-1].get("type") != "summary":
        raise _error(path, "最後の集計の行がありません。途中で切れています。")
    header, *documents, summary = values
    _check_schema(path, header)
    report = _convert(path, {**header, "documents": []}, Report, "1行目 $")
    read = tuple(_document(path, number, fields) for number, fields in enumerate(documents, 2))
    at = f"{len(values)}行目 $"
    notices = _convert(path, {**header, "documents": [], "notices": summary.get("notices", [])}, Report, at).notices
    return msgspec.structs.replace(report, documents=read, notices=notices), _convert(path, summary, Summary, at)


def _document(path: Path, number: int, fields: dict[str, Any]) -> DocumentReport:
    if fields.get("type") != "document":
        raise _error(path, f"{number}行目が文書の結果ではありません。")
    return _convert(path, fields, DocumentReport, f"{number}行目 $")


def _check_schema(path: Path, fields: object) -> None:
    schema = fields.get("schema") if isinstance(fields, dict) else None
    if not isinstance(schema, int) or isinstance(schema, bool):
        raise _error(path, "aiguard の結果ではありません。")
    if schema != SCHEMA:
        problem = f"結果の形式は第{schema}版です。この aiguard が読めるのは第{SCHEMA}版です。"
        raise _error(path, problem, "結果を作ったものと同じ版の aiguard で読んでください。")


def _json(text: str) -> Any:  # noqa: ANN401 - whatever the file holds
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return None


def _convert(path: Path, fields: object, kind: type[T], root: str = "$") -> T:
    try:
        return msgspec.convert(fields, kind)
    except msgspec.ValidationError as error:
        # The message of msgspec may repeat a value of the file: only the key is passed on.
        key = re.search(r"`\$([^`]*)`$", str(error))
        problem = f"{root}{key[1] if key else ''} が aiguard の結果の形ではありません。"
    raise _error(path, problem)


def _error(path: Path, problem: str, hint: str = _AGAIN) -> ResultError:
    return ResultError(f"{path}: {problem}", hint)
