"""Build a pack of its layers, the upper ones over those below them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from aiguard.errors import PackError, suggest
from aiguard.model import Classification, Guideline, Organisation, Pack, Topic, UseKind, Wording
from aiguard.pack import rules, source, statement, words
from aiguard.pack.layers import HEAD, layers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from aiguard.model import AttributionRule
    from aiguard.pack.layers import Layer


_FILES = frozenset(
    "attribution.toml changes.toml checklist.toml classification.toml document.toml guideline.toml incident.toml "
    "organisation.toml services.toml topics.toml uses.toml words.toml".split()
)
_FOLDERS = frozenset({"rules", "words", "lexicons", "new"})


def build(folder: Path) -> Pack:
    """Return the pack in a folder; PackError for the first mistake."""
    found = layers(folder)
    for layer in found:
        _check_names(layer)
    topics = _topics(found)
    guideline = _guideline(found, topics)
    organisation, attribution = _organisation(found), statement.read(found, guideline)
    classification = _classification(found)
    lists = words.gather(found) | words.of_classification(classification) | words.of_organisation(organisation)
    raws = rules.gather(found)
    around = rules.Around(
        guideline, lists, frozenset(topics), _fills(attribution, classification) | _names(organisation, lists), HEAD
    )
    return Pack(
        guideline,
        rules.make(raws, around),
        organisation,
        attribution,
        str(folder),
        _document(found),
        layers=tuple(str(layer.folder.resolve()) for layer in reversed(found)),
        classification=classification,
        uses=_uses(found),
    )


def _check_names(layer: Layer) -> None:
    """Refuse files and folders of a pack that nothing reads: a name with a slip of the pen would be passed over."""
    for each in sorted(layer.folder.iterdir()):
        known = _FOLDERS if each.is_dir() else _FILES
        told = each.is_dir() and any(each.glob("*.toml"))
        if each.name not in known and not each.name.startswith(".") and (told or each.suffix == ".toml"):
            hint = suggest(each.name, known) or f"使える名前: {'、'.join(sorted(_FILES))}"
            raise PackError("この名前のファイルやフォルダーは読みません", file=layer.label(each.name), hint=hint)


def _guideline(found: Sequence[Layer], topics: dict[str, Topic]) -> Guideline:
    """Return the guideline of the pack, with sections and topics of the one below where it gives none."""
    heads = [layer.tables(HEAD) for layer in found]
    own = heads[-1] or source.read(found[-1].folder / HEAD, HEAD)
    for layer, head in zip(found[:-1], heads, strict=False):
        if head:
            source.convert({"section": []} | head, Guideline, layer.label(HEAD))
    given = next((head["section"] for head in reversed(heads) if "section" in head), None)
    mapped = [head.get("topics") for head in heads]
    merged = {key: value for each in mapped if isinstance(each, dict) for key, value in each.items()}
    raw = ({} if given is None else {"section": given}) | own
    raw |= {"topics": merged} if isinstance(own.get("topics", {}), dict) else {}
    guideline: Guideline = source.convert(raw, Guideline, HEAD)
    _check_sections(guideline)
    _check_topics(guideline, topics)
    unasked: dict[str, tuple[str, ...]] = {name: () for name, topic in topics.items() if topic.optional}
    return replace(guideline, topics=unasked | guideline.topics)


def _check_sections(guideline: Guideline) -> None:
    seen: set[str] = set()
    for section in guideline.section:
        if section.id in seen:
            raise PackError(f"節「{section.id}」が二度あります", file=HEAD, key="section.id")
        seen.add(section.id)


def _check_topics(guideline: Guideline, topics: dict[str, Topic]) -> None:
    known = [section.id for section in guideline.section]
    for topic, sections in guideline.topics.items():
        if topic not in topics:
            problem = "この話題はありません"
            raise PackError(problem, file=HEAD, key=f"topics.{topic}", hint=suggest(topic, topics))
        for section in sections:
            if section not in known:
                problem = f"節「{section}」がありません"
                hint = "[[section]] の id を、topics にも同じ書き方で書いてください。"
                raise PackError(problem, file=HEAD, key=f"topics.{topic}", hint=suggest(section, known) or hint)


def _topics(found: Sequence[Layer]) -> dict[str, Topic]:
    name = "topics.toml"
    return {
        key: source.convert(table, Topic, layer.label(name), key=key)
        for layer in found
        for key, table in layer.tables(name).items()
    }


def _organisation(found: Sequence[Layer]) -> Organisation:
    """Return what is the organisation's own; what a layer lists stands for what those below it list."""
    merged: dict[str, Any] = {}
    for layer in found:
        raw = layer.tables("organisation.toml")
        source.convert(raw, Organisation, layer.label("organisation.toml"))
        merged |= raw
    return source.convert(merged, Organisation, "organisation.toml")  # type: ignore[no-any-return]


def _classification(found: Sequence[Layer]) -> Classification:
    """Return the marks of classification; the labels of a layer stand for those below it, and its phrase."""
    name = "classification.toml"
    merged: dict[str, Any] = {}
    for layer in found:
        raw = layer.tables(name)
        marks: Classification = source.convert(raw, Classification, layer.label(name))
        for place, label in enumerate(marks.label):
            if label.severity not in words.LABELS:
                known = f"使えるもの: {'、'.join(words.LABELS)}"
                raise PackError(known, file=layer.label(name), key=f"label[{place}].severity")
            if not label.words:
                raise PackError("語が一つもありません", file=layer.label(name), key=f"label[{place}].words")
        merged |= raw
    return source.convert(merged, Classification, name)  # type: ignore[no-any-return]


def _fills(attribution: AttributionRule, classification: Classification) -> dict[str, str | None]:
    """Return what stands for the words in braces in texts and examples of rules; None for what the pack lacks."""
    blank, named = next(iter(attribution.placeholders), "生成AI名"), "{name}" in attribution.form
    wrong = (
        "Created by ChatGPT"
        if attribution.wording == "exact"
        else "AIにより作成"
        if attribution.asks_for_name
        else None
    )
    first = {severity: _first(classification, severity) for severity in words.LABELS}
    return {
        "{statement}": attribution.form.replace("{name}", blank),
        "{statement:ChatGPT}": attribution.form.replace("{name}", "ChatGPT"),
        "{statement:blank}": attribution.form.replace("{name}", blank).strip("※*・ 。") if named else None,
        "{statement:wrong}": wrong,
        "{evident}": None if attribution.required == "declared" else "",
        "{not:always}": None if attribution.required == "always" else "",
        "{classified}": classification.phrase,
        "{label}": first["block"],
        "{label:warn}": first["warn"],
        "{label:none}": first["none"],
    }


def _names(organisation: Organisation, lists: dict[str, tuple[str, ...]]) -> dict[str, str | None]:
    return {"{own}": organisation.name or None, "{town}": next(iter(lists.get("towns", ())), None)}


def _first(classification: Classification, severity: str) -> str | None:
    return next((word for label in classification.label if label.severity == severity for word in label.words), None)


def _document(found: Sequence[Layer]) -> dict[str, Wording]:
    name = "document.toml"
    return {
        key: source.convert(table, Wording, layer.label(name), key=key)
        for layer in found
        for key, table in layer.tables(name).items()
    }


def _uses(found: Sequence[Layer]) -> tuple[UseKind, ...]:
    """Return the uses of the nearest layer that lists any."""
    name = "uses.toml"
    for layer in reversed(found):
        if listed := layer.tables(name).get("use"):
            kinds: tuple[UseKind, ...] = source.convert(listed, tuple[UseKind, ...], layer.label(name), key="use")
            return kinds
    return ()
