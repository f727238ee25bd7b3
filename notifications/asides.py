"""What other apps show beside the questions of a notification and its report: links, and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass

from notifications.models import Notification
from regulator.registry import Registry


@dataclass(frozen=True, slots=True)
class Asked:
    """Beside which questions: of which notification, under which section, of the report or not."""

    notification: Notification
    section: str
    in_report: bool = False


@dataclass(frozen=True, slots=True)
class Aside:
    """A link beside the questions."""

    title: str
    path: str


ASIDES: Registry[Callable[[Asked], list[Aside]]] = Registry("links beside a notification's questions")
"""Each contributor states its number of queries; answers nothing where nothing fits."""


def asides_of(notification: Notification, section: str, *, in_report: bool = False) -> list[Aside]:
    """Every link beside these questions (the contributors' queries)."""
    asked = Asked(notification, section, in_report)
    return [each for contributor in ASIDES.values() for each in contributor(asked)]
