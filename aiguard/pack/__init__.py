"""Load a rule pack: a folder of TOML files becomes a `Pack`, and each mistake names file, rule and key.

guideline.toml      what the guideline asks, section by section
organisation.toml   what is the organisation's own and public
attribution.toml    how AI-made text is to be declared
words.toml          lists of words that rules share, used as "@name"
rules/*.toml        the rules
../common/lexicons  names of persons, one a line
../common/words     lists of words and patterns that packs share, used as "@name"; a pack's own list of that name wins
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from aiguard import stored
from aiguard.detectors import DETECTORS
from aiguard.errors import PackError, suggest
from aiguard.model import (
    AttributionRule,
    Examples,
    Guideline,
    Organisation,
    Pack,
    Rule,
    SectionsByUse,
    Tier,
    When,
    Wording,
)
from aiguard.resources import root
from aiguard.text import fold
from aiguard.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

VIEWS = ("text", "digits")
DEFAULT = "nagareyama"
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_WHERE = re.compile(r" - at `\$\.?(.*)`$")
_FIELD = re.compile(r"(unknown|missing required) field `(.*?)`")


class _Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Describe the keys that every rule has."""

    id: str
    title: str
    sections: SectionsByUse
    message: str
    why: str
    advice: str
    tier: tuple[Tier, ...]
    examples: Examples
    entity: str | None = None
    category: str | None = msgspec.field(name="class", default=None)
    view: str = "text"
    when: When | None = None


def find(name: str | None) -> Path:
    """Return the folder of a pack by name or path; PackError if there is none."""
    folder = Path(name) if name and (Path(name) / "guideline.toml").is_file() else root() / (name or DEFAULT)
    if not (folder / "guideline.toml").is_file():
        raise PackError(
            "パックが見つかりません", file=name or DEFAULT, hint="guideline.toml のあるフォルダーを指定してください"
        )
    return folder


def load(folder: Path) -> Pack:
    """Return a pack; PackError for the first mistake, before any input is read.

    Of a pack that ships with aiguard, what an earlier run made of the very same files is taken where it was kept.
    """
    if not folder.is_relative_to(root()):
        return _load(folder)
    digest = _digest(folder)
    kept = stored.read(f"pack-{folder.name}", digest)
    if kept:
        return replace(_decoded(kept), root=str(folder))
    pack = replace(_load(folder), digest=digest)
    stored.write(f"pack-{folder.name}", digest, _encoded(pack))
    return pack


def _digest(folder: Path) -> str:
    """Hash the files of a pack, and the code that makes values and tables of them."""
    import hashlib

    code = Path(__file__).parent
    files = [*folder.glob("*.toml"), *folder.glob("rules/*.toml"), *code.glob("*.py")]
    files += [file for name in ("detectors", "model") for file in (code / name).glob("*.py")]
    hashed = hashlib.sha256(f"{__version__} {msgspec.__version__}".encode())
    for file in sorted(files):
        hashed.update(f"\0{file.name}\0".encode() + file.read_bytes())
    return hashed.hexdigest()


def _encoded(pack: Pack) -> bytes:
    bare = replace(pack, rules=tuple(replace(rule, spec=None) for rule in pack.rules))
    return msgspec.msgpack.encode((bare, [msgspec.msgpack.encode(rule.spec) for rule in pack.rules]))


def _decoded(kept: bytes) -> Pack:
    pack, specs = msgspec.msgpack.decode(kept, type=tuple[Pack, tuple[bytes, ...]])
    decoders = {kind: msgspec.msgpack.Decoder(DETECTORS[kind].Spec) for kind in {rule.kind for rule in pack.rules}}
    rules = zip(pack.rules, specs, strict=True)
    return replace(pack, rules=tuple(replace(rule, spec=decoders[rule.kind].decode(spec)) for rule, spec in rules))


