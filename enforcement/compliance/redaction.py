"""What of compliance is removed: everything that somebody typed. Numbers, days, decisions and outcomes
stay."""

from typing import Final

from enforcement.compliance.models import AppealClaim, EvidenceItem, EvidenceSet, Prosecution
from regulator.casework.redaction.kinds import REDACTORS, REMOVED, Group
from regulator.casework.redaction.removing import blanking

_WORDS: Final = (
    ("compliance.sets", "Sets of evidence", EvidenceSet, "notice__case", ("about", "return_reason")),
    (
        "compliance.items",
        "Evidence of compliance",
        EvidenceItem,
        "evidence__notice__case",
        ("text", "remark"),
    ),
    ("compliance.claims", "Appeals told of", AppealClaim, "notice__case", ("case_number", "reason")),
    ("compliance.prosecutions", "Prosecutions", Prosecution, "notice__case", ("reason", "why")),
)


def contribute() -> None:
    for name, label, table, way, fields in _WORDS:
        removed = blanking(label, Group.TEXTS, table, way, dict.fromkeys(fields, REMOVED))
        REDACTORS.register(name, removed)
