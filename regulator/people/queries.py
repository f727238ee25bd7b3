"""The reads on people: one person with what concerns their access, and their history."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet
from django.utils import timezone

from regulator.accounts.models import PortalSession, User
from regulator.accounts.roles import Role
from regulator.accounts.second_factor import factors_of
from regulator.accounts.sessions import SessionStore, digest_of
from regulator.casework.chain import TEXT_DIGEST
from regulator.casework.kinds import EVENTS
from regulator.casework.models import Event, EventText
from regulator.casework.wording import as_text
from regulator.people.models import AboutPerson, StaffInvitation


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One event about a person in words. Shaped as the rows of a case's timeline."""

    label: str
    moved: str
    who: str
    occurred_at: datetime
    reason: str


def history_of(person: User) -> QuerySet[AboutPerson]:
    """What was done about somebody, the newest first, with who did it and why (one query)."""
    return person.recorded.select_related("event__actor", "event__typed").order_by("-event")


def in_words(rows: "QuerySet[AboutPerson] | list[AboutPerson]") -> list[HistoryRow]:
    """Rows of ``history_of`` for people to read. No query of its own."""
    return [
        HistoryRow(EVENTS.get(event.type), _moved(event), _who(event), event.occurred_at, _reason(event))
        for event in (row.event for row in rows)
    ]


def factors_in_words(person: User) -> list[str]:
    """The second factors of somebody: "Authenticator app, since 3 March 2026". One query."""
    names = {Authenticator.Type.TOTP: "Authenticator app", Authenticator.Type.WEBAUTHN: "Passkey"}
    return [
        f"{names[each.type]}, since {as_text(timezone.localdate(each.created_at))}"
        for each in factors_of(person)
    ]


def own_sessions(user: User, present: SessionStore) -> list[tuple[PortalSession, bool]]:
    """Where ``user`` is signed in, the present session first, and whether it is that. One query."""
    this = digest_of(str(present.session_key))
    return sorted(
        ((each, each.pk == this) for each in PortalSession.objects.of(user.pk)), key=lambda pair: not pair[1]
    )


def invitation_by(token: str) -> StaffInvitation | None:
    """The invitation whose link carries ``token``, whatever became of it. One query."""
    return StaffInvitation.objects.filter(digest=StaffInvitation.digest_of(token)).first()


def _who(event: Event) -> str:
    return str(event.actor) if event.actor else f"Scheduled: {event.scheduled_by}"


def _reason(event: Event) -> str:
    if TEXT_DIGEST not in event.payload:
        return ""
    typed: EventText | None = getattr(event, "typed", None)
    return typed.text if typed else "The text was erased."


def _moved(event: Event) -> str:
    """From which role to which, or how many of what: what the payload says that people can read."""
    payload = event.payload
    if "to" in payload:
        before = f"from {_role(payload['from'])} to " if "from" in payload else "as "
        return f"{before}{_role(payload['to'])}"
    if event.type == "people.invited":
        return f"as {_role(payload['role'])}"
    if "changed" in payload:
        return ", ".join({"name": "name", "email": "e-mail address"}[each] for each in payload["changed"])
    counts = {"cases": "open cases", "sessions": "sessions", "keys": "API keys", "invitations": "invitations"}
    return ", ".join(f"{payload[name]} {words}" for name, words in counts.items() if payload.get(name))


def _role(value: str) -> str:
    return Role(value).label.lower() if value else "no role"
