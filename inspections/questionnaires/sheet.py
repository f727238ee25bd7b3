"""A questionnaire with its answers, section by section, as both sides read it. Reads nothing itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final

from inspections.questionnaires.answering import NOTHING, Given, in_words, missing
from inspections.questionnaires.models import Questionnaire
from inspections.questionnaires.ready import Question, Section
from regulator.casework.models import Attachment
from regulator.legislation.models import Provision

NO_FILES: Final[Mapping[int, Attachment]] = MappingProxyType({})
NONE_AGAIN: Final[Mapping[str, Given]] = MappingProxyType({})
AGAIN: Final = "CQC returned this question: change the answer or its comment, or send a file."


@dataclass(frozen=True, slots=True)
class Line:
    """One question under its number, with what was answered. ``missing`` says why that is not enough yet;
    ``again``, that CQC asked about it again."""

    number: int
    question: Question
    given: Given
    missing: str
    again: bool
    files: tuple[Attachment, ...]

    @property
    def said(self) -> str:
        return in_words(self.question, self.given)

    @property
    def citation(self) -> str:
        return Provision(reference=self.question.regulation).citation


class Status(Enum):
    """How far a section is: label, and colour of its tag (``""`` for none)."""

    RETURNED = ("Asked again", "red")
    NOT_STARTED = ("Not started", "blue")
    IN_PROGRESS = ("In progress", "teal")
    COMPLETE = ("Complete", "")

    @property
    def label(self) -> str:
        return self.value[0]

    @property
    def colour(self) -> str:
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Part:
    """One section with its lines."""

    section: Section
    lines: tuple[Line, ...]

    @property
    def numbers(self) -> str:
        """Which questions these are: "Questions 1 to 8"."""
        first, last = self.lines[0].number, self.lines[-1].number
        return f"Question {first}" if first == last else f"Questions {first} to {last}"

    @property
    def status(self) -> Status:
        lacking = [each for each in self.lines if each.missing]
        if any(each.again for each in lacking):
            return Status.RETURNED
        if not any(each.given != NOTHING for each in self.lines):
            return Status.NOT_STARTED
        return Status.IN_PROGRESS if lacking else Status.COMPLETE


def sheet(
    questionnaire: Questionnaire,
    answers: Mapping[str, Given],
    *,
    files: Mapping[int, Attachment] = NO_FILES,
    again: Mapping[str, Given] = NONE_AGAIN,
) -> list[Part]:
    """The sections that were asked, with ``answers`` by question key. ``again``: what was submitted to the
    questions that CQC meant when it last returned it. No query."""
    number = 0
    parts = []
    for section in questionnaire.content.asking(questionnaire.asked):
        lines = []
        for question in section.questions:
            number += 1
            given = answers.get(question.key, NOTHING)
            lines.append(
                Line(
                    number=number,
                    question=question,
                    given=given,
                    missing=missing(question, given) or (AGAIN if again.get(question.key) == given else ""),
                    again=question.key in again,
                    files=tuple(files[pk] for pk in given.files if pk in files),
                )
            )
        parts.append(Part(section, tuple(lines)))
    return parts


def lacking(parts: Sequence[Part]) -> list[tuple[Part, Line]]:
    """Every line that is not enough yet, in the order of the questionnaire."""
    return [(part, line) for part in parts for line in part.lines if line.missing]
