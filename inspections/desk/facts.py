"""What the desk shows of an inspection, and on the page of the case that it arose from."""

from inspections import services
from inspections.models import Finding, Inspection
from inspections.queries import arisen, declined, findings_of, read_standing
from regulator.casework.desk import FactSection
from regulator.casework.models import Case
from regulator.casework.wording import as_text


def facts(case: Case) -> list[FactSection]:
    """The inspection and its findings (five queries at most, whatever their number)."""
    inspection = Inspection.objects.select_related("arose_from").get(pk=case.pk)
    found = tuple((finding.get_kind_display(), _in_words(finding)) for finding in findings_of(case))
    return [
        FactSection("Inspection", _course(inspection)),
        FactSection("Findings", found or (("Findings", "None recorded"),)),
    ]


def _in_words(finding: Finding) -> str:
    cited = ", ".join(each.citation for each in finding.provisions.all())
    return f"{finding.text}; {cited}" if cited else finding.text


def _course(inspection: Inspection) -> tuple[tuple[str, object], ...]:
    """Why, and the days. What does not concern this inspection is left out."""
    themed: tuple[tuple[str, object], ...] = (("Theme", inspection.theme),) if inspection.theme else ()
    return (
        ("Why", inspection.get_trigger_display()),
        *themed,
        ("Arose from", inspection.arose_from or ""),
        ("Scope", inspection.scope),
        ("Brachytherapy", "Yes" if inspection.brachytherapy else "No"),
        ("Planned for", inspection.planned_on),
        ("Announced on", inspection.announced_on or ""),
        ("Documents asked for on", inspection.evidence_requested_on or ""),
        ("Visited on", inspection.visited_on or ""),
        ("Draft feedback sent on", inspection.feedback_issued_on or ""),
        ("Feedback final on", inspection.final_on or ""),
        ("Action plan accepted on", inspection.plan_received_on or ""),
    )


def arising_facts(case: Case) -> list[FactSection]:
    """The inspections that arose from a case, or that one is proposed or was decided against (at most four
    queries)."""
    read_standing(case)
    rows: tuple[tuple[str | Case, object], ...] = tuple(
        (each.case, f"{each.get_trigger_display()}, {each.case.status_label.lower()}")
        for each in arisen(case)
    )
    if rows:
        return [FactSection("Inspections that arose from this", rows)]
    against = declined(case) if case.risk == Case.Risk.HIGH else None
    if against is not None:
        who = f"{against.declined_by}, {as_text(against.declined_at)}"
        return [FactSection("No reactive inspection", (("Decided by", who), ("Reason", against.reason)))]
    if services.proposal_refusal(case):
        return []
    proposal = "The risk is high: open one, or decide against it and say why."
    return [FactSection("Reactive inspection", (("Proposed", proposal),))]
