"""The letters that inspections send, and to whom. The texts lie in ``templates/email/inspections``."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from inspections.models import Finding, Inspection
from regulator.casework.models import Case
from regulator.organisations.queries import contacts
from regulator.outbox.letters import Letter
from regulator.outbox.payload import DAY, EMPLOYER, MAYBE_DAY, MAYBE_TEXT, TEXT, Payload, Value
from regulator.outbox.services import enqueue

_INSPECTION: Final[Payload] = {
    "reference": TEXT,
    "employer": EMPLOYER,
    "site": TEXT,
    "scope": MAYBE_TEXT,
}
_FINDINGS: Final = Value(
    (
        (
            {"kind": "Breach", "provisions": "regulation 6(5)(b)", "text": "Example text"},
            {"kind": "Recommendation", "provisions": "", "text": "Example text"},
        ),
        (),
    )
)
"""Each with its kind, the provisions that it cites, and its text."""
LETTERS: Final = (
    Letter(
        "inspections/announcement",
        1,
        "Announcement of IR(ME)R inspection {{ reference }}",
        payload={**_INSPECTION, "planned_on": DAY, "visited_on": MAYBE_DAY},
        needs=("planned_on",),
    ),
    Letter(
        "inspections/feedback",
        1,
        "Feedback on IR(ME)R inspection {{ reference }}",
        payload={
            **_INSPECTION,
            "planned_on": MAYBE_DAY,
            "visited_on": DAY,
            "findings": _FINDINGS,
            "plan_due_on": MAYBE_DAY,
        },
        needs=("findings", "plan_due_on"),
    ),
)


def announce(case: Case, inspection: Inspection) -> None:
    """The announcement, to those of the employer's people who follow its inspections."""
    context = _context(case, inspection)
    _to_employer(case, "inspections/announcement", context, moment=inspection.planned_on)


def send_feedback(
    case: Case, inspection: Inspection, *, told: Iterable[int], plan_due_on: date | None
) -> None:
    """The findings ``told`` (by primary key), to those of the employer's people who follow inspections."""
    findings = Finding.objects.filter(inspection=inspection, pk__in=told)
    listed = [
        {
            "kind": finding.get_kind_display(),
            "provisions": ", ".join(provision.citation for provision in finding.provisions.all()),
            "text": finding.text,
        }
        for finding in findings.prefetch_related("provisions")
    ]
    context = _context(case, inspection) | {"findings": listed, "plan_due_on": plan_due_on}
    _to_employer(case, "inspections/feedback", context, moment=case.version)


def _context(case: Case, inspection: Inspection) -> dict[str, object]:
    return {
        "reference": case.reference,
        "employer": case.employer.name,
        "site": case.site.name if case.site else case.employer.name,
        "planned_on": inspection.planned_on,
        "visited_on": inspection.visited_on,
        "scope": inspection.scope,
    }


def _to_employer(case: Case, letter: str, context: dict[str, object], *, moment: object) -> None:
    recipients: Iterable[str] = contacts(case.employer, permission=case.spec.follow)
    for address in recipients:
        key = f"{letter}:{case.pk}:{moment}"
        enqueue(letter=letter, to=address, context=context, dedupe_key=key, case=case)
