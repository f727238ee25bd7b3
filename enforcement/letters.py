"""The letters that enforcement sends, and to whom. The texts lie in ``templates/email/enforcement``."""

from datetime import date
from typing import Final

from enforcement.binding import directed, must_be_kept_from, stands_still
from enforcement.legal_clock import last_day_to_appeal_cautious
from enforcement.legal_life import suspension_means
from enforcement.lifecycle import COMPLIED, SERVED
from enforcement.models import Appeal, Notice
from enforcement.papers.links import leaflet_path, notice_path, whole
from enforcement.register.wording import appeal_means
from regulator import clock
from regulator.casework.models import Case
from regulator.casework.recipients import only_reference, staff_for
from regulator.organisations.models import Employer
from regulator.organisations.queries import contacts
from regulator.outbox.letters import Letter
from regulator.outbox.payload import DAY, EMPLOYER, FLAG, LINK, MAYBE_DAY, MAYBE_TEXT, TEXT, Payload, one_of
from regulator.outbox.services import enqueue

_NOTICE: Final[Payload] = {
    "reference": TEXT,
    "employer": EMPLOYER,
    "site": TEXT,
    "type": one_of("Improvement notice", "Prohibition notice", "Deferred prohibition notice"),
}
"""What every letter about a notice may say."""
_SERVED: Final[Payload] = {
    **_NOTICE,
    "power": TEXT,
    "provisions": TEXT,
    "breach_on": DAY,
    "opinion": TEXT,
    "reasons": TEXT,
    "required_action": TEXT,
    "served_on": DAY,
    "compliance_on": MAYBE_DAY,
    "appeal_by": DAY,
    "appeal_derivation": TEXT,
    "suspends": FLAG,
    "appeal_means": TEXT,
    "pdf_url": LINK,
    "leaflet_url": LINK,
}
_APPEALED: Final[Payload] = {
    **_NOTICE,
    "lodged_on": DAY,
    "suspends": FLAG,
    "complied": FLAG,
    "ended_on": MAYBE_DAY,
    "undone": FLAG,
}
_DECIDED: Final[Payload] = {
    **_NOTICE,
    "outcome": one_of("modified", "cancelled", "affirmed", "dropped"),
    "disposed_on": DAY,
    "changes": MAYBE_TEXT,
    "provisions": TEXT,
    "required_action": TEXT,
    "compliance_on": MAYBE_DAY,
    "binds_from": MAYBE_DAY,
    "in_effect": FLAG,
    "gone_by": FLAG,
    "ran_until": MAYBE_DAY,
    "complied_on": MAYBE_DAY,
}


def _letter(name: str, subject: str, payload: Payload, *needs: str, version: int = 1) -> Letter:
    return Letter(f"enforcement/{name}", version, subject, payload=payload, needs=("reference", *needs))


LETTERS: Final = (
    _letter(
        "notice_served",
        "{{ type }} {{ reference }} served on {{ employer }}",
        _SERVED,
        *("required_action", "reasons", "opinion", "provisions", "appeal_by", "compliance_on"),
        version=2,
    ),
    _letter(
        "service_failed",
        "{{ reference }}: the notice does not bind you yet",
        {**_NOTICE, "served_on": DAY},
    ),
    _letter(
        "compliance_accepted",
        "{{ reference }}: compliance accepted",
        {**_NOTICE, "complied_on": DAY, "how": TEXT},
    ),
    _letter(
        "extended",
        "{{ reference }}: more time to comply",
        {**_NOTICE, "former": MAYBE_DAY, "compliance_on": DAY},
        "compliance_on",
    ),
    _letter("appeal_decided", "{{ reference }}: the tribunal's decision", _DECIDED, "outcome", version=4),
    _letter(
        "not_complied",
        "{{ reference }}: not complied with in time",
        {**_NOTICE, "compliance_on": MAYBE_DAY},
    ),
    _letter(
        "appealed",
        "{{ reference }}: your appeal is on record",
        _APPEALED,
        "lodged_on",
        version=4,
    ),
    _letter(
        "suspended",
        "{{ reference }}: suspended by the tribunal",
        {
            **_NOTICE,
            "suspended_from": DAY,
            "suspended_until": MAYBE_DAY,
            "takes_effect_on": MAYBE_DAY,
            "means": MAYBE_TEXT,
        },
        "suspended_from",
        version=4,
    ),
    _letter("withdrawn", "{{ reference }}: notice withdrawn", {**_NOTICE, "withdrawn_on": DAY}),
    _letter(
        "ready_to_publish", "{{ reference }} is ready for the register", {**_NOTICE, "due_on": DAY}, "due_on"
    ),
)


def addressees(employer: Employer) -> list[str]:
    """Those of the employer's people who follow its notices and, where known, the chief executive's
    office; each address once."""
    office = [employer.chief_executive_email] if employer.chief_executive_email else []
    people = contacts(employer, permission="enforcement.follow")
    return list(dict.fromkeys(address.lower() for address in (*people, *office)))


def _named(notice: Notice) -> str:
    """The provisions that it names (one query)."""
    named = notice.breaches.select_related("provision")
    return ", ".join(each.provision.citation for each in named) or "none is named"


