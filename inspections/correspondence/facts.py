"""What a letter states: facts first, in the words of the day; the document is set from them when asked for
(docs/decisions/0010 and 0023).

Nobody of CQC's is named on it: the team stands there by its roles.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from django.utils import timezone

from inspections.correspondence.models import AccuracyPoint, AccuracyRound, Correspondence
from inspections.lifecycle import NEEDS_ANSWER
from inspections.models import Finding, Inspection
from regulator import clock
from regulator.casework.models import Case
from regulator.casework.wording import as_text
from regulator.deadlines.services import due_date

Kind: Final = Correspondence.Kind
_GROUPS: Final = (
    (Finding.Kind.BREACH, "Breaches"),
    (Finding.Kind.RECOMMENDATION, "Recommendations"),
    (Finding.Kind.GOOD_PRACTICE, "Good practice"),
)
DATES: Final = "dates"
"""The part of the facts that is counted from the day of sending; all others must stand from the day on which
the letter was prepared."""


def drawn(held: Case, inspection: Inspection, kind: str, choices: Mapping[str, Any]) -> dict[str, Any]:
    """What a letter of ``kind`` states of the inspection as it stands, were it sent today (at most twelve
    queries)."""
    facts = _about(held, inspection) | {"kind": kind}
    if kind == Kind.ANNOUNCEMENT:
        return facts | {DATES: dates(kind, facts, choices)}
    if kind == Kind.EVIDENCE_REQUEST:
        facts |= {"documents": choices["documents"]}
    elif kind == Kind.FEEDBACK:
        fresh = fresh_findings(inspection)
        facts |= {"findings": _grouped([_finding(each) for each in fresh])}
    else:
        points = unsettled_points(inspection)
        kept = _after_comments(inspection, points)
        facts |= {
            "findings": _grouped(kept),
            "needs_plan": any(each["kind"] in NEEDS_ANSWER for each in kept),
            "comments": [_comment(each) for each in points],
            "checked": _checked(inspection, points),
        }
    return facts | {DATES: dates(kind, facts, choices)}


def dates(kind: str, facts: Mapping[str, Any], choices: Mapping[str, Any]) -> dict[str, str]:
    """The day of sending, were it today, and by when the employer answers (``""``: it need not)."""
    today = clock.today()
    by: date | None = None
    if kind == Kind.EVIDENCE_REQUEST:
        by = date.fromisoformat(choices["due_on"])
    elif kind == Kind.FEEDBACK:
        by = due_date("accuracy", today)
    elif kind == Kind.REPORT and facts["needs_plan"]:
        by = due_date("action_plan", today)
    return {"sent": as_text(today), "answer_by": as_text(by) if by else ""}


def as_read_today(letter: Correspondence) -> dict[str, Any]:
    """The facts as they were sent; of a letter that waits, with the dates that it would have were it sent
    today. No query but for the rule of a clock."""
    facts: dict[str, Any] = letter.facts
    if not letter.is_waiting or not facts:
        return facts
    return facts | {DATES: dates(letter.kind, facts, letter.choices)}


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two letters say the same, but for the day of sending and what is counted from it."""
    first, second = ({k: v for k, v in each.items() if k != DATES} for each in (one, other))
    return digest(first) == digest(second)


def digest(facts: Mapping[str, Any]) -> str:
    """The SHA-256 (hex) of the facts."""
    written = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def fresh_findings(inspection: Inspection) -> list[Finding]:
    """What was found since the visit or the last feedback (two queries)."""
    found = Finding.objects.standing().filter(inspection=inspection.pk, fed_back_on=None)
    return list(found.order_by("pk").prefetch_related("provisions"))


def draft_findings(inspection: Inspection) -> list[Finding]:
    """What the employer was told of as a draft and no report made final (two queries)."""
    told = Finding.objects.standing().filter(
        inspection=inspection.pk, fed_back_on__isnull=False, final_on=None
    )
    return list(told.order_by("pk").prefetch_related("provisions"))