def _load(folder: Path) -> Pack:
    guideline = _convert(_read(folder / "guideline.toml"), Guideline, "guideline.toml")
    words = _words(folder)
    known = {section.id for section in guideline.section}
    rules: list[Rule] = []
    for path in sorted((folder / "rules").glob("*.toml")):
        file = f"rules/{path.name}"
        rules += (_rule(raw, file, words, known) for raw in _rules(path, file))
    _unique(rules)
    return Pack(
        guideline,
        tuple(rules),
        _convert(_optional(folder / "organisation.toml"), Organisation, "organisation.toml"),
        _convert(_optional(folder / "attribution.toml"), AttributionRule, "attribution.toml"),
        str(folder),
        {
            name: _convert(words, Wording, "document.toml", key=name)
            for name, words in _optional(folder / "document.toml").items()
        },
    )


def _words(folder: Path) -> dict[str, tuple[str, ...]]:
    """Return the lists that rules share, by name: those of all packs, then the pack's own."""
    beside = folder.parent / "common" / "words"
    shared = sorted((beside if beside.is_dir() else root() / "common" / "words").glob("*.toml"))
    return {
        name: _convert(group, tuple[str, ...], file.name, key=name)
        for file in (*shared, folder / "words.toml")
        for name, group in _optional(file).items()
    }


def _optional(file: Path) -> dict[str, Any]:
    return _read(file) if file.is_file() else {}


def _read(file: Path, name: str = "") -> dict[str, Any]:
    import rtoml

    try:
        return rtoml.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise PackError("読めません", file=name or file.name, hint="UTF-8のファイルを置いてください") from None
    except rtoml.TomlParsingError as error:
        raise PackError(f"TOMLとして読めません（{error}）", file=name or file.name) from None


def _rules(path: Path, file: str) -> list[dict[str, Any]]:
    hint = "規則は [[rule]] で書きます"
    raw = _read(path, file)
    if other := next((key for key in raw if key != "rule"), None):
        raise PackError("[[rule]] のほかの表があります", file=file, key=other, hint=hint)
    rules = raw.get("rule")
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        raise PackError("[[rule]] がありません", file=file, key="rule", hint=hint)
    return rules


def _rule(raw: dict[str, Any], file: str, words: Mapping[str, tuple[str, ...]], known: set[str]) -> Rule:
    name = str(raw.get("id", "?"))
    kinds = [key for key in raw if key in DETECTORS]
    if len(kinds) != 1:
        raise PackError(
            f"検出の表が{len(kinds)}つあります", file=file, rule=name, key="、".join(kinds) or None,
            hint=f"次のうち一つだけ書いてください: {'、'.join(DETECTORS)}",
        )  # fmt: skip
    kind = kinds[0]
    head = _convert({key: value for key, value in raw.items() if key != kind}, _Head, file, name)
    spec = _convert(_spread(raw[kind], words, (file, name, kind)), DETECTORS[kind].Spec, file, name, kind)
    _check_head(head, file, known)
    if wrong := DETECTORS[kind].problem(spec):
        raise PackError(wrong[1], file=file, rule=name, key=f"{kind}.{wrong[0]}")
    _check_folded(DETECTORS[kind].patterns(spec), file, name, kind)
    return Rule(
        head.id, head.title, kind, spec, head.sections, head.message, head.why, head.advice, head.tier,
        head.examples, file, head.entity, head.category, head.view, head.when,
    )  # fmt: skip


def _check_head(head: _Head, file: str, known: set[str]) -> None:
    if not _ID.fullmatch(head.id):
        raise PackError("id は英小文字と数字とハイフンです", file=file, rule=head.id, key="id")
    if head.view not in VIEWS:
        raise PackError(f"使えるもの: {'、'.join(VIEWS)}", file=file, rule=head.id, key="view")
    if head.when and head.when.ai != "used":
        raise PackError("使えるもの: used", file=file, rule=head.id, key="when.ai")
    if not head.tier:
        raise PackError("[[rule.tier]] が一つもありません", file=file, rule=head.id, key="tier")
    if not head.examples.match or not head.examples.no_match:
        raise PackError(
            "例がありません", file=file, rule=head.id, key="examples", hint="match と no_match を書いてください"
        )
    for section in head.sections.prompt + head.sections.document:
        if section not in known:
            raise PackError(f"節「{section}」は guideline.toml にありません", file=file, rule=head.id, key="sections")


