"""Know the control words of Rich Text Format 1.9.1 that carry text or say where it goes, and its code pages."""

from __future__ import annotations

import codecs
import re
from typing import Final

# Words and signs that stand for characters ("Special Characters").
CHARACTERS: Final = {
    "tab": "\t", "line": "\n", "lbr": "\n", "softline": "\n", "page": "\n", "column": "\n", "softpage": "", "softcol": "",
    "emdash": "—", "endash": "–", "emspace": "\u2003", "enspace": "\u2002", "qmspace": "\u2005", "bullet": "•",
    "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "zwj": "\u200d", "zwnj": "\u200c",
    "nestcell": " ", "nestrow": "\n",
}  # fmt: skip
SIGNS: Final[dict[bytes, str | None]] = {
    b"\\": None, b"{": None, b"}": None, b"~": "\xa0", b"_": "-", b"-": "", b"\t": "\t",
}  # fmt: skip
# Destinations that are places of their own: what they are called. Notes and boxes are numbered.
PLACES: Final = {
    **dict.fromkeys("header headerl headerr headerf".split(), "ヘッダー"),
    **dict.fromkeys("footer footerl footerr footerf".split(), "フッター"),
    "footnote": "脚注",
    "annotation": "コメント",
    **dict.fromkeys("shptxt shprslt dptxbxtext".split(), "テキストボックス"),
}
NUMBERED: Final = frozenset({"脚注", "文末脚注", "コメント", "テキストボックス"})
PROPERTIES: Final = {
    "title": "題名", "subject": "件名", "author": "作成者", "operator": "最終更新者", "keywords": "キーワード",
    "comment": "コメント", "doccomm": "コメント", "category": "分類", "company": "会社", "manager": "管理者",
    "hlinkbase": "リンクの基点",
}  # fmt: skip
# Destinations whose text is kept aside, by what it is.
NOTED: Final = {
    **dict.fromkeys("ffname ffdeftext ffformat ffhelptext ffstattext ffl".split(), "フォーム"),
    **dict.fromkeys("xe rxe tc tcn".split(), "索引"),
    **dict.fromkeys(("template", "nextfile"), "リンク先"),
    "docvar": "文書の変数",
}
# What is read for what it says of something else: see `Page.finish`.
VALUES: Final = frozenset({"listtext", "pntext", "revtbl", "fldinst", "atnauthor", "sn", "sv", "propname", "staticval"})
DEAD: Final = frozenset(
    "colortbl stylesheet listtable listoverridetable rsidtbl themedata colorschememapping latentstyles datastore generator "
    "xmlnstbl wgrffmtfilter blipuid pgptbl mmathPr mmathPict pn pnseclvl nonesttables nonshppict bliptag filetbl fchars "
    "lchars passwordhash atrfstart atrfend atnref atndate atntime atnicn atnid atnparent oldcprops oldpprops oldtprops "
    "oldsprops private objalias objtime objsect linkval falt panose fname fontemb listpicture".split()
)
# Their own text is none; what stands in them may be a place.
SHAPES: Final = {
    **dict.fromkeys("shpinst do picprop sp pict userprops formfield".split(), ""),
    "info": "文書の情報",
    "fonttbl": "fonttbl",
    "objdata": "objdata",
}
# They may be passed over by programs that do not know them; what stands in them reads as if they were not there.
THROUGH: Final = frozenset(
    "shppict shpgrp background nesttableprops moMath moMathPara fldrslt result field object shp".split()
)
CHARSETS: Final = {
    77: "mac_roman", 78: "cp932", 128: "cp932", 129: "cp949", 130: "johab", 134: "cp936", 136: "cp950", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250", 254: "cp437", 255: "cp437",
}  # fmt: skip
TWO_BYTES: Final = ("cp932", "gbk", "cp936", "cp949", "cp950", "johab")
_NOT_CP932: Final = re.compile("[\x80-\x9f\uf8f0-\uf8f3]")  # what Python makes of the bytes 80, A0, FD, FE and FF
_PAGES: Final = {10000: "mac_roman", 10001: "cp932", 65001: "utf-8", 708: "iso8859_6"}
_SILENT_FIELDS: Final = frozenset(
    "PAGE NUMPAGES TOC PAGEREF REF NOTEREF SEQ SECTION SECTIONPAGES FORMTEXT FORMCHECKBOX FORMDROPDOWN STYLEREF SHAPE".split()
)
_EQUATION: Final = re.compile(r"\s*EQ\b.*?\\o[^(]*\((.*)\)\s*\Z", re.IGNORECASE | re.DOTALL)
_NESTED: Final = re.compile(r"\\[a-z]+ ?[^(,;]*\([^()]*\)", re.IGNORECASE)
_MARK: Final = re.compile("[\ue000-\uf8ff\\s]+")  # where a symbol font keeps its bullets
_TELLING: Final = re.compile(r"[^\x00-\x7f]|@|[0-9]{4}")
_HEXADECIMAL: Final = re.compile(r"(?=[^a-fA-F]*[a-fA-F])[0-9A-Fa-f\s]{32,}\Z")
_LONGEST: Final = 2_000  # code points of an equation that is looked at


def codec_of(page: int) -> str | None:
    """Return the codec of a code page, None for one that is not known."""
    name = _PAGES.get(page, f"cp{page}")
    try:
        return codecs.lookup(name).name if 0 < page < 100_000 else None  # noqa: PLR2004 - numbers of Windows
    except LookupError:
        return None


def decoded(data: bytes, codecs_named: str) -> tuple[str, bool]:
    """Return the text of bytes by the codecs that may hold it ("cp932/cp1252"), the first first, and whether one does."""
    names = codecs_named.split("/")
    for name in (*names, "utf-8", "cp932"):
        try:
            text = data.decode(name)
        except ValueError:  # the error carries the bytes, so it ends here
            continue
        if name != "cp932" or not _NOT_CP932.search(text):
            return text, True
    return data.decode(names[0], "replace"), False


def base_of(instruction: str) -> str | None:
    r"""Return the text that a field shows as two on top of each other, as Word writes phonetic guides: its base.

    `EQ \* jc2 \* hps10 \o\ad(\s\up 9(ながれやま),流山)` shows 流山, and `EQ \o\ac(○,秘)` shows 秘.
    """
    found = _EQUATION.match(instruction[:_LONGEST])
    pieces = [each.strip() for each in re.split("[,;]", _NESTED.sub("", found[1]))] if found else []
    return next((each for each in reversed(pieces) if each), None)


def is_silent(instruction: str) -> bool:
    """Tell whether a field computes what it shows from the document itself."""
    name, *_ = instruction.split(maxsplit=1) or [""]
    return not name or name.upper() in _SILENT_FIELDS


def mark_of(text: str) -> str:
    """Return what numbers a paragraph of a list: "1. ", nothing for a bullet of a symbol font."""
    said = _MARK.sub(" ", text).strip()
    return f"{said} " if said else ""


def tells(text: str) -> bool:
    """Tell whether what an unknown destination holds could tell something: no hexadecimal data, no plain names."""
    return bool(_TELLING.search(text)) and not _HEXADECIMAL.match(text)
