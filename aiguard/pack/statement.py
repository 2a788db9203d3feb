"""Read how AI-made text is to be declared (attribution.toml), the upper layers over those below them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiguard.errors import PackError
from aiguard.model import AttributionRule
from aiguard.pack import source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiguard.model import Guideline
    from aiguard.pack.layers import Layer

_FILE = "attribution.toml"
_TOPIC = "attribution"
_CHOICES = {
    "required": ("evident", "declared", "always"),
    "documents": ("all", "published"),
    "use": ("any", "substantial"),
    "wording": ("exact", "free"),
    "name": ("required", "optional"),
    "brackets": ("required", "optional"),
}
_WHOLE = frozenset({"also"})  # lists that stand for those below; others are added to them
_BRACES = frozenset("{}｛｝")
_FORM = "名前の入る所を {name} と一度だけ書くか、名前のない文を書いてください"


def read(layers: Sequence[Layer], guideline: Guideline) -> AttributionRule:
    """Return how AI-made text is declared under a guideline; PackError.

    Lists of words are added to those of the layers below; of services of one name the upper one counts. Where the
    guideline has no section on it, nothing is ever wanted.
    """
    merged: dict[str, Any] = {}
    for layer in layers:
        raw, file = layer.tables(_FILE), layer.label(_FILE)
        _check(source.convert({"section": ""} | raw, AttributionRule, file), file)
        merged |= {key: _added(key, merged.get(key), value) for key, value in raw.items()}
    if guideline.topics.get(_TOPIC) == ():
        merged |= {"section": "", "required": "never"}
    rule: AttributionRule = source.convert(merged, AttributionRule, _FILE)
    if rule.section and rule.section not in {section.id for section in guideline.section}:
        raise PackError(f"節「{rule.section}」は guideline.toml にありません", file=_FILE, key="section")
    return rule


def _check(rule: AttributionRule, file: str) -> None:
    for key, values in _CHOICES.items():
        if getattr(rule, key) not in values:
            hint = "明示を求めないときは、guideline.toml の [topics] に attribution = [] と書いてください。"
            known = f"使えるもの: {'、'.join(values)}"
            raise PackError(known, file=file, key=key, hint=hint if key == "required" else "")
    for key, forms in (("form", (rule.form,)), ("also", rule.also)):
        if not all(map(_is_form, forms)):
            raise PackError(_FORM, file=file, key=key)


def _is_form(form: str) -> bool:
    around = form.replace("{name}", "")
    return form.count("{name}") <= 1 and not _BRACES.intersection(around) and bool(around.strip("※*・ \u3000"))


def _added(key: str, old: Any, new: Any) -> Any:  # noqa: ANN401 - TOML
    if not isinstance(old, list) or not isinstance(new, list) or key in _WHOLE:
        return new
    if key != "services":
        return old + [each for each in new if each not in old]
    return list(({each["name"]: each for each in old} | {each["name"]: each for each in new}).values())
