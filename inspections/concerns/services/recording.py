"""Recording a concern."""

from datetime import date

from django.core.exceptions import ValidationError

from inspections.concerns.deadlines import ASSESSMENT
from inspections.concerns.lifecycle import KIND, RECORD
from inspections.concerns.models import LONGEST, Concern
from regulator import clock
from regulator.accounts.models import User
from regulator.casework.chain import append, text_digest, writing
from regulator.casework.models import Case
from regulator.casework.services import changing, mint_reference, open_case, refuse_identifiers
from regulator.deadlines.services import open_deadline
from regulator.organisations.models import Employer, Modality, Site
from regulator.organisations.policies import permit


def record_concern(
    *,
    employer: Employer,
    source: str,
    way: str,
    received_on: date,
    text: str,
    by: User,
    site: Site | None = None,
    modality: str = "",
    identifies_nobody: str = "",
    origin: str = Case.Origin.LIVE,
    source_key: str | None = None,
) -> Concern:
    """Put a concern on record with its reference, and start the clock of its assessment from today.

    The employer is told nothing, now or later. Raises ``NotPermitted``, or ``ValidationError`` by field: an
    unknown source, way or modality, a day to come, no text or too much of it, a site of another employer;
    ``IdentifiersFound`` for a text that seems to identify somebody, unless ``identifies_nobody`` says why.
    One that is like another (``queries.like``) is recorded all the same.
    """
    permit(by, RECORD, employer=employer)
    text = text.strip()
    _check(source=source, way=way, modality=modality, received_on=received_on, text=text)
    with writing():
        case = open_case(
            kind=KIND,
            employer=employer,
            by=by,
            site=site,
            modality=modality,
            summary=Concern.summary_of(modality),
            origin=origin,
            source_key=source_key,
        )
        refuse_identifiers(case=case, texts={"text": text}, by=by, reason=identifies_nobody)
        today = clock.today()
        concern = Concern.objects.create(
            case=case, source=source, way=way, received_on=received_on, recorded_on=today, text=text
        )
        with changing(case, version=case.version) as held:
            mint_reference(held)
            append("concerns.recorded", case=held, by=by, payload=_recorded(concern, held))
            open_deadline(case=held, kind=ASSESSMENT.name, start_on=today, by=by)
    return concern


def _check(*, source: str, way: str, modality: str, received_on: date, text: str) -> None:
    errors: dict[str, str] = {}
    if source not in Concern.Source.values:
        errors["source"] = "Choose where the concern came from."
    if way not in Concern.Way.values:
        errors["way"] = "Choose how it was received."
    if modality and modality not in Modality.values:
        errors["modality"] = "Choose the modality, or leave it open."
    if received_on > clock.today():
        errors["received_on"] = "The day on which it was received cannot lie in the future."
    if not text:
        errors["text"] = "Write what the concern is about."
    elif len(text) > LONGEST:
        errors["text"] = f"Use {LONGEST:,} characters or fewer."
    if errors:
        raise ValidationError(errors)


def _recorded(concern: Concern, case: Case) -> dict[str, object]:
    """What the chain records of a new concern: values, and the digest of what was typed."""
    return {
        "source": concern.source,
        "way": concern.way,
        "received_on": concern.received_on.isoformat(),
        "site": case.site_id,
        "modality": case.modality,
        "concern_sha256": text_digest(concern.text),
    }
