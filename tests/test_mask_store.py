"""A map is for its user alone, is written whole or not at all, and lets nobody else's or a changed one pass."""

from __future__ import annotations

import errno
import json
import os
import stat
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aiguard.checker import prepare
from aiguard.errors import StoreError, UsageError
from aiguard.masking import mask_bytes
from aiguard.model import Config, StandIns, Use
from aiguard.store.atomic import write_all
from aiguard.store.maps import default_path, load, refuse_overwriting, to_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

WORDS = "つばき山の合言葉92"
SOURCE = "早乙女詩織さんの電話は090-7361-8245です。会議は3階で行います。\n"
CANARIES = ("早乙女", "詩織", "7361", "8245")


@cache
def way(text: str = SOURCE) -> StandIns:
    """Return the way back from a masked text."""
    done = mask_bytes(text.encode(), "a.txt", prepare(Config(), Use.PROMPT))
    assert done.standins is not None
    return done.standins


def say(words: str) -> Callable[[], str]:
    """Return a function that tells a passphrase."""
    return lambda: words


def silent() -> str:
    """Fail: nobody may ask for a passphrase here."""
    pytest.fail("asked for a passphrase")


@pytest.mark.parametrize("words", [None, WORDS])
def test_a_map_comes_back(tmp_path: Path, words: str | None) -> None:
    path = tmp_path / "map.json"
    write_all([(path, to_bytes(way(), words), True)])
    assert load(path, say(words) if words else silent) == way()
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps other permissions")
def test_nobody_else_reads_a_map(tmp_path: Path) -> None:
    path = tmp_path / "map.json"
    path.write_bytes(b"old")
    path.chmod(0o644)
    write_all([(path, b"new", True)])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps other permissions")
def test_a_masked_text_keeps_the_permissions_of_the_file_it_replaces(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write_all([(path, b"new", False)])
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_map_holds_the_values_and_never_the_whole_text() -> None:
    held = to_bytes(way(), None).decode()
    assert all(canary in held for canary in CANARIES)
    assert "会議" not in held


def test_a_sealed_map_shows_nothing() -> None:
    held = to_bytes(way(), WORDS).decode()
    assert not any(canary in held for canary in (*CANARIES, "氏名", WORDS))


def test_a_map_and_its_values_are_not_shown_by_chance() -> None:
    shown = repr(way()) + str(way().items[0])
    assert not any(canary in shown for canary in CANARIES)


@pytest.mark.parametrize("words", ["つばき山の合言葉93", "", "x" * 1000])
def test_another_passphrase_is_refused(tmp_path: Path, words: str) -> None:
    path = tmp_path / "map.json"
    path.write_bytes(to_bytes(way(), WORDS))
    with pytest.raises(StoreError, match="合言葉が違うか"):
        load(path, say(words))


def test_one_passphrase_typed_in_two_ways(tmp_path: Path) -> None:
    path = tmp_path / "map.json"
    path.write_bytes(to_bytes(way(), "がっこうの合言葉"))
    assert load(path, say("か\u3099っこうの合言葉")) == way()


@pytest.mark.parametrize("key", ["token", "salt", "n"])
def test_a_sealed_map_that_was_changed_is_refused(tmp_path: Path, key: str) -> None:
    path = tmp_path / "map.json"
    held = json.loads(to_bytes(way(), WORDS))
    held[key] = (
        held[key] + 1 if key == "n" else ("B" if held[key][9] != "B" else "C").join((held[key][:9], held[key][10:]))
    )
    path.write_text(json.dumps(held), encoding="utf-8")
    with pytest.raises(StoreError, match="書き換えられています"):
        load(path, say(WORDS))


def test_a_sealed_map_may_not_ask_for_much(tmp_path: Path) -> None:
    path = tmp_path / "map.json"
    path.write_text(json.dumps(json.loads(to_bytes(way(), WORDS)) | {"n": 40}), encoding="utf-8")
    with pytest.raises(StoreError, match="書き換えられています"):
        load(path, say(WORDS))


def _broken(change: Callable[[dict[str, Any]], object]) -> bytes:
    held = json.loads(to_bytes(way(), None))
    change(held)
    return json.dumps(held).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b'{"kind": "aiguard stand-ins"}',
        SOURCE.encode(),
        to_bytes(way(), None)[:-20],
        _broken(lambda held: held.update(kind="other")),
        _broken(lambda held: held["items"].append(held["items"][0])),
        _broken(lambda held: held["places"].append([0, 1, 0])),
        _broken(lambda held: held["places"].append([900, 901, 99])),
        _broken(lambda held: held["items"][0].update(text=3)),
        _broken(lambda held: held["items"][0].update(raw="?")),
        _broken(lambda held: held.update(style="other")),
    ],
)
def test_what_is_no_map_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "map.json"
    path.write_bytes(data)
    with pytest.raises(StoreError, match="対応表ではないか、壊れています") as told:
        load(path, silent)
    assert not any(canary in str(told.value) for canary in CANARIES)
    assert told.value.__cause__ is None


