"""Check digits tell written numbers from mistyped ones: published vectors, made numbers, and each single mistake."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiguard.detectors.checks import CHECKS, FORMS, NAMES, bare, birth_date, verify

GOOD = {
    "my-number": ("123456789018", "983205673214", "465281266333", "548836529885", "454972364860", "507957100721"),
    "resident-code": ("24727059608", "24846016224", "25208017643"),
    "corporate-number": ("1000020122203", "7123456789012", "4011001098993", "8700110005901", "5835678256246"),
    "driver-license": ("309012345620", "440500001310", "440500000500"),
    "insurer-number": ("33120015", "01040013", "01130012", "138016"),
    "luhn": ("4111111111111111", "5555555555554444", "3566002020360505", "378282246310005", "30569309025904"),
    "phone": ("0471501234", "0312345678", "09012345678", "05012345678", "06012345678"),
    "varied": ("1112", "12"),
}
BAD = {
    "my-number": ("123456789010", "507957100722", "111111111111", "12345678901", "1234567890180", "12345678901８", ""),
    "resident-code": ("25208017644", "12345678901", "00000000000"),
    "corporate-number": ("1234567890123", "0000020122203", "1000020122204"),
    "driver-license": ("309012345630", "009012345620", "159012345620"),
    "insurer-number": ("33120014", "3312001", "138017"),
    "luhn": ("4111111111111112", "0000000000000000", "9999999999999995", "378282246310006"),
    "phone": ("0120123456", "08001234567", "0570123456", "1234567890", "0012345678", "0901234567", "04715012345"),
    "varied": ("1111", "0"),
}
# Where one digit of a number of so many is the check digit; the last digit of a licence counts re-issues.
CHECK_PLACES = {"my-number": 11, "resident-code": 10, "corporate-number": 0, "driver-license": 10, "insurer-number": 7}


def _with_check_digit(name: str, digits: str) -> list[str]:
    """Return the numbers made of `digits` that have a right check digit in its place."""
    at = CHECK_PLACES[name]
    return [made for digit in "0123456789" if verify(name, made := digits[:at] + digit + digits[at:])]


def test_every_check_has_its_vectors() -> None:
    assert set(GOOD) == set(BAD) == set(CHECKS)
    assert set(NAMES) == {*CHECKS, *FORMS}


@pytest.mark.parametrize(("name", "number"), [(name, number) for name, numbers in GOOD.items() for number in numbers])
def test_right_numbers_pass(name: str, number: str) -> None:
    assert verify(name, number)


@pytest.mark.parametrize(("name", "number"), [(name, number) for name, numbers in BAD.items() for number in numbers])
def test_wrong_numbers_fail(name: str, number: str) -> None:
    assert not verify(name, number)


def _my_number(digits: str) -> str:
    """Append the check digit as the ordinance words it: Q(n) is n + 1 up to the sixth digit, n - 5 from the seventh."""
    rest = sum(int(digit) * (n + 1 if n <= 6 else n - 5) for n, digit in enumerate(reversed(digits), 1)) % 11
    return digits + str(0 if rest <= 1 else 11 - rest)


def _corporate_number(digits: str) -> str:
    """Put the check digit first: digits at even places from the right count twice."""
    total = sum(int(digit) * (1 if n % 2 else 2) for n, digit in enumerate(reversed(digits), 1))
    return str(9 - total % 9) + digits


def _card_number(digits: str) -> str:
    """Append the Luhn digit: every second digit from the right, from the last on, is doubled and its digits added."""
    total = sum(sum(divmod(int(digit) * (2 - n % 2), 10)) for n, digit in enumerate(reversed(digits)))
    return digits + str(-total % 10)


@given(st.from_regex("[0-9]{11}", fullmatch=True).filter(lambda digits: len(set(digits)) > 1))
def test_my_numbers_made_by_the_ordinance_pass(digits: str) -> None:
    assert verify("my-number", _my_number(digits))


@given(st.from_regex("[0-9]{12}", fullmatch=True).filter(lambda digits: len(set(digits)) > 1))
def test_corporate_numbers_made_by_the_ordinance_pass(digits: str) -> None:
    assert verify("corporate-number", _corporate_number(digits))


@given(st.from_regex("4[0-9]{14}", fullmatch=True).filter(lambda digits: len(set(digits)) > 1))
def test_card_numbers_made_by_luhn_pass_and_one_changed_digit_fails(digits: str) -> None:
    number = _card_number(digits)
    assert verify("luhn", number)
    for at in range(1, len(number)):
        assert not verify("luhn", number[:at] + str((int(number[at]) + 1) % 10) + number[at + 1 :])


@pytest.mark.parametrize("name", sorted(CHECK_PLACES))
@given(data=st.data())
def test_one_check_digit_in_ten_is_right(name: str, data: st.DataObject) -> None:
    length = len(GOOD[name][0]) - 1
    digits = data.draw(st.from_regex(f"4[0-9]{{{length - 1}}}", fullmatch=True).filter(lambda text: len(set(text)) > 1))
    assert len(_with_check_digit(name, digits)) == 1


@pytest.mark.parametrize("name", ["my-number", "resident-code"])
def test_one_digit_changed_fails(name: str) -> None:
    """Modulo 11, with remainders 0 and 1 sharing a check digit, only a check digit of 0 may miss a mistake."""
    for number in (number for number in GOOD[name] if number[-1] != "0"):
        for at in range(len(number)):
            for step in range(1, 10):
                changed = number[:at] + str((int(number[at]) + step) % 10) + number[at + 1 :]
                assert not verify(name, changed)


@pytest.mark.parametrize(
    ("written", "number"),
    [("1234 5678 9018", "123456789018"), ("1234-5678-9018", "123456789018"), ("(04)7150-1234", "0471501234")],
)
def test_what_parts_a_number_does_not_count(written: str, number: str) -> None:
    assert bare(written) == number


@pytest.mark.parametrize(
    "value",
    [
        "昭和45年3月1日", "昭和 45年 3月 1日", "S45.3.1", "s45/3/1", "1970/03/01", "1970-3-1", "19700301", "3450301",
        "S450301", "令和元年5月1日", "平成31年4月30日", "2024年2月29日", "明治45年7月30日", "昭 和 45 年 3 月 1 日",
        "1 Mar 1970", "March 1, 1970", "2nd Feb. 2001",
    ],
)  # fmt: skip
def test_days_of_the_calendar_are_dates_of_birth(value: str) -> None:
    assert birth_date(value)


@pytest.mark.parametrize(
    "value",
    [
        "昭和45年13月1日",
        "1970/02/30",
        "2023年2月29日",
        "19701301",
        "3451301",
        "1234/5/6",
        "12345",
        "",
        "昭和",
        "30 Feb 1970",
        "1 Mai 1970",
    ],
)
def test_no_other_days_are(value: str) -> None:
    assert not birth_date(value)


@given(st.dates(dt.date(1868, 1, 1), dt.date(2100, 1, 1)))
def test_every_day_since_1868_passes_in_the_western_forms(day: dt.date) -> None:
    assert birth_date(f"{day.year}年{day.month}月{day.day}日")
    assert birth_date(f"{day:%Y/%m/%d}")
    assert birth_date(f"{day:%Y%m%d}")


@given(st.text("0123456789明昭令SHT年月日元./- ", max_size=16))
def test_no_value_breaks_a_check(value: str) -> None:
    assert all(verify(name, value) in {True, False} for name in NAMES if value or name != "varied")
