"""The letters that inspections send, and to whom. The texts lie in ``templates/email/inspections``."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from django.urls import reverse

from inspections.models import Finding, Inspection
from regulator.casework.models import Case
from regulator.casework.recipients import lead_or
from regulator.organisations.queries import contacts
from regulator.outbox.letters import Letter
from regulator.outbox.payload import DAY, EMPLOYER, LINK, MAYBE_DAY, MAYBE_TEXT, TEXT, Payload, Value
from regulator.outbox.services import enqueue

_INSPECTION: Final[Payload] = {
    "reference": TEXT,
    "employer": EMPLOYER,
    "site": TEXT,
    "scope": MAYBE_TEXT,
}
_WITH_PDF: Final[Payload] = {**_INSPECTION, "pdf_url": LINK}
"""A letter that is a document as well, and says where the document is read."""
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
_VISITS: Final = Value(
    (
        (
            {"day": date(2026, 4, 1), "place": "Example Hospital, announced"},
            {"day": date(2026, 4, 8), "place": "Example Clinic, unannounced"},
        ),
        (),
    )
)
"""Each that took place: its day, and where. A site may be visited on another day than the first, or not at
all, so no letter about what was found may tell of the sites (``site``) and the first day (``visited_on``) as
of one visit."""
_SITES: Final = Value((("Example Hospital", "Example Clinic"), ()))
"""Where visits to several are planned, a line each. One day is planned: that of the first visit."""
_DOCUMENTS: Final = Value((("The employer's procedures", "Training records"),))
"""What was asked for, a line each."""
LETTERS: Final = (
    Letter(
        "inspections/announcement",
        3,
        "Announcement of IR(ME)R inspection {{ reference }}",
        payload={**_WITH_PDF, "sites": _SITES, "planned_on": DAY, "visited_on": MAYBE_DAY},
        needs=("planned_on",),
    ),
    Letter(
        "inspections/evidence",
        2,
        "Documents for IR(ME)R inspection {{ reference }}",
        payload={**_WITH_PDF, "planned_on": DAY, "documents": _DOCUMENTS, "due_on": DAY},
        needs=("documents", "due_on"),
    ),
    Letter(
        "inspections/draft_feedback",
        3,
        "Draft feedback on IR(ME)R inspection {{ reference }}: check its facts",
        payload={
            **_WITH_PDF,
            "visited_on": DAY,
            "visits": _VISITS,
            "findings": _FINDINGS,
            "comment_by": DAY,
        },
        needs=("findings", "comment_by"),
    ),
    Letter(
        "inspections/feedback",
        4,
        "Feedback on IR(ME)R inspection {{ reference }}",
        payload={
            **_WITH_PDF,
            "planned_on": MAYBE_DAY,
            "visited_on": DAY,
            "visits": _VISITS,
            "findings": _FINDINGS,
            "plan_due_on": MAYBE_DAY,
        },
        needs=("findings", "plan_due_on"),
    ),
    Letter(
        "inspections/documents_sent",
        1,
        "Documents for inspection {{ reference }} are in",
        payload={"reference": TEXT},
        needs=("reference",),
    ),
    Letter(
        "inspections/comments_sent",
        1,
        "Comments on the facts of inspection {{ reference }} are in",
        payload={"reference": TEXT},
        needs=("reference",),
    ),
    Letter(
        "inspections/stood_down",
        1,
        "IR(ME)R inspection {{ reference }} does not take place",
        payload={**_INSPECTION, "planned_on": DAY},
        needs=("planned_on",),
    ),
    Letter(
        "inspections/replanned",
        1,
        "IR(ME)R inspection {{ reference }} takes place on another day",
        payload={**_INSPECTION, "former": DAY, "planned_on": DAY},
        needs=("former", "planned_on"),
    ),
)


def announce(case: Case, inspection: Inspection, *, pdf_url: str) -> None:
    """The announcement, to those of the employer's people who follow its inspections."""
    sites = _sites(case, inspection)
    context = _context(case, inspection) | {"sites": sites if len(sites) > 1 else [], "pdf_url": pdf_url}
    _to_employer(case, "inspections/announcement", context, moment=inspection.planned_on)


