"""What a sheet says beside the values of its cells is read from .xls as from .xlsx and .ods, as LibreOffice writes them."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Final

import pytest

from aiguard.model import Document, Use
from aiguard.readers import read_bytes

if TYPE_CHECKING:
    from pathlib import Path

SOFFICE: Final = shutil.which("soffice")
NAMES: Final = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "style")
)
BOOK: Final = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document {NAMES} xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"
 xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2" office:version="1.3"
 office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:automatic-styles>
<number:number-style style:name="N"><number:number number:decimal-places="0" number:min-integer-digits="10"/></number:number-style>
<style:style style:name="c" style:family="table-cell" style:parent-style-name="Default" style:data-style-name="N"/>
</office:automatic-styles><office:body><office:spreadsheet><table:content-validations>
<table:content-validation table:name="v" table:condition="of:cell-content-is-in-list(&quot;鈴木一郎&quot;;&quot;高橋花子&quot;)"
 table:base-cell-address="名簿.A1"><table:help-message table:title="担当者" table:display="true"><text:p>担当は渡辺まで</text:p>
</table:help-message></table:content-validation></table:content-validations><table:table table:name="名簿"><table:table-row>
<table:table-cell table:content-validation-name="v" office:value-type="string"><text:p>担当</text:p></table:table-cell>
<table:table-cell table:style-name="c" office:value-type="float" office:value="312345678"><text:p>0312345678</text:p></table:table-cell>
<table:table-cell office:value-type="string"><text:p><text:a xlink:href="mailto:hanako@example.jp">連絡先</text:a></text:p></table:table-cell>
<table:table-cell table:formula="of:=IF([.A1]=&quot;&quot;;&quot;山田太郎様&quot;;1)" office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell>
</table:table-row></table:table><table:named-expressions><table:named-expression table:name="責任者"
 table:base-cell-address="$名簿.$A$1" table:expression="&quot;伊藤誠&quot;"/></table:named-expressions>
</office:spreadsheet></office:body></office:document>"""


@pytest.fixture(scope="module", params=["xls", "xlsx", "ods"])
def document(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Document:
    if SOFFICE is None:
        pytest.skip("LibreOffice is not installed")
    folder: Path = tmp_path_factory.mktemp("xls")
    (folder / "a.fods").write_text(BOOK, encoding="utf-8")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [
        SOFFICE,
        "--headless",
        profile,
        "--convert-to",
        request.param,
        "--outdir",
        str(folder),
        str(folder / "a.fods"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    name = f"a.{request.param}"
    return read_bytes((folder / name).read_bytes(), name, Use.PROMPT)


@pytest.mark.parametrize(
    "text", ["0312345678", "鈴木一郎", "高橋花子", "担当は渡辺まで", "hanako@example.jp", "山田太郎様", "伊藤誠"]
)
def test_what_cells_do_not_show_is_read(document: Document, text: str) -> None:
    found = [segment for segment in document.segments if text in segment.source]
    assert found
    assert all(segment.aside == (text != "0312345678") for segment in found)
