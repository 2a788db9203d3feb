"""Load a rule pack: a folder of TOML files becomes a `Pack`, and each mistake names file, rule and key.

guideline.toml       what the guideline asks, section by section; what the pack extends; sections by topic
organisation.toml    what is the organisation's own and public
attribution.toml     how AI-made text is to be declared
classification.toml  which marks of classification call for what
words.toml           lists of words that rules share, used as "@name"
changes.toml         what of the rules below is left out or changed
document.toml        what a class of rules says of a document about to be published
topics.toml          what rules may be about, for packs to say in which section that stands
rules/*.toml         the rules

A pack that `extends` another has all that the other has, but for what it says itself. `../common` is what the packs
of all cities extend in the end; `../common/lexicons` and `../common/words` serve every pack.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from aiguard import stored
from aiguard.detectors import DETECTORS
from aiguard.errors import PackError, suggest
from aiguard.resources import root

if TYPE_CHECKING:
    from aiguard.model import Pack

DEFAULT = "nagareyama"


def find(name: str | None) -> Path:
    """Return the folder of a pack by name or path; PackError if there is none."""
    folder = Path(name) if name and (Path(name) / "guideline.toml").is_file() else root() / (name or DEFAULT)
    if not (folder / "guideline.toml").is_file():
        from aiguard.pack.layers import COMMON, names

        hint = suggest(name or DEFAULT, set(names()) - {COMMON}) or "guideline.toml のあるフォルダーを指定してください"
        raise PackError("パックが見つかりません", file=name or DEFAULT, hint=hint)
    return folder


def load(folder: Path) -> Pack:
    """Return a pack; PackError for the first mistake, before any input is read.

    What an earlier run made of the very same files is taken where it was kept.
    """
    from aiguard.pack import kept

    name, digest = kept.name_of(folder), kept.digest(folder)
    if known := stored.read(name, digest):
        return kept.decoded(known, folder)
    from aiguard.pack.building import build

    pack = replace(build(folder), digest=digest)
    stored.write(name, digest, kept.encoded(pack))
    return pack


def patterns(pack: Pack) -> tuple[str, ...]:
    """Return the regular expressions of a pack as they will be compiled."""
    of_uses = tuple(each for kind in pack.uses for each in (*kind.strong, *kind.weak))
    return (*(each for rule in pack.rules for each in DETECTORS[rule.kind].patterns(rule.spec)), *of_uses)


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
