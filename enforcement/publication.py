"""What of a notice becomes public: a whitelist. Whatever is not named here stays private."""

from typing import Final

from enforcement.lifecycle import COMPLIED, NOT_COMPLIED
from enforcement.models import Notice
from enforcement.register.models import RegisterEntry
from enforcement.register.services import EntrySnapshot
from regulator.casework.models import Case
from regulator.legislation.models import Provision

_STATUS: Final = {
    COMPLIED: RegisterEntry.Status.COMPLIED,
    NOT_COMPLIED: RegisterEntry.Status.NOT_COMPLIED,
}


def slug_of(case: Case) -> str:
    """The entry's address on the register, for ever: the reference in small letters."""
    return str(case.reference).lower()


def snapshot(case: Case, notice: Notice) -> EntrySnapshot:
    """The public side of a served notice as it stands (four queries). Raises ``ValueError`` if not served.

    The description is what the notice requires; the inspector's opinion and reasons, the address of
    service and every person stay private.
    """
    if notice.served_on is None:
        raise ValueError("a notice that was not served has no public side")
    employer, site = case.employer, case.site
    return EntrySnapshot(
        slug=slug_of(case),
        reference=str(case.reference),
        employer_name=employer.name,
        employer_type=employer.get_type_display(),
        location=site.name if site else "",
        postcode=site.postcode if site else "",
        region="",
        notice_type=notice.type,
        legal_power=str(notice.legal_power),
        served_on=notice.served_on,
        breach_on=notice.breach_on,
        provisions=tuple(Provision.objects.filter(pk__in=notice.breaches.values("provision"))),
        description=notice.required_action,
        compliance_due_on=notice.compliance_on,
        status=_STATUS.get(case.status, RegisterEntry.Status.IN_FORCE),
        complied_on=notice.complied_on,
        how_closed=notice.get_how_complied_display(),
        modality=case.modality,
        source_url="",
        origin=RegisterEntry.Origin.PORTAL,
        employer_is_invented=employer.is_invented,
    )
