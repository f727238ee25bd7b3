"""What of a learning case is removed with its notification's: every word of it, what the checks quoted, and
the number under which the library has it. What the library says stays: it tells nothing of the case, so
the public finds no way from there to here. Who may read both may: who wrote and approved, when, and how it
was filed stay, the public case bears the same moment, and the event on the chain keeps its number."""

from typing import Any

from notifications.learning.models import TEXTS, LearningCase
from regulator.casework.redaction.kinds import REDACTORS, REMOVED, Group
from regulator.casework.redaction.removing import blanking

WORDS = (*TEXTS, "doubts_reason", "returned_why", "ended_why")


def contribute() -> None:
    said: dict[str, Any] = dict.fromkeys(WORDS, REMOVED)
    said |= {"doubts": {}, "public_number": None}
    told = blanking("Learning cases", Group.TEXTS, LearningCase, "notification__case", said)
    REDACTORS.register("learning", told)
