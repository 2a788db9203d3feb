"""Write packs for tests: small ones of a city that nobody knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

TOPICS = {
    "personal": ["A"], "identifiable": ["A"], "personal-published": ["C"], "secrets": ["B"], "nda": ["B"],
    "undecided": ["B"], "internal": ["B"], "misuse": ["B"], "works": ["C"], "similar": ["C"], "trademark": [],
    "judgement": [], "facts": ["C"], "attribution": ["C"],
}  # fmt: skip
SECTION = """
[[section]]
id = "{0}"
title = "題{0}"
kind = "prohibition"
coverage = "partial"
asks = "求めること"
reason = "理由"
"""
RULE = """
[[rule]]
id = "{id}"
title = "題"
topics = {{ prompt = ["secrets"] }}
message = "文"
why = "{{classified}}は入力できません。"
advice = "修正"
{more}
[rule.terms]
words = ["{word}"]
[[rule.tier]]
severity = "warn"
[rule.examples]
match = ["«{word}»の件"]
no_match = ["別の件"]
"""


def make(folder: Path, name: str, extends: str | None = "common", topics: dict[str, list[str]] = TOPICS) -> Path:
    """Write a pack with three sections, A to C, and return its folder."""
    pack = folder / name
    (pack / "rules").mkdir(parents=True)
    head = [f'id = "{name}"', f'title = "{name}"', 'edition = "1"', *([f'extends = "{extends}"'] if extends else [])]
    mapped = [f"{topic} = {sections}" for topic, sections in topics.items()]
    text = "\n".join([*head, "[topics]", *mapped]) + "".join(map(SECTION.format, "ABC"))
    write(pack, "guideline.toml", text)
    write(pack, "attribution.toml", 'section = "C"')
    return pack


def write(pack: Path, name: str, text: str) -> None:
    (pack / name).parent.mkdir(exist_ok=True)
    (pack / name).write_text(text, encoding="utf-8")


def rule(name: str, word: str, more: str = "") -> str:
    return RULE.format(id=name, word=word, more=more)
