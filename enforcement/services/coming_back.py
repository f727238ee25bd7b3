"""Services that came to nothing: the notice came back, so it was never served and can be served anew."""

from datetime import UTC, date, time

from django.core.exceptions import ValidationError

from enforcement import letters
from enforcement.conditions import reached_the_employer
from enforcement.models import Notice
from enforcement.papers.models import ServiceAttempt
from enforcement.services.holding import holding
from enforcement.services.publishing import take_down
from enforcement.services.serving import next_attempt, refuse_out_of_turn, service_of
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.chain import append, text_digest
from regulator.casework.errors import NotAllowedNow
from regulator.casework.identifiers import Kind
from regulator.casework.services import move, refuse_identifiers
from regulator.deadlines.services import end_deadlines
from regulator.organisations.policies import NotPermitted


def fail_service(
    *,
    notice: Notice,
    by: Actor,
    version: int | None,
    failed_on: date,
    reason: str,
    identifies_nobody: str = "",
) -> None:
    """Record that the notice did not reach the employer: returned by post, refused, the wrong address.

    What was recorded of the attempt stays, with its documents and proofs; the notice is approved as before,
    its clocks end, and the employer is told that nothing binds it yet. Served anew, every day is counted
    anew. The post is taken to have delivered unless it is shown not to have (Interpretation Act 1978 s7).
    Raises
    ``NotAllowedNow`` once an appeal or a public entry shows that it arrived, ``ValidationError`` by field,
    ``IdentifiersFound`` for a reason that seems to identify somebody, unless ``identifies_nobody`` says why.
    """
    with holding(notice, version=version) as held:
        attempt = ServiceAttempt.objects.standing().filter(notice=notice).first()
        payload = {
            "attempt": attempt.number if attempt else None,
            "failed_on": failed_on.isoformat(),
        }
        move(held, "fail_service", by=by, reason=reason, payload=payload, identifies_nobody=identifies_nobody)
        if not isinstance(by, User):
            raise NotPermitted("It is a person who finds that a service came to nothing.")
        if refused := reached_the_employer(held, by):
            raise NotAllowedNow(refused)
        if notice.served_on is None or not notice.served_on <= failed_on <= clock.today():
            raise ValidationError({"failed_on": "The day must lie between the day of service and today."})
        if attempt is not None:
            attempt.failed_on, attempt.failed_why, attempt.failed_by = failed_on, reason.strip(), by
            attempt.save(update_fields=["failed_on", "failed_why", "failed_by"])
        letters.tell_service_failed(held, notice)
        take_down(held, notice, by=by, why="its service came to nothing")
        _unserve(notice)
        end_deadlines(case=held, by=by)


def record_failed_attempt(
    *,
    notice: Notice,
    by: Actor,
    version: int | None,
    served_on: date,
    served_time: time | None,
    method: str,
    address: str,
    office: str,
    failed_on: date,
    reason: str,
    served_by: User | None = None,
    identifies_nobody: str = "",
) -> ServiceAttempt:
    """Record an attempt of which it is known already that it did not reach the employer, who is told nothing.

    The notice stays approved, and the attempt is kept with those that follow. Raises as ``serving.serve``
    does.
    """
    with holding(notice, version=version) as held:
        refuse_out_of_turn(held, by)
        if not isinstance(by, User):
            raise NotPermitted("An attempt to serve a notice is recorded by a person.")
        service = service_of(notice, served_on, served_time, method, address, office)
        if not service.on <= failed_on <= clock.today():
            raise ValidationError({"failed_on": "The day must lie between the attempt and today."})
        if not reason.strip():
            raise ValidationError({"reason": "Give a reason."})
        refuse_identifiers(
            case=held,
            texts={"address": address, "office": office, "reason": reason},
            asked_for={"address": Kind.EMAIL} if method == Notice.ServiceMethod.EMAIL else {},
            by=by,
            reason=identifies_nobody,
        )
        made = next_attempt(notice, service, "", served_by or by, by)
        made.failed_on, made.failed_why, made.failed_by = failed_on, reason.strip(), by
        made.save()
        payload = {
            "attempt": made.number,
            "served_on": service.on.isoformat(),
            "served_at": made.served_at.astimezone(UTC).isoformat(),
            "served_by": made.served_by_id,
            "method": made.method,
            "failed_on": failed_on.isoformat(),
            "address_sha256": text_digest(made.address),
            "office_sha256": text_digest(made.office),
        }
        append("papers.attempt_failed", case=held, by=by, payload=payload, text=made.failed_why)
        return made


def _unserve(notice: Notice) -> None:
    """The notice as it was before it was served: what was served stands with the attempt."""
    notice.served_on = notice.served_at = notice.served_by = notice.compliance_on = None
    notice.method = notice.served_to_address = notice.served_to_office = notice.proof = ""
    notice.save()
