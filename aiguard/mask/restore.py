"""Find the stand-ins of a map in an answer, and say what goes back for each of them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from aiguard.mask.grammar import HONORIFICS, bare_mentions, mentions
from aiguard.model import Style

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiguard.mask.grammar import Mention
    from aiguard.model import StandIn, StandIns


class Restored(NamedTuple):
    """Say what goes back between two places of a text: a value and perhaps an honorific; no item: unknown."""

    start: int
    end: int
    item: StandIn | None
    behind: str = ""


class Restorer(NamedTuple):
    """Know the stand-ins of a map, by their names and, for those that have one written form only, by their numbers."""

    items: dict[str, StandIn]
    only: dict[str, StandIn]
    alias: bool

    @classmethod
    def of(cls, standins: StandIns) -> Restorer:
        """Prepare the stand-ins of a map."""
        items = {item.name: item for item in standins.items}
        forms: dict[str, list[StandIn]] = defaultdict(list)
        for item in standins.items:
            forms[_base(item.name)].append(item)
        only = {base: same[0] for base, same in forms.items() if len(same) == 1}
        return cls(items, only, standins.style is Style.ALIAS)

    def find(self, text: str) -> Iterator[Restored]:
        """Yield each stand-in of a text, ascending; then those of the map that lost their brackets, as unknown."""
        done: list[Mention] = []
        for mention in mentions(text, alias=self.alias):
            done.append(mention)
            item = self.items.get(mention.name) or self.only.get(mention.name)
            if item is not None:
                yield _with_honorific(text, mention, item)
            elif not self.alias or not mention.name[-1:].isalpha():
                yield Restored(mention.start, mention.end, None)
        for mention in bare_mentions(text) if not self.alias else ():
            if mention.name in self.items and all(one.end <= mention.start or mention.end <= one.start for one in done):
                yield Restored(mention.start, mention.end, None)


def _base(name: str) -> str:
    """Return the name of a stand-in without its roles."""
    return name.partition("の")[0] + "〕" if name.startswith("〔") and "の" in name else name.partition("（")[0]


def _with_honorific(text: str, mention: Mention, item: StandIn) -> Restored:
    """Put an honorific that was drawn into the brackets behind them, and of one that stands twice drop the second."""
    following = next((word for word in HONORIFICS if text.startswith(word, mention.end)), "")
    if mention.honorific:
        return Restored(mention.start, mention.end, item, "" if following else mention.honorific)
    twice = following and text.startswith(following, mention.end + len(following)) and following != "氏"
    if not twice or item.entity != "PERSON":
        return Restored(mention.start, mention.end, item)
    return Restored(mention.start, mention.end + 2 * len(following), item, following)
