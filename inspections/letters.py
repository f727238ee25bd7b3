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
_DOCUMENTS: Final = Value((("The employer's procedures", "Training records"),))
"""What was asked for, a line each."""
LETTERS: Final = (
    Letter(
        "inspections/announcement",
        1,
        "Announcement of IR(ME)R inspection {{ reference }}",
        payload={**_INSPECTION, "planned_on": DAY, "visited_on": MAYBE_DAY},
        needs=("planned_on",),
    ),
    Letter(
        "inspections/evidence",
        1,
        "Documents for IR(ME)R inspection {{ reference }}",
        payload={**_INSPECTION, "planned_on": DAY, "documents": _DOCUMENTS, "due_on": DAY},
        needs=("documents", "due_on"),
    ),
    Letter(
        "inspections/draft_feedback",
        1,
        "Draft feedback on IR(ME)R inspection {{ reference }}: check its facts",
        payload={**_INSPECTION, "visited_on": DAY, "findings": _FINDINGS, "comment_by": DAY},
        needs=("findings", "comment_by"),
    ),
    Letter(
        "inspections/feedback",
        2,
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
    Letter(
        "inspections/stood_down",
        1,
        "IR(ME)R inspection {{ reference }} does not take place",
        payload={**_INSPECTION, "planned_on": DAY},
        needs=("planned_on",),
    ),
)


def announce(case: Case, inspection: Inspection) -> None:
    """The announcement, to those of the employer's people who follow its inspections."""
    context = _context(case, inspection)
    _to_employer(case, "inspections/announcement", context, moment=inspection.planned_on)


def ask_for_evidence(case: Case, inspection: Inspection, *, documents: Iterable[str], due_on: date) -> None:
    """Every document that was asked for at once, in one letter, to the same people."""
    context = _context(case, inspection) | {"documents": list(documents), "due_on": due_on}
    _to_employer(case, "inspections/evidence", context, moment=case.version)


def send_draft(case: Case, inspection: Inspection, *, told: Iterable[int], comment_by: date) -> None:
    """The findings ``told`` (by primary key) as they are drafted, for their facts to be checked."""
    context = _context(case, inspection) | {"findings": _listed(inspection, told), "comment_by": comment_by}
    _to_employer(case, "inspections/draft_feedback", context, moment=case.version)


def send_feedback(
    case: Case, inspection: Inspection, *, told: Iterable[int], plan_due_on: date | None
) -> None:
    """The findings ``told`` (by primary key) for good, to those of the employer's people who follow
    inspections."""
    context = _context(case, inspection) | {"findings": _listed(inspection, told), "plan_due_on": plan_due_on}
    _to_employer(case, "inspections/feedback", context, moment=case.version)


def call_off(case: Case, inspection: Inspection) -> None:
    """That an announced inspection does not take place. Why stays with CQC."""
    _to_employer(case, "inspections/stood_down", _context(case, inspection), moment="")


def _listed(inspection: Inspection, told: Iterable[int]) -> list[dict[str, str]]:
    findings = Finding.objects.filter(inspection=inspection, pk__in=told)
    return [
        {
            "kind": finding.get_kind_display(),
            "provisions": ", ".join(provision.citation for provision in finding.provisions.all()),
            "text": finding.text,
        }
        for finding in findings.prefetch_related("provisions")
    ]


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