def tell_served(case: Case, notice: Notice) -> None:
    """What the notice says, by when to comply, and the cautious last day to appeal."""
    if notice.served_on is None:
        raise ValueError("a notice that was not served has no letter of service")
    appeal = last_day_to_appeal_cautious(notice.served_on)
    further = {
        "power": str(notice.legal_power),
        "provisions": _named(notice),
        "breach_on": notice.breach_on,
        "opinion": notice.opinion,
        "reasons": notice.reasons,
        "required_action": notice.required_action,
        "served_on": notice.served_on,
        "compliance_on": notice.compliance_on,
        "appeal_by": appeal.on,
        "appeal_derivation": appeal.derivation,
        "suspends": notice.type == Notice.Type.IMPROVEMENT,
        "appeal_means": appeal_means(notice.type),
        "pdf_url": whole(notice_path(case)),
        "leaflet_url": whole(leaflet_path(case)),
    }
    _to_employer(case, "enforcement/notice_served", _context(case, notice) | further)


def tell_service_failed(case: Case, notice: Notice) -> None:
    """That the notice did not reach them after all, and that nothing binds them before it does."""
    _to_employer(case, "enforcement/service_failed", _context(case, notice) | {"served_on": notice.served_on})


def tell_complied(case: Case, notice: Notice) -> None:
    further = {"complied_on": notice.complied_on, "how": notice.get_how_complied_display().lower()}
    _to_employer(case, "enforcement/compliance_accepted", _context(case, notice) | further)


def tell_extended(case: Case, notice: Notice, *, former: date | None) -> None:
    """The date that stood before, and the one that stands now."""
    further = {"former": former, "compliance_on": notice.compliance_on}
    _to_employer(case, "enforcement/extended", _context(case, notice) | further)


def tell_appealed(case: Case, notice: Notice, appeal: Appeal, *, undone: bool) -> None:
    """That CQC has the appeal on record, and whether the notice binds meanwhile: of an improvement notice
    whose period had ended before, when that was. ``undone``: the appeal undoes a failure on record."""
    ended = notice.type == Notice.Type.IMPROVEMENT and not stands_still(notice, appeal)
    further = {
        "lodged_on": appeal.lodged_on,
        "suspends": stands_still(notice, appeal),
        "complied": notice.complied_on is not None,
        "ended_on": notice.compliance_on if ended else None,
        "undone": undone,
    }
    _to_employer(case, "enforcement/appealed", _context(case, notice) | further)


def tell_suspended(case: Case, notice: Notice, appeal: Appeal) -> None:
    """From which day the tribunal keeps a prohibition notice from binding, and until which; and the day on
    which a deferred one takes effect, which stands, where the suspension means something for it."""
    day = notice.compliance_on
    further = {
        "suspended_from": appeal.suspended_from,
        "suspended_until": appeal.suspended_until,
        "takes_effect_on": day,
        "means": suspension_means(day, directed(appeal)) if day is not None else "",
    }
    _to_employer(case, "enforcement/suspended", _context(case, notice) | further)


def tell_decided(case: Case, notice: Notice, appeal: Appeal) -> None:
    """The tribunal's decision, what the notice says after it, and by when to comply if that is still owed; of
    a deferred prohibition from when it binds, where a suspension ended after the day of effect; of an
    improvement notice that was complied with, until when the time for that ran."""
    over = case.status == COMPLIED and notice.type == Notice.Type.IMPROVEMENT
    day = notice.compliance_on if case.status == SERVED else None
    binds = must_be_kept_from(notice) if day is not None else None
    further = {
        "outcome": appeal.outcome,
        "disposed_on": appeal.disposed_on,
        "changes": appeal.changes,
        "provisions": _named(notice),
        "required_action": notice.required_action,
        "compliance_on": day,
        "binds_from": binds if binds != day else None,
        "in_effect": day is not None and day < clock.today(),  # at the end of it (HSWA 1974 s22(4))
        "gone_by": day is not None and day < clock.today(),
        "ran_until": notice.compliance_on if over else None,
        "complied_on": notice.complied_on if over else None,
    }
    _to_employer(case, "enforcement/appeal_decided", _context(case, notice) | further)


def tell_failed(case: Case, notice: Notice) -> None:
    further = {"compliance_on": must_be_kept_from(notice)}
    _to_employer(case, "enforcement/not_complied", _context(case, notice) | further)


def tell_withdrawn(case: Case, notice: Notice) -> None:
    _to_employer(
        case, "enforcement/withdrawn", _context(case, notice) | {"withdrawn_on": notice.withdrawn_on}
    )


def tell_ready_to_publish(case: Case, notice: Notice, *, proposal: int, due_on: date) -> None:
    """To those who may publish and see it, once for each ``proposal`` of the entry, by its number, and each
    day by which it is due: two that say different things may be due on one day."""
    context = _context(case, notice) | {"due_on": due_on} | only_reference(case)
    key = f"enforcement/ready_to_publish:{case.pk}:{due_on}:{proposal}"
    for user in staff_for(case, permission="enforcement.publish"):
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
    """One letter to each address for one change of the case: its version is the one being changed."""
    key = f"{letter}:{case.pk}:{case.version}"
    for address in addressees(case.employer):
        enqueue(letter=letter, to=address, context=context, dedupe_key=key, case=case)
