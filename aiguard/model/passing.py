"""Name the reasons for which a file was not checked that may be gone the next time: what they spoil is never kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiguard.model.documents import Unchecked

MISSING: Final = "ファイルがありません"
FORBIDDEN: Final = "読む権限がないか、ほかのソフトで使用中です"
CLOSED: Final = "ファイルを開けません"
NO_ROOM: Final = "大きすぎて読めません。分割してください"  # of memory; beyond a limit the limit is named
SLOW: Final = "読むのに時間がかかりすぎます"
UNFINISHED: Final = "の照合が時間内に終わりませんでした"
LATE: Final = "時間内に確認が終わりませんでした。分割してください"
DIED: Final = "この文書の確認中に、読み取りの処理が止まりました（壊れているか、巨大な内容を含む可能性があります）"
CHANGED: Final = "確認している間にファイルが変わりました。もう一度実行してください"

_PASSING: Final = (MISSING, FORBIDDEN, CLOSED, NO_ROOM, SLOW, UNFINISHED, LATE, DIED, CHANGED)


def may_pass(unchecked: Iterable[Unchecked]) -> bool:
    """Tell whether another run might check what this one could not: the time, the memory, the permission."""
    return any(reason in each.reason for each in unchecked for reason in _PASSING)
