"""Ending sessions: one's own, on any or all other devices; and anybody's, by an administrator."""

from regulator.accounts.actors import Actor
from regulator.accounts.models import PortalSession, User
from regulator.accounts.sessions import PortalSessionQuerySet, SessionStore
from regulator.casework.chain import writing
from regulator.casework.errors import NotAllowedNow
from regulator.casework.reasons import checked_reason
from regulator.people.access import end_other_access
from regulator.people.events import record
from regulator.people.holding import changing_person


def end_own_session(*, session: PortalSession, by: User) -> bool:
    """End one of one's own sessions; whether it was still there. Recorded."""
    return _end(PortalSession.objects.filter(pk=session.pk), of=by, by=by) > 0


def end_other_sessions(*, but: SessionStore, by: User) -> int:
    """End all sessions of one's own but the present; answers how many. Recorded where there was any."""
    return _end(PortalSession.objects.all().but(but), of=by, by=by)


def end_sessions(*, person: User, reason: str, by: Actor, version: int | None) -> int:
    """End all sessions of somebody, by another administrator, and end what opens to them without one
    (``people.access``); answers how many sessions. Recorded, with the reason.

    Raises ``NotPermitted``, ``StaleVersion``, ``NotAllowedNow`` where there is nothing to end,
    ``ValidationError`` for no reason.
    """
    with changing_person(person, version=version, by=by) as held:
        why, had_other = checked_reason(reason), end_other_access(held, by=by)
        count = _end(PortalSession.objects.all(), of=held, by=by, reason=why, even_none=had_other)
        if not count and not had_other:
            raise NotAllowedNow("This person is signed in nowhere.")
    return count


def _end(
    chosen: PortalSessionQuerySet, *, of: User, by: Actor, reason: str = "", even_none: bool = False
) -> int:
    with writing():
        count, _ = chosen.filter(user=of).delete()
        if count or even_none:
            record("sessions_ended", person=of, by=by, payload={"sessions": count}, text=reason)
    return count
