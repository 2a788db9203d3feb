"""Write texts as an office has them: the same every time, no two alike, with invented persons.

Usage: python benchmarks/corpus.py FOLDER [COUNT]
"""

from __future__ import annotations

import csv
import io
import random
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import stocks
from sentences import PERSONAL, PLAIN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SEED = 20260401
COUNT = 1_000
SHORTEST, LONGEST, USUAL = 200, 1_300, 220  # code points; the mean of a triangle is a third of their sum
PERSONAL_SHARE = 0.42


class Page(NamedTuple):
    """Hold a file to write: its name, its text, and the names of persons as they are written in it."""

    name: str
    text: str
    persons: frozenset[str]


def _date(rng: random.Random) -> str:
    month, day = rng.randint(1, 12), rng.randint(1, 28)
    return rng.choice((f"{month}月{day}日", f"令和{rng.randint(6, 9)}年{month}月{day}日", f"2026/{month:02}/{day:02}"))


def _address(rng: random.Random) -> str:
    chome, banchi, go = rng.randint(1, 6), rng.randint(1, 220), rng.randint(1, 30)
    return f"{rng.choice(stocks.TOWNS)}{rng.choice((f'{chome}丁目{banchi}番地の{go}', f'{chome}-{banchi}-{go}'))}"


def _amount(rng: random.Random) -> str:
    return f"{rng.randint(1, 99) * 10 ** rng.choice((2, 2, 3, 3, 4, 6)):,}"


# What fills a slot of a sentence; {p} and {s} are persons and are noted.
SLOTS: dict[str, Callable[[random.Random], str]] = {
    "p": lambda rng: rng.choice(stocks.SURNAMES) + rng.choice(("", "", " ")) + rng.choice(stocks.GIVEN_NAMES),
    "s": lambda rng: rng.choice(stocks.SURNAMES),
    "a": _amount,
    "adr": _address,
    "age": lambda rng: str(rng.randint(3, 97)),
    "biz": lambda rng: rng.choice(stocks.BUSINESSES) + rng.choice(("", "事業")),
    "d": _date,
    "dept": lambda rng: rng.choice(stocks.DEPARTMENTS),
    "doc": lambda rng: rng.choice(stocks.DOCUMENTS),
    "ext": lambda rng: str(rng.randint(200, 799)),
    "item": lambda rng: rng.choice(stocks.ITEMS),
    "m": lambda rng: str(rng.randint(1, 12)),
    "mail": lambda rng: f"{rng.choice('abcdefghkmnrstuy')}{rng.randint(100, 9999)}@example.jp",
    "mob": lambda rng: f"0{rng.choice('789')}0-{rng.randint(0, 9999):04}-{rng.randint(0, 9999):04}",
    "n": lambda rng: str(rng.randint(2, 9)),
    "N": lambda rng: str(rng.randint(12, 980)),
    "no": lambda rng: str(rng.randint(10_000, 99_999)),
    "place": lambda rng: rng.choice(stocks.FACILITIES),
    "t": lambda rng: f"{rng.randint(8, 19)}時{rng.choice(('', '15分', '30分', '45分'))}",
    "tel": lambda rng: f"04-71{rng.randint(0, 99):02}-{rng.randint(0, 9999):04}",
    "title": lambda rng: rng.choice(stocks.TITLES),
    "topic": lambda rng: rng.choice(stocks.TOPICS),
    "town": lambda rng: rng.choice(stocks.TOWNS),
}


def fill(template: str, rng: random.Random, persons: set[str]) -> str:
    """Fill the slots of a sentence, and note the persons."""

    def one(slot: re.Match[str]) -> str:
        value = SLOTS[slot[1]](rng)
        if slot[1] in {"p", "s"}:
            persons.add(value)
        return value

    return re.sub(r"\{(\w+)\}", one, template)


def _prose(rng: random.Random) -> str:
    return rng.choice(PERSONAL if rng.random() < PERSONAL_SHARE else PLAIN)


def _mail(rng: random.Random) -> Iterator[str]:
    yield "{dept} {s}様\n\n{dept}の{s}です。\n{biz}の件でご連絡します。\n\n"
    while True:
        yield "".join(_prose(rng) for _ in range(rng.randint(1, 4))) + "\n"


def _minutes(rng: random.Random) -> Iterator[str]:
    yield "{biz}打合せ 議事メモ\n日時 {d} {t}から\n場所 {place}\n出席 {s}{title}、{s}{title}、{s}、{s}\n\n"
    while True:
        yield rng.choice(("・", "・", "（{s}）", "（{dept}）")) + _prose(rng) + "\n"


