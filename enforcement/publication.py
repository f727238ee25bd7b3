"""What of a notice becomes public: a whitelist. Whatever is not named here stays private."""

from datetime import date
from typing import Final

from enforcement.legal_life import CANCELLED, Appealed, Extended, new_days
from enforcement.legal_record import steps_of
from enforcement.lifecycle import COMPLIED, NOT_COMPLIED
from enforcement.models import Appeal, Notice
from enforcement.register.models import RegisterEntry
from enforcement.register.regions import region_of
from enforcement.register.services import EntrySnapshot, Happening, cited
from enforcement.register.wording import DAYS_ADDED, MORE_TIME, TIME_CHANGED, until
from regulator.casework.models import Case, Event
from regulator.legislation.models import Provision

_STATUS: Final = {
    COMPLIED: RegisterEntry.Status.COMPLIED,
    NOT_COMPLIED: RegisterEntry.Status.NOT_COMPLIED,
}

_STEPS: Final = (
    "enforcement.served",
    "enforcement.extended",
    "enforcement.appeal_disposed",
    "enforcement.cancelled",
)
"""The events of the chain that the timeline follows."""


def slug_of(case: Case) -> str:
    """The entry's address on the register, for ever: the reference in small letters."""
    return str(case.reference).lower()


def snapshot(case: Case, notice: Notice) -> EntrySnapshot:
    """The public side of a served notice as it stands (six queries). Raises ``ValueError`` if not served.

    The description is what the notice requires; the inspector's opinion and reasons, the address of
    service and every person stay private.
    """
    if notice.served_on is None:
        raise ValueError("a notice that was not served has no public side")
    return EntrySnapshot(
        slug=slug_of(case),
        reference=str(case.reference),
        form=RegisterEntry.Form.FULL,
        **organisation(case),
        notice_type=notice.type,
        legal_power=str(notice.legal_power),
        served_on=notice.served_on,
        breach_on=notice.breach_on,
        citations=cited(Provision.objects.filter(pk__in=notice.breaches.values("provision"))),
        timeline=timeline(notice),
        description=notice.required_action,
        compliance_due_on=notice.compliance_on,
        status=_STATUS.get(case.status, RegisterEntry.Status.IN_FORCE),
        complied_on=notice.complied_on,
        how_closed=notice.get_how_complied_display(),
        modality=case.modality,
        source_url="",
        origin=RegisterEntry.Origin.PORTAL,
        employer_is_invented=case.employer.is_invented,
    )


def organisation(case: Case) -> dict[str, str]:
    """What an entry takes from the organisation's own record, by field of the snapshot: it can change there
    at any time, without a deed on the notice. No query where employer and site were read."""
    employer, site = case.employer, case.site
    return {
        "employer_name": employer.name,
        "employer_type": str(employer.get_type_display()),
        "location": site.name if site else "",
        "postcode": site.postcode if site else "",
        "region": region_of(site.postcode) if site else "",
    }


def timeline(notice: Notice) -> tuple[Happening, ...]:
    """What the public is told of a served notice's life, the oldest first (two queries)."""
    if notice.served_on is None:
        return ()
    events = Event.objects.filter(case=notice.pk, type__in=_STEPS).order_by("sequence")
    life = steps_of(notice, events, list(notice.appeals.exclude(outcome=Appeal.Outcome.LAPSED)))
    told = [Happening(life.served_on, "Notice served")]
    for step, new_day in new_days(life):
        told += _extended(step) if isinstance(step, Extended) else _appealed(step, new_day)
    if notice.complied_on is not None:
        told.append(Happening(notice.complied_on, "Complied with"))
    return tuple(sorted(told, key=lambda each: each.on))


def _extended(step: Extended) -> list[Happening]:
    return [Happening(step.on, until(MORE_TIME, step.to))]


def _appealed(step: Appealed, new_day: date | None) -> list[Happening]:
    """An appeal that was decided or given up, and the day to comply that came of it where that moved; nothing
    of one that is pending."""
    if step.disposed_on is None:
        return []
    outcome = Appeal.Outcome(step.outcome).label.lower()
    given_up = step.outcome == Appeal.Outcome.DROPPED
    told = [
        Happening(step.lodged_on, "Appeal lodged with the employment tribunal"),
        Happening(step.disposed_on, f"Appeal {outcome}" if given_up else f"Appeal decided: {outcome}"),
    ]
    if new_day is not None and step.outcome != CANCELLED:
        what = TIME_CHANGED if step.compliance_on is not None else DAYS_ADDED
        told.append(Happening(step.disposed_on, until(what, new_day)))
    return told
