"""Write numbers as their formats show them where it matters: telephones and numbers that begin with a zero."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element

# The sections of a format: up to which value each holds, and its slots (True) and literals.
Mask: TypeAlias = tuple[tuple[float, tuple[tuple[bool, str], ...]], ...]

_TOKEN: Final = re.compile(r'\\(.)|"([^"]*)"|_.|([0#])|([-() ])')
_CONDITION: Final = re.compile(r"\[<(=?)([0-9]{1,15})\]")
_BRACKETS: Final = re.compile(r"\[(?:\$[^\]]*|[A-Za-z]+[0-9]*|DBNum[0-9])\]")
_LEAST: Final = 2  # slots: below that nothing is padded
_MOST: Final = 40  # characters of a format that is looked at
_WHOLE: Final = 10**15
_ERROR: Final = re.compile(rb'(<(?:\w+:)?c r="[A-Z]+[0-9]+"(?: s="[0-9]*")? t=")e(")')


def masks_of(styles: _Element) -> dict[int, Mask]:
    """Return how the styles of cells (by their index) pad numbers, those that do (ECMA-376 Part 1, 18.8.30, 18.8.10)."""
    codes = {each.get("numFmtId", ""): each.get("formatCode", "") for each in styles.iter("{*}numFmt")}
    formats = next(styles.iter("{*}cellXfs"), None)
    if formats is None:
        return {}
    known = {code: mask_of(code) for code in set(codes.values())}
    found = (known.get(codes.get(each.get("numFmtId", ""), "")) for each in formats.iterchildren("{*}xf"))
    return {index: mask for index, mask in enumerate(found) if mask}


def as_shown(data: bytes, masks: Mapping[int, Mask]) -> bytes:
    """Return the XML of a sheet with errors, and numbers of the styles in `masks`, as texts."""
    if b't="e"' in data:
        data = _ERROR.sub(rb"\1str\2", data)
    if not masks:
        return data
    styles = b"|".join(b"%d" % index for index in masks)
    cell = re.compile(
        rb'(<(?:\w+:)?c r="[A-Z]+[0-9]+" s="(' + styles + rb')")(?: t="n")?'
        rb"(>(?:<(?:\w+:)?f\b[^<>]*/>|<(?:\w+:)?f\b[^<>]*>[^<>]*</(?:\w+:)?f>)?<(?:\w+:)?v>)([0-9.E+]{1,20})(?=<)"
    )
    return cell.sub(partial(_padded, masks), data)


def formatted(value: int, mask: Mask) -> str:
    """Write a number (from 0) as a mask shows it, digits filled in from the right."""
    slots = next((slots for limit, slots in mask if value <= limit), mask[-1][1])
    digits = list(str(value))
    places = sum(is_slot for is_slot, _ in slots)
    written: list[str] = []
    for is_slot, character in reversed(slots):
        if not is_slot:
            written.append(character)
            continue
        places -= 1
        if places == 0:
            written += reversed(digits)  # the first slot takes all that are left
            written += character if character == "0" and not digits else ""
        elif digits:
            written.append(digits.pop())
        elif character == "0":
            written.append("0")
    return "".join(reversed(written)).strip()


def _padded(masks: Mapping[int, Mask], cell: re.Match[bytes]) -> bytes:
    try:
        value = float(cell[4])
    except ValueError:
        return cell[0]
    if not value.is_integer() or value >= _WHOLE:
        return cell[0]
    text = formatted(int(value), masks[int(cell[2])])
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    return b'%s t="str"%s%s' % (cell[1], cell[3], escaped.encode())


def mask_of(code: str) -> Mask | None:
    """Read a format of digits and literals, with conditions such as [<=999]; None for any other."""
    if len(code) > 4 * _MOST:
        return None
    sections: list[tuple[float, tuple[tuple[bool, str], ...]]] = []
    for section in code.split(";"):
        condition = _CONDITION.match(section)
        slots = _slots(_BRACKETS.sub("", section[condition.end() if condition else 0 :]))
        if slots is None:
            return None
        limit = int(condition[2]) - (not condition[1]) if condition else float("inf")
        sections.append((limit, slots))
        if not condition:
            break  # what follows is for negative numbers and texts
    return tuple(sections) if any(sum(is_slot for is_slot, _ in slots) >= _LEAST for _, slots in sections) else None


def _slots(section: str) -> tuple[tuple[bool, str], ...] | None:
    found: list[tuple[bool, str]] = []
    at = 0
    while at < len(section):
        token = _TOKEN.match(section, at)
        if token is None or len(found) > _MOST:
            return None
        at = token.end()
        if token[3]:
            found.append((True, token[3]))
        else:
            found += [(False, each) for each in (token[1] or token[2] or token[4] or "")]
    return tuple(found) if any(is_slot for is_slot, _ in found) else None
