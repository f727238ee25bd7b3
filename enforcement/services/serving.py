"""Serving an approved notice on the employer: from then on its content is fixed and its clocks run."""

import hashlib
import json
from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone

from enforcement import letters
from enforcement.conditions import own_draft
from enforcement.legal_clock import appeal_window_closes, earliest_compliance
from enforcement.models import Notice
from enforcement.services.holding import holding
from regulator import clock
from regulator.accounts.actors import Actor, Scheduled
from regulator.casework.chain import text_digest
from regulator.casework.errors import NotAllowedNow
from regulator.casework.identifiers import Kind
from regulator.casework.services import move, refuse_identifiers
from regulator.deadlines.services import BEYOND_REACH, open_deadline, within_reach


def serve(
    *,
    notice: Notice,
    by: Actor,
    version: int | None,
    served_on: date,
    method: str,
    address: str,
    compliance_on: date | None,
    proof: str = "",
    identifies_nobody: str = "",
) -> None:
    """Record the service, and tell the employer by letter how long they have to comply and to appeal.

    The digest of the whole content goes into the chain, so that a later change would show. Raises
    ``ValidationError`` by field: an improvement notice's compliance date may not lie before the end of
    the time for appeal (HSWA 1974 s21); an immediate prohibition has none. Raises ``NotAllowedNow`` for one's
    own draft, ``IdentifiersFound`` for an address or a proof that seems to identify somebody, unless
    ``identifies_nobody`` says why it does not: it is served on an office. By e-mail, the address is one.
    """
    with holding(notice, version=version) as held:
        move(
            held,
            "serve",
            by=by,
            payload={
                "served_on": served_on.isoformat(),
                "sha256": content_digest(notice),
                "method": method,
                "compliance_on": compliance_on.isoformat() if compliance_on else None,
                "address_sha256": text_digest(address.strip()),
                "proof_sha256": text_digest(proof.strip()),
            },
        )
        refusal = own_draft(held, by)
        if refusal or isinstance(by, Scheduled):
            raise NotAllowedNow(refusal)
        _check_service(notice, served_on=served_on, method=method, address=address)
        _check_compliance(notice, served_on=served_on, compliance_on=compliance_on)
        refuse_identifiers(
            case=held,
            texts={"address": address, "proof": proof},
            asked_for={"address": Kind.EMAIL} if method == Notice.ServiceMethod.EMAIL else {},
            by=by,
            reason=identifies_nobody,
        )
        notice.served_on, notice.method = served_on, method
        notice.served_by = by
        notice.served_to_address, notice.proof = address.strip(), proof.strip()
        notice.compliance_on = compliance_on
        notice.save()
        closes = appeal_window_closes(served_on)
        open_deadline(case=held, kind="appeal_window", start_on=served_on, due_on=closes.on, by=by)
        if compliance_on is not None:
            open_deadline(case=held, kind="comply", start_on=served_on, due_on=compliance_on, by=by)
        letters.tell_served(held, notice)


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
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _check_service(notice: Notice, *, served_on: date, method: str, address: str) -> None:
    errors: dict[str, str] = {}
    approved = timezone.localdate(notice.approved_at) if notice.approved_at else served_on
    if served_on > clock.today():
        errors["served_on"] = "The day of service cannot be in the future."
    elif served_on < approved:
        errors["served_on"] = "The notice cannot have been served before it was approved."
    if method not in Notice.ServiceMethod.values:
        errors["method"] = "Choose how the notice was served."
    if not address.strip():
        errors["address"] = "Give the address at which it was served."
    if errors:
        raise ValidationError(errors)


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
