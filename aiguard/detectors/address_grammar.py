"""Hold the grammar of Japanese addresses: house numbers, the places that lead to them, and buildings behind them.

It reads the text view, where digits and brackets are half-width and kanji numerals are as written.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from aiguard import ready as re

if TYPE_CHECKING:
    from collections.abc import Iterator

# Kanji (with 々 and ケ ヵ ヶ between them), kanji and kana, and all but hiragana, said as what they are not: `re`
# takes two milliseconds to compile each class that names all kanji.
_KANJI = r"[^\W0-9A-Za-z_ぁ-グゲ-ヴヷ-ヿ]"
_JAPANESE = r"[^\W0-9A-Za-z_]"
_PART = r"[^\W0-9_ぁ-ゖ]"
_COUNT = "〇一二三四五六七八九十百千壱弐参"
_FIRST = f"(?:[1-9][0-9]{{0,4}}|[{_COUNT}]{{1,7}})"
_NEXT = f"(?:[0-9]{{1,5}}|[{_COUNT}]{{1,7}})"
_HYPHEN = "[-\u2010-\u2015\u2212\u2500ー~〜]"
_JOINT = (
    f"(?: ?丁目の? ?|丁(?!目)| ?番地の? ?| ?番[の町]? ?|号の? ?| ?{_HYPHEN} ?|[のノ之丿]|条(?:通り?)?[東西南北]?"
    "|通り?|線|地割(?:第)?|[東西南北](?=[0-9]))"
)
_COUNTERS = (
    "人|名|件|円|%|年|月|日|時|分|回|個|台(?!町)|枚|度|歳|才|倍|割|キロ|k?m|ha|世帯|戸|棟|点|位|票|章|項|級|款|歩|"
    "[かカヶ箇]所|組|班|地区|区画|学年|次|工区|週|[かヶカ]月|万|億|ページ|頁|冊|本|便|系統|列|番目|番線|番出口|号[線棟館車]|"
    "号議案|条例|条第|条(?![0-9東西南北])"
)
_HOUSE = re.compile(
    f"{_FIRST}(?:{_JOINT}{_NEXT})*(?: ?(?:丁目|番地|番|号室|号))?"
    "(?:-[A-Z](?:[0-9]{1,4})?(?![A-Za-z]))?"
    f"(?![0-9]|(?<=[{_COUNT}])[{_COUNT}]| ?{_HYPHEN} ?[0-9]|[./:][0-9]| ?(?:{_COUNTERS}))"
)
_DATE = re.compile(rf"(?:19|20)[0-9]{{2}}{_HYPHEN}(?:0[1-9]|1[0-2]|[0-9]{{1,2}}{_HYPHEN}[0-9]{{1,2}})$")
_NUMBERED = re.compile(f"{_FIRST} ?丁目")
_WITHIN = re.compile(f"[{_COUNT}]+$")
_BLOCK = re.compile(f"番|号|丁目 ?[0-9{_COUNT}]|[0-9{_COUNT}] ?(?:{_HYPHEN}|[のノ之丿]) ?[0-9{_COUNT}]|[条線].*[0-9]")
_LINK = re.compile(r"(?:[^\W0-9a-z_]|[ ・])*")
_REACH = 48
_TRIES = 6
_NEVER = "(?!)"
_REST = f"(?P<rest> ?(?:{_JAPANESE}|・){{0,24}}?(?: {_JAPANESE}{{1,8}})?[A-Z]?[ーの]? ?)"
_CITY = re.compile("[市区町村]")

_HOMES = (
    "ハイツ|コーポ|メゾン|マンション|アパート|ハイム|ハウス|レジデンス|ヒルズ|パーク|パレス|コート|シティ|タワー|"
    "テラス|プラザ|ガーデン|ビレッジ|ヴィラ|カーサ|グラン|ドミール|サンライズ|ビル|荘|寮|団地"
)
_ROOM = "(?: ?[0-9A-Z]{1,2}-)?[A-Z]?[0-9]{2,5}(?:-[0-9]{1,4})?(?:号室?|室)?"
_BUILDING = re.compile(
    " {0,2}(?:(?!様|から|まで|在|電話|携帯|連絡|内線|番号|氏名|世帯|生年|令和|平成|昭和|大正|T[Ee][Ll]|tel|F[Aa][Xx])"
    "(?:"
    rf"[^\W0-9_]{{0,12}}?(?:{_HOMES}|ホーム|住宅|館|苑)[^\W0-9_]{{0,12}}? ?{_ROOM}"
    f"|{_PART}{{0,12}}?(?:{_HOMES})[ァ-ヴーA-Za-z・]{{0,10}}"
    f"|[ァ-ヴーA-Za-z]{_PART}{{2,14}}[0-9]{{3,4}}(?:号室?)?)"
    "|[0-9]{2,5}号室|(?:地下)?[0-9]{1,2}(?:階|F))(?![0-9]|-[0-9]|[年歳才月])"
)

# What ends before a number and is no town: 「総合計画2-3」「市道1-221号」.
_NO_TOWN = re.compile(
    "(?:第|[市県国]道|号|平成|令和|昭和|大正|[今毎来先翌同前本昨各][年月日週]|年度|午[前後]|係|[本支学]部|公園|駅|棟|階|学校|中学|高校|クラス|チーム|グループ|電話|番号|約|計|各|全|数|"
    "上位|程度|以[上下内外]|未満|から|まで|より|では|には|とは|です|ます|して|した|する|など|件数|人口|面積|定員|予算|別記|別表|項|ページ|地区|方面|会議|大会|"
    "委員会|協議会|センター|^ ?[ぁ-ん]|[画業例則法示令案件誌報課率額料図型等版])$"
)
_NOT_INSIDE = re.compile(
    f"を|[ではにともや](?={_KANJI})|が(?={_KANJI})(?![丘崎原谷浜浦島池野台岡関瀬森峰沢])|から|まで|です|ます|した|する|について|における|"
    "により|ため|ください|及び|又は|条例|規則|告示|訓令|議会|委員会|年度|役所|役場|学校"
)
_NO_CITY = re.compile(
    "^(?:同|本|当|各|他|両|全|都|貴|母|自|前|某|近隣|周辺|隣接|姉妹|友好|政令|指定都|中核|特例|地|学|校|選挙|全国|県内|府内|近|同じ|旧)[市区町村]"
    "|^[^市区町村]*[市区町村](?:道$|役[所場]|立(?=[小中高図病博保幼公体文総美学児運福医市]|$)|内(?=[全各在循業事総外]|小学|中学|$)|民|議会|税|職員|条例|"
    "規則|営|史|外(?=か|$)|側|全|制(?=施|$)|有(?=地$|林$|財|施|$)|政|章|債|費|庁|長$|[のはがをにでとも、]|から|まで|より)"
)
_LEAD = re.compile(
    "^(?:(?:[現前新旧]?住所地?|本籍地?|自宅|実家|送付先|送り先|避難先|居所|所在地|勤務先|転[出入]先|宛先|在所|現在|[昨今来]年|先[月週日]|[男女]性?|元|旧)"
    "(?:は|が|の)?)+"
)


class Known:
    """Hold the places of a pack, compiled on first need.

    `head` are places that lead to a number from a city, `town` is an own town before it, `line` a line of places only.
    """

    def __init__(self, prefectures: tuple[str, ...], cities: tuple[str, ...], towns: tuple[str, ...]) -> None:
        self._prefectures = "|".join(prefectures)
        self._cities = sorted(cities, key=len, reverse=True)
        self._towns = sorted(towns, key=len, reverse=True)

    @cached_property
    def prefecture(self) -> re.Pattern[str]:
        """A prefecture."""
        return re.compile(self._prefectures)

    @cached_property
    def city(self) -> re.Pattern[str]:
        """A city that is listed."""
        return re.compile("|".join(self._cities) or _NEVER)

    @cached_property
    def town(self) -> re.Pattern[str]:
        """A town of the organisation's city, right before a number."""
        town = "|".join(re.sub("[ケヶ]", "[ケヶが]", name) for name in self._towns) or _NEVER
        return re.compile(rf"(?:(?<![^\W0-9A-Za-z_ぁ-ゖ])|(?<=住所|自宅|在住))(?P<field>大?字)?(?P<town>{town})の? ?\Z")

    @cached_property
    def head(self) -> re.Pattern[str]:
        """Places from a city, town or ward on, right before a number."""
        city = self._municipality
        first = f"(?:(?:{self._prefectures}) ?(?:{city}|{_KANJI}{{1,4}}[町村])|{city})"
        return re.compile(rf"(?P<places>{first}){_REST}\Z")

    @cached_property
    def line(self) -> re.Pattern[str]:
        """A line or a first cell that is places from a prefecture on."""
        places = f"(?:{self._prefectures})(?:{self._municipality}){_REST}"
        return re.compile(rf"^[ \"']*(?P<all>{places})(?=[ \"']*$|[,\t|])", re.MULTILINE)

    @cached_property
    def _municipality(self) -> str:
        kana = "|".join(name for name in self._cities if re.search("[ぁ-んァ-ヴ]", name)) or _NEVER
        ward = f"{_KANJI}{{1,4}}区"
        county = f"{_KANJI}{{1,6}}郡 ?{_JAPANESE}{{1,6}}?[町村]"
        return f"(?:{kana}|(?:{_KANJI}|ノ){{1,6}}市) ?(?:{ward})?|(?:{kana})|{county}|{ward}"


