"""Hold what a pack and a configuration say: guideline, rules, organisation, attribution, allows."""

from __future__ import annotations

import datetime as dt
from typing import Any

from msgspec import Struct

from aiguard.model.limits import Limits
from aiguard.model.words import Coverage, Kind, Severity, Use


class Tier(Struct, frozen=True, forbid_unknown_fields=True):
    """Give a severity to a match that has all of `needs` and none of `unless` among its evidence.

    A match of `warn` or up is company to what stands near it (near:PERSON); with `company` a note is too.
    """

    severity: Severity
    needs: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    company: bool = False


class SectionsByUse(Struct, frozen=True, forbid_unknown_fields=True):
    """List the sections that a rule cites, by use; an empty list means that the rule does not apply."""

    prompt: tuple[str, ...] = ()
    document: tuple[str, ...] = ()

    def of(self, use: Use) -> tuple[str, ...]:
        """Return the sections cited for `use`."""
        return self.prompt if use is Use.PROMPT else self.document


class Examples(Struct, frozen=True, forbid_unknown_fields=True):
    """Show what a rule finds, with the exact span between «», and what it must not find."""

    match: tuple[str, ...]
    no_match: tuple[str, ...]


class When(Struct, frozen=True, forbid_unknown_fields=True):
    """Bind a rule to facts of the document: `ai = "used"` where the use of an AI is declared or evident."""

    ai: str


class Rule(Struct, frozen=True):
    """Carry one rule of a pack. `spec` is the table of its detector, of the type that `DETECTORS[kind]` names."""

    id: str
    title: str
    kind: str
    spec: Any
    sections: SectionsByUse
    message: str
    why: str
    advice: str
    tiers: tuple[Tier, ...]
    examples: Examples
    file: str
    entity: str | None = None
    category: str | None = None
    view: str = "text"
    when: When | None = None


class Section(Struct, frozen=True, forbid_unknown_fields=True):
    """Describe a section or item of the guideline: its own title, the rest in our words.

    `command` is what a user types to be served in it.
    """

    id: str
    title: str
    kind: Kind
    coverage: Coverage
    asks: str
    reason: str
    todo: str = ""
    command: str = ""


class Topic(Struct, frozen=True, forbid_unknown_fields=True):
    """Describe what rules may be about, for packs to say which of their sections it is.

    One that is `optional` is not looked at where a pack does not name it: packs made before it was there go on.
    """

    title: str
    about: str
    optional: bool = False


class Guideline(Struct, frozen=True, forbid_unknown_fields=True):
    """Describe a guideline. `extends` names the pack that this one builds on, `topics` the sections by topic."""

    id: str
    title: str
    edition: str
    section: tuple[Section, ...]
    extends: str = ""
    topics: dict[str, tuple[str, ...]] = {}


class Organisation(Struct, frozen=True, forbid_unknown_fields=True):
    """List what belongs to the organisation itself and is public: never a finding on its own.

    `aliases` are what else it calls itself (an English name): what it publishes is its own work.
    """

    name: str = ""
    phones: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    corporate_numbers: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    public_figures: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


class Label(Struct, frozen=True, forbid_unknown_fields=True):
    """Say what marks of classification call for: "block", "warn" or "none".

    `pattern` matches them in running text; without it one is made of the words.
    """

    severity: str
    words: tuple[str, ...]
    pattern: str = ""


class Classification(Struct, frozen=True, forbid_unknown_fields=True):
    """List the marks of classification of an organisation; `phrase` is what its texts call what is too high."""

    phrase: str = "機密の情報"
    label: tuple[Label, ...] = ()


class Service(Struct, frozen=True, forbid_unknown_fields=True):
    """Name an AI, the other ways to write it, and the models that mean it where they stand alone."""

    name: str
    aliases: tuple[str, ...] = ()
    models: tuple[str, ...] = ()


