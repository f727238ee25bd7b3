"""How far a draft has come, section by section: judged by the rule book that submission uses."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from notifications.codes import regime_of
from notifications.content import DraftContent, content_of
from notifications.kinds import is_empty
from notifications.models import Notification
from notifications.rules import Faults, submission_faults
from notifications.sections import Section, grouped, sections_of
from regulator import clock


class Status(Enum):
    """How a section stands: its words, and the colour of its tag ("" for plain text)."""

    NOT_STARTED = ("Not started", "blue")
    IN_PROGRESS = ("In progress", "teal")
    COMPLETED = ("Completed", "")
    CANNOT_START = ("Cannot start yet", "grey")

    @property
    def label(self) -> str:
        return self.value[0]

    @property
    def colour(self) -> str:
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the task list. ``hint`` says what it waits for, or that it may be left out."""

    section: Section
    status: Status
    hint: str = ""

    @property
    def can_start(self) -> bool:
        return self.status is not Status.CANNOT_START


@dataclass(frozen=True, slots=True)
class Missing:
    """A fault of a submission, with the section and the question that mend it ("" where it has none)."""

    message: str
    section: Section
    question: str = ""

    @property
    def anchor(self) -> str:
        """The id of the box in which the answer begins."""
        return self.section.anchor(self.question) if self.question else ""


_WAITS: Final[Mapping[str, tuple[str, str]]] = {
    "criterion": ("occurred_on", "The criteria depend on the day: enter the date of the incident first."),
}
"""Sections that need an answer of another section before they can ask anything."""


def tasks(notification: Notification) -> list[tuple[str, list[Task]]]:
    """Every section with its status, under its heading. One query (the criteria of the incident's date)."""
    content = content_of(notification)
    found = faults(content)
    return [
        (group, [_task(each, content, found) for each in sections])
        for group, sections in grouped(sections_of(notification))
    ]


def faults(content: DraftContent) -> Faults:
    """Every reason why ``content`` cannot be submitted today. One query, none without a date."""
    return submission_faults(content, regime=regime_of(content), today=clock.today())


def missing(notification: Notification) -> list[Missing]:
    """What still stops a submission, in the order of the form. One query."""
    found = faults(content_of(notification))
    sections = sections_of(notification)
    homes = {
        fault: (section, question)
        for section in sections
        for fault, question in section.fault_names().items()
    }
    places = {fault: place for place, fault in enumerate(homes)}
    return [
        Missing(message, *homes.get(name, (sections[0], "")))
        for name in sorted(found, key=lambda name: places.get(name, len(places)))
        for message in found[name]
    ]


def _task(section: Section, content: DraftContent, found: Faults) -> Task:
    waits_for, hint = _WAITS.get(section.slug, ("", ""))
    if waits_for and is_empty(getattr(content, waits_for)):
        return Task(section, Status.CANNOT_START, hint)
    at_fault = any(name in found for name in section.fault_names())
    answered = not all(is_empty(value) for value in section.values(content).values())
    if not answered:
        return Task(section, Status.NOT_STARTED, "" if at_fault else "You may leave this out.")
    return Task(section, Status.IN_PROGRESS if at_fault else Status.COMPLETED)
