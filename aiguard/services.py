"""Read the register of generative AIs and judge one by it (guideline, sections 2, 6(1) and 9).

A pack ships `services.toml`; the organisation keeps its own file, which `services = "services.toml"` in its
configuration names. An own entry replaces the pack's of that name, but for its maker and aliases; decisions stand at the end of the file, so that
adding one changes no other byte. Only the own file may say that a class of information may be entered.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from aiguard.errors import ConfigError, PackError, UsageError
from aiguard.model import Decision, Register, RegisteredService, ServiceVerdict, Standing
from aiguard.text import fold

if TYPE_CHECKING:
    import datetime as dt

    from aiguard.model import Pack

FILE = "services.toml"
_SET_IT = 'aiguard.toml に services = "services.toml" と書いてください。'


def register(pack: Pack, own: str | None) -> Register:
    """Return the services of a pack under those of the organisation's own file; PackError, ConfigError."""
    shipped = _shipped(pack)
    if own is None:
        return shipped
    mine = read_own(Path(own), shipped)
    names = {service_key(each.name) for each in mine.service}
    below = {service_key(each.name): each for each in shipped.service}
    kept = tuple(each for each in shipped.service if service_key(each.name) not in names)
    own_ones = tuple(_over(each, below.get(service_key(each.name)), pack) for each in mine.service)
    return replace(shipped, service=(*own_ones, *kept), decision=mine.decision)


def read_own(file: Path, shipped: Register) -> Register:
    """Read the organisation's own file; ConfigError where it is missing (a suspension may stand in it) or wrong."""
    try:
        data = file.read_bytes()
    except OSError:
        raise ConfigError("開けません。", file=str(file), hint="aiguard services suspend が作ります。") from None
    return _checked(file, data, shipped)


def judge(known: Register, name: str, today: dt.date) -> ServiceVerdict:
    """Say what holds for an AI: approved, suspended, not-approved, or unlisted.

    A suspension wins over the entry of a service until it is lifted; outside its days a service is not approved.
    """
    service = find(known, name)
    if service is None:
        return ServiceVerdict(name.strip(), "unlisted")
    last = next(reversed(decisions(known, service)), None)
    if last and last.status is Standing.SUSPENDED:
        return ServiceVerdict(service.name, last.status.value, last.day.isoformat(), last.reason)
    status, reason, day = service.status, service.reason, ""
    if status is Standing.APPROVED and (over := _outside(service, today)):
        return ServiceVerdict(service.name, Standing.NOT_APPROVED.value, "", over)
    classes = service.classes if status is Standing.APPROVED else ()
    return ServiceVerdict(service.name, status.value, day, reason, classes)


def decisions(known: Register, service: RegisteredService) -> tuple[Decision, ...]:
    """Return the decisions on a service, under any of its names, the oldest first."""
    names = {service_key(each) for each in (service.name, *service.aliases)}
    return tuple(each for each in known.decision if service_key(each.service) in names)


def find(known: Register, name: str) -> RegisteredService | None:
    """Return the service of a name or alias, however it is written (width, case, spaces)."""
    wanted = service_key(name)
    return next(
        (one for one in known.service if wanted in {service_key(each) for each in (one.name, *one.aliases)}), None
    )


def decide(pack: Pack, own: str | None, decision: Decision) -> Path:
    """Write a decision at the end of the organisation's own file, atomically; every byte before it stays.

    Returns the file. UsageError where none is configured or the service is not listed, ConfigError where somebody
    else writes or the file is wrong.
    """
    if own is None:
        raise UsageError("組織の services.toml が設定されていません。", _SET_IT)
    file, shipped = Path(own), _shipped(pack)
    draft = file.with_name(f"{file.name}.new")
    try:
        with draft.open("xb") as written:  # also keeps a second writer out
            try:
                before = file.read_bytes() if file.exists() else b""
                name = _known(_checked(file, before, shipped), shipped, decision.service)
                data = _appended(before, replace(decision, service=name))
                _checked(file, data, shipped)
                written.write(data)
                written.flush()
                os.fsync(written.fileno())
            except BaseException:
                written.close()
                draft.unlink()
                raise
        draft.replace(file)
    except FileExistsError:
        hint = f"ほかの人が書いていないときは、{draft.name} を消して、やり直してください。"
        raise ConfigError("ほかの人が書いている途中です。", file=str(file), hint=hint) from None
    except OSError:
        raise ConfigError("書けません。", file=str(file), hint="フォルダーと権限を確かめてください。") from None
    return file


