"""What the desk shows of an inspection, and on the page of the case that it arose from."""

from django.utils import timezone

from inspections import services
from inspections.models import Finding, Inspection
from inspections.queries import arisen, declined, findings_of, interested, read_standing, sites_of
from regulator.casework.desk import FactSection
from regulator.casework.models import Case
from regulator.casework.reading import listed
from regulator.casework.wording import as_text


def facts(case: Case) -> list[FactSection]:
    """The inspection, where and by whom, and its findings (six queries at most, whatever their number, once
    the case's lists are read)."""
    inspection = Inspection.objects.select_related("arose_from").get(pk=case.pk)
    found = tuple((finding.get_kind_display(), _in_words(finding)) for finding in findings_of(case))
    return [
        FactSection("Inspection", _course(inspection)),
        FactSection("Sites and visits", _visits(case)),
        FactSection("Team", _team(case)),
        FactSection("Findings", found or (("Findings", "None recorded"),)),
    ]


def _visits(case: Case) -> tuple[tuple[str, object], ...]:
    """The further sites, and each visit in the order of the days."""
    sites = sites_of(case)
    further = [str(sites[each.site_id]) for each in listed(case, "inspections.sites")]
    rows: list[tuple[str, object]] = [("Further sites", ", ".join(further))] if further else []
    for each in listed(case, "inspections.visits"):
        place = str(sites[each.site_id]) if each.site_id else "No site stated"
        rows.append(
            (as_text(each.visited_on), f"{place}, {'announced' if each.announced else 'unannounced'}")
        )
    return tuple(rows) or (("Visits", "None recorded"),)


def _team(case: Case) -> tuple[tuple[str, object], ...]:
    """Who inspects beside the lead. Whoever declared an interest since they joined decides nothing here."""
    team = listed(case, "inspections.team")
    conflicted = interested(case, [each.person_id for each in team])
    rows: list[tuple[str, object]] = [("Lead inspector", case.assignee or "Nobody yet")]
    for each in (member for member in team if member.person_id != case.assignee_id):
        since = f"{each.person}, since {as_text(timezone.localdate(each.joined_at))}"
        marked = each.person_id in conflicted
        rows.append(("Inspector", f"{since}; has declared an interest: take them off" if marked else since))
    return tuple(rows)


def _in_words(finding: Finding) -> str:
    cited = ", ".join(each.citation for each in finding.provisions.all())
    said = f"{finding.text}; {cited}" if cited else finding.text
    if finding.superseded_on is None:
        return said
    return f"{said} (no longer stands: corrected or withdrawn on {as_text(finding.superseded_on)})"


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
