"""Fold values so that the ways to write the same one compare equal."""

from __future__ import annotations

import re
import unicodedata

_HYPHENS = r"\-‐‑‒–—―−─━ー"
_NUMERALS = "〇一二三四五六七八九"
_PHONE_DIGITS = str.maketrans(f"{_NUMERALS}零", "01234567890")
_NOT_DIGIT = re.compile(r"\D")
_ABROAD = re.compile(r"\W*\+\W*81")
_GAPS = re.compile(rf"[\s{_HYPHENS}]+")
_BEFORE_TOWN = re.compile(
    rf"^〒?(?:\d{{3}}[{_HYPHENS}]\d{{4}}|(?<=〒)\d{{7}})?(?:北海道|東京都|大阪府|京都府|[^\W\d_]{{2,3}}県)?"
)
_KANJI_NUMBER = re.compile(
    rf"([一-九]?)十([一-九]?)(?=丁目|番|号)|[{_NUMERALS}]+(?=丁目|番|号)".replace("一-九", _NUMERALS[1:])
)
_UNITS = re.compile(rf"(?:丁目|番地|番|号|[{_HYPHENS}])+|(?<=\d)の(?=\d)")


def comparable(value: str, entity: str | None) -> str:
    """Return what a value of an entity is compared by; the empty string compares with nothing."""
    value = unicodedata.normalize("NFKC", value).casefold()
    if entity == "ADDRESS":
        return _address(value)
    if entity == "PHONE":
        return _phone(value)
    return _NOT_DIGIT.sub("", value) if entity == "CORPORATE_NUMBER" else _GAPS.sub("", value)


def _phone(value: str) -> str:
    digits = _NOT_DIGIT.sub("", value.translate(_PHONE_DIGITS))
    return "0" + digits[2:].lstrip("0") if _ABROAD.match(value) else digits


def _address(value: str) -> str:
    """Write 千葉県流山市平和台一丁目1番地の1 as 流山市平和台1-1-1: the numbers keep their limits."""
    value = _BEFORE_TOWN.sub("", "".join(value.split()), count=1)
    return _UNITS.sub("-", _KANJI_NUMBER.sub(_arabic, value)).replace("-の", "-").strip("-")


def _arabic(found: re.Match[str]) -> str:
    """Write a number of numerals: 十二 is 12, 二十三 is 23, 一〇 is 10."""
    if "十" not in found[0]:
        return "".join(str(_NUMERALS.index(char)) for char in found[0])
    tens, ones = (_NUMERALS.index(found[part]) if found[part] else None for part in (1, 2))
    return f"{tens or 1}{ones or 0}"
