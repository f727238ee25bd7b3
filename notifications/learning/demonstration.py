"""Learning cases of the demonstration: written from closed notifications of a loaded year, through the
services, by one person and published by another. What they tell is invented."""

from dataclasses import dataclass
from typing import Final

from notifications.counting import counted
from notifications.learning.facts import Kinds, proposed_kinds
from notifications.learning.models import LearningCase
from notifications.learning.services import approve_learning, propose_learning, write_learning
from notifications.lifecycle import CLOSED
from notifications.models import Notification
from regulator.accounts.models import User

_WHY: Final = "Invented for the demonstration."


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is told of the first closed notification of a cause."""

    cause: str
    title: str
    system: str
    what_happened: str
    actions: str
    learning: str


LESSONS: Final = (
    Lesson(
        "di-referrer-wrong-patient",
        "The request system offered the person seen last",
        "The request system opened with the record of the person seen last, in the same colours as any "
        "other. Two screens away from the name, the examination was chosen; nothing asked for the name "
        "again.",
        "A request was made for the wrong person. The operator asked who they were, and their name "
        "matched the request, because the request itself was wrong.",
        "The system was set to open with no record at all, and shows name and date of birth beside the "
        "button that sends a request. Referrers see how often a request is corrected within the hour.",
        "A check of identity cannot find a request that was made for the wrong person. Look at what the "
        "request system shows at the moment of choosing. An invented example.",
    ),
    Lesson(
        "rt-operator-geographical-miss-online",
        "Two vertebrae looked alike on the image that was matched",
        "The image for single fractions was a field of view too small to count vertebrae by, and the list "
        "had no time for a second look. The protocol left to the team whether somebody else matched as "
        "well.",
        "The match was accepted one vertebra away from the one that was planned. The review afterwards "
        "found it.",
        "Single fractions to the spine are matched on an image long enough to count from a landmark. The "
        "list leaves time for a second match.",
        "Where one fraction is the whole course, a review afterwards finds the error and cannot mend it: "
        "put the second look before the beam. An invented example.",
    ),
    Lesson(
        "nm-operator-preparation",
        "The calibrator kept the setting of the check before",
        "After its daily check the calibrator stays at the isotope of the test source, and shows that in "
        "small letters. The second check of a dose repeated the reading at the same setting.",
        "Activities were drawn at the wrong setting, and the second check agreed with the first.",
        "The calibrator goes back to the isotope in use by itself. The second check begins from the label "
        "of the vial, and no longer from the reading.",
        "A second check that repeats the first shares its error. Let it begin somewhere else. An invented "
        "example.",
    ),
)


def ensure_learning(*, writer: User, second: User) -> None:
    """Those that are not there yet, as far as notifications of their cause are closed. Idempotent."""
    for lesson in LESSONS:
        if LearningCase.objects.filter(cause__slug=lesson.cause).exists():
            continue
        closed = counted().filter(case__status=CLOSED, cqc_cause__slug=lesson.cause)
        found = closed.select_related("case__employer", "cqc_cause").order_by("pk").first()
        if found is not None:
            _publish(lesson, found, writer, second)


def _publish(lesson: Lesson, notification: Notification, writer: User, second: User) -> None:
    kinds = proposed_kinds(notification)
    texts = {
        "title": lesson.title,
        "system": lesson.system,
        "what_happened": lesson.what_happened,
        "actions": lesson.actions,
        "learning": lesson.learning,
    }
    told = Kinds(tiers=kinds.tiers, themes=kinds.themes)
    write_learning(
        notification=notification, by=writer, version=notification.case.version, texts=texts, kinds=told
    )
    version = notification.case.version
    propose_learning(notification=notification, by=writer, version=version, doubts_reason=_WHY)
    version = notification.case.version
    approve_learning(notification=notification, by=second, version=version, doubts_confirmed=True)
