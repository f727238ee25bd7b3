"""Two concerns of the demonstration, about an invented employer: one waits, one is assessed.

Through the services, at their own moments in the recent past.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from inspections.concerns.models import Concern
from inspections.concerns.services import assess_concern, record_concern
from regulator import clock
from regulator.accounts.models import User
from regulator.casework.models import Case
from regulator.organisations.models import Employer, Modality


@dataclass(frozen=True, slots=True)
class Told:
    """One concern: received so many days ago, and the risk of harm, where it was assessed."""

    key: str
    days_ago: int
    source: Concern.Source
    way: Concern.Way
    modality: Modality
    text: str
    harm: str = ""
    reason: str = ""


CONCERNS: Final = (
    Told(
        "concern-identity",
        1,
        Concern.Source.PUBLIC,
        Concern.Way.FORM,
        Modality.DIAGNOSTIC_IMAGING,
        "At busy times people are called into the X-ray room by the order of the queue, and nobody asks who "
        "they are before the exposure. An invented example.",
    ),
    Told(
        "concern-training",
        12,
        Concern.Source.WHISTLE_BLOWER,
        Concern.Way.TELEPHONE,
        Modality.NUCLEAR_MEDICINE,
        "Since the spring, operators on the evening list give radiopharmaceuticals before their training on "
        "the new dispensing system is signed off. An invented example.",
        Concern.Harm.POSSIBLE,
        "Activities may be drawn wrongly; no wrong administration was told of.",
    ),
)


def ensure_concerns(employer: Employer, *, officer: User) -> None:
    """Those that are not there yet. Idempotent."""
    for told in CONCERNS:
        key = f"demonstration:{told.key}"
        if not Case.objects.filter(source_key=key).exists():
            _record(told, employer, officer, key)


def _record(told: Told, employer: Employer, officer: User, key: str) -> None:
    moment = clock.now() - timedelta(days=told.days_ago)
    with clock.at(moment):
        concern = record_concern(
            employer=employer,
            source=told.source,
            way=told.way,
            received_on=clock.today(),
            modality=told.modality,
            text=told.text,
            by=officer,
            origin=Case.Origin.DEMONSTRATION,
            source_key=key,
        )
    if told.harm:
        with clock.at(moment + timedelta(days=1)):
            version = concern.case.version
            assess_concern(concern=concern, by=officer, version=version, harm=told.harm, reason=told.reason)
