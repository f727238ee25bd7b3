"""Drafting a notice, editing the draft, proposing it, giving it up."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from django.core.exceptions import ValidationError

from enforcement.findings import TO_SETTLE, unsettled
from enforcement.lifecycle import DRAFT
from enforcement.models import Notice, NoticeProvision
from enforcement.services.holding import holding
from inspections.models import Finding, Inspection
from regulator import clock
from regulator.accounts.actors import Actor, Scheduled
from regulator.casework.chain import append, writing
from regulator.casework.errors import NotAllowedNow
from regulator.casework.evidence.kept import keep_texts
from regulator.casework.models import Case
from regulator.casework.services import inherit, mint_reference, move, open_case, refuse_identifiers
from regulator.casework.visibility import permit_on
from regulator.deadlines.services import end_deadlines
from regulator.legislation.models import Provision
from regulator.legislation.standing import not_in_force
from regulator.organisations.models import Employer, Site
from regulator.organisations.policies import permit

POWERS: Final = {
    Notice.Type.IMPROVEMENT: "s21",
    Notice.Type.PROHIBITION_IMMEDIATE: "s22",
    Notice.Type.PROHIBITION_DEFERRED: "s22",
}
"""Which section of the Health and Safety at Work etc. Act 1974 each type of notice is served under."""
ACT: Final = "HSWA 1974"
LONGEST_DAYS: Final = 730


def draft_notice(
    *,
    employer: Employer,
    site: Site | None,
    modality: str,
    notice_type: str,
    provisions: Sequence[Provision],
    breach_on: date,
    by: Actor,
    inspection: Inspection | None = None,
    findings: Sequence[Finding] = (),
    opinion: str = "",
    reasons: str = "",
    required_action: str = "",
    directions: str = "",
    compliance_days: int | None = None,
    identifies_nobody: str = "",
    origin: str = Case.Origin.LIVE,
    source_key: str | None = None,
) -> Notice:
    """Begin a notice; the employer sees nothing of it before it is served.

    ``findings`` are breaches of that ``inspection``, whose restriction it takes over. ``directions`` are the
    schedule that may be attached to it (HSWA 1974 s23). Raises
    ``NotPermitted``, or ``ValidationError`` by field: a provision that was not in force on the breach date, a
    breach in the future, another employer's inspection; ``IdentifiersFound`` for a text that seems to
    identify somebody, unless ``identifies_nobody`` says why it does not. The employer's own name may stand
    in it.
    """
    permit(by, "enforcement.draft", employer=employer)
    if inspection is not None:
        permit_on(inspection.case, "enforcement.draft", by)
    if notice_type not in Notice.Type.values:
        raise ValidationError({"notice_type": "Choose a type of notice."})
    _check_basis(employer, inspection, findings)
    _check_content(notice_type, provisions, breach_on=breach_on, compliance_days=compliance_days)
    label = Notice.Type(notice_type).label
    with writing():
        case = open_case(
            kind="notice",
            employer=employer,
            by=by,
            site=site,
            modality=modality,
            summary=label,
            origin=origin,
            source_key=source_key,
        )
        texts = _stripped(opinion, reasons, required_action, directions)
        refuse_identifiers(case=case, texts=texts, by=by, reason=identifies_nobody)
        notice = Notice.objects.create(
            case=case,
            inspection=inspection,
            type=notice_type,
            legal_power=legal_power(notice_type, breach_on),
            breach_on=breach_on,
            **texts,
            compliance_days=compliance_days,
            drafted_by=None if isinstance(by, Scheduled) else by,
        )
        notice.findings.set(findings)
        set_provisions(notice, provisions)
        payload = _summary(notice, provisions) | {
            "inspection": inspection.pk if inspection else None,
            "findings": sorted(each.pk for each in findings),
            "site": site.pk if site else None,
            "modality": modality,
        }
        append("enforcement.drafted", case=case, by=by, payload=payload)
        if inspection is not None:
            inherit(case=case, source=inspection.case, by=by)
    return notice


def edit_notice(
    *,
    notice: Notice,
    by: Actor,
    version: int | None,
    provisions: Sequence[Provision],
    breach_on: date,
    opinion: str,
    reasons: str,
    required_action: str,
    compliance_days: int | None,
    directions: str = "",
    identifies_nobody: str = "",
) -> None:
    """Replace a draft's content. Once proposed it stands until it is returned; once served, for ever.

    Raises ``NotAllowedNow`` outside a draft, and as ``draft_notice`` does.
    """
    with holding(notice, version=version) as held:
        permit_on(held, "enforcement.draft", by)
        if held.status != DRAFT:
            raise NotAllowedNow("Only a draft can be edited.")
        _check_content(notice.type, provisions, breach_on=breach_on, compliance_days=compliance_days)
        texts = _stripped(opinion, reasons, required_action, directions)
        refuse_identifiers(case=held, texts=texts, stored=texts_of(notice), by=by, reason=identifies_nobody)
        notice.legal_power = legal_power(notice.type, breach_on)
        notice.breach_on = breach_on
        for name, text in texts.items():
            setattr(notice, name, text)
        notice.compliance_days = compliance_days
        notice.save()
        set_provisions(notice, provisions)
        append("enforcement.edited", case=held, by=by, payload=_summary(notice, provisions))


def propose(*, notice: Notice, by: Actor, version: int | None, identifies_nobody: str = "") -> None:
    """Put a complete draft before an enforcement manager. It gets its reference the first time.

    Raises ``IdentifiersFound`` for whatever in it seems to identify somebody and was neither confirmed before
    nor is by ``identifies_nobody``, also what was drafted before texts were checked; ``NotAllowedNow`` while
    a finding that it rests on was corrected or withdrawn and nobody looked at that.
    """
    with holding(notice, version=version) as held:
        move(held, "propose", by=by)
        if unsettled(notice):
            raise NotAllowedNow(TO_SETTLE)
        refuse_identifiers(case=held, texts=texts_of(notice), by=by, reason=identifies_nobody)
        if not held.reference:
            mint_reference(held)


def abandon(
    *, notice: Notice, by: Actor, version: int | None, reason: str, identifies_nobody: str = ""
) -> None:
    """Give up a notice that nobody approved. Its reason is checked as the texts of a draft are."""
    with holding(notice, version=version) as held:
        move(held, "abandon", by=by, reason=reason, identifies_nobody=identifies_nobody)
        end_deadlines(case=held, by=by)


def legal_power(notice_type: str, day: date) -> Provision:
    """The section that a type of notice is served under, as in force on ``day``.

    Raises ``ValidationError`` where the catalogue of provisions does not hold it.
    """
    section = POWERS[Notice.Type(notice_type)]
    in_force = Provision.objects.in_force_on(day)
    found: Provision | None = in_force.filter(instrument=ACT, reference=section).first()
    if found is None:
        raise ValidationError({"breach_on": f"{ACT} {section} was not in force on that day."})
    return found


def _check_basis(employer: Employer, inspection: Inspection | None, findings: Iterable[Finding]) -> None:
    if inspection is not None and inspection.case.employer_id != employer.pk:
        raise ValidationError({"inspection": "This inspection is of another employer."})
    for finding in findings:
        if inspection is None or finding.inspection_id != inspection.pk:
            raise ValidationError({"findings": "A notice rests on findings of its own inspection."})
        if finding.kind != Finding.Kind.BREACH:
            raise ValidationError({"findings": "A notice rests on breaches, not on other findings."})
        if finding.superseded_on is not None:
            raise ValidationError({"findings": "One of these findings was corrected or withdrawn."})


def _check_content(
    notice_type: str, provisions: Sequence[Provision], *, breach_on: date, compliance_days: int | None
) -> None:
    """A prohibition rests on a risk of serious personal injury, and may name no provision (HSWA 1974 s22)."""
    errors: dict[str, str] = {}
    if not provisions and notice_type == Notice.Type.IMPROVEMENT:
        errors["provisions"] = "Choose at least one provision."
    elif standing := not_in_force(provisions, breach_on):
        errors["provisions"] = standing
    if breach_on > clock.today():
        errors["breach_on"] = "The breach cannot be in the future."
    if compliance_days is not None and not 0 < compliance_days <= LONGEST_DAYS:
        errors["compliance_days"] = f"Give between 1 and {LONGEST_DAYS} days."
    if errors:
        raise ValidationError(errors)


def set_provisions(notice: Notice, provisions: Sequence[Provision]) -> None:
    """Make a notice name these provisions, each once, and no others."""
    notice.breaches.all().delete()
    once = dict.fromkeys(provisions)
    NoticeProvision.objects.bulk_create([NoticeProvision(notice=notice, provision=each) for each in once])


def texts_of(notice: Notice) -> dict[str, str]:
    """What somebody wrote of a notice, by field."""
    return _stripped(notice.opinion, notice.reasons, notice.required_action, notice.directions)


def _stripped(opinion: str, reasons: str, required_action: str, directions: str) -> dict[str, str]:
    return {
        "opinion": opinion.strip(),
        "reasons": reasons.strip(),
        "required_action": required_action.strip(),
        "directions": directions.strip(),
    }


def _summary(notice: Notice, provisions: Sequence[Provision]) -> dict[str, object]:
    """What the chain records of a draft; what somebody wrote of it is kept beside the chain (one query)."""
    return {
        "type": notice.type,
        "breach_on": notice.breach_on.isoformat(),
        "provisions": [str(provision) for provision in provisions],
        "power": str(notice.legal_power),
        "compliance_days": notice.compliance_days,
        "texts_sha256": keep_texts(notice.case, texts_of(notice)),
    }
