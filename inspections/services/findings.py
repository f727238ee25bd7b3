"""Recording what was found, and what becomes of a draft finding whose facts were not right."""

import hashlib
from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError

from inspections.lifecycle import NEEDS_ANSWER, ON_SITE_OR_AFTER
from inspections.models import Finding, Inspection, Visit
from inspections.services.holding import holding
from regulator import clock
from regulator.accounts.actors import Actor, Scheduled
from regulator.accounts.models import User
from regulator.casework.chain import append
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.services import refuse_identifiers
from regulator.casework.visibility import permit_on
from regulator.legislation.models import Provision
from regulator.legislation.standing import not_in_force


def not_findable(case: Case) -> str:
    """Why nothing can be recorded as found now; ``""`` where it can."""
    if case.status in ON_SITE_OR_AFTER:
        return ""
    return "Findings are recorded after the visit and before the inspection is closed."


def record_finding(
    *,
    inspection: Inspection,
    by: Actor,
    version: int | None,
    kind: str,
    provisions: Sequence[Provision],
    text: str,
    visit: Visit | None = None,
    identifies_nobody: str = "",
) -> Finding:
    """Keep one finding; the chain keeps its digest.

    A recommendation or a breach names at least one provision, each as in force on the day of the ``visit`` on
    which it was found; where that is not said, of the first visit.
    Raises ``NotPermitted``, ``NotAllowedNow`` before the visit, ``ValidationError`` by field,
    ``IdentifiersFound`` for a text that seems to identify somebody, unless ``identifies_nobody`` says why.
    """
    with holding(inspection, version=version) as held:
        permit_on(held, "inspections.record_finding", by)
        if refusal := not_findable(held):
            raise NotAllowedNow(refusal)
        check_finding(kind=kind, provisions=provisions, text=text, day=day_of_law(visit, inspection))
        refuse_identifiers(case=held, texts={"text": text}, by=by, reason=identifies_nobody)
        finding = Finding.objects.create(
            inspection=inspection,
            visit=visit,
            kind=kind,
            text=text.strip(),
            recorded_by=None if isinstance(by, Scheduled) else by,
            recorded_at=clock.now(),
        )
        finding.provisions.set(provisions)
        append("inspections.finding_recorded", case=held, by=by, payload=_told(finding, provisions))
    return finding


def correct_finding(
    held: Case,
    draft: Finding,
    *,
    kind: str,
    provisions: Sequence[Provision],
    text: str,
    written_by: User,
    by: Actor,
) -> Finding:
    """Let a corrected finding stand in the place of ``draft``, on a case that the report's approval holds.

    It counts as fed back when the draft was. The draft stays with its own words and is never final. The
    caller has checked what it says (``check_finding``, ``refuse_identifiers``).
    """
    made = Finding.objects.create(
        inspection_id=held.pk,
        visit_id=draft.visit_id,
        kind=kind,
        text=text,
        recorded_by=written_by,
        recorded_at=clock.now(),
        fed_back_on=draft.fed_back_on,
        corrects=draft,
    )
    made.provisions.set(provisions)
    _supersede(draft)
    payload = _told(made, provisions) | {"corrects": draft.pk, "written_by": written_by.pk}
    append("inspections.finding_corrected", case=held, by=by, payload=payload)
    return made


def withdraw_finding(held: Case, draft: Finding, *, by: Actor) -> None:
    """Let a draft finding fall without another in its place, on a case that the report's approval holds."""
    _supersede(draft)
    append("inspections.finding_withdrawn", case=held, by=by, payload={"finding": draft.pk})


def _supersede(draft: Finding) -> None:
    draft.superseded_on = clock.today()
    draft.save(update_fields=["superseded_on"])


def _told(finding: Finding, provisions: Sequence[Provision]) -> dict[str, object]:
    """What the chain records of it."""
    return {
        "finding": finding.pk,
        "kind": finding.kind,
        "visit": finding.visit_id,
        "provisions": [str(provision) for provision in provisions],
        "sha256": hashlib.sha256(finding.text.encode()).hexdigest(),
    }


def day_of_law(visit: Visit | None, inspection: Inspection) -> date:
    """The day whose law holds. Raises ``ValidationError`` for a visit of another inspection."""
    if visit is None:
        return inspection.visited_on or clock.today()
    if visit.inspection_id != inspection.pk:
        raise ValidationError({"visit": "This visit belongs to another inspection."})
    return visit.visited_on


def check_finding(*, kind: str, provisions: Sequence[Provision], text: str, day: date) -> None:
    """Raise ``ValidationError`` by field for what no finding can say."""
    errors: dict[str, str] = {}
    if kind not in Finding.Kind.values:
        errors["kind"] = "Choose what kind of finding it is."
    if not text.strip():
        errors["text"] = "Describe the finding."
    if kind in NEEDS_ANSWER and not provisions:
        errors["provisions"] = "Choose at least one provision."
    elif standing := not_in_force(provisions, day):
        errors["provisions"] = standing
    if errors:
        raise ValidationError(errors)
