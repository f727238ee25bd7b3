"""What a learning case may say of its notification by kind, as proposed from it and within its bounds."""

from dataclasses import dataclass
from typing import Any, Final

from notifications.learning.equipment import LABELS, kind_of
from notifications.learning.models import LearningCase, cause_told
from notifications.learning.themes import MOST, fitting, themes_for
from notifications.models import Cause, Notification

CODED_ANEW: Final = (
    "The cause was coded anew since this was written. Write it again, and choose how much of it is told."
)


@dataclass(frozen=True, slots=True)
class Kinds:
    """How a learning case is filed. ``tiers``: how many of the cause's three are told."""

    sub_modality: str = ""
    tiers: int = 3
    equipment: str = ""
    themes: tuple[str, ...] = ()


def kinds_of(learning: LearningCase) -> Kinds:
    """How a learning case is filed."""
    return Kinds(learning.sub_modality, learning.tiers, learning.equipment, tuple(learning.themes))


def proposed_kinds(notification: Notification) -> Kinds:
    """What the notification's coded answers say, for the writer to keep or to tell less of. No query once its
    cause is read."""
    return Kinds(
        sub_modality=notification.sub_modality,
        tiers=3 if notification.cqc_cause_id else 0,
        equipment=kind_of(notification.equipment_type),
        themes=tuple(fitting(notification.case.modality, coded(notification))),
    )


def coded(notification: Notification) -> dict[str, Any]:
    """The coded answers that themes look at."""
    cause: Cause | None = notification.cqc_cause
    return {
        "rollup": cause.rollup if cause else "",
        "exposed_group": notification.exposed_group,
        "foetus_exposed": notification.foetus_exposed,
        "sub_modality": notification.sub_modality,
        "equipment_failure": notification.equipment_failure,
    }


def filed_otherwise(learning: LearningCase, notification: Notification) -> dict[str, str]:
    """By field, what a learning case says otherwise than its notification does now, which may have been coded
    or corrected since it was written (no query once both causes and the case are read)."""
    wrong = out_of_bounds(kinds_of(learning), notification)
    if learning.cause_told != cause_told(notification.cqc_cause, learning.tiers):
        wrong.setdefault("tiers", CODED_ANEW)
    return wrong


def out_of_bounds(kinds: Kinds, notification: Notification) -> dict[str, str]:
    """By field, why a learning case of this notification may not say so: less than the case says may be told,
    and nothing else than it says, but for equipment and themes, which the case does not state as kinds."""
    wrong: dict[str, str] = {}
    if kinds.sub_modality not in ("", notification.sub_modality):
        wrong["sub_modality"] = "Say the kind that the notification has, or leave it out."
    if not 0 <= kinds.tiers <= (3 if notification.cqc_cause_id else 0):
        wrong["tiers"] = "Say how much of the coded cause is told."
    if kinds.equipment and kinds.equipment not in LABELS:
        wrong["equipment"] = "Choose a kind of equipment from the list, or none."
    known = {each.slug for each in themes_for(notification.case.modality)}
    if not set(kinds.themes) <= known or len(set(kinds.themes)) != len(kinds.themes):
        wrong["themes"] = "Choose each theme once, from the list."
    elif len(kinds.themes) > MOST:
        wrong["themes"] = f"Choose at most {MOST} themes."
    return wrong
