"""Gather the lists of words that rules share ("@name"), the marks of classification among them, and put them in.

A list of an upper layer stands for the one of that name below; "@name" in it takes up the one below. In a pattern
`{@name}` stands for any item of a list, as it is written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from aiguard.errors import PackError, suggest
from aiguard.pack import source
from aiguard.resources import root
from aiguard.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from aiguard.model import Classification, Organisation
    from aiguard.pack.layers import Layer

Words = "dict[str, tuple[str, ...]]"
LABELS = ("block", "warn", "none")
_REFERENCE = re.compile(r"\{@([^{}]*)\}")
_DIGIT = re.compile(r"(?<=[^\W\d_a-zA-Z]) ?(?=[0-9A-Z])")


class Place(NamedTuple):
    """Say where a value stands."""

    file: str
    rule: str | None = None
    key: str | None = None

    def within(self, key: str) -> Place:
        """Return the place of what stands under a key of this one."""
        return self._replace(key=f"{self.key}.{key}" if self.key else key)


def gather(layers: Sequence[Layer]) -> dict[str, tuple[str, ...]]:
    """Return the lists of all layers by name; those of words/ that all packs share come first."""
    known: dict[str, tuple[str, ...]] = {}
    shared = _shared(layers)
    files = [(file, file.name) for file in shared]
    files += [(layer.folder / "words.toml", layer.label("words.toml")) for layer in layers]
    for file, name in files:
        for key, group in source.optional(file, name).items():
            listed = source.convert(group, tuple[str, ...], name, key=key)
            known[key] = tuple(spread(listed, known, Place(name, key=key)))
    return known


def _shared(layers: Sequence[Layer]) -> list[Path]:
    beside = layers[-1].folder.parent / "common" / "words"
    lowest = layers[0].folder / "words"
    folder = next((each for each in (lowest, beside) if each.is_dir()), root() / "common" / "words")
    return sorted(folder.glob("*.toml"))


def of_classification(found: Classification) -> dict[str, tuple[str, ...]]:
    """Return the marks of classification as lists: words and patterns by what they call for."""
    lists: dict[str, tuple[str, ...]] = {}
    known = tuple(fold(word) for label in found.label for word in label.words)
    for severity in LABELS:
        labels = [label for label in found.label if label.severity == severity]
        # Marks are written with a space before the digit as often as without.
        lists[f"labels-{severity}"] = tuple(
            dict.fromkeys(each for label in labels for word in label.words for each in (word, _DIGIT.sub(" ", word)))
        )
        lists[f"label-patterns-{severity}"] = tuple(label.pattern or _pattern(label.words, known) for label in labels)
        lists[f"label-cues-{severity}"] = lists[f"labels-{severity}"]
    for severity in ("block", "warn"):
        lists[f"labels-but-{severity}"] = tuple(
            word for each in LABELS if each != severity for word in lists[f"labels-{each}"]
        )
    return lists


def _pattern(words: Iterable[str], known: Sequence[str]) -> str:
    """Match any of the words, with a space before its digit or without, where no longer mark begins with it."""
    longest_first = sorted(map(fold, words), key=len, reverse=True)
    return f"(?:{'|'.join(_spaced(word) + _not_longer(word, known) for word in longest_first)})(?![0-9A-Za-z])"


def _spaced(word: str) -> str:
    return " ?".join(map(re.escape, _DIGIT.split(word)))


def _not_longer(word: str, known: Sequence[str]) -> str:
    rests = [re.escape(other[len(word) :]) for other in known if other.startswith(word) and other != word]
    return f"(?!{'|'.join(rests)})" if rests else ""


def of_organisation(own: Organisation) -> dict[str, tuple[str, ...]]:
    """Return what the organisation calls itself as a list of patterns."""
    return {"own-names": tuple(re.escape(fold(name)) for name in (own.name, *own.aliases) if name)}


def spread(value: Any, words: Mapping[str, tuple[str, ...]], place: Place) -> Any:  # noqa: ANN401 - TOML
    """Replace "@name" in lists by the words of that name, and `{@name}` in a pattern by any of them; PackError."""
    if isinstance(value, dict):
        return {name: spread(each, words, place.within(name)) for name, each in value.items()}
    if isinstance(value, str):
        return _REFERENCE.sub(lambda found: _either(_list(found[1], words, place)), value) if "{@" in value else value
    if not isinstance(value, list | tuple):
        return value
    found: list[Any] = []
    for each in value:
        if isinstance(each, str) and each.startswith("@"):
            found += _list(each[1:], words, place)
        else:
            found.append(spread(each, words, place))
    return found


def _either(patterns: tuple[str, ...]) -> str:
    return f"(?:{'|'.join(patterns)})" if patterns else "(?!)"


def _list(name: str, words: Mapping[str, tuple[str, ...]], place: Place) -> tuple[str, ...]:
    if name not in words:
        problem = f"語の一覧「{name}」は words.toml にありません"
        raise PackError(problem, file=place.file, rule=place.rule, key=place.key, hint=suggest(name, words))
    return words[name]


def is_idle(spec: Any, words: Mapping[str, tuple[str, ...]]) -> bool:  # noqa: ANN401 - TOML
    """Tell whether all that a rule looks for are lists that are empty in this pack: it has nothing to look for."""
    if not isinstance(spec, dict):
        return False
    sought = [part.get("anchor") if isinstance(part, dict) else part for part in map(spec.get, ("words", "patterns"))]
    listed = [each for part in sought if isinstance(part, list) for each in part]
    return bool(listed) and all(isinstance(each, str) and _vanishes(each, words) for each in listed)


def _vanishes(item: str, words: Mapping[str, tuple[str, ...]]) -> bool:
    names = [item[1:]] if item.startswith("@") else _REFERENCE.findall(item)
    return any(name in words and not words[name] for name in names)
