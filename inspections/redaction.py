"""What of an inspection is removed: what it was about and what it found, in words; and why one was decided
against. The kind of each finding, the provisions and the days stay."""

from inspections.models import Finding, Inspection, InspectionDeclined
from regulator.casework.redaction.kinds import REDACTORS, REMOVED, Group
from regulator.casework.redaction.removing import blanking


def contribute() -> None:
    texts = Group.TEXTS
    words = {"scope": REMOVED, "theme": REMOVED}
    scope = blanking("Scopes and themes of inspections", texts, Inspection, "case", words)
    REDACTORS.register("inspections.scope", scope)
    found = blanking("Findings", texts, Finding, "inspection__case", {"text": REMOVED})
    REDACTORS.register("inspections.findings", found)
    declined = blanking(
        "Reasons against an inspection", texts, InspectionDeclined, "case", {"reason": REMOVED}
    )
    REDACTORS.register("inspections.declined", declined)
