"""Tell which names of a text are one person's, and what part of the name each of them is.

Only what stands in the text counts: a shorter name belongs to the one full name that begins or ends with it, a
reading to the name that it stands beside. Where two full names would fit, the short one stays a person of its own:
a wrong link would tell the AI something that the text does not say.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from aiguard.mask.labels import FAMILY, GIVEN, READING, ROMAJI

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aiguard.model import Found

_TO_KATAKANA = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)}
_KANA = re.compile("[ァ-ヺー・=]+")
_ROMAJI = re.compile("[a-z.,・=-]+")
_PARTS = re.compile(r"[\s\u3000・=＝,]+")
_LONGEST_GAP = 24
# What stands between a name and its reading: marks, a bracket behind an honorific, words that announce one of the two.
_ANNOUNCED = "フリガナ|ふりがな|カナ|かな|よみがな|ヨミガナ|よみ|ヨミ|読み(?:仮名|方)?|ローマ字|(?:お|ご)?(?:氏名|名前|芳名)|姓名"
_BESIDE = re.compile(
    rf"(?:さん|さま|様|氏|殿|君|くん|ちゃん)?(?:[\s\u3000,，;；(（)）\[\]［］|｜:：/／「」\"'*＊＜＞<>-]|{_ANNOUNCED})*"
)
_NAMED = re.compile(_ANNOUNCED)
_HONOURED = re.compile(r"さん|さま|様|氏|殿|君|くん|ちゃん")
_READING_LEAST = 2


class Lexicons(NamedTuple):
    """Hold family and given names, in kanji or as written, and in katakana; and the usual forms of rare characters."""

    families: frozenset[str] = frozenset()
    givens: frozenset[str] = frozenset()
    variants: Mapping[str, str] = {}

    def folded(self, name: str) -> str:
        """Return what names are compared by: no spaces, one width, one kana, small letters, usual characters."""
        plain = "".join(unicodedata.normalize("NFKC", name).split()).casefold().translate(_TO_KATAKANA)
        return "".join(self.variants.get(character, character) for character in plain)

    def family(self, name: str) -> bool:
        """Tell whether the name is a family name and no given name."""
        return name in self.families and name not in self.givens

    def given(self, name: str) -> bool:
        """Tell whether the name is a given name and no family name."""
        return name in self.givens and name not in self.families


class Person(NamedTuple):
    """Say whose name it is, as the name that stands for the person, and which part of it: its roles."""

    key: str
    roles: tuple[str, ...]


def identify(found: Sequence[Found], text: str, lexicons: Lexicons) -> dict[str, Person]:
    """Say for each written name of a text whose it is; names that differ in width, spaces or kana only are one."""
    keys = {one.text: lexicons.folded(one.text) for one in found}
    cuts = _cuts(keys, lexicons)
    order = list(dict.fromkeys(keys.values()))
    partners = _partners(found, text, keys)
    people: dict[str, Person] = {}
    for kind in ("", READING, ROMAJI):
        same = [key for key in order if _script(key) == kind]
        people |= _shorts(same, cuts, lexicons, kind)
    for reading, name in partners.items():
        people = _married(people, reading, name)
    return {name: _alone_in_kana(people[key]) for name, key in keys.items()}


def _alone_in_kana(person: Person) -> Person:
    """Call nothing a reading that is the reading of no name: names of foreigners, and those only said."""
    kind = _script(person.key)
    return Person(person.key, tuple(role for role in person.roles if role != kind))


def _script(key: str) -> str:
    """Return the role of names written in kana or Latin letters only, or an empty string."""
    return READING if _KANA.fullmatch(key) else ROMAJI if _ROMAJI.fullmatch(key) else ""


def _cuts(keys: dict[str, str], lexicons: Lexicons) -> dict[str, set[int]]:
    """Return where full names are parted by a space or a mark, as lengths of the family name."""
    cuts: dict[str, set[int]] = {}
    for name, key in keys.items():
        parts = [lexicons.folded(part) for part in _PARTS.split(name.strip()) if part]
        if len(parts) > 1 and len(name.strip()) > len(parts):
            cuts.setdefault(key, set()).add(len(parts[0]))
    return cuts


def _shorts(order: list[str], cuts: dict[str, set[int]], lexicons: Lexicons, kind: str) -> dict[str, Person]:
    """Link the shorter names of one script to the only full name that holds them."""
    people: dict[str, Person] = {}
    last = (kind,) if kind else ()
    longer = _longer(order)
    for key in sorted(order, key=len, reverse=True):
        roles = {full: _part_of(key, full, cuts, lexicons) for full in longer.get(key, ()) if people[full].key == full}
        owners = [(full, role) for full, role in roles.items() if role]
        if len(owners) == 1:
            people[key] = Person(owners[0][0], (owners[0][1], *last))
        else:
            people[key] = Person(key, (*_alone(key, cuts, lexicons), *last))
    return people


def _longer(order: list[str]) -> dict[str, dict[str, None]]:
    """Return, for each name, the longer ones that begin or end with it."""
    longer: dict[str, dict[str, None]] = {key: {} for key in order}
    for full in order:
        for cut in range(1, len(full)):
            for part in (full[:cut], full[cut:]):
                if part in longer:
                    longer[part][full] = None
    return longer


def _part_of(key: str, full: str, cuts: dict[str, set[int]], lexicons: Lexicons) -> str:
    """Return which part of a full name a shorter one is, or an empty string."""
    rest = len(full) - len(key)
    if rest < 1:
        return ""
    known = cuts.get(full)
    if full.startswith(key) and (len(key) in known if known else _fits(key, full, lexicons.families)):
        return FAMILY
    if full.endswith(key) and (rest in known if known else _fits(key, full, lexicons.givens)):
        return GIVEN
    return ""


def _fits(key: str, full: str, lexicon: frozenset[str]) -> bool:
    """Tell whether a name can be cut there: half of it or so, or a part that the lexicon knows."""
    return key in lexicon or min(len(key), len(full) - len(key)) > 1


def _alone(key: str, cuts: dict[str, set[int]], lexicons: Lexicons) -> tuple[str, ...]:
    """Return the role of a name that belongs to no longer one."""
    if key in cuts:
        return ()
    return (FAMILY,) if lexicons.family(key) else (GIVEN,) if lexicons.given(key) else ()


def _partners(found: Sequence[Found], text: str, keys: dict[str, str]) -> dict[str, str]:
    """Pair each reading with the name it stands beside, in its own line if it can."""
    partners: dict[str, str] = {}
    taken: set[tuple[str, str]] = set()
    for at, one in enumerate(found):
        reading = keys[one.text]
        kind = _script(reading)
        if not kind or reading in partners:
            continue
        beside = [keys[other.text] for other in _beside(found, at, text)]
        name = next((key for key in beside if not _script(key) and (key, kind) not in taken), None)
        if name is not None and len(reading) >= max(_READING_LEAST, len(name)):
            partners[reading] = name
            taken.add((name, kind))
    return partners


def _beside(found: Sequence[Found], at: int, text: str) -> list[Found]:
    """Return the names next to one, those in its line first."""
    one = found[at]
    gaps = []
    if at:
        gaps.append((text[found[at - 1].end : one.start], found[at - 1]))
    if at + 1 < len(found):
        gaps.append((text[one.end : found[at + 1].start], found[at + 1]))
    near = [(gap, other) for gap, other in gaps if _is_beside(gap)]
    return [other for _, other in sorted(near, key=lambda pair: "\n" in pair[0])]


def _is_beside(gap: str) -> bool:
    """Tell whether what stands between two names lets one be the reading of the other."""
    if len(gap) > _LONGEST_GAP or not _BESIDE.fullmatch(gap):
        return False
    if honoured := _HONOURED.match(gap):
        return gap[honoured.end() :].lstrip().startswith(("(", "（", "["))
    return not re.search(r"[\r\n]", gap) or _NAMED.search(gap) is not None


def _married(people: dict[str, Person], reading: str, name: str) -> dict[str, Person]:
    """Give a reading, and the shorter readings of it, to the person that the name belongs to."""
    owner, own = people[name], people[reading]
    if own.key != reading:  # a part of a longer reading, which has its own partner
        return people
    script = own.roles[-1:]
    part = tuple(role for role in own.roles[:-1] if role in owner.roles) or owner.roles
    moved = {
        key: Person(owner.key, (*part, *script) if key == reading else person.roles)
        for key, person in people.items()
        if person.key == reading
    }
    return people | moved
