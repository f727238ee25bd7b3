"""What an answer is, whether it is enough, and how it is written down. Pure: no Django.

A draft may hold any part of it; ``missing`` is asked at submission.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from inspections.questionnaires.ready import CONCERNS, Edition, Kind, Question, Said, edition_of

LONGEST: Final = 4_000
MOST_FILES: Final = 20
_BOUNDS: Final[Mapping[str, tuple[int, int]]] = {"%": (0, 100)}
_LEAST, _MOST = 0, 9_999_999


@dataclass(frozen=True, slots=True)
class Given:
    """What was answered to one question: of ``choice``, ``number``, ``day`` and ``text`` the one that its
    kind asks for. ``files`` are the keys of the files that go with it."""

    choice: str = ""
    number: Decimal | None = None
    day: date | None = None
    text: str = ""
    comment: str = ""
    files: tuple[int, ...] = ()

    @property
    def is_answered(self) -> bool:
        return bool(self.choice or self.text) or self.number is not None or self.day is not None

    @property
    def is_concern(self) -> bool:
        return self.choice in CONCERNS

    def as_data(self) -> dict[str, Any]:
        """The same as JSON holds it; ``from_data`` reads it back."""
        return {
            "choice": self.choice,
            "number": None if self.number is None else format(self.number, "f"),
            "day": None if self.day is None else self.day.isoformat(),
            "text": self.text,
            "comment": self.comment,
            "files": sorted(self.files),
        }


NOTHING: Final = Given()


def from_data(data: Mapping[str, Any]) -> Given:
    return Given(
        choice=data["choice"],
        number=None if data["number"] is None else Decimal(data["number"]),
        day=None if data["day"] is None else date.fromisoformat(data["day"]),
        text=data["text"],
        comment=data["comment"],
        files=tuple(data["files"]),
    )


def wrong(question: Question, given: Given) -> dict[str, str]:
    """What cannot be kept of ``given``, by the part of the answer that it stands in ("" is its value)."""
    found = {}
    value = _wrong_value(question, given)
    if value:
        found[""] = value
    if len(given.text) > LONGEST:
        found[""] = f"Use {LONGEST:,} characters or fewer."
    if len(given.comment) > LONGEST:
        found["comment"] = f"Use {LONGEST:,} characters or fewer."
    if given.comment and not question.has_comment:
        found[""] = "This question has no comment."
    if given.files and not question.evidence:
        found["files"] = "No file goes with this question."
    if len(given.files) > MOST_FILES:
        found["files"] = f"Choose {MOST_FILES} files or fewer."
    return found


def _wrong_value(question: Question, given: Given) -> str:
    parts = {
        Kind.NUMBER: given.number is not None,
        Kind.DATE: given.day is not None,
        Kind.TEXT: bool(given.text),
    }
    if any(there for kind, there in parts.items() if kind is not question.kind):
        return "This is not the kind of answer that was asked for."
    if given.choice and given.choice not in dict(question.choices):
        return "Choose one of the answers offered."
    if given.number is None:
        return ""
    least, most = _BOUNDS.get(question.unit, (_LEAST, _MOST))
    return "" if least <= given.number <= most else f"Enter a number from {least:,} to {most:,}."


def missing(question: Question, given: Given) -> str:
    """Why an answer is not enough to be submitted, in plain English; ``""`` where it is."""
    if not given.is_answered:
        return "" if question.optional else "Answer this question."
    if given.comment or given.choice not in dict(question.choices) or not question.has_comment:
        return ""
    if given.choice in CONCERNS:
        return "Say in the comment what is not in place, and what you do about it."
    if given.choice == Said.NOT_APPLICABLE:
        return "Say in the comment why this does not apply."
    if question.evidence and not given.files:
        return "Choose or send a file, or say in the comment why there is none."
    return ""


def written(edition: Edition, answers: Mapping[str, Given]) -> str:
    """Answers to a questionnaire as one text, the same for the same answers."""
    data = {
        "questionnaire": edition.key,
        "edition": edition.edition,
        "answers": {key: each.as_data() for key, each in answers.items()},
    }
    return json.dumps(data, sort_keys=True, ensure_ascii=True)


def read_back(text: str) -> tuple[Edition, dict[str, Given]]:
    """What ``written`` wrote, and of which edition."""
    data = json.loads(text)
    edition = edition_of(data["questionnaire"], data["edition"])
    return edition, {key: from_data(each) for key, each in data["answers"].items()}


def in_words(question: Question, given: Given) -> str:
    """The value as people read it; ``""`` where there is none."""
    if given.choice:
        return dict(question.choices).get(given.choice, given.choice)
    if given.number is not None:
        number = f"{given.number.normalize():,f}"
        return f"{number}{question.unit}" if question.unit == "%" else f"{number} {question.unit}".strip()
    if given.day is not None:
        return f"{given.day.day} {given.day:%B %Y}"
    return given.text


def told(text: str) -> str:
    """What ``written`` wrote as people read it, in the order of the questionnaire."""
    edition, answers = read_back(text)
    lines = []
    for question in (each for each in edition.questions if each.key in answers):
        given = answers[question.key]
        files = f" ({len(given.files)} file{'s' if len(given.files) != 1 else ''})" if given.files else ""
        lines.append(f"{question.text} {in_words(question, given) or 'Not answered'}{files}")
        if given.comment:
            lines.append(f"Comment: {given.comment}")
    return "\n".join(lines)