class Address(NamedTuple):
    """Hold where an address stands in the text view, and of what kind it is."""

    start: int
    end: int
    evidence: tuple[str, ...]


@lru_cache(maxsize=8)
def places(prefectures: tuple[str, ...], cities: tuple[str, ...], towns: tuple[str, ...]) -> Known:
    """Return the places of a pack, compiled on first need."""
    return Known(prefectures, cities, towns)


def addresses(known: Known, text: str, *, fields: bool) -> Iterator[Address]:
    """Yield the addresses of a text, ascending; `fields` says whether values of address fields may stand in it.

    With it, numbers behind a place that is nowhere listed are yielded as `bare`.
    """
    done = 0
    for house in _HOUSE.finditer(text):
        if house.start() < done or _DATE.match(house.group()):
            continue
        found = _address(known, house, done, fields=fields)
        if found:
            done = found.end
            yield found


def areas(known: Known, text: str) -> Iterator[Address]:
    """Yield lines and first cells that are an address without a house number."""
    for match in known.line.finditer(text):
        rest = match["rest"].strip()
        if rest and not _spoiled(match["all"], rest) and not rest.startswith("の"):
            yield Address(match.start("all"), match.end("all"), ("area", "city"))


def _address(known: Known, house: re.Match[str], floor: int, *, fields: bool) -> Address | None:
    text, number, (start, end) = house.string, house.group(), house.span()
    link = _LINK.match(text[max(floor, start - _REACH) : start][::-1])
    if link is None or not link.group().strip():
        return None
    first = start - link.end()
    if _WITHIN.match(number) and re.match(f"{_KANJI}|[ァ-ヴ]", text[end : end + 1]):
        return None  # a kanji of a name: 南千住
    kind = "house" if _BLOCK.search(number) else "area" if number.endswith("丁目") else "plot"
    before = text[first:start]
    if (place := _city(known, before, number, kind, alone=_alone(text, first, end))) is not None:
        evidence: tuple[str, ...] = (kind, "city")
    elif (match := known.town.search(before)) and _own(match, kind, number, fields=fields):
        place, evidence = match.start(), (kind, "own", *(("bare",) if kind == "plot" else ()))
    elif fields and kind == "house" and (bare := re.search(rf"{_JAPANESE}{{2,12}} ?\Z", before)):
        place, evidence = bare.start() + _lead(bare.group()), (kind, "bare")
        if place == start or _spoiled(before[place:], before[place:]):
            return None
    else:
        return None
    building = _BUILDING.match(text, end) if kind != "area" else None
    return Address(first + place, building.end() if building else end, evidence)