def service_key(name: str) -> str:
    """Return what two ways to write a name have in common."""
    return "".join(fold(name).lower().split())


def _over(service: RegisteredService, below: RegisteredService | None, pack: Pack) -> RegisteredService:
    """Give an own entry what it leaves out and the pack knows: the maker, and the other ways to write the name."""
    named = _with_aliases(service, pack)
    if below is None:
        return named
    aliases = tuple(dict.fromkeys((*named.aliases, *below.aliases)))
    return replace(named, aliases=aliases, provider=named.provider or below.provider, link=named.link or below.link)


def _with_aliases(service: RegisteredService, pack: Pack) -> RegisteredService:
    """Add the ways to write a name that statements of AI use are read with (attribution.toml)."""
    wanted = service_key(service.name)
    known = (each.aliases for each in pack.attribution.services if service_key(each.name) == wanted)
    return replace(service, aliases=tuple(dict.fromkeys((*service.aliases, *next(known, ())))))


def _known(mine: Register, shipped: Register, name: str) -> str:
    """Return the one name of a service."""
    service = find(replace(mine, service=(*mine.service, *shipped.service)), name)
    if service is None:
        hint = "aiguard services list で名前を確かめるか、[[service]] で書き足してください。"
        raise UsageError(f"「{name}」は一覧にありません。", hint)
    return service.name


def _appended(before: bytes, decision: Decision) -> bytes:
    """Return a TOML file with one more decision; what JSON escapes, TOML reads in the same way."""
    texts = {"service": decision.service, "status": decision.status.value, "by": decision.by, "reason": decision.reason}
    rows = [f"{key} = {msgspec.json.encode(value).decode()}" for key, value in texts.items()]
    gap = "" if not before else "\n" if before.endswith(b"\n") else "\n\n"
    return before + "\n".join([f"{gap}[[decision]]", *rows, f"day = {decision.day.isoformat()}", ""]).encode()


def _outside(service: RegisteredService, today: dt.date) -> str:
    if service.valid_from and today < service.valid_from:
        return f"利用できるのは{service.valid_from}からです"
    if service.valid_until and today > service.valid_until:
        return f"利用の期限（{service.valid_until}）が過ぎています"
    return ""


def _shipped(pack: Pack) -> Register:
    """Read the services of a pack, or of the nearest that it extends; a pack that opens a class for a service is refused (7.3)."""
    file = next((file for each in pack.layers if (file := Path(each) / FILE).is_file()), None)
    if file is None:
        return Register()
    try:
        known = _parsed(file.read_bytes())
    except ValueError as error:
        raise PackError(f"読めません（{error}）", file=FILE) from None
    if any(each.classes for each in known.service):
        problem = "入力してよい区分は、組織自身のファイルだけが決められます"
        raise PackError(problem, file=FILE, key="service.classes")
    return replace(known, service=tuple(_with_aliases(each, pack) for each in known.service))


def _checked(file: Path, data: bytes, shipped: Register) -> Register:
    try:
        known = _parsed(data)
    except ValueError as error:
        hint = "直前の書き換えを確かめてください。"
        raise ConfigError(f"読めません（{error}）。", file=str(file), hint=hint) from None
    if known.may_open:
        raise ConfigError("ルールパックだけが決められます。", file=str(file), key="may_open", hint="消してください。")
    names = [service_key(each.name) for each in known.service]
    if len(names) != len(set(names)):
        raise ConfigError("同じ名前が二度あります。", file=str(file), key="service.name", hint="一つにしてください。")
    for service in known.service:
        for name in service.classes:
            if name not in shipped.may_open:
                hint = f"書ける区分: {'、'.join(shipped.may_open) or 'なし'}"
                raise ConfigError(f"「{name}」は入力を許せません。", file=str(file), key="service.classes", hint=hint)
    return known


def _parsed(data: bytes) -> Register:
    """Parse a register; ValueError (of UTF-8, TOML or msgspec) says what is wrong."""
    import rtoml

    return msgspec.convert(rtoml.loads(data.decode("utf-8-sig")), Register)
