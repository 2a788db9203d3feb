"""Say in the user's words what is wrong with a file of SQLite, whose own messages may hold content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

# Primary result codes (https://sqlite.org/rescode.html).
BUSY, LOCKED, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, TOOBIG, NOTADB = 5, 6, 8, 10, 11, 13, 14, 18, 26

Told = tuple[str, str]


class Words(NamedTuple):
    """Hold what is said of a kind of file, each time the problem and the mend; `codes` by the codes of SQLite."""

    none: Told
    open: Told
    other: Told
    newer: Told
    damaged: Told
    codes: Mapping[int, Told]

    def of(self, code: int) -> Told:
        """Return what is said of a code; anything unheard of is taken for damage."""
        return self.codes.get(code, self.damaged)


def _words(name: str, full: Told, big: Told, **told: Told) -> Words:
    """Make the words for a kind of file by its name; what any file can suffer is said alike."""
    busy = (
        f"ほかのソフトが{name}を使っているため、待ちましたが開けませんでした",
        "使っているソフトを終えてから、もう一度実行してください。",
    )
    opened = (f"{name}を開けません", "ファイルの場所と、読み書きする権限を確かめてください。")
    codes = {
        BUSY: busy,
        LOCKED: busy,
        READONLY: (f"{name}に書き込めません", "ファイルとフォルダーに書き込む権限があるか確かめてください。"),
        FULL: full,
        IOERR: (
            "ディスクの読み書きに失敗しました",
            "ディスクや共有フォルダーにつながっているか、空きがあるか確かめてください。",
        ),
        CORRUPT: told["damaged"],
        NOTADB: told["damaged"],
        CANTOPEN: opened,
        TOOBIG: big,
    }
    return Words(open=opened, codes=codes, **told)


RECORDS: Final = _words(
    "記録のファイル",
    (
        "ディスクに空きがないため、記録できませんでした（前の記録はそのままです）",
        "空きを作ってから、もう一度実行してください。",
    ),
    ("大きすぎるため記録できません", "チャットを分けて記録してください。"),
    none=("記録がまだありません", "「aiguard record add」で記録します。別の場所の記録は --store で指定してください。"),
    other=("aiguardの記録ではありません", "--store には「aiguard record add」で作ったファイルを指定してください。"),
    newer=("この版のaiguardでは読めない記録です", "aiguardを新しくしてください。"),
    damaged=(
        "記録のファイルが壊れているか、aiguardの記録ではありません",
        "ファイルを別の場所に複製してから、バックアップのものに戻してください。",
    ),
)

_ANEW: Final = "aiguardが作った途中経過なら、消してからもう一度実行すると、はじめから点検します。"
STATE: Final = _words(
    "途中経過のファイル（--state）",
    (
        "ディスクに空きがないため、途中経過を残せませんでした",
        "空きを作ってから、同じ指定で実行すると続きから点検します。",
    ),
    ("大きすぎるため途中経過を残せません", "--state を付けずに実行してください。"),
    none=("途中経過のファイルがありません", "--state に書き込めるファイルの名前を指定してください。"),
    other=(
        "aiguardの途中経過のファイルではありません",
        "--state に別の名前を指定してください（ほかのファイルには書き込みません）。",
    ),
    newer=("この版のaiguardでは読めない途中経過です", "aiguardを新しくするか、--state に別の名前を指定してください。"),
    damaged=("途中経過のファイルが壊れているか、aiguardのものではありません", _ANEW),
)
