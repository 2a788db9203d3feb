"""Lay out the parts of a terminal report as lines of styled text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct
from rich.text import Text

from aiguard.model import Finding, Severity
from aiguard.reporters import evidence, words
from aiguard.reporters.layout import breaks, cells
from aiguard.reporters.options import Options
from aiguard.reporters.printable import escaped, one_for_one

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aiguard.model import DocumentReport
    from aiguard.reporters.grouping import Group, Placed

PLACES = 10
_NARROWEST = 16
_GAP = 2
_MARK = "bold underline red"
_CHIPS = {
    Severity.BLOCK: "bold white on red",
    Severity.WARN: "bold black on yellow",
    Severity.NOTE: "bold black on cyan",
}


class Page(Struct, frozen=True):
    """Hold what every part of a page needs, and turn strings into text that the console can show."""

    options: Options
    titles: Mapping[str, str]

    def say(self, words_: str, style: str = "") -> Text:
        """Show words: of the pack, of the report, of the configuration."""
        return Text(one_for_one(words_, self.options.encoding), style)

    def path(self, name: str, style: str = "") -> Text:
        """Show a name that must be found again: a path or a label."""
        return Text(escaped(words.named(name), self.options.encoding), style)

    def chip(self, label: str, style: str, plain: str = "【{}】") -> Text:
        """Show a word as a coloured chip, or set off by characters."""
        return self.say(f" {label} ", style) if self.options.colour else self.say(plain.format(label))

    def excerpt(self, finding: Finding) -> Text:
        """Show an excerpt with the found part set off: by colour, or by 《》."""
        shown = self.say(finding.excerpt)
        start, end = finding.mark.start, finding.mark.end
        if self.options.colour:
            shown.stylize(_MARK, start, end)
            return shown
        return Text(f"{shown.plain[:start]}《{shown.plain[start:end]}》{shown.plain[end:]}")


def hanging(label: Text, body: Text, page: Page, indent: int = 0, column: int = 0) -> list[Text]:
    """Set `body` beside `label`, its further lines below its first, or below a label that takes too much of the width.

    `column` is the least width of the label, in cells. The brackets and the colour of a chip keep their own distance.
    """
    width = page.options.width
    gap = 0 if label.plain.endswith("】") else 1 if label.plain.endswith(" ") else _GAP
    beside = indent + max(cells(label.plain), column) + gap if label.plain else indent
    if label.plain and width - beside < min(_NARROWEST, cells(body.plain)):
        return _folded(label, indent, width) + _folded(body, min(indent + 2, width // 2), width)
    lines = _folded(body, beside, width)
    if label.plain:
        pad = " " * (beside - indent - cells(label.plain))
        lines[0] = Text(" " * indent) + label + Text(pad) + lines[0][beside:]
    return lines


def heading(title: str, page: Page) -> list[Text]:
    """Show a heading."""
    return _folded(page.say(title, "bold"), 0, page.options.width)


def finding_lines(  # noqa: PLR0913 - what to show of a group is each caller's choice
    group: Group, page: Page, indent: int = 0, *, cites: bool = True, explains: bool = True, places: bool = True
) -> list[Text]:
    """Show findings that share all but their places."""
    like = group.like
    number = f"　{len(group.places)}か所" if len(group.places) > 1 else ""
    title = Text.assemble(page.say(like.title, "bold"), page.say(number))
    lines = hanging(page.chip(like.severity.label, _CHIPS[like.severity]), title, page, indent)
    lines += _places(group.places, page, indent + 2) if places else []
    rows = [("根拠", _cited(section, page)) for section in like.sections if cites]
    rows = [(name if not at else "　　", text) for at, (name, text) in enumerate(rows)]
    said = evidence.sentences(item.finding for item in group.places)
    rows += [(words.EVIDENCE if not at else "　　　　", text) for at, text in enumerate(said)]
    rows += [("理由", like.why), ("修正", like.advice)] if explains else []
    for name, text in rows:
        lines += hanging(page.say(name, "dim"), page.say(text), page, indent + 2) if text else []
    return lines


def unchecked_lines(documents: Iterable[DocumentReport], page: Page) -> list[Text]:
    """Show what could not be checked, and why."""
    lines: list[Text] = []
    for document in documents:
        for item in document.unchecked:
            name = f"{document.path} {item.label}" if item.label else document.path
            lines += hanging(page.path(name, "cyan"), page.say(item.reason), page, indent=2)
    return heading(words.UNCHECKED, page) + lines if lines else []


def suppressed_lines(documents: Iterable[DocumentReport], page: Page, more: int = 0) -> list[Text]:
    """Show the findings that do not count, and who let them pass; `more` of them are not among the documents."""
    lines: list[Text] = []
    number = 0
    for document in documents:
        for item in document.findings:
            if not item.suppressed:
                continue
            number += 1
            if number <= PLACES or page.options.show_all:
                place = page.path(words.place(document.path, item.location), "cyan")
                lines += hanging(place, page.say(item.title), page, indent=2)
                lines += hanging(Text(), page.say(words.suppression(item.suppressed), "dim"), page, indent=4)
    number += more
    lines += rest(number, page, 2)
    return heading(f"{words.SUPPRESSED}（{number}件）", page) + lines if lines else []


def notice_lines(documents: Iterable[DocumentReport], page: Page) -> list[Text]:
    """Show the directives in the texts that do not work, and why."""
    lines: list[Text] = []
    for document in documents:
        for notice in document.facts.notices:
            lines += hanging(page.path(document.path, "cyan"), page.say(notice), page, indent=2)
    return heading(words.NOTICES, page) + lines if lines else []


def run_lines(notices: Sequence[str], page: Page) -> list[Text]:
    """Show what is to be said of the run as a whole."""
    lines = [line for notice in notices for line in hanging(Text(), page.say(notice), page, indent=2)]
    return heading(words.RUN_NOTICES, page) + lines if lines else []


def explanation_lines(document: DocumentReport, page: Page) -> list[Text]:
    """Show how a document was read: the task and the material, and what was let pass and why."""
    told = document.explanation
    if told is None:
        return []
    lines = heading(words.READ_AS, page)
    for kind, name in words.PARTS.items():
        spots = "、".join(words.stretch(part.location) for part in told.parts if part.kind == kind)
        lines += hanging(page.say(name, "dim"), page.say(spots or "なし"), page, indent=2)
    lines += heading(f"{words.PASSED_OVER}（{len(told.dropped)}件）", page) if told.dropped else []
    for item in told.dropped:
        place = page.path(words.place(document.path, item.location), "cyan")
        lines += hanging(place, page.say(f"{item.title}：{words.PASSED_BECAUSE[item.reason]}"), page, indent=2)
    return lines


def _places(places: Sequence[Placed], page: Page, indent: int) -> list[Text]:
    listed = places if page.options.show_all else places[:PLACES]
    names = [page.path(words.place(item.path, item.finding.location), "cyan") for item in listed]
    widest = max((cells(name.plain) for name in names), default=0)
    column = widest if widest <= page.options.width // 2 else 0
    lines: list[Text] = []
    for name, item in zip(names, listed, strict=True):
        lines += hanging(name, page.excerpt(item.finding), page, indent, column)
    return lines + rest(len(places), page, indent)


def rest(number: int, page: Page, indent: int) -> list[Text]:
    """Say how many places are not listed."""
    more = number - PLACES
    if more <= 0 or page.options.show_all:
        return []
    return hanging(Text(), page.say(f"ほか {more}件（{words.ALL}）", "dim"), page, indent)


def _cited(section: str, page: Page) -> str:
    return f"ガイドライン {section} {page.titles.get(section, '')}".rstrip()


def _folded(text: Text, indent: int, width: int) -> list[Text]:
    offsets = breaks(text.plain, max(2, width - indent))
    lines = []
    for piece in text.divide(offsets):
        piece.rstrip()
        lines.append(Text(" " * indent) + piece)
    return lines
