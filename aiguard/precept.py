"""Recognise precepts: sentences that say what must not be entered or done, and lists under such a heading.

A guideline, a training hand-out and their paraphrases name every kind of secret without holding one. What points at a
text of its own (この資料は部外秘なので…) or stamps it is no precept, nor is a sentence with figures.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiguard.model import Document, Hit

_ABOUT_AI = re.compile("AI|ＡＩ|プロンプト|ガイドライン|チャット")
_FORBIDS = re.compile(
    r"(?:入力|入れ|含め|書き込|貼り|送信|送ら|使|作|任せ|利用|扱|共有|公開|対象|しては|することは)[^。\n]{0,24}?"
    r"(?:いけ(?:ない|ません|ぬ)|ならない|なりません|ないで(?!き)|ないこと|ないよう|禁止|不可|だめ|ダメ|できません|外します|対象外|控え|避け|べきで(?:は|な)"
    r"|入れません|入力しません|使いません|含めません)"
)
_HEADING = re.compile(
    r"(?:入力|入れ|やっ|使っ|し|書い)て?(?:は)?(?:いけない|ならない|だめな|ダメな)(?:もの|こと|情報|内容|例)"
    r"|禁止(?:事項|されていること|する(?:もの|こと|行為))|入力(?:禁止|不可)(?:の|な)?(?:もの|情報|内容)?|入力できない(?:もの|情報|内容)|NG(?:例|集)"
)
_ITEM = re.compile(
    r"[\s　]*(?:[・･●○◆◇■□＊*※>＞]|[-－–—]|[0-9０-９①-⑳ア-ン]{1,3}[.)．）、\s　]|[(（][0-9０-９ア-ン]{1,2}[)）])"
)
_POINTS = re.compile(
    "(?:この|本|以下の?|次の|下記の?|上記の?|添付の?|別紙の?)[^。、\n]{0,10}(?:資料|文書|文章|文|メール|内容|情報|メモ|表|計画|案|データ|一覧|議事録)"
)
_FIGURES = re.compile(r"[0-9０-９]{3,}|[0-9０-９]+ ?(?:円|億|万|%|％|名|人|件|月|日|時)")
_SHORT = 80  # code points: a precept that stands alone need not name AI
_ABOVE = 12  # lines over an item that its heading may stand
_SENTENCE_ENDS = "。\n"


def without_precepts(document: Document, hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Drop the hits without an entity that lie in a precept of a text about AI, or of a short one."""
    about = [len(each.source) < _SHORT or bool(_ABOUT_AI.search(each.source)) for each in document.segments]
    return tuple(hit for hit in hits if not about[hit.segment] or not _is_precept(document, hit))


def _is_precept(document: Document, hit: Hit) -> bool:
    if hit.rule.entity is not None or hit.rule.kind == "notice":
        return False
    source = document.segments[hit.segment].source
    start = max(source.rfind(mark, 0, hit.span.start) for mark in _SENTENCE_ENDS) + 1
    ends = [at for mark in _SENTENCE_ENDS if (at := source.find(mark, max(hit.span.start, hit.span.end - 1))) >= 0]
    sentence = source[start : min(ends, default=len(source))]
    if _POINTS.search(sentence) or _FIGURES.search(sentence):
        return False
    return bool(_FORBIDS.search(sentence)) or _is_listed(source, hit.span.start)


def _is_listed(source: str, at: int) -> bool:
    """Tell whether a place is in a list under a heading that forbids; items below it, and a gap ends the list."""
    above = source[: source.find("\n", at) if source.find("\n", at) >= 0 else len(source)].split("\n")[-_ABOVE:]
    if not _ITEM.match(above[-1]):
        return False
    for line in reversed(above[:-1]):
        if _HEADING.search(line):
            return True
        if not _ITEM.match(line):
            return False
    return False