def _notice(rng: random.Random) -> Iterator[str]:
    yield "{biz}のお知らせ\n{d}\n{dept}\n\n"
    while True:
        yield "".join(_prose(rng) for _ in range(rng.randint(2, 5))) + rng.choice(("\n", "\n\n"))


def _record(rng: random.Random) -> Iterator[str]:
    yield "相談記録 {no}\n相談者 {p}（{age}歳）\n住所 {adr}\n電話 {mob}\n受付 {dept} {s}\n\n"
    while True:
        yield rng.choice(("{d} ", "{t} ", "")) + _prose(rng) + _prose(rng) + "\n"


COLUMNS = (
    (("氏名", "{p}"), ("住所", "{adr}"), ("電話", "{mob}"), ("備考", "{biz}を希望")),
    (("番号", "{no}"), ("申請者", "{p}"), ("受付日", "{d}"), ("金額", "{a}円"), ("担当", "{s}")),
    (("日付", "{d}"), ("品名", "{item}"), ("数量", "{N}"), ("金額", "{a}"), ("発注", "{dept}")),
    (("施設", "{place}"), ("利用日", "{d}"), ("時間", "{t}"), ("利用者", "{p}"), ("人数", "{N}人")),
    (("事業", "{biz}"), ("予算", "{a}円"), ("担当課", "{dept}"), ("担当者", "{s}"), ("課題", "{topic}")),
)


def _table(rng: random.Random) -> Iterator[str]:
    columns = rng.choice(COLUMNS)
    lead = "" if rng.random() < 1 / 2 else "{biz}の一覧です。{d}現在。\n\n"
    yield lead + "\t".join(head for head, _ in columns) + "\n"
    while True:
        yield "\t".join(cell for _, cell in columns) + "\n"


def _aligned(rng: random.Random) -> Iterator[str]:
    columns = rng.choice(COLUMNS)
    yield "{biz}（{d}現在）\n\n" + "".join(f"{head:\u3000<14}" for head, _ in columns).rstrip() + "\n"
    while True:
        yield "\u3000\u3000".join(cell for _, cell in columns) + "\n"


def _as_csv(text: str) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(line.split("\t") for line in text.splitlines() if "\t" in line)
    return out.getvalue()


# Prose three times out of four, as in an office's prompts.
KINDS: tuple[tuple[str, Callable[[random.Random], Iterator[str]], str], ...] = (
    ("mail", _mail, "txt"),
    ("mail", _mail, "txt"),
    ("minutes", _minutes, "md"),
    ("minutes", _minutes, "txt"),
    ("notice", _notice, "txt"),
    ("notice", _notice, "md"),
    ("record", _record, "txt"),
    ("record", _record, "txt"),
    ("record", _record, "txt"),
    ("table", _table, "tsv"),
    ("table", _table, "csv"),
    ("aligned", _aligned, "txt"),
)


def compose(number: int, *, length: int | None = None, kind: int | None = None) -> Page:
    """Put page `number` together: about `length` code points, of the kind at a place in `KINDS`; else by lot."""
    rng = random.Random(f"{SEED}-{number}")
    name, make, suffix = KINDS[number % len(KINDS) if kind is None else kind]
    aim = length or int(rng.triangular(SHORTEST, LONGEST, USUAL))
    persons: set[str] = set()
    text = ""
    for piece in make(rng):
        text += fill(piece, rng, persons)
        if len(text) >= aim:
            break
    return Page(f"{number:04}-{name}.{suffix}", _as_csv(text) if suffix == "csv" else text, frozenset(persons))


def pages(count: int = COUNT) -> tuple[Page, ...]:
    """Put a number of pages together."""
    return tuple(compose(number) for number in range(count))


def page() -> str:
    """Return a prompt of one page: a task and a pasted mail, about 900 code points."""
    return "次のメールを三行に要約してください。\n\n" + compose(COUNT, length=880, kind=0).text


def sentences(text: str) -> tuple[str, ...]:
    """Split a text at full stops and line ends."""
    return tuple(part for part in (piece.strip("・ \t\u3000") for piece in re.split(r"[。\r\n]+", text)) if part)


def write(folder: Path, count: int = COUNT) -> None:
    """Write the pages into a folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in pages(count):
        folder.joinpath(one.name).write_bytes(one.text.encode())


if __name__ == "__main__":
    write(Path(sys.argv[1]), *(int(count) for count in sys.argv[2:]))
