"""Say of formats that cannot be read how to save them otherwise."""

from __future__ import annotations

from typing import Final

_OTHERWISE: Final = {
    "Wordで開き、.docx形式で保存してください": ".doc .dot",
    "PowerPointで開き、.pptx形式で保存してください": ".ppt .pps .pot",
    "一太郎で開き、.docx形式で保存するか、PDFとして出力してください": ".jtd .jtdc .jttc .jtt .jhd",
    "DocuWorksで開き、PDFとして出力してください": ".xdw .xbd .xct",
    "Outlookで開き、必要なメールを.msg形式で保存してください": ".pst .ost",
    "必要なページを.docx形式かPDFとして出力してください": ".one .pub .vsd .vsdx",
    "必要な表を.csv形式か.xlsx形式で出力してください": ".mdb .accdb",
    "展開してから、中のファイルを点検してください": ".lzh .7z .rar .gz .bz2 .xz .tar .tgz .cab",
    "画像の中の文字は読めません。目で見て確かめてください": ".svgz .psd .ai",
    "音声や動画は読めません。内容を確かめてください": ".mp3 .wav .m4a .mp4 .mov .avi",
    "プログラムは点検の対象ではありません": ".exe .dll",
}
# Reasons by suffix, for bytes that their signature does not already hand to a reader.
REFUSALS: Final[dict[str, str]] = {
    suffix: f"この形式（{suffix}）は読めません。{mend}"
    for mend, suffixes in _OTHERWISE.items()
    for suffix in suffixes.split()
}
_PACKED: Final = (
    ".docx .docm .dotx .xlsx .xlsm .xltx .xlsb .pptx .pptm .ppsx .odt .ods .odp .pdf .msg .zip .epub .parquet".split()
)
REFUSALS.update(
    {
        suffix: f"{suffix[1:]}形式として壊れているため読めません。元のソフトで開いて保存し直してください"
        for suffix in _PACKED
    }
)
