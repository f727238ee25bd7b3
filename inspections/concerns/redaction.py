"""What of a concern is removed: what was told, and why it was assessed and closed as it was. From which side
it came, the days, the risk of harm and what followed stay: they are counted."""

from inspections.concerns.models import Concern
from regulator.casework.redaction.kinds import REDACTORS, REMOVED, Group
from regulator.casework.redaction.removing import blanking

WORDS = ("text", "harm_reason", "outcome_reason")


def contribute() -> None:
    told = blanking("Concerns", Group.TEXTS, Concern, "case", dict.fromkeys(WORDS, REMOVED))
    REDACTORS.register("concerns", told)
