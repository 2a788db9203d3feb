"""Verify what is written: check digits of numbers, digits of telephone numbers, days of the calendar.

A check takes a number without separators, a form takes the value as it stands in the view.
A check digit alone is weak evidence: one random number in ten passes each of these.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))


def _plain(number: str, *lengths: int) -> bool:
    """Tell whether the number is digits of a length that occurs, and not one digit repeated."""
    return number.isascii() and number.isdigit() and len(number) in lengths and len(set(number)) > 1


def my_number(number: str) -> bool:
    """Verify a 個人番号 (12 digits).

    Weights 6,5,4,3,2,7,6,5,4,3,2; the check digit is 0 where the remainder mod 11 is 0 or 1, else 11 minus it
    (行政手続における特定の個人を識別するための番号の利用等に関する法律に基づく省令: 平成26年総務省令第85号 第5条).
    """
    if not _plain(number, 12):
        return False
    rest = _weighted(number[:11], (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return int(number[11]) == (0 if rest <= 1 else 11 - rest)


def resident_code(number: str) -> bool:
    """Verify a 住民票コード (11 digits).

    Ten digits and a check digit (住民基本台帳法施行規則 第1条). The weights 5,4,3,2,7,6,5,4,3,2 mod 11 are not from
    the text of the notice: they fit every independent number at hand, so a failure is no proof.
    """
    if not _plain(number, 11):
        return False
    rest = _weighted(number[:10], (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return int(number[10]) == (0 if rest <= 1 else 11 - rest)


def corporate_number(number: str) -> bool:
    """Verify a 法人番号 (13 digits): the first digit is 9 minus the sum mod 9, weights 1,2 from the right.

    法人番号の指定等に関する省令 (平成26年財務省令第70号) 第2条.
    """
    if not _plain(number, 13):
        return False
    return int(number[0]) == 9 - _weighted(number[1:], (2, 1) * 6) % 9


def driver_license(number: str) -> bool:
    """Verify a 運転免許証番号 (12 digits): the 11th digit over the first ten, (11 - sum mod 11) mod 10.

    The first two digits are the code of a 公安委員会.
    """
    if not _plain(number, 12) or number[:2] not in _LICENSE_PREFIXES:
        return False
    return int(number[10]) == (11 - _weighted(number[:10], (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11) % 10


_LICENSE_PREFIXES = frozenset(
    "10 11 12 13 14 20 21 22 23 24 25 30 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 60 61 62 63 64 65 70 71 72"
    " 73 74 80 81 82 83 90 91 92 93 94 95 96 97".split()
)


def insurer_number(number: str) -> bool:
    """Verify a 保険者番号 (8 digits, or 6 for 国民健康保険): weights 2,1 from the right, digits of products added."""
    if not _plain(number, 6, 8):
        return False
    total = 0
    for place, digit in enumerate(reversed(number[:-1])):
        product = int(digit) * (2 if place % 2 == 0 else 1)
        total += product // 10 + product % 10
    return int(number[-1]) == (10 - total % 10) % 10


def luhn(number: str) -> bool:
    """Verify a payment card number (ISO/IEC 7812-1): 14 to 16 digits, a known issuer, and the Luhn formula."""
    if not _plain(number, 14, 15, 16) or not _issuer(number):
        return False
    total = 0
    for place, digit in enumerate(reversed(number)):
        product = int(digit) * (2 if place % 2 else 1)
        total += product // 10 + product % 10
    return total % 10 == 0


_ISSUERS = {
    14: ((3000, 3059), (3600, 3699), (3800, 3999)),
    15: ((3400, 3499), (3700, 3799)),
    16: ((2221, 2720), (3528, 3589), (4000, 4999), (5100, 5599), (6011, 6011), (6440, 6599)),
}


def _issuer(number: str) -> bool:
    first = int(number[:4])
    return any(low <= first <= high for low, high in _ISSUERS[len(number)])


def phone(number: str) -> bool:
    """Tell whether digits make a telephone number that a person may have.

    0AB-J numbers have 10 digits, 050, 060, 070, 080 and 090 have 11 (電気通信番号計画, 令和元年総務省告示第6号).
    Free and shared-cost numbers (0120, 0800, 0570, 0990) are of organisations. +81 stands for the first 0.
    """
    if re.fullmatch("81[0-9]{9,10}", number):
        number = f"0{number[2:]}"
    if not _plain(number, 10, 11) or number.startswith(("0120", "0800", "0570", "0990")):
        return False
    return bool(re.fullmatch("0[5-9]0[0-9]{8}|0(?![5-9]0)[1-9][0-9]{8}", number))


def varied(number: str) -> bool:
    """Tell whether a number without a known check digit is more than one digit repeated."""
    return len(set(number)) > 1


# The first year of each era, by its kanji, its letter and its code.
_ERAS = {
    sign: year
    for signs, year in (("明M1", 1868), ("大T2", 1912), ("昭S3", 1926), ("平H4", 1989), ("令R5", 2019))
    for sign in signs
}
_DATE = re.compile(
    r"(?:([明大昭平令MTSHR])[^0-9元]{0,2})?([0-9]{1,4}|元)[^0-9]{1,4}([0-9]{1,2})[^0-9]{1,3}([0-9]{1,2})"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH_DATE = re.compile(
    r"(?:(?P<day>[0-9]{1,2})[a-z]{0,2} (?P<month>[a-z]{3})[a-z]*|(?P<first>[a-z]{3})[a-z]*\.? (?P<second>[0-9]{1,2})[a-z]{0,2})"
    r"[.,]{0,2} (?P<year>[0-9]{4})"
)
_CODED = re.compile(r"([1-5MTSHR])([0-9]{2})([0-9]{2})([0-9]{2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_SHORT_DATE = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{1,2})")
_PLAIN_DATE = re.compile(r"([12][0-9]{3})([0-9]{2})([0-9]{2})")


def birth_date(value: str) -> bool:
    """Tell whether a value is a day since 1868: 昭和45年3月1日, S45.3.1, 1970/03/01, 19700301, 3450301, 1 Mar 1970.

    In the coded form, the first digit is the era: 1 明治, 2 大正, 3 昭和, 4 平成, 5 令和. So is 1/3/1970, and 45.3.1,
    whose era is 昭和 where none is written.
    """
    text = re.sub(r"\s", "", value.upper())
    return _in_figures(text) or _in_words(value, text)


def _in_figures(text: str) -> bool:
    if match := _DAY_FIRST.fullmatch(text):
        year = int(match[3])
        return _is_day(year, match[2], match[1]) or _is_day(year, match[1], match[2])
    match = _SHORT_DATE.fullmatch(text)
    return match is not None and _is_day(_ERAS["昭"] + int(match[1]) - 1, match[2], match[3])


def _in_words(value: str, text: str) -> bool:
    if match := _ENGLISH_DATE.fullmatch(value.lower()):
        name = match["month"] or match["first"]
        return name in _MONTHS and _is_day(int(match["year"]), _MONTHS.index(name) + 1, match["day"] or match["second"])
    if match := _PLAIN_DATE.fullmatch(text):
        return _is_day(int(match[1]), match[2], match[3])
    if match := _CODED.fullmatch(text):
        return _is_day(_ERAS[match[1]] + int(match[2]) - 1, match[3], match[4])
    if not (match := _DATE.match(text)):
        return False
    year = 1 if match[2] == "元" else int(match[2])
    return _is_day(_ERAS[match[1]] + year - 1 if match[1] else year, match[3], match[4])


def _is_day(year: int, month: int | str, day: str) -> bool:
    try:
        return date(year, int(month), int(day)).year >= _FIRST_YEAR
    except ValueError:
        return False


_FIRST_YEAR = 1868
_PARTS = str.maketrans("", "", " -・./()+第号*_,")

CHECKS: Mapping[str, Callable[[str], bool]] = {
    "my-number": my_number,
    "resident-code": resident_code,
    "corporate-number": corporate_number,
    "driver-license": driver_license,
    "insurer-number": insurer_number,
    "luhn": luhn,
    "phone": phone,
    "varied": varied,
}
FORMS: Mapping[str, Callable[[str], bool]] = {"birth-date": birth_date}
NAMES = (*CHECKS, *FORMS)
# The checks that rest on a check digit: a wrong number seldom passes.
CHECKED = frozenset(("my-number", "resident-code", "driver-license", "luhn"))


def bare(value: str) -> str:
    """Return a number without what parts it."""
    return value.translate(_PARTS)


def verify(name: str, value: str) -> bool:
    """Apply the check or form called `name` to a value as it is written."""
    return FORMS[name](value) if name in FORMS else CHECKS[name](bare(value))
