"""Make patterns of the statements a city asks for: with the AI in brackets, with its name bare, or without a name."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from aiguard.attribution import frames
from aiguard.attribution.names import MARK
from aiguard.text import fold

_LINK = "(?:及び|および|並びに|ならびに|と|、|,|・|/|&|\n){0,2}"
_MARKS = "※*・"
_PAIRS = dict(zip(fold("【[〔(「『<《〈{"), fold("】]〕)」』>》〉}"), strict=True))


class Form(NamedTuple):
    """Hold the pattern of a statement, its first group what names the AI; `slot` matches one name in brackets there.

    Without a name there is no group; `marked` says that it is matched on a text with marks for names.
    """

    whole: re.Pattern[str]
    slot: re.Pattern[str] | None = None
    named: bool = True
    marked: bool = False


@lru_cache(maxsize=32)
def compiled(form: str) -> Form:
    """Make the pattern of a form such as 「【{name}】により作成」, as it stands in a text without noise."""
    before, name, after = form.partition("{name}")
    before, after = _plain(before).lstrip(_MARKS), _plain(after).rstrip("。")
    if not name:
        return Form(_compile(_spelled(before.rstrip("。"))), named=False)
    if before[-1:] in _PAIRS and after[:1] == _PAIRS[before[-1:]]:
        opener, closer = re.escape(before[-1]), re.escape(after[0])
        slot = rf"{opener}[^{opener}{closer}]{{0,60}}{closer}"
        lead = f"{_spelled(before[:-1])}\n?" if before[:-1] else ""
        return Form(_compile(rf"{lead}((?:{slot}{_LINK}){{0,3}}{slot})\n?{_spelled(after[1:])}"), _compile(slot))
    if before and not after:
        return Form(_compile(rf"{_spelled(before)}\n?([^。\n]{{1,40}})(?![^。\n])"))
    if before:
        return Form(_compile(rf"{_spelled(before)}\n?([^。\n]{{0,40}}?)\n?{_spelled(after)}"))
    if after[0] in frames.OPENERS:  # what stands in brackets behind a name is taken for its version
        return Form(_compile(rf"(?<![^。\n{_MARKS}])([^。\n{_MARKS}]{{1,40}}?)\n?{_spelled(after)}"))
    return Form(_compile(rf"((?:{MARK}{_LINK}){{0,3}}{MARK})\n?{_spelled(after)}"), marked=True)


def brackets(form: str) -> str:
    """Return the brackets that a form has round the name of an AI, or nothing."""
    before, name, after = form.partition("{name}")
    return before[-1] + after[0] if name and before[-1:] and after[:1] == _PAIRS.get(before[-1:]) else ""


def words_after(form: str) -> str:
    """Return what of a form stands behind the name and its brackets, as it stands in a text without noise."""
    return _plain(form.partition("{name}")[2]).strip(frames.CLOSERS.replace("\\", "") + "。")


def _plain(text: str) -> str:
    return frames.NOISE.sub("", fold(text))


def _spelled(text: str) -> str:
    """Match words however they break over lines."""
    return r"\n?".join(map(re.escape, text))


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