def _city(known: Known, before: str, number: str, kind: str, *, alone: bool) -> int | None:
    """Return where the places begin that end at the number, if they begin with a city, town or ward."""
    if not _CITY.search(before):
        return None
    sure = kind == "house" and bool(_NUMBERED.match(number))
    at = 0
    for _ in range(_TRIES):
        match = _head(known, before, at)
        if match is None:
            return None
        start = _start(known, match)
        rest = match["rest"].strip(" のー")
        complete = bool(rest) if kind != "plot" else alone or _full(known, match, rest)
        if (complete or kind == "house") and not _spoiled(before[start:], rest, sure=sure):
            return start
        at = match.start() + 1
    return None


def _head(known: Known, before: str, at: int) -> re.Match[str] | None:
    """Return the first match, or the one behind its last gap: 「流山市体育館 流山市野々下1-40」."""
    match = known.head.search(before, at)
    if match and (gap := before.rfind(" ", match.start(), len(before) - 1)) > 0:
        return known.head.search(before, gap + 1) or match
    return match


def _start(known: Known, match: re.Match[str]) -> int:
    """Return where the first place begins: words in kanji may stand before it without a gap (住所流山市)."""
    named = list(known.prefecture.finditer(match["places"])) or list(known.city.finditer(match["places"]))
    return match.start() + (named[-1].start() if named else _lead(match["places"]))


def _lead(words: str) -> int:
    lead = _LEAD.match(words)
    return lead.end() if lead else 0


def _own(match: re.Match[str], kind: str, number: str, *, fields: bool) -> bool:
    """Tell whether a town of the city stands for itself: one of a single character is too common a word."""
    if len(match["town"]) == 1 and not match["field"] and not re.search("丁目.|番地", number):
        return False
    return kind == "house" or (kind == "plot" and fields)


def _alone(text: str, start: int, end: int) -> bool:
    """Tell whether a place and its number fill a line or a cell."""
    return (start == 0 or text[start - 1] in "\n\t,|｜:\"'") and (end == len(text) or text[end] in "\n\t,|｜ \"'")


def _full(known: Known, match: re.Match[str], rest: str) -> bool:
    """Tell whether the places before a bare number are an address down to its town."""
    if re.search("[町字村]", rest) or (rest and known.prefecture.match(match["places"])):
        return True
    return known.town.search(match.string[match.start("rest") :]) is not None


def _spoiled(whole: str, rest: str, *, sure: bool = False) -> bool:
    """Tell whether words before a number speak against a place; behind a `sure` one stands a 丁目."""
    return bool(_NO_CITY.match(whole) or (not sure and _NO_TOWN.search(rest)) or _NOT_INSIDE.search(rest))
