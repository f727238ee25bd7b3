"""The letters that enforcement sends, and to whom. The texts lie in ``templates/email/enforcement``."""

from datetime import date
from typing import Final

from enforcement.legal_clock import last_day_to_appeal_cautious
from enforcement.models import Notice
from regulator.accounts.queries import staff_with
from regulator.casework.models import Case
from regulator.organisations.models import Employer
from regulator.organisations.queries import contacts
from regulator.outbox.letters import Letter
from regulator.outbox.services import enqueue

LETTERS: Final = (
    Letter("enforcement/notice_served", 1, "{{ type }} {{ reference }} served on {{ employer }}"),
    Letter("enforcement/compliance_accepted", 1, "{{ reference }}: compliance accepted"),
    Letter("enforcement/withdrawn", 1, "{{ reference }}: notice withdrawn"),
    Letter("enforcement/ready_to_publish", 1, "{{ reference }} is ready for the register"),
)


def addressees(employer: Employer) -> list[str]:
    """Those of the employer's people who follow its notices and, where known, the chief executive's
    office; each address once."""
    office = [employer.chief_executive_email] if employer.chief_executive_email else []
    people = contacts(employer, permission="enforcement.follow")
    return list(dict.fromkeys(address.lower() for address in (*people, *office)))


def tell_served(case: Case, notice: Notice) -> None:
    """What the notice says, by when to comply, and the cautious last day to appeal."""
    if notice.served_on is None:
        raise ValueError("a notice that was not served has no letter of service")
    appeal = last_day_to_appeal_cautious(notice.served_on)
    provisions = notice.breaches.select_related("provision")
    further = {
        "power": str(notice.legal_power),
        "provisions": ", ".join(breach.provision.citation for breach in provisions),
        "breach_on": notice.breach_on,
        "opinion": notice.opinion,
        "reasons": notice.reasons,
        "required_action": notice.required_action,
        "served_on": notice.served_on,
        "compliance_on": notice.compliance_on,
        "appeal_by": appeal.on,
        "appeal_derivation": appeal.derivation,
        "suspends": notice.type == Notice.Type.IMPROVEMENT,
    }
    _to_employer(case, "enforcement/notice_served", _context(case, notice) | further)


def tell_complied(case: Case, notice: Notice) -> None:
    further = {"complied_on": notice.complied_on, "how": notice.get_how_complied_display().lower()}
    _to_employer(case, "enforcement/compliance_accepted", _context(case, notice) | further)


def tell_withdrawn(case: Case, notice: Notice) -> None:
    _to_employer(
        case, "enforcement/withdrawn", _context(case, notice) | {"withdrawn_on": notice.withdrawn_on}
    )


def tell_ready_to_publish(case: Case, notice: Notice, *, due_on: date) -> None:
    """To everybody who may publish, once for each day by which the entry is due."""
    context = _context(case, notice) | {"due_on": due_on}
    for user in staff_with("enforcement.publish"):
        key = f"enforcement/ready_to_publish:{case.pk}:{due_on}"
        enqueue(
            letter="enforcement/ready_to_publish", to=user.email, context=context, dedupe_key=key, case=case
        )


def _context(case: Case, notice: Notice) -> dict[str, object]:
    site = case.site.name if case.site else case.employer.name
    return {
        "reference": case.reference,
        "employer": case.employer.name,
        "site": site,
        "type": notice.get_type_display(),
    }


def _to_employer(case: Case, letter: str, context: dict[str, object]) -> None:
    for address in addressees(case.employer):
        enqueue(letter=letter, to=address, context=context, dedupe_key=f"{letter}:{case.pk}", case=case)
