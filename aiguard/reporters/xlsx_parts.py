"""Hold the parts of a workbook that are the same for every report (ECMA-376 Part 1, 12.3 and 18; Part 2)."""

from __future__ import annotations

from typing import Final

_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_SHEETS: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"

PARTS: Final = {
    "[Content_Types].xml": f"""{_XML}<Types xmlns="{_PACKAGE}/content-types">\
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
<Default Extension="xml" ContentType="application/xml"/>\
<Override PartName="/xl/workbook.xml" ContentType="{_SHEETS}.sheet.main+xml"/>\
<Override PartName="/xl/styles.xml" ContentType="{_SHEETS}.styles+xml"/>\
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEETS}.worksheet+xml"/>\
<Override PartName="/xl/worksheets/sheet2.xml" ContentType="{_SHEETS}.worksheet+xml"/></Types>""",
    "_rels/.rels": f"""{_XML}<Relationships xmlns="{_PACKAGE}/relationships">\
<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>""",
    "xl/_rels/workbook.xml.rels": f"""{_XML}<Relationships xmlns="{_PACKAGE}/relationships">\
<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>\
<Relationship Id="rId2" Type="{_OFFICE}/worksheet" Target="worksheets/sheet2.xml"/>\
<Relationship Id="rId3" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>""",
}

# A view refers to one of the workbook (18.2.1); the hidden name is how filters are kept (18.2.5), and what some read.
WORKBOOK: Final = f"""{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><bookViews><workbookView/></bookViews>\
<sheets><sheet name="指摘" sheetId="1" r:id="rId1"/><sheet name="文書" sheetId="2" r:id="rId2"/></sheets>\
<definedNames>{{names}}</definedNames></workbook>"""
FILTER: Final = (
    '<definedName name="_xlnm._FilterDatabase" localSheetId="{number}" hidden="1">'
    "{sheet}!$A$1:${column}${rows}</definedName>"
)
TITLES: Final = '<definedName name="_xlnm.Print_Titles" localSheetId="{number}">{sheet}!$1:$1</definedName>'


def _filled(colour: str) -> str:
    return f'<fill><patternFill patternType="solid"><fgColor rgb="FF{colour}"/></patternFill></fill>'


def _format(font: int, fill: int) -> str:
    align = '<alignment vertical="top" wrapText="1"/>'
    return (
        f'<xf numFmtId="0" fontId="{font}" fillId="{fill}" borderId="0" xfId="0" '
        f'applyFont="1" applyFill="1" applyAlignment="1">{align}</xf>'
    )


_FONT: Final = '<sz val="11"/><name val="游ゴシック"/><family val="3"/><charset val="128"/>'
# The first two fills are those that Excel itself keeps there (18.8.21); then: head, block, warn, note, unchecked.
_FILLS: Final = "".join(map(_filled, ("D9E2EC", "F4B6B0", "FCE8A6", "D3E8F3", "E3C6EC")))
STYLES: Final = f"""{_XML}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font>{_FONT}</font><font><b/>{_FONT}</font></fonts>\
<fills count="7"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>{_FILLS}</fills>\
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
<cellXfs count="6">{_format(0, 0)}{"".join(_format(1, fill) for fill in range(2, 7))}</cellXfs>\
<cellStyles count="1"><cellStyle name="標準" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""

# The order of the parts of a sheet is fixed (18.3.1.99 worksheet): Excel takes any other for a damaged file.
SHEET: Final = f"""{_XML}<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>\
<dimension ref="{{area}}"/><sheetViews><sheetView workbookViewId="0">\
<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>\
<selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView></sheetViews>\
<sheetFormatPr defaultRowHeight="18.75"/><cols>{{columns}}</cols><sheetData>{{rows}}</sheetData>\
<autoFilter ref="{{area}}"/>\
<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>\
<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>\
<ignoredErrors><ignoredError sqref="{{area}}" numberStoredAsText="1"/></ignoredErrors></worksheet>"""
