"""Find the sheets of a workbook in XML by its relationships (ECMA-376 Part 1, 12.3 and 18.2.19)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from aiguard.readers.ooxml import relationships
from aiguard.readers.xmltree import attribute, local, parse_xml

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element

    from aiguard.readers.ooxml import Relation
    from aiguard.readers.package import Package

_WORKBOOK: Final = "xl/workbook.xml"
_CELLS: Final = "xl/worksheets/"
_CELLLESS: Final = frozenset({"chartsheet", "dialogsheet"})


class Sheet(NamedTuple):
    """Hold a sheet: what to call it, its part (None where there is none), and whether it is hidden."""

    label: str
    part: str | None
    hidden: bool


def workbook_part(package: Package) -> str:
    """Return the main part of a workbook: the one that the package names, or where it always is."""
    related = (each.target for each in relationships(package, "").values() if each.kind == "officeDocument")
    return next((target for target in (*related, _WORKBOOK) if target in package), _WORKBOOK)


def named_sheets(package: Package) -> list[Sheet]:
    """List the sheets that a workbook names, in its order; ReadError where the workbook is damaged."""
    part = workbook_part(package)
    if part not in package:
        return []
    targets = relationships(package, part)
    folded = {name.lower(): name for name in package.names}
    return [
        _sheet(each.get("name", ""), each.get("state") or "visible", relation, folded)
        for each in parse_xml(package.read(part)).iter("{*}sheet")
        if (relation := targets.get(attribute(each, "id") or "")) is None or relation.kind not in _CELLLESS
    ]


def unnamed_sheets(package: Package, named: Sequence[Sheet]) -> list[Sheet]:
    """List the sheets that the workbook does not name: what nobody sees is in the file all the same."""
    known = {sheet.part for sheet in named}
    parts = (name for name in package.names if name.lower().startswith(_CELLS) and name.lower().endswith(".xml"))
    return [Sheet(f"一覧にないシート（{name}）", name, hidden=True) for name in parts if name not in known]


def first_sheet(package: Package) -> str | None:
    """Return the part of the first sheet that is shown."""
    return next((sheet.part for sheet in named_sheets(package) if sheet.part and not sheet.hidden), None)


def text_of(element: _Element) -> str:
    """Join the runs of a text, without its readings (rPh, ECMA-376 Part 1, 18.4.6)."""
    return "".join(each.text or "" for each in element.iter("{*}t") if not _is_reading(each))


def _sheet(name: str, state: str, relation: Relation | None, folded: dict[str, str]) -> Sheet:
    hidden = state != "visible"
    label = f"{name}（非表示）" if hidden else name
    return Sheet(label, folded.get(relation.target.lower()) if relation and not relation.external else None, hidden)


def _is_reading(element: _Element) -> bool:
    parent = element.getparent()
    return parent is not None and local(parent) == "rPh"