def _check_folded(patterns: tuple[str, ...], file: str, rule: str, kind: str) -> None:
    """Refuse a pattern with characters that never stand in a view: full-width digits, （ and the like."""
    for pattern in patterns:
        if (folded := fold(pattern)) != pattern:
            odd = next(a for a, b in zip(pattern, folded + "\0", strict=False) if a != b)
            raise PackError(
                f"文字「{odd}」はたたんだ文には現れません", file=file, rule=rule, key=f"{kind}.patterns",
                hint="全角の英数字・記号は半角で書いてください",
            )  # fmt: skip


def patterns(pack: Pack) -> tuple[str, ...]:
    """Return the regular expressions of a pack as they will be compiled."""
    return tuple(each for rule in pack.rules for each in DETECTORS[rule.kind].patterns(rule.spec))


def check_patterns(pack: Pack) -> None:
    """Compile every regular expression of a pack; PackError for the first that is wrong.

    Costs some 400 ms, so that packs shipped with aiguard are tried by the tests and others on load.
    """
    import regex

    for rule in pack.rules:
        for pattern in DETECTORS[rule.kind].patterns(rule.spec):
            try:
                regex.compile(pattern, regex.VERSION1)
            except regex.error as error:
                raise PackError(
                    f"正規表現が正しくありません（{error}）", file=rule.file, rule=rule.id, key=f"{rule.kind}.patterns"
                ) from None


def _unique(rules: list[Rule]) -> None:
    seen: dict[str, Rule] = {}
    for rule in rules:
        if rule.id in seen:
            raise PackError(f"同じ id が {seen[rule.id].file} にもあります", file=rule.file, rule=rule.id, key="id")
        seen[rule.id] = rule


def _spread(value: Any, words: Mapping[str, tuple[str, ...]], place: tuple[str, str, str]) -> Any:  # noqa: ANN401 - TOML
    """Replace "@name" in lists by the words of that name; `place` is the file, the rule and the key of the value."""
    file, rule, key = place
    if isinstance(value, dict):
        return {name: _spread(each, words, (file, rule, f"{key}.{name}")) for name, each in value.items()}
    if not isinstance(value, list):
        return value
    spread: list[Any] = []
    for each in value:
        if isinstance(each, str) and each.startswith("@"):
            if each[1:] not in words:
                problem = f"語の一覧「{each[1:]}」は words.toml にありません"
                raise PackError(problem, file=file, rule=rule, key=key, hint=suggest(each[1:], words))
            spread += words[each[1:]]
        else:
            spread.append(each)
    return spread


def _convert(raw: Any, into: Any, file: str, rule: str | None = None, key: str = "") -> Any:  # noqa: ANN401
    try:
        return msgspec.convert(raw, into, strict=True)
    except msgspec.ValidationError as error:
        message = str(error)
    where, field = _WHERE.search(message), _FIELD.search(message)
    parts = (key, where.group(1) if where else "", field.group(2) if field else "")
    hint = ""
    if field is None:
        problem = f"値が正しくありません（{_WHERE.sub('', message)}）"
    elif field.group(1) == "unknown":
        problem = "このキーは使えません"
        hint = "" if where else suggest(field.group(2), (each.encode_name for each in msgspec.structs.fields(into)))
    else:
        problem = "このキーがありません"
    raise PackError(problem, file=file, rule=rule, key=".".join(filter(None, parts)) or None, hint=hint)
