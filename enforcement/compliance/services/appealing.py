"""Appeals of which the employer told CQC: told, confirmed, declined. Only what CQC confirmed is on record."""

from datetime import date
from typing import Any, Final, TypeAlias

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from enforcement.compliance import letters
from enforcement.compliance.models import AppealClaim
from enforcement.compliance.services.holding import ANSWER, keeping
from enforcement.deadlines import APPEAL_ANSWER, appeal_answer_due
from enforcement.lifecycle import COMPLIED, NOT_COMPLIED, SERVED, UNDER_APPEAL
from enforcement.models import Appeal, Notice
from enforcement.services.lodging import check_lodged, lodge
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.casework.chain import append, text_digest
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.services import attach, refuse_identifiers
from regulator.casework.services.attachments import read_file
from regulator.deadlines.services import meet_deadline, open_deadline

Upload: TypeAlias = "UploadedFile[Any]"
CONFIRM: Final = "enforcement.record_appeal"
NONE_WAITS: Final = "No appeal waits to be confirmed."


def not_tellable(case: Case) -> str:
    """Why the employer cannot tell of an appeal now, in plain English. No query."""
    if case.redacted_at is not None:
        return case.why_empty
    if case.status == UNDER_APPEAL:
        return "CQC has an appeal against this notice on record already."
    if case.status not in (SERVED, NOT_COMPLIED, COMPLIED):
        return "This notice no longer stands, so there is nothing to appeal against."
    return ""


def tell_of_appeal(
    *,
    notice: Notice,
    by: Actor,
    version: int | None,
    lodged_on: date,
    file: "Upload",
    late_with_leave: bool = False,
    case_number: str = "",
    identifies_nobody: str = "",
) -> AppealClaim:
    """Tell CQC that the employer lodged an appeal with the tribunal; ``file`` is the office copy. Nothing is
    suspended by it, and nothing is published before CQC confirmed or declined it. An entry that stands
    stands until then; CQC has less time to answer, and all who may are told.

    Raises ``NotPermitted``; ``NotAllowedNow`` where an appeal is on record or waits already;
    ``ValidationError`` by field as ``record_appeal`` does; ``IdentifiersFound`` for a number or a file that
    seems to identify somebody, unless ``identifies_nobody`` says why not.
    """
    ready, number = read_file(file), case_number.strip()
    with keeping(notice, ANSWER, by=by, version=version) as (held, person):
        if refusal := not_tellable(held):
            raise NotAllowedNow(refusal)
        if notice.appeal_claims.filter(decision="").exists():
            raise NotAllowedNow("You told CQC of an appeal already. CQC will confirm or decline that first.")
        check_lodged(notice, lodged_on, late_with_leave, number)
        refuse_identifiers(case=held, texts={"case_number": number}, by=by, reason=identifies_nobody)
        kept = attach(case=held, upload=ready, by=person, identifies_nobody=identifies_nobody)
        claim = AppealClaim.objects.create(
            notice=notice,
            lodged_on=lodged_on,
            late_with_leave=late_with_leave,
            case_number=number,
            office_copy=kept,
            told_by=person,
        )
        payload = {
            "claim": claim.pk,
            "lodged_on": lodged_on.isoformat(),
            "late": late_with_leave,
            "case_number_sha256": text_digest(number),
            "attachment": kept.pk,
        }
        append("compliance.appeal_told", case=held, by=by, payload=payload)
        today = clock.today()
        due_on = appeal_answer_due(notice, today)
        open_deadline(case=held, kind=APPEAL_ANSWER, start_on=today, due_on=due_on, by=by)
        letters.tell_of_appeal(held, public=notice.published_on is not None)
    return claim


def confirm_appeal(*, notice: Notice, by: Actor, version: int | None) -> Appeal:
    """Confirm the appeal of which the employer told: it is on record from now on, with all that follows
    (``enforcement.services.record_appeal``).

    Raises ``NotPermitted``, and ``NotAllowedNow`` where none waits.
    """
    with keeping(notice, CONFIRM, by=by, version=version) as (held, person):
        claim = _waiting(notice)
        meet_deadline(case=held, kind=APPEAL_ANSWER, by=by)
        made = lodge(
            held,
            notice,
            by=by,
            lodged_on=claim.lodged_on,
            late_with_leave=claim.late_with_leave,
            case_number=claim.case_number,
        )
        claim.decision, claim.appeal = AppealClaim.Decision.CONFIRMED, made
        claim.decided_by, claim.decided_at = person, clock.now()
        claim.save()
        append("compliance.appeal_confirmed", case=held, by=by, payload={"claim": claim.pk})
    return made


def decline_appeal(
    *, notice: Notice, by: Actor, version: int | None, reason: str, identifies_nobody: str = ""
) -> AppealClaim:
    """Decline to record the appeal of which the employer told, for a reason that it reads: the tribunal has
    none, say. Raises ``NotPermitted``, ``NotAllowedNow`` where none waits, ``ValidationError`` for no reason,
    ``IdentifiersFound`` for one that seems to identify somebody, unless ``identifies_nobody`` says why."""
    with keeping(notice, CONFIRM, by=by, version=version) as (held, person):
        claim = _waiting(notice)
        if not reason.strip():
            raise ValidationError({"reason": "Give a reason."})
        refuse_identifiers(case=held, texts={"reason": reason}, by=by, reason=identifies_nobody)
        claim.decision, claim.reason = AppealClaim.Decision.DECLINED, reason.strip()
        claim.decided_by, claim.decided_at = person, clock.now()
        claim.save()
        append("compliance.appeal_declined", case=held, by=by, payload={"claim": claim.pk}, text=claim.reason)
        meet_deadline(case=held, kind=APPEAL_ANSWER, by=by)
        letters.tell_declined(held, lodged_on=claim.lodged_on)
    return claim


def _waiting(notice: Notice) -> AppealClaim:
    found = notice.appeal_claims.filter(decision="").first()
    if found is None:
        raise NotAllowedNow(NONE_WAITS)
    return found
