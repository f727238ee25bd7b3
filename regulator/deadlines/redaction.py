"""What of a case's clocks is removed: why more time was asked for, given or refused. The dates stay, and so
does the rule by which each was counted (``Deadline.counted_as``), which the portal writes."""

from regulator.casework.redaction.kinds import REDACTORS, REMOVED, Group
from regulator.casework.redaction.removing import blanking
from regulator.deadlines.models import Extension, ExtensionRequest


def contribute() -> None:
    texts, way = Group.TEXTS, "deadline__case"
    given = blanking("Reasons for more time", texts, Extension, way, {"reason": REMOVED})
    REDACTORS.register("deadlines.extensions", given)
    asked = {"reason": REMOVED, "decision_reason": REMOVED}
    REDACTORS.register(
        "deadlines.requests", blanking("Requests for more time", texts, ExtensionRequest, way, asked)
    )
