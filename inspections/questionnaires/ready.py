"""The questionnaires as they were published: sections of questions, each edition for good.

Read once from ``data/<key>-<edition>.json``; sections that several share lie in
``data/shared-<edition>.json``. A published file is never changed: another wording is another edition. Pure:
no Django.
"""

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

DATA: Final = Path(__file__).parent / "data"
_FILE: Final = re.compile(r"(?P<key>[a-z_]+)-(?P<edition>[1-9][0-9]*)\.json")
_KEY: Final = re.compile(r"[a-z][a-z0-9_]{1,49}")
_SHARED: Final = "shared"
_OPTIONAL: Final = ("help", "evidence", "unit", "optional")


class Kind(StrEnum):
    """What kind of answer a question asks for."""

    YES_NO = "yes_no"
    CHOICE = "choice"
    NUMBER = "number"
    DATE = "date"
    TEXT = "text"


class Said(StrEnum):
    """The answers to a question of the kind ``YES_NO``."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    NOT_APPLICABLE = "not_applicable"


SAID: Final[Mapping[str, str]] = {
    Said.YES: "Yes",
    Said.PARTLY: "Partly",
    Said.NO: "No",
    Said.NOT_APPLICABLE: "Not applicable",
}
CONCERNS: Final = (Said.NO, Said.PARTLY)
"""The answers that an inspector reads first."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question under its lasting ``key``, with the regulation that it looks at.

    ``evidence`` says that a file is expected with "Yes"; ``optional`` that it may be left out. ``choices``
    are the answers offered, value and words, in their order.
    """

    key: str
    text: str
    regulation: str
    kind: Kind
    help: str = ""
    evidence: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    optional: bool = False

    @property
    def has_comment(self) -> bool:
        return self.kind is Kind.YES_NO


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    title: str
    intro: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """One published questionnaire. ``sha256`` is taken over all that it says."""

    key: str
    edition: int
    title: str
    modality: str
    sections: tuple[Section, ...]
    sha256: str

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for section in self.sections for question in section.questions)

    def standing(self, in_force: Collection[str]) -> list[str]:
        """The keys of the questions whose regulation is among ``in_force``, in their order."""
        return [each.key for each in self.questions if each.regulation in in_force]

    def asking(self, keys: Collection[str]) -> tuple[Section, ...]:
        """The sections with no other questions than these; none that would be empty."""
        asked = [
            Section(each.key, each.title, each.intro, tuple(one for one in each.questions if one.key in keys))
            for each in self.sections
        ]
        return tuple(each for each in asked if each.questions)


@cache
def editions() -> Mapping[tuple[str, int], Edition]:
    """Every edition that was ever published, by key and number. Raises ``ValueError`` for a file that is not
    in order, naming it."""
    files: dict[tuple[str, int], Any] = {}
    for path in sorted(DATA.glob("*.json")):
        match = _FILE.fullmatch(path.name)
        if match is None:
            raise ValueError(f"{path.name} is not named <key>-<edition>.json")
        files[match["key"], int(match["edition"])] = json.loads(path.read_text(encoding="utf-8"))
    return {
        (key, number): read(f"{key}-{number}.json", content, files)
        for (key, number), content in files.items()
        if key != _SHARED
    }


def edition_of(key: str, number: int) -> Edition:
    """One edition. Raises ``LookupError`` where there never was such a one."""
    return editions()[key, number]


def newest(modality: str) -> tuple[Edition, ...]:
    """The newest edition of each questionnaire for ``modality``, by key."""
    found: dict[str, Edition] = {}
    for (key, _), each in sorted(editions().items()):
        if each.modality == modality:
            found[key] = each
    return tuple(found.values())


def read(name: str, content: Mapping[str, Any], files: Mapping[tuple[str, int], Any]) -> Edition:
    """The edition that the file ``name`` holds, shared sections put in. Raises ``ValueError``."""
    try:
        whole = {**content, "sections": [_whole(each, files) for each in content["sections"]]}
        made = Edition(
            key=whole["key"],
            edition=whole["edition"],
            title=whole["title"],
            modality=whole["modality"],
            sections=tuple(_section(each) for each in whole["sections"]),
            sha256=_digest(whole),
        )
    except (KeyError, TypeError, ValueError, StopIteration) as wrong:
        raise ValueError(f"{name}: {wrong!r}") from wrong
    if name != f"{made.key}-{made.edition}.json":
        raise ValueError(f"{name} calls itself {made.key}-{made.edition}")
    keys = [*(each.key for each in made.sections), *(each.key for each in made.questions)]
    if len(set(keys)) < len(keys) or not all(map(_KEY.fullmatch, keys)):
        raise ValueError(f"{name}: a key stands twice, or is none")
    return made


def _whole(section: Mapping[str, Any], files: Mapping[tuple[str, int], Any]) -> Mapping[str, Any]:
    """A section of the file itself, or the shared one that it names."""
    if _SHARED not in section:
        return section
    shared = files[_SHARED, section["edition"]]["sections"]
    found: Mapping[str, Any] = next(each for each in shared if each["key"] == section[_SHARED])
    return found


def _section(row: Mapping[str, Any]) -> Section:
    questions = tuple(_question(each) for each in row["questions"])
    return Section(row["key"], row["title"], row["intro"], questions)


def _question(row: Mapping[str, Any]) -> Question:
    kind = Kind(row["kind"])
    options = tuple((each["value"], each["text"]) for each in row.get("options", ()))
    if (kind is Kind.CHOICE) != bool(options):
        raise ValueError(f"{row['key']}: a choice, and nothing else, has options")
    if row.get("evidence") and kind is not Kind.YES_NO:
        raise ValueError(f"{row['key']}: evidence goes with yes or no")
    return Question(
        key=row["key"],
        text=row["text"],
        regulation=row["regulation"],
        kind=kind,
        choices=tuple(SAID.items()) if kind is Kind.YES_NO else options,
        **{name: row[name] for name in _OPTIONAL if name in row},
    )


def _digest(whole: Mapping[str, Any]) -> str:
    canonical = json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()
