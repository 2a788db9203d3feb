"""Read labelled rows, and say which of them are held out."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec import Struct

from aiguard.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Fold = Literal["all", "tuned", "held-out"]
FOLDS: tuple[Fold, ...] = ("all", "tuned", "held-out")

VERDICTS = ("block", "warn", "pass")
STATUSES = ("ok", "malformed", "missing", "not_needed")
LABELS = ("benign", "malicious", "look_alike", "injection", "positive", "negative", "organisation", "address")

_ONE_IN = 5
_BOM = b"\xef\xbb\xbf"


class Entity(Struct, frozen=True):
    """Name an item by its text; it stands in every place where the row has that text."""

    text: str
    type: str

    def __repr__(self) -> str:
        """Keep the text out of messages."""
        return f"Entity({self.type})"


class LabelledSpan(Struct, frozen=True, array_like=True):
    """Name an item by its place: half-open, in code points."""

    start: int
    end: int
    label: str


class Row(Struct, frozen=True):
    """Hold a text with what is true of it; `None` says that nothing was labelled."""

    id: str
    text: str
    verdict: str | None = None
    sections: tuple[str, ...] | None = None
    entities: tuple[Entity, ...] | None = None
    spans: tuple[LabelledSpan, ...] | None = None
    label: str | None = None
    ai_used: bool | None = None
    ai_names: tuple[str, ...] = ()
    attribution: str | None = None
    use: str | None = None
    note: str = ""

    @property
    def hard(self) -> bool:
        """Tell whether the row resembles a breach without being one."""
        return self.note.startswith("[hard]")

    def __repr__(self) -> str:
        """Keep the text out of messages."""
        return f"Row({self.id})"


def load_rows(path: Path) -> tuple[Row, ...]:
    """Read a JSONL file, one row a line; blank lines are passed over.

    Raises `UsageError` for a file that cannot be read, and for a malformed row, by file and line.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        message = f"{path}: 評価用のファイルを開けません（{error.strerror}）。"
        raise UsageError(message, "1行に1件のJSONを書いたファイル（.jsonl）を指定してください。") from None
    rows: dict[str, Row] = {}
    for number, line in enumerate(content.removeprefix(_BOM).split(b"\n"), start=1):
        if line.strip():
            place = f"{path}:{number}"
            row = _row(line, place)
            if row.id in rows:
                raise _malformed(place, "idが前の行と重なっています")
            rows[row.id] = row
    return tuple(rows.values())


def in_holdout(row_id: str) -> bool:
    """Tell whether a row is never tuned on: the SHA-256 of its id is divisible by 5."""
    return int.from_bytes(sha256(row_id.encode()).digest(), "big") % _ONE_IN == 0


def select(rows: Iterable[Row], fold: Fold) -> tuple[Row, ...]:
    """Keep the rows of a fold: all, those that may be tuned on, or those held out."""
    if fold == "all":
        return tuple(rows)
    return tuple(row for row in rows if in_holdout(row.id) == (fold == "held-out"))


def _row(line: bytes, place: str) -> Row:
    """Decode and check a line. Errors of the decoder may quote the text, so only the key is taken over."""
    try:
        row = msgspec.json.decode(line, type=Row)
    except msgspec.ValidationError as error:
        _, _, key = str(error).partition(" - at `$.")
        raise _malformed(place, f"「{key.rstrip('`')}」の形が違います" if key else "idかtextがありません") from None
    except ValueError:  # malformed JSON and undecodable bytes alike
        raise _malformed(place, "JSONとして読めません") from None
    if problem := _problem(row):
        raise _malformed(place, problem)
    return row


def _malformed(place: str, problem: str) -> UsageError:
    return UsageError(f"{place}: 評価用の行を読めません。{problem}。", "その行を直してから、もう一度実行してください。")


def _problem(row: Row) -> str | None:
    gold = (row.verdict, row.sections, row.entities, row.spans, row.label, row.attribution, row.use)
    checks = (
        (bool(row.id), "idが空です"),
        (any(value is not None for value in gold), "正解（verdict、entities、spans、labelなど）がありません"),
        (row.verdict in (None, *VERDICTS), f"verdictは{'、'.join(VERDICTS)}のどれかにしてください"),
        (row.attribution in (None, *STATUSES), f"attributionは{'、'.join(STATUSES)}のどれかにしてください"),
        (row.use != "", "useが空です"),
        (row.label in (None, *LABELS), f"labelは{'、'.join(LABELS)}のどれかにしてください"),
        (all(item.text and item.text in row.text for item in row.entities or ()), "entitiesの語がtextにありません"),
        (
            all(0 <= span.start < span.end <= len(row.text) for span in row.spans or ()),
            "spansの位置がtextの外にあります",
        ),
    )
    return next((problem for good, problem in checks if not good), None)
