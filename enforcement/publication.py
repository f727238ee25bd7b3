"""What of a notice becomes public: a whitelist. Whatever is not named here stays private."""

from datetime import date
from typing import Final

from django.utils import timezone

from enforcement.lifecycle import COMPLIED, NOT_COMPLIED
from enforcement.models import Appeal, Notice
from enforcement.register.models import RegisterEntry
from enforcement.register.regions import region_of
from enforcement.register.services import EntrySnapshot, Happening, cited
from enforcement.register.wording import MORE_TIME
from regulator.casework.models import Case, Event
from regulator.casework.wording import as_text
from regulator.legislation.models import Provision

_STATUS: Final = {
    COMPLIED: RegisterEntry.Status.COMPLIED,
    NOT_COMPLIED: RegisterEntry.Status.NOT_COMPLIED,
}


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
    """What the public is told of a notice's life, the oldest first (two queries)."""
    told: list[Happening] = []
    if notice.served_on is not None:
        told.append(Happening(notice.served_on, "Notice served"))
    told += _extensions(notice)
    for appeal in notice.appeals.exclude(disposed_on=None).exclude(outcome=Appeal.Outcome.LAPSED):
        told.append(Happening(appeal.lodged_on, "Appeal lodged with the employment tribunal"))
        if appeal.disposed_on is not None:
            told.append(
                Happening(appeal.disposed_on, f"Appeal decided: {appeal.get_outcome_display().lower()}")
            )
    if notice.complied_on is not None:
        told.append(Happening(notice.complied_on, "Complied with"))
    return tuple(sorted(told, key=lambda each: each.on))


def _extensions(notice: Notice) -> list[Happening]:
    """That CQC gave more time, since the service that stands (one query)."""
    found: list[Happening] = []
    events = Event.objects.filter(case=notice.pk, type__in=("enforcement.served", "enforcement.extended"))
    for each in events.order_by("sequence"):
        if each.type == "enforcement.served":
            found = []
        else:
            until = as_text(date.fromisoformat(each.payload["to"]))
            found.append(Happening(timezone.localdate(each.occurred_at), f"{MORE_TIME}, until {until}"))
    return found
