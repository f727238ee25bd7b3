"""How much an employer does: what its lead returns for a reporting year, what CQC records from data sets."""

from collections.abc import Sequence
from typing import Final

from django.core.exceptions import ValidationError

from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.organisations.activity import ReturnChange, changes, returns_of
from regulator.organisations.chronicle import Append, recording
from regulator.organisations.models import EMPLOYERS_RETURN, UNIT_OF, ActivityReturn, Employer, Modality
from regulator.organisations.policies import permit_now
from regulator.organisations.refusals import NotAllowedNow, StaleVersion
from regulator.organisations.returns import ReturnDetails, refuse_details, refuse_recorded

_KEEP: Final = "organisations.keep_activity"
_RECORD: Final = "organisations.manage"


class Unconfirmed(ValidationError):
    """Numbers that look improbable and were not confirmed; under ``<year>.<modality>.confirmed`` why."""


def file_returns(*, employer: Employer, details: Sequence[ReturnDetails], by: Actor) -> list[ActivityReturn]:
    """Write what the employer returns for each year and modality: all of it, or nothing. Recorded.

    Answers the returns that were written. A number that stood before is replaced and kept in its history;
    what stands already changes nothing. Raises ``NotPermitted``; ``ValidationError``, by
    ``<year>.<modality>.<field>``, for what no return may say; ``StaleVersion`` where somebody else filed
    after the version that was read; and ``Unconfirmed`` where a number looks improbable.
    """
    with recording() as append:
        permit_now(by, _KEEP, employer=employer.pk)
        _refuse(details)
        rows = list(returns_of(employer).select_for_update())
        found = [each for each in changes(employer, details, clock.today(), rows=rows) if each.is_change]
        _refuse_stale(found)
        _ask_about(found)
        return [_write(each, employer, by, append) for each in found]


def record_activity(*, row: ActivityReturn, version: int, by: User) -> ActivityReturn:
    """Keep what a data set says of an employer's activity, new or corrected, as ``row`` has it. Recorded.

    The unit follows from the modality. Raises ``NotPermitted``, ``NotAllowedNow`` for what the employer
    itself returned, ``StaleVersion`` where somebody else changed it after ``version`` was read, and
    ``ValidationError`` for what cannot be, or where the data set says something of these days already.
    """
    with recording() as append:
        permit_now(by, _RECORD, employer=row.employer_id)
        standing = ActivityReturn.objects.select_for_update().filter(pk=row.pk).first()
        if standing is not None and standing.is_own:
            raise NotAllowedNow("The employer returned this number itself. Ask its lead to correct it.")
        if standing is not None and standing.version != version:
            raise StaleVersion(read=version, current=standing.version, what="number")
        refuse_recorded(
            period_start=row.period_start,
            period_end=row.period_end,
            quantity=row.quantity,
            completeness=row.completeness,
            source=row.source,
            today=clock.today(),
        )
        row.version = standing.version + 1 if standing is not None else 1
        _save(row, by)
        _record(append, "organisations.activity_recorded", row, by)
    return row


def _refuse(details: Sequence[ReturnDetails]) -> None:
    faults: dict[str, list[str]] = {}
    said: set[str] = set()
    for each in details:
        try:
            refuse_details(each, clock.today())
        except ValidationError as fault:
            faults |= {f"{each.name}.{field}": texts for field, texts in fault.message_dict.items()}
        if each.name in said:
            faults[f"{each.name}.modality"] = ["This year and modality are given twice"]
        said.add(each.name)
    if faults:
        raise ValidationError(faults)


def _refuse_stale(found: Sequence[ReturnChange]) -> None:
    for each in found:
        if each.version != each.details.version:
            raise StaleVersion(read=each.details.version, current=each.version, what="return")


def _ask_about(found: Sequence[ReturnChange]) -> None:
    doubted = [each for each in found if each.doubts and not each.details.confirmed]
    if doubted:
        raise Unconfirmed({f"{each.details.name}.confirmed": list(each.doubts) for each in doubted})


def _write(change: ReturnChange, employer: Employer, by: Actor, append: Append) -> ActivityReturn:
    said = change.details
    row = change.before or ActivityReturn(
        employer=employer,
        modality=said.modality,
        period_start=said.year.start,
        period_end=said.year.end,
        source=EMPLOYERS_RETURN,
    )
    row.quantity, row.completeness = said.quantity, said.completeness
    row.version = change.version + 1
    _save(row, by)
    deed = "organisations.activity_corrected" if change.before else "organisations.activity_returned"
    _record(append, deed, row, by)
    return row


def _save(row: ActivityReturn, by: Actor) -> None:
    row.unit = UNIT_OF[Modality(row.modality)]
    row.recorded_at = clock.now()
    row.full_clean()
    vars(row)["_history_user"] = by if isinstance(by, User) else None
    row.save()


def _record(append: Append, type: str, row: ActivityReturn, by: Actor) -> None:
    payload = {
        "return": row.pk,
        "employer": row.employer_id,
        "modality": row.modality,
        "from": row.period_start.isoformat(),
        "to": row.period_end.isoformat(),
        "quantity": row.quantity,
        "completeness": row.completeness,
        "version": row.version,
    }
    append(type, case=None, by=by, payload=payload)
