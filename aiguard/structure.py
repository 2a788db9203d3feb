"""Part a prompt into the task (what is asked) and the material (what was pasted or listed for it).

The same word weighs differently in both: a stamp in the material marks it, the same stamp in a question is talked
about. Positions are code points in the source. The parting is by form alone, so it is right for the usual ways to write
a prompt and never worse than no parting: text without a request is all material, a lone line all task.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_left, bisect_right
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from aiguard.model import Span
from aiguard.tables import lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PASTED = 16
_QUOTED = 20
_LONG = 80
_FEW = 6
_NEAR = 50
_OPENERS = {"「": "」", "『": "』", "“": "”"}
_PLAIN_QUOTE = re.compile(r'"[^"\n]{20,}"|```.*?```|"""[^\n]*\n.*?"""', re.DOTALL)
_REQUEST = re.compile(
    r"ください|下さい|ほしい|欲しい|もらえ|もらい(?:たい|ます)|くれ(?:る|ます|ません|ない)|いただけ|いただきたい|頂け|お願い|おねがい"
    r"|教えて|知りたい|したい|[きぎしちにびみりえけげせてねべめれ]たい(?:です|の|。|$)|(?:です|ます|せん|でしょう)か|[?？]|\b[Pp]lease\b"
    r"|(?:[いきしちっえけげせてねべめれ]て|んで|いで)(?:ね|よ|ちょうだい|くれ)?(?=[。！!…:：]*$|[（(])"
)
_ELLIPSIS = re.compile(
    r"(?:を|に|へ|で|案|個|つ|本|通り|種類|文|表|版|分|式|方法|やり方|まで|希望|よろしく|依頼)[。！!…]*$"
)
# What one asks of an assistant and hardly of the reader of a pasted list.
_ORDER = re.compile(
    r"(?:作っ|書い|考え|挙げ|教え|直し|要約し|決め|選ん|答え|まとめ|整え|訳し|並べ)[てで](?:[。！!]|$|くだ|ほし|下さ)"
)
_CLOSING = re.compile(
    r"よろしくお願い|宜しくお願い|何卒|取り急ぎ|ご査収"
    r"|ご(?:確認|回答|返信|連絡|協力|了承|参加|出席|提出)(?:を|の|く|い|お|下)"
)
_ITEM = re.compile(
    r"\s*(?:[・･●○◆◇■□▼▽*＊※#＃>＞|｜]|[-－ー–—][\s　]|[(（〔【\[［]|No\.|[①-⑳]|[^\s。、]{1,12}[:：]"
    r"|[0-9０-９]{1,3}[.)．）、\s　]|[一二三四五六七八九十]{1,2}[、．　\s]"
    r"|第[0-9０-９一二三四五六七八九十]+[条章回項　\s])"
    r"|[^\n]*[\t|｜]|[^。\n]*,[^。\n]*,[^。\n]*,"
)
_POINTER = re.compile(
    r"[↑↓]|以下|下記|下の|次の|上の|上記|この(?:文|資料|通知|メモ|表|内容|記事|メール|一覧)|これ[をは]|先ほど"
)
_TAIL = re.compile(
    r"(?:て|ください|下さい|お願いします|翻訳|要約|英訳|校正|添削|English)[。]?[\s　]*[:：→⇒][\s　]*(?=\S{12})"
)
# A closing bracket ends a stamp: what follows it is a title, unless it asks at once (【秘】とは).
_LEAD = r"(?:[」』\"]|[】）)](?=とは|って|の違い|の意味|という))?"
_CONCEPT = re.compile(
    _LEAD + r"[^。\n】）)]{0,30}?(?:とは(?!限|別|異|言|いえ|思|いか)|って(?:何|なに|なん|どう|どんな)"
    r"|(?:の|など)(?:違い|意味|定義|語源|訳語)(?!です|だ|でし)|という(?:語|言葉|用語|表現|言い方))"
    r"|" + _LEAD + r"[^。\n】）)]{0,8}?(?:の(?:区分|考え方|仕組み|概念|種類)(?!です|だ|でし)"
    r"|について[^。\n]{0,14}(?:説明|解説|教えて|知りたい|学))"
    r"|[」』\"](?:を|は)?(?:自然な)?英語"
)
_ASKING = re.compile(r"か(?:[。？?]|$|を)|[？?]")
_HOW = re.compile(
    r"[」』\"]?[^。\n】）)]{0,14}?の(?:作り方|書き方|付け方|つけ方|決め方|扱い方|使い方|取扱い方|管理方法|保管方法"
    r"|見分け方|防ぎ方|ひな形|ひな型|雛形|様式|書式|例文)(?!です|だ|でし)"
)
_MAY = re.compile(
    r"(?:入力|記載|送信|生成|作成|引用|掲載|持ち出|貼り付け|共有|公開|使用|利用|AIに入れ)"
    r"(?:し|さ|り)?(?:て|ては|ても|で|が|を)?(?:は|も)?"
    r"(?:いけな|ならな|なら(?:ず|ぬ)|禁止(?:の|して|され|する|と|を|です|だ|事|情)|だめ|ダメ|よい(?:か|の)|いい(?:か|の|です)"
    r"|良い(?:か|の)|できる(?:か|の|範囲)|可能か|しない(?:で|よう|こと))"
)


class Parts(Struct, frozen=True):
    """Hold the spans of the task and of the material, ascending; `pasted`: there is more material than a phrase."""

    task: tuple[Span, ...]
    material: tuple[Span, ...]
    pasted: bool

    def end(self, at: int, end: int) -> int:
        """Return where what the prompt says itself from `at` on ends: at `end`, or where material begins before."""
        i = bisect_left(self.material, Span(at, at))
        return min(end, self.material[i].start) if i < len(self.material) else end

    def place(self, at: int) -> str:
        """Name the part that holds a position: "task" or "material"."""
        i = bisect_right(self.material, Span(at, sys.maxsize)) - 1
        return "material" if i >= 0 and at < self.material[i].end else "task"


@lru_cache(maxsize=2)
def parts(source: str) -> Parts:
    """Part a prompt; spans of the task and of the material cover the text but for quotation marks and line ends.

    The last ones are kept: rules, the use and the explanation all ask for those of the same text.
    """
    quotes = tuple(_quotes(source))
    rows = [line for line in lines(source) if source[line.start : line.end].strip()]
    asking = _task_lines(source, rows, quotes)
    task: list[Span] = []
    material = list(quotes)
    for line in rows:
        rest = _outside(line, quotes)
        if line in asking:
            tail = _TAIL.search(source, line.start, line.end)
            cut = tail.end() if tail and line.end - tail.end() > PASTED else line.end
            task += (Span(span.start, min(span.end, cut)) for span in rest if span.start < cut)
            material += (Span(max(span.start, cut), span.end) for span in rest if span.end > cut)
        else:
            material += rest
    pasted = sum(span.end - span.start for span in material) >= PASTED
    return Parts(tuple(task), tuple(sorted(material)), pasted)


def asked(source: str, sentence: Span, word: Span, *, stamp: bool = False) -> bool:
    """Tell whether a sentence asks what a word means or whether something is allowed, instead of using the word.

    What a stamp itself forbids is no question: 「【部外秘】生成AIへの入力は禁止」.
    """
    if _CONCEPT.match(source, _behind(source, word), sentence.end):
        return True
    may = _MAY.search(source, sentence.start, sentence.end)
    return bool(may) and not (stamp and not _ASKING.search(source, word.end, sentence.end))


def asked_how(source: str, sentence: Span, word: Span) -> bool:
    """Tell whether a sentence asks how such a thing is written, made or handled: 「庁内限りの通知の書き方」."""
    return bool(_HOW.match(source, _behind(source, word), sentence.end))


def _behind(source: str, word: Span) -> int:
    """Return where the text behind a word begins; a word that took in の gives it back."""
    return word.end - (word.end > word.start and source[word.end - 1] == "の")


def _task_lines(source: str, rows: Sequence[Span], quotes: Sequence[Span]) -> set[Span]:
    """Return the lines that ask: the lone line, those that ask at the top and at the foot, and those that point."""
    if len(rows) <= 1:
        return set(rows)

    @cache
    def asks(row: Span) -> bool:
        return _asks(source, row, quotes)

    pointing = rows if quotes or _POINTER.search(source) else ()
    found = {row for row in pointing if _POINTER.search(_plain(source, row, quotes)) and asks(row)}
    for i, row in enumerate(rows):
        if not asks(row) or (i and _apart(source, rows[i - 1], row)):
            break
        found.add(row)
    for row in reversed(rows):
        if not (asks(row) or _elliptic(source, row)) or _CLOSING.search(source, row.start, row.end):
            break
        if found and row.end - row.start > _LONG:
            break
        found.add(row)
    if not found and not _ITEM.match(source, rows[0].start, rows[0].end):
        found.add(rows[0])
        found.update(_orders(source, rows))
    return found


def _orders(source: str, rows: Sequence[Span]) -> Sequence[Span]:
    """Return the list under a heading that points at nothing, where the list itself holds the orders: 「1 案を作って」."""
    listed = rows[1:]
    if _POINTER.search(source, rows[0].start, rows[0].end) or len(listed) > _FEW:
        return ()
    items = all(_ITEM.match(source, row.start, row.end) for row in listed)
    return listed if items and any(_ORDER.search(source, row.start, row.end) for row in listed) else ()


def _apart(source: str, before: Span, row: Span) -> bool:
    """Tell whether a line begins anew: behind a blank line, or indented as a paragraph of a text is."""
    return source[before.end : row.start].count("\n") > 1 or source[row.start] in "\u3000 "


def _asks(source: str, row: Span, quotes: Sequence[Span]) -> bool:
    """Tell whether a line holds a request outside quotations; items of a list ask nothing."""
    if _ITEM.match(source, row.start, row.end) and not _POINTER.search(source, row.start, row.end):
        return False
    text = _plain(source, row, quotes)
    return any(_REQUEST.search(sentence) for sentence in re.split(r"(?<=[。！？])", text) if sentence.strip())


def _elliptic(source: str, row: Span) -> bool:
    return not _ITEM.match(source, row.start, row.end) and bool(_ELLIPSIS.search(source[row.start : row.end].rstrip()))


def _plain(source: str, row: Span, quotes: Sequence[Span]) -> str:
    return "".join(source[span.start : span.end] for span in _outside(row, quotes)).strip()


def _outside(row: Span, quotes: Sequence[Span]) -> tuple[Span, ...]:
    """Return what of a line stands outside the quotations."""
    at = row.start
    rest = []
    for i in range(bisect_right(quotes, row.start, key=lambda quote: quote.end), len(quotes)):
        quote = quotes[i]
        if quote.start >= row.end:
            break
        if quote.start > at:
            rest.append(Span(at, quote.start))
        at = max(at, quote.end)
    if at < row.end:
        rest.append(Span(at, row.end))
    return tuple(rest)


def _quotes(source: str) -> Iterator[Span]:
    """Yield the long quotations, outermost only, without their marks."""
    done = 0
    found = sorted([*_bracketed(source), *(Span(m.start() + 1, m.end() - 1) for m in _PLAIN_QUOTE.finditer(source))])
    for span in found:
        if span.start >= done:
            done = span.end
            yield span


def _bracketed(source: str) -> Iterator[Span]:
    open_marks: list[tuple[str, int]] = []
    for match in re.finditer("[「『“」』”]", source):
        mark = match.group()
        if mark in _OPENERS:
            open_marks.append((_OPENERS[mark], match.end()))
        elif open_marks and open_marks[-1][0] == mark:
            start = open_marks.pop()[1]
            if not open_marks and match.start() - start > _QUOTED:
                yield Span(start, match.start())
