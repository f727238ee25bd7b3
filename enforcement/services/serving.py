"""Serving an approved notice on the employer: from then on its content is fixed and its clocks run."""

import hashlib
import json
from datetime import UTC, date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from enforcement import letters
from enforcement.conditions import own_draft, unserved
from enforcement.legal_clock import appeal_window_closes, earliest_compliance
from enforcement.lifecycle import LIFECYCLE
from enforcement.models import Notice
from enforcement.papers.facts import Service
from enforcement.papers.making import drawn, file_with, told
from enforcement.papers.models import LONGEST_OFFICE, Paper, ServiceAttempt, ServiceProof
from enforcement.services.holding import holding
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.chain import append, text_digest
from regulator.casework.errors import NotAllowedNow
from regulator.casework.identifiers import Kind
from regulator.casework.models import Case
from regulator.casework.services import ReadFile, attach, move, read_file, refuse_identifiers
from regulator.casework.visibility import permit_on
from regulator.deadlines.services import BEYOND_REACH, open_deadline, within_reach
from regulator.hint import wake_on_commit
from regulator.organisations.policies import NotPermitted

SERVE: Final = "enforcement.serve"
_LONDON: Final = ZoneInfo("Europe/London")


def serve(
    *,
    notice: Notice,
    by: Actor,
    version: int | None,
    served_on: date,
    served_time: time | None,
    method: str,
    address: str,
    office: str,
    compliance_on: date | None,
    leaflet_included: bool,
    served_by: User | None = None,
    proof: str = "",
    file: "UploadedFile[Any] | None" = None,
    identifies_nobody: str = "",
) -> None:
    """Record the service, and tell the employer by letter how long they have to comply and to appeal.

    Day and time are London's; ``served_by`` handed it over or sent it (``by``, unless said). What the notice
    and its leaflet state is frozen, and the digests of that, of both PDFs and of the whole content go into
    the chain, so that a later change would show; a worker keeps the PDFs.

    Raises ``ValidationError`` by field: an improvement notice's compliance date may not lie before the end of
    the time for appeal (HSWA 1974 s21); an immediate prohibition has none; the leaflet on appeals must have
    gone with it. Raises ``NotAllowedNow`` for one's own draft, ``IdentifiersFound`` for an address, an office
    or a proof that seems to identify somebody, unless ``identifies_nobody`` says why it does not: it is
    served on an office. By e-mail, the address is one.
    """
    ready = read_file(file) if file is not None else None
    with holding(notice, version=version) as held:
        refuse_out_of_turn(held, by)
        if not isinstance(by, User):
            raise NotAllowedNow(own_draft(held, by))
        service = service_of(notice, served_on, served_time, method, address, office)
        _check_compliance(notice, served_on=service.on, compliance_on=compliance_on)
        if not leaflet_included:
            message = "A notice is served with the leaflet on appeals. Say that it was included."
            raise ValidationError({"leaflet_included": message})
        refuse_identifiers(
            case=held,
            texts={"address": address, "office": office, "proof": proof},
            asked_for={"address": Kind.EMAIL} if method == Notice.ServiceMethod.EMAIL else {},
            by=by,
            reason=identifies_nobody,
        )
        notice.compliance_on = compliance_on
        attempt = next_attempt(notice, service, proof, served_by or by, by)
        papers = drawn(held, notice, service)
        move(held, "serve", by=by, payload=_payload(notice, attempt, papers))
        _fix(notice, attempt)
        attempt.save()
        file_with(attempt, papers)
        if ready is not None:
            give_proof(held, attempt, ready, by, identifies_nobody)
        closes = appeal_window_closes(service.on)
        open_deadline(case=held, kind="appeal_window", start_on=service.on, due_on=closes.on, by=by)
        if compliance_on is not None:
            open_deadline(case=held, kind="comply", start_on=service.on, due_on=compliance_on, by=by)
        letters.tell_served(held, notice)
        wake_on_commit("enforcement.keep_papers")


def add_proof(
    *,
    notice: Notice,
    by: Actor,
    version: int | None,
    file: "UploadedFile[Any]",
    identifies_nobody: str = "",
) -> ServiceProof:
    """Give a file that proves the service that stands: the slip of the post comes days later.

    Raises ``NotAllowedNow`` where the notice is not served, ``ValidationError`` for a file that may not be
    kept and ``IdentifiersFound`` for one that seems to identify somebody, unless ``identifies_nobody`` says
    why.
    """
    if not isinstance(by, User):
        raise NotPermitted("A proof of service is given by a person.")
    ready = read_file(file)
    with holding(notice, version=version) as held:
        permit_on(held, SERVE, by)
        attempt = ServiceAttempt.objects.standing().filter(notice=notice).first()
        if attempt is None:
            raise NotAllowedNow(unserved(held, by) or "This service was recorded before proofs were kept.")
        return give_proof(held, attempt, ready, by, identifies_nobody)


def give_proof(
    held: Case, attempt: ServiceAttempt, file: ReadFile, by: User, identifies_nobody: str
) -> ServiceProof:
    """On a held case: keep a file with the case and with the attempt."""
    kept = attach(case=held, upload=file, by=by, identifies_nobody=identifies_nobody)
    made = ServiceProof.objects.create(attempt=attempt, attachment=kept, added_by=by, added_at=clock.now())
    payload = {"attempt": attempt.number, "attachment": kept.pk}
    append("papers.proof_given", case=held, by=by, payload=payload)
    return made