def ask_for_evidence(
    case: Case, inspection: Inspection, *, documents: Iterable[str], due_on: date, pdf_url: str
) -> None:
    """Every document that was asked for at once, in one letter, to the same people."""
    context = _context(case, inspection) | {"documents": list(documents), "due_on": due_on}
    context |= {"pdf_url": pdf_url}
    _to_employer(case, "inspections/evidence", context, moment=case.version)


def send_draft(
    case: Case, inspection: Inspection, *, told: Iterable[int], comment_by: date, pdf_url: str
) -> None:
    """The findings ``told`` (by primary key) as they are drafted, for their facts to be checked."""
    context = _context(case, inspection) | _found(inspection, told)
    context |= {"comment_by": comment_by, "pdf_url": pdf_url}
    _to_employer(case, "inspections/draft_feedback", context, moment=case.version)


def send_feedback(
    case: Case, inspection: Inspection, *, told: Iterable[int], plan_due_on: date | None, pdf_url: str
) -> None:
    """The findings ``told`` (by primary key) for good, to those of the employer's people who follow
    inspections."""
    context = _context(case, inspection) | _found(inspection, told)
    context |= {"plan_due_on": plan_due_on, "pdf_url": pdf_url}
    _to_employer(case, "inspections/feedback", context, moment=case.version)


def tell_documents_are_in(case: Case) -> None:
    """To the lead inspector, that every document that was asked for is in; to all inspectors where there is
    no lead. It says no more than the reference."""
    _to_lead(case, "inspections/documents_sent")


def tell_comments_are_in(case: Case) -> None:
    """To the same, that the employer has checked the facts of the draft."""
    _to_lead(case, "inspections/comments_sent")


def _to_lead(case: Case, letter: str) -> None:
    for person in lead_or(case, permission="inspections.conduct"):
        key = f"{letter}:{case.pk}:{case.version}"
        enqueue(letter=letter, to=person.email, context={"reference": str(case)}, dedupe_key=key, case=case)


def path_of(case: Case, for_staff: bool) -> str:
    """Where an inspection is found: staff on the desk, the employer's people on its page."""
    if for_staff:
        return reverse("admin:casework_case_change", args=[case.pk])
    return reverse("inspections:detail", args=[case.reference])


def call_off(case: Case, inspection: Inspection) -> None:
    """That an announced inspection does not take place. Why stays with CQC."""
    _to_employer(case, "inspections/stood_down", _context(case, inspection), moment="")


def tell_replanned(case: Case, inspection: Inspection, *, former: date) -> None:
    """That an announced visit has another day. Why stays with CQC."""
    context = _context(case, inspection) | {"former": former}
    _to_employer(case, "inspections/replanned", context, moment=case.version)


def _found(inspection: Inspection, told: Iterable[int]) -> dict[str, object]:
    """The visits that took place, and the findings ``told`` (three queries)."""
    visits = inspection.visits.select_related("site")
    return {
        "visits": [{"day": each.visited_on, "place": each.in_words} for each in visits],
        "findings": _listed(inspection, told),
    }


def _listed(inspection: Inspection, told: Iterable[int]) -> list[dict[str, str]]:
    findings = Finding.objects.filter(inspection=inspection, pk__in=told).order_by("pk")
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
        "site": _places(case, inspection),
        "planned_on": inspection.planned_on,
        "visited_on": inspection.visited_on,
        "scope": inspection.scope,
    }


def _places(case: Case, inspection: Inspection) -> str:
    """The same in a sentence (one query)."""
    *names, last = _sites(case, inspection)
    return f"{', '.join(names)} and {last}" if names else last


def _sites(case: Case, inspection: Inspection) -> list[str]:
    """The names of all sites that it concerns; the employer's where it concerns none (one query)."""
    if case.site is None:
        return [case.employer.name]
    further = inspection.further_sites.select_related("site")
    return [case.site.name, *(each.site.name for each in further)]


def _to_employer(case: Case, letter: str, context: dict[str, object], *, moment: object) -> None:
    recipients: Iterable[str] = contacts(case.employer, permission=case.spec.follow)
    for address in recipients:
        key = f"{letter}:{case.pk}:{moment}"
        enqueue(letter=letter, to=address, context=context, dedupe_key=key, case=case)
