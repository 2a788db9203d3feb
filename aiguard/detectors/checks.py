"""Verify the check digits of identifiers. Each function takes a number without separators.

A check digit alone is weak evidence: one random number in ten passes each of these.
"""

from __future__ import annotations

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
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _issuer(number: str) -> bool:
    first, length = int(number[:4]), len(number)
    if length == 16:
        ranges = ((4000, 4999), (5100, 5599), (2221, 2720), (3528, 3589), (6011, 6011), (6440, 6599))
    elif length == 15:
        ranges = ((3400, 3499), (3700, 3799))
    else:
        ranges = ((3000, 3059), (3600, 3699), (3800, 3999))
    return any(low <= first <= high for low, high in ranges)


CHECKS: Mapping[str, Callable[[str], bool]] = {
    "my-number": my_number,
    "resident-code": resident_code,
    "corporate-number": corporate_number,
    "driver-license": driver_license,
    "insurer-number": insurer_number,
    "luhn": luhn,
}