def content_digest(notice: Notice) -> str:
    """The SHA-256 (hex) over what the notice says: type, power, provisions, breach date and texts."""
    content = {
        "type": notice.type,
        "power": str(notice.legal_power),
        "provisions": sorted(str(breach.provision) for breach in notice.breaches.select_related("provision")),
        "breach_on": notice.breach_on.isoformat(),
        "opinion": notice.opinion,
        "reasons": notice.reasons,
        "required_action": notice.required_action,
    }
    if notice.directions:
        content["directions"] = notice.directions
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def refuse_out_of_turn(held: Case, by: Actor) -> None:
    """Raise unless ``by`` may serve the notice as it stands, before anything of it is worked out."""
    permit_on(held, SERVE, by)
    if refused := LIFECYCLE.refusal(LIFECYCLE.transitions["serve"], held) or own_draft(held, by):
        raise NotAllowedNow(refused)


def service_of(
    notice: Notice, served_on: date, served_time: time | None, method: str, address: str, office: str
) -> Service:
    """The service as its papers state it, or ``ValidationError`` by field."""
    errors: dict[str, str] = {}
    at = clock.now()
    if refused := _not_the_day(notice, served_on):
        errors["served_on"] = refused
    elif served_time is None:
        errors["served_time"] = "Give the time of day at which it was served."
    else:
        at = datetime.combine(served_on, served_time, _LONDON)
        if refused := _not_the_moment(notice, at):
            errors["served_time"] = refused
    if method not in Notice.ServiceMethod.values:
        errors["method"] = "Choose how the notice was served."
    if not address.strip():
        errors["address"] = "Give the address at which it was served."
    if not office.strip():
        errors["office"] = "Say on which office it was served."
    elif len(office) > LONGEST_OFFICE:
        errors["office"] = f"Use at most {LONGEST_OFFICE} characters."
    if errors:
        raise ValidationError(errors)
    return Service(at, method, address.strip(), office.strip())


def _not_the_day(notice: Notice, served_on: date) -> str:
    approved = timezone.localdate(notice.approved_at) if notice.approved_at else served_on
    if served_on > clock.today():
        return "The day of service cannot be in the future."
    if served_on < approved:
        return "The notice cannot have been served before it was approved."
    return ""


def _not_the_moment(notice: Notice, at: datetime) -> str:
    """Why nothing was served at that moment; a time that the clock change left out is none."""
    if at.astimezone(UTC).astimezone(_LONDON).time() != at.time():
        return "There was no such time on that day: the clocks went forward."
    if at > clock.now():
        return "The time of service cannot be in the future."
    approved = notice.approved_at
    if approved is not None and at < approved.replace(second=0, microsecond=0):
        return "The notice cannot have been served before it was approved."
    return ""


def next_attempt(notice: Notice, service: Service, proof: str, served_by: User, by: User) -> ServiceAttempt:
    """The next attempt, not saved yet."""
    return ServiceAttempt(
        notice=notice,
        number=notice.attempts.count() + 1,
        served_at=service.at,
        method=service.method,
        address=service.address,
        office=service.office,
        proof=proof.strip(),
        served_by=served_by,
        recorded_by=by,
        recorded_at=clock.now(),
    )


def _payload(notice: Notice, attempt: ServiceAttempt, papers: list[Paper]) -> dict[str, Any]:
    due = notice.compliance_on
    return {
        "served_on": timezone.localdate(attempt.served_at).isoformat(),
        "served_at": attempt.served_at.astimezone(UTC).isoformat(),
        "served_by": attempt.served_by_id,
        "attempt": attempt.number,
        "sha256": content_digest(notice),
        "papers": told(papers),
        "method": attempt.method,
        "compliance_on": due.isoformat() if due else None,
        "address_sha256": text_digest(attempt.address),
        "office_sha256": text_digest(attempt.office),
        "proof_sha256": text_digest(attempt.proof),
    }


def _fix(notice: Notice, attempt: ServiceAttempt) -> None:
    """What the notice itself says of the service that stands."""
    notice.served_at, notice.served_on = attempt.served_at, timezone.localdate(attempt.served_at)
    notice.served_by, notice.method = attempt.served_by, attempt.method
    notice.served_to_address, notice.served_to_office = attempt.address, attempt.office
    notice.proof = attempt.proof
    notice.save()


def _check_compliance(notice: Notice, *, served_on: date, compliance_on: date | None) -> None:
    if notice.type == Notice.Type.PROHIBITION_IMMEDIATE:
        if compliance_on is not None:
            raise ValidationError({"compliance_on": "An immediate prohibition takes effect at once."})
        return
    if compliance_on is None:
        raise ValidationError({"compliance_on": "Give the date for compliance."})
    if not within_reach(compliance_on):
        raise ValidationError({"compliance_on": BEYOND_REACH})
    if notice.type == Notice.Type.PROHIBITION_DEFERRED:
        if compliance_on <= served_on:
            raise ValidationError({"compliance_on": "A deferred prohibition takes effect after its service."})
        return
    earliest = earliest_compliance(served_on)
    if compliance_on < earliest.on:
        said = f"{earliest.on.day} {earliest.on:%B %Y}"
        raise ValidationError({"compliance_on": f"The date must not be before {said}. {earliest.derivation}"})