class Trace(Struct, frozen=True, forbid_unknown_fields=True):
    """Describe a trace that an AI leaves in a text.

    `place` is "anywhere", "opening" or "closing"; `{ai}` in a pattern stands for any name of an AI. Each match
    counts `weight`, at most `most` of them. Nothing is sought in a text that holds none of `cues` (lower case; none
    means all texts) or a word of `unless`.
    """

    label: str
    patterns: tuple[str, ...]
    cues: tuple[str, ...] = ()
    place: str = "anywhere"
    weight: int = 6
    most: int = 1
    unless: tuple[str, ...] = ()


class AttributionRule(Struct, frozen=True, forbid_unknown_fields=True):
    """State how a city wants AI-made text to be declared (8.4).

    `form` is the statement, `{name}` in it the AI; without it no name is asked for. `also` are forms that do as well.
    `required` is "declared", "evident", "always" or "never"; `documents` "all" or "published"; `use` "any" or
    "substantial"; `brackets` and `name` "required" or "optional"; `wording` "exact" or "free". `not_ai` are products
    that staff mistake for an AI, `tools` ordinary ones; `qualifiers` may stand beside a name (versions, makers);
    `organisations` end the names of those who are no AI. Traces that reach `evident` together show an AI's work.
    """

    section: str
    required: str = "evident"
    brackets: str = "required"
    form: str = "【{name}】により作成"
    also: tuple[str, ...] = ()
    documents: str = "all"
    use: str = "any"
    name: str = "required"
    wording: str = "exact"
    evident: int = 6
    services: tuple[Service, ...] = ()
    not_ai: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    generic: tuple[str, ...] = ()
    placeholders: tuple[str, ...] = ()
    qualifiers: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    traces: tuple[Trace, ...] = ()

    @property
    def asks_for_name(self) -> bool:
        """Say whether a statement has to name the AI."""
        return "{name}" in self.form and self.name == "required"


class ClaimKind(Struct, frozen=True, forbid_unknown_fields=True):
    """Describe a kind of claim that a person has to verify in what an AI made, and how; `weight` is its share.

    Of two claims that overlap, that of the kind listed first counts.
    """

    id: str
    title: str
    todo: str
    patterns: tuple[str, ...]
    weight: int = 1


class UseKind(Struct, frozen=True, forbid_unknown_fields=True):
    """Describe a use of an AI (4) by patterns of the words that ask for it."""

    id: str
    title: str
    strong: tuple[str, ...]
    weak: tuple[str, ...] = ()


class Wording(Struct, frozen=True, forbid_unknown_fields=True):
    """Say why and what to do, where a class of rules speaks of documents about to be published."""

    why: str
    advice: str


class Pack(Struct, frozen=True):
    """Carry a city's guideline with its rules.

    `root` is the folder it was read from, `layers` that and what it extends, the lowest last; `digest` is the hash of
    its files and of the code that read them, or nothing for a pack of which nothing is kept for the next run.
    """

    guideline: Guideline
    rules: tuple[Rule, ...]
    organisation: Organisation
    attribution: AttributionRule
    root: str
    document: dict[str, Wording] = {}
    digest: str = ""
    layers: tuple[str, ...] = ()
    classification: Classification = Classification()
    uses: tuple[UseKind, ...] = ()


class Allow(Struct, frozen=True, forbid_unknown_fields=True):
    """Let findings pass, with a reason: those whose text, rule and path all agree (absent ones agree)."""

    reason: str
    text: str | None = None
    rule: str | None = None
    path: str | None = None
    expires: dt.date | None = None


class Config(Struct, frozen=True):
    """Hold the effective configuration. `sources` lists the files it came from, the winner first.

    `origins` pairs a key ("fail-on", "organisation.phones") with the file its value came from: one pair for a
    single value, one for each item of a list, in the order of the list.
    """

    pack: str | None = None
    services: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    min_severity: Severity = Severity.NOTE
    fail_on: Severity | None = None
    exclude: tuple[str, ...] = ()
    allow: tuple[Allow, ...] = ()
    organisation: Organisation = Organisation()
    limits: Limits = Limits()
    sources: tuple[str, ...] = ()
    origins: tuple[tuple[str, str], ...] = ()

    def origin(self, key: str, item: int = 0) -> str | None:
        """Return the file that set `key`, or that put its `item` there; None for a default."""
        files = [file for name, file in self.origins if name == key]
        return files[item] if item < len(files) else None
