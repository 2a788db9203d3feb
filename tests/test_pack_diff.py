"""Two packs are told apart, section by section and rule by rule, and what speaks of what is gone is shown."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from made_packs import make, rule, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from subprocess import CompletedProcess

    Call = Callable[..., CompletedProcess[str]]

GOLDEN = Path(__file__).parent / "golden" / "pack-diff.txt"
BASELINE = """\
schema = 1
guideline = "old"
key-check = "0"
[[accepted]]
path = "a.txt"
rule = "{}"
severity = "warn"
places = 1
reason = "公開済み"
date = 2026-04-01
keys = ["0123456789012345678901234567890123456789"]
"""


pytestmark = pytest.mark.usefixtures("editions")


@pytest.fixture
def editions(desk: Path) -> None:
    """Write the pack `old`, and `new`, another edition of it in which about everything is another."""
    old = make(desk, "old", None, {"secrets": ["B"], "works": ["C"]})
    write(old, "topics.toml", "".join(f'[{name}]\ntitle = "題"\nabout = "文"\n' for name in ("secrets", "works")))
    labels = "".join(f'[[label]]\nseverity = "block"\nwords = ["機密性{level}"]\n' for level in (2, 3))
    write(old, "classification.toml", labels)
    write(old, "rules/own.toml", "".join(rule(name, f"語{name}") for name in ("gone", "kept", "one", "two", "three")))
    new = make(desk, "new", "old", {"secrets": ["B"], "works": ["C"]})
    first, last = (new / "guideline.toml").read_text(encoding="utf-8").split('[[section]]\nid = "C"')
    text = f'{first}[[section]]\nid = "D"{last}'.replace("['C']", "['D']").replace(
        "secrets = ['B']", "secrets = ['B', 'D']"
    )
    text = (
        text.replace("題A", "新しい題")
        .replace('title = "new"', 'title = "old"')
        .replace('edition = "1"', 'edition = "2"')
    )
    write(new, "guideline.toml", text)
    statement = 'section = "D"\nform = "この文は{name}を使って書きました"\n[[services]]\nname = "星見AI"\n'
    write(new, "attribution.toml", statement)
    write(new, "classification.toml", '[[label]]\nseverity = "warn"\nwords = ["機密性2"]\n')
    write(new, "organisation.toml", 'name = "架空市"\nphones = ["04-0000-1111"]\n')
    write(new, "changes.toml", 'remove = ["gone"]\n[rule.kept]\nadvice = "直す"\nseverity = "block"\n')
    write(new, "rules/own.toml", rule("fresh", "新しい語"))


def test_what_differs_is_said_in_words(call: Call) -> None:
    done = call("pack", "diff", "old", "new")
    assert done.returncode == 0
    assert done.stdout == GOLDEN.read_text(encoding="utf-8")


def test_a_pack_is_the_same_as_itself(call: Call) -> None:
    done = call("pack", "diff", "template", "template")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "違いはありません。")


@pytest.mark.parametrize(
    ("settings", "said", "code"),
    [
        ('[[allow]]\nrule = "gone"\nreason = "公開済み"', '× ~: allow の rule = "gone"（公開済み）: なくなります', 1),
        ('ignore = ["gone"]', '× ~: ignore の "gone": なくなります', 1),
        ('select = ["C"]', '× ~: select の "C": なくなります', 1),
        ('ignore = ["A"]', '！ ~: ignore の "A": 変わります（題名）', 0),
        ('[[allow]]\nrule = "kept"\nreason = "公開済み"', '！ ~: allow の rule = "kept"（公開済み）: 変わります', 0),
        ('ignore = ["fresh"]', None, 0),
        ('[[allow]]\ntext = "x"\nreason = "公開済み"', None, 0),
    ],
)
def test_settings_that_speak_of_what_is_gone_or_changed_are_shown(
    call: Call, desk: Path, settings: str, said: str | None, code: int
) -> None:
    (desk / "aiguard.toml").write_text(settings, encoding="utf-8")
    done = call("pack", "diff", "old", "new")
    shown = done.stdout.partition("直すか、確かめるもの\n")[2].replace(str(desk / "aiguard.toml"), "~")
    assert done.returncode == code
    assert shown.strip().startswith(said) if said else not shown


def test_accepted_findings_of_rules_that_are_gone_are_shown(call: Call, desk: Path) -> None:
    (desk / "accepted.toml").write_text(BASELINE.format("gone"), encoding="utf-8")
    done = call("pack", "diff", "old", "new", "--baseline", "accepted.toml")
    assert done.returncode == 1
    assert '× accepted.toml: 受け入れた指摘の rule = "gone": なくなります' in done.stdout
    (desk / "aiguard-baseline.toml").write_text(BASELINE.format("gone"), encoding="utf-8")
    assert "× aiguard-baseline.toml" in call("pack", "diff", "old", "new").stdout
    (desk / "accepted.toml").write_text(BASELINE.format("fresh"), encoding="utf-8")
    assert call("pack", "diff", "old", "new", "--baseline", "accepted.toml").returncode == 0


@pytest.mark.parametrize("text", [None, "[[accepted", "accepted = 3"])
def test_a_baseline_that_is_none_is_refused(call: Call, desk: Path, text: str | None) -> None:
    if text is not None:
        (desk / "accepted.toml").write_text(text, encoding="utf-8")
    done = call("pack", "diff", "old", "new", "--baseline", "accepted.toml")
    assert (done.returncode, "accepted.toml" in done.stderr) == (2, True)


def test_a_pack_that_is_not_there_is_named(call: Call) -> None:
    done = call("pack", "diff", "nagareyama", "templat")
    assert done.returncode == 2
    assert re.search("templat: パックが見つかりません", done.stderr)
    assert "「template」のことですか" in done.stderr
