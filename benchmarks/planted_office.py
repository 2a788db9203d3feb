"""Write documents as flat OpenDocument XML, with a value planted in every part, for LibreOffice to convert."""

from __future__ import annotations

_SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office", "text": "text", "table": "table", "style": "style", "draw": "drawing", "meta": "meta",
        "svg": "svg-compatible", "fo": "xsl-fo-compatible", "presentation": "presentation",
    }.items()
) + ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'  # fmt: skip
_META = (
    "<office:meta><dc:title>植込題名</dc:title><meta:initial-creator>作成 一郎</meta:initial-creator><dc:creator>最終 二郎</dc:creator>"
    "<dc:subject>植込件名</dc:subject><meta:keyword>植込鍵語</meta:keyword><dc:description>植込説明</dc:description>"
    '<meta:user-defined meta:name="部署">植込部署</meta:user-defined></office:meta>'
)


def _document(kind: str, styles: str, masters: str, body: str) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {_SPACES} office:version="1.3" '
        f'office:mimetype="application/vnd.oasis.opendocument.{kind}">{_META}'
        f"<office:automatic-styles>{styles}</office:automatic-styles><office:master-styles>{masters}</office:master-styles>"
        f"<office:body>{body}</office:body></office:document>"
    )


def text() -> str:
    """Return a text with values in its body, table, box, header, footer, notes, comment, deletion and hidden run."""
    return _document(
        "text",
        '<style:page-layout style:name="pm1"><style:header-style/><style:footer-style/></style:page-layout>'
        '<style:style style:name="T1" style:family="text"><style:text-properties text:display="none"/></style:style>'
        '<style:style style:name="fr1" style:family="graphic"/>',
        '<style:master-page style:name="Standard" style:page-layout-name="pm1"><style:header><text:p>植込ヘッダー</text:p></style:header>'
        "<style:footer><text:p>植込フッター</text:p></style:footer></style:master-page>",
        '<office:text><text:tracked-changes><text:changed-region xml:id="ct1" text:id="ct1"><text:deletion><office:change-info>'
        "<dc:creator>削除 三郎</dc:creator><dc:date>2026-01-01T00:00:00</dc:date></office:change-info><text:p>植込削除文</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        '<text:h text:outline-level="1">植込見出し</text:h>'
        '<text:p>本文の綾瀬川 千<text:span>鶴</text:span>子さん<text:change text:change-id="ct1"/>です<text:note text:note-class="footnote">'
        "<text:note-citation>1</text:note-citation><text:note-body><text:p>植込脚注</text:p></text:note-body></text:note>。"
        '<text:note text:note-class="endnote"><text:note-citation>i</text:note-citation><text:note-body><text:p>植込文末脚注</text:p>'
        "</text:note-body></text:note><office:annotation><dc:creator>注釈 四郎</dc:creator><text:p>植込コメント</text:p></office:annotation></text:p>"
        '<text:p>前<text:span text:style-name="T1">植込隠し文字</text:span>後</text:p>'
        "<text:p><text:ruby><text:ruby-base>植込漢字</text:ruby-base><text:ruby-text>うえこみよみ</text:ruby-text></text:ruby></text:p>"
        '<table:table table:name="表"><table:table-column table:number-columns-repeated="2"/><table:table-row><table:table-cell>'
        "<text:p>氏名</text:p></table:table-cell><table:table-cell><text:p>電話</text:p></table:table-cell></table:table-row><table:table-row>"
        "<table:table-cell><text:p>植込表の名</text:p></table:table-cell><table:table-cell><text:p>090-1234-5678</text:p></table:table-cell>"
        "</table:table-row></table:table>"
        '<text:p><draw:frame draw:style-name="fr1" text:anchor-type="paragraph" svg:width="5cm" svg:height="2cm"><draw:text-box>'
        "<text:p>植込枠</text:p></draw:text-box><svg:title>植込代替題</svg:title><svg:desc>植込代替文</svg:desc></draw:frame></text:p>"
        '<text:p><text:a xlink:type="simple" xlink:href="mailto:uekomi@example.jp">連絡</text:a></text:p></office:text>',
    )


def sheet() -> str:
    """Return a workbook with values in cells, a comment, a shape, a hidden row, a hidden sheet, a header."""
    return _document(
        "spreadsheet",
        '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>'
        '<style:page-layout style:name="pm1"><style:header-style/></style:page-layout>',
        '<style:master-page style:name="Default" style:page-layout-name="pm1"><style:header><text:p>植込印刷見出し</text:p></style:header></style:master-page>',
        '<office:spreadsheet><table:table table:name="名簿"><table:shapes><draw:custom-shape svg:width="5cm" svg:height="2cm" svg:x="8cm" '
        'svg:y="1cm"><text:p>植込図形</text:p></draw:custom-shape></table:shapes><table:table-row><table:table-cell office:value-type="string">'
        '<text:p>氏名</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>電話</text:p></table:table-cell></table:table-row>'
        '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row><table:table-row><table:table-cell '
        'office:value-type="string"><office:annotation><dc:creator>注釈 四郎</dc:creator><text:p>植込コメント</text:p></office:annotation>'
        '<text:p>綾瀬川 千鶴子</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>090-1234-5678</text:p></table:table-cell>'
        '<table:table-cell office:value-type="float" office:value="123456789018"><text:p>123456789018</text:p></table:table-cell></table:table-row>'
        '<table:table-row table:visibility="collapse"><table:table-cell office:value-type="string"><text:p>植込隠し行</text:p></table:table-cell>'
        '</table:table-row></table:table><table:table table:name="控え" table:style-name="ta2"><table:table-row><table:table-cell '
        'office:value-type="string"><text:p>植込隠しシート</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet>',
    )


def slides() -> str:
    """Return slides with values in a box, a table, notes, a hidden slide and an alternative text."""
    page = '<draw:page draw:name="{0}" draw:master-page-name="M" {1}>{2}</draw:page>'
    box = '<draw:frame svg:width="10cm" svg:height="3cm" svg:x="2cm" svg:y="2cm"><draw:text-box><text:p>{0}</text:p></draw:text-box>{1}</draw:frame>'
    first = (
        box.format("綾瀬川 千鶴子のスライド", "<svg:title>植込代替題</svg:title>")
        + '<draw:frame svg:width="10cm" svg:height="3cm" svg:x="2cm" svg:y="8cm"><table:table><table:table-column table:number-columns-repeated="2"/>'
        "<table:table-row><table:table-cell><text:p>氏名</text:p></table:table-cell><table:table-cell><text:p>植込表の名</text:p></table:table-cell>"
        "</table:table-row></table:table></draw:frame>"
        '<presentation:notes><draw:frame presentation:class="notes" svg:width="10cm" svg:height="5cm" svg:x="2cm" svg:y="14cm"><draw:text-box>'
        "<text:p>植込ノート</text:p></draw:text-box></draw:frame></presentation:notes>"
    )
    return _document(
        "presentation",
        '<style:page-layout style:name="pm1"><style:page-layout-properties fo:page-width="28cm" fo:page-height="21cm"/></style:page-layout>'
        '<style:style style:name="dp2" style:family="drawing-page"><style:drawing-page-properties presentation:visibility="hidden"/></style:style>',
        '<style:master-page style:name="M" style:page-layout-name="pm1"/>',
        "<office:presentation>"
        + page.format("p1", "", first)
        + page.format("p2", 'draw:style-name="dp2"', box.format("植込隠しスライド", ""))
        + "</office:presentation>",
    )