def unsettled_points(inspection: Inspection) -> list[AccuracyPoint]:
    """What the employer sent and no report has dealt with yet, in its order (three queries)."""
    rounds = AccuracyRound.objects.unsettled().filter(inspection=inspection.pk)
    points = AccuracyPoint.objects.filter(round__in=rounds).select_related("finding", "answered_by")
    return list(points.prefetch_related("new_provisions", "finding__provisions").order_by("number"))


def _about(held: Case, inspection: Inspection) -> dict[str, Any]:
    """Which inspection, of whom, where and by whom."""
    sites = [held.site] if held.site else []
    sites += [each.site for each in inspection.further_sites.select_related("site").order_by("pk")]
    members = inspection.members.filter(left_at__isnull=True).exclude(person=held.assignee_id).count()
    return {
        "reference": held.reference,
        "employer": held.employer.name,
        "invented": held.employer.is_invented,
        "modality": held.get_modality_display() if held.modality else "",
        "why": inspection.get_trigger_display(),
        "theme": inspection.theme,
        "scope": inspection.scope,
        "sites": [each.name for each in sites],
        "planned": as_text(inspection.planned_on),
        "visits": [
            [as_text(each.visited_on), each.in_words] for each in inspection.visits.select_related("site")
        ],
        "team": ["Lead inspector", *([_inspectors(members)] if members else [])],
    }


def _inspectors(number: int) -> str:
    return "1 further inspector" if number == 1 else f"{number} further inspectors"


def _finding(finding: Finding) -> dict[str, Any]:
    cited = [each.citation for each in finding.provisions.all()]
    return {"kind": finding.kind, "provisions": cited, "text": finding.text}


def _grouped(findings: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The findings by kind, numbered through."""
    known, groups, number = list(findings), [], 0
    for kind, heading in _GROUPS:
        rows = []
        for each in (one for one in known if one["kind"] == kind):
            number += 1
            rows.append({"number": number, "provisions": each["provisions"], "text": each["text"]})
        if rows:
            groups.append({"heading": heading, "findings": rows})
    return groups


def _after_comments(inspection: Inspection, points: Iterable[AccuracyPoint]) -> list[dict[str, Any]]:
    """The draft findings as they will stand once the answers take effect."""
    changes = {each.finding_id: each for each in points if each.change != AccuracyPoint.Change.NONE}
    kept = []
    for finding in draft_findings(inspection):
        point = changes.get(finding.pk)
        if point is None:
            kept.append(_finding(finding))
        elif point.change == AccuracyPoint.Change.CORRECTED:
            cited = [each.citation for each in point.new_provisions.all()]
            kept.append({"kind": point.new_kind, "provisions": cited, "text": point.new_text})
    return kept


def _comment(point: AccuracyPoint) -> dict[str, Any]:
    """One comment with CQC's answer."""
    finding = point.finding
    changed = point.change != AccuracyPoint.Change.NONE
    return {
        "number": point.number,
        "about": finding.get_kind_display() if finding else point.get_subject_display(),
        "draft": finding.text if finding else "",
        "wrong": point.wrong,
        "should_say": point.should_say,
        "file": point.file_id is not None,
        "outcome": point.get_outcome_display(),
        "answer": point.answer,
        "change": point.get_change_display() if changed else "",
    }


def _checked(inspection: Inspection, points: Iterable[AccuracyPoint]) -> str:
    """In words, what the employer said of the facts where it made no comment, and of which draft where it
    checked only some of them (one query; none where it commented)."""
    if any(True for _ in points):
        return ""
    rounds = list(AccuracyRound.objects.filter(inspection=inspection.pk, closed_on=None).order_by("pk"))
    sent = [(_day(each.sent_at), as_text(each.opened_on)) for each in rounds if each.sent_at]
    if not sent:
        return "The employer sent no comments on the facts."
    unsent = next((each for each in rounds if each.sent_at is None), None)
    if unsent is None:
        return f"The employer said on {sent[-1][0]} that no fact needs correcting."
    said = [
        f"The employer said on {day} that no fact of the draft of {drafted} needs correcting."
        for day, drafted in sent
    ]
    return " ".join([*said, f"It sent no comments on the further draft of {as_text(unsent.opened_on)}."])


def _day(moment: datetime) -> str:
    return as_text(timezone.localdate(moment))
