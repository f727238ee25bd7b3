"""The letters of the gate. The texts lie in ``templates/email/gate``."""

from typing import Final

from enforcement.legal_clock import LegalDate
from enforcement.letters import addressees
from enforcement.models import Notice
from regulator.casework.models import Case
from regulator.outbox.letters import Letter
from regulator.outbox.payload import DAY, EMPLOYER, TEXT
from regulator.outbox.services import enqueue

SAFE_ENTRY: Final = Letter(
    "gate/safe_entry",
    1,
    "{{ reference }}: the entry that we drafted after your claim",
    payload={
        "reference": TEXT,
        "employer": EMPLOYER,
        "description": TEXT,
        "appeal_by": DAY,
        "appeal_derivation": TEXT,
    },
    needs=("reference", "description", "appeal_by"),
)


def tell_safe_entry(case: Case, notice: Notice, *, description: str, appeal_by: LegalDate) -> None:
    """Serve the drafted entry: what it would say, and until when the recipient may appeal against it."""
    context = {
        "reference": case.reference,
        "employer": case.employer.name,
        "description": description,
        "appeal_by": appeal_by.on,
        "appeal_derivation": appeal_by.derivation,
    }
    key = f"gate/safe_entry:{case.pk}:{case.version}"
    for address in addressees(case.employer):
        enqueue(letter=SAFE_ENTRY.name, to=address, context=context, dedupe_key=key, case=case)