def test_a_map_of_a_later_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "map.json"
    path.write_bytes(_broken(lambda held: held.update(schema=2)))
    with pytest.raises(StoreError, match="この版"):
        load(path, silent)


def test_a_map_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="開けません"):
        load(tmp_path / "none.json", silent)


# ---- Overwriting


def test_the_map_of_the_same_text_may_be_written_again(tmp_path: Path) -> None:
    path = tmp_path / "map.json"
    refuse_overwriting(path, way())
    path.write_bytes(to_bytes(way(), None))
    refuse_overwriting(path, way())


@pytest.mark.parametrize("data", [to_bytes(way("佐々木翔太さんの件\n"), None), to_bytes(way(), WORDS), b"notes\n"])
def test_what_is_there_is_not_replaced(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "map.json"
    path.write_bytes(data)
    with pytest.raises(UsageError, match="すでにあります"):
        refuse_overwriting(path, way())


def test_the_usual_place_tells_texts_apart_and_no_values(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_DATA_HOME", "HOME", "LOCALAPPDATA", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    one, other = default_path("dir/a.txt", way()), default_path("dir/a.txt", way("佐々木翔太さんの件\n"))
    assert one != other
    assert tmp_path in one.parents
    assert not any(canary in str(one) for canary in CANARIES)


# ---- Failures


@pytest.mark.parametrize("broken", ["fsync", "replace", "chmod"])
def test_a_disk_that_is_full_leaves_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "no space left", "早乙女")

    monkeypatch.setattr(os if broken == "fsync" else Path, broken, fail)
    out, kept = tmp_path / "out.txt", tmp_path / "map.json"
    kept.write_bytes(b"old map")
    with pytest.raises(UsageError, match="書けません") as told:
        write_all([(out, b"masked", False), (kept, b"new map", True)])
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"map.json": b"old map"}
    assert "早乙女" not in str(told.value)


def test_a_map_that_cannot_be_put_in_place_takes_the_new_text_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, kept = tmp_path / "out.txt", tmp_path / "map.json"
    kept.write_bytes(b"old map")
    replace = Path.replace

    def fail(path: Path, target: Path) -> Path:
        if target.name == kept.name:
            raise PermissionError(errno.EACCES, "in use")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(UsageError, match=r"map\.json"):
        write_all([(out, b"masked", False), (kept, b"new map", True)])
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"map.json": b"old map"}


def test_a_folder_or_a_device_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for target in (tmp_path / "folder", Path(os.devnull)):
        with pytest.raises(UsageError, match="書けません"):
            write_all([(target, b"new", True)])
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "file")
    write_all([(tmp_path / "link", b"new", True)])
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_bytes() == b"new"


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    out = tmp_path / "out.txt"
    with pytest.raises(UsageError, match="書けません"):
        write_all([(out, b"masked", False), (tmp_path / "none" / "map.json", b"new map", True)])
    assert list(tmp_path.iterdir()) == []
