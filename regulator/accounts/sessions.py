"""Sessions of a browser: Django's own, kept under a digest, with whose they are, on what and since when.

A row opens nothing to whoever reads the table: its key is the SHA-256 of the one in the cookie. The place
from which somebody signed in is not kept. What is kept costs no query beyond Django's own, but one write an
hour.
"""

import hashlib
from datetime import datetime
from typing import Any, ClassVar, Final

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.http import HttpRequest

from regulator import clock
from regulator.accounts.devices import device_of

_DEVICE: Final = "device"
_SINCE: Final = "signed_in_at"


class PortalSessionQuerySet(models.QuerySet["PortalSession"]):
    def of(self, user_id: int) -> "PortalSessionQuerySet":
        """In which that person is signed in now, the last used first."""
        return self.filter(user_id=user_id, expire_date__gt=clock.now()).order_by("-seen_at", "-started_at")

    def but(self, store: "SessionStore") -> "PortalSessionQuerySet":
        """Without the one that ``store`` stands for."""
        return self.exclude(pk=digest_of(str(store.session_key)))


class PortalSession(AbstractBaseSession):
    """One browser's session. ``user`` is nobody's before sign-in; ``seen_at`` is kept to the hour."""

    session_key = models.CharField("digest of the session key", max_length=64, primary_key=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="portal_sessions",
    )
    device = models.CharField(max_length=100, blank=True)
    started_at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(default=clock.now)

    objects: ClassVar[PortalSessionQuerySet] = PortalSessionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-seen_at"]

    def __str__(self) -> str:
        return self.device or "Session"

    @classmethod
    def get_session_store_class(cls) -> "type[SessionStore]":
        return SessionStore


class SessionStore(db.SessionStore):
    """Django's sessions in the database, each found by the digest of its key
    (``settings.SESSION_ENGINE``)."""

    row: PortalSession | None = None
    """The stored session as it was read, once it was."""

    @classmethod
    def get_model_class(cls) -> type[PortalSession]:
        return PortalSession

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing, and no key either, where there is none or it has run out."""
        living = PortalSession.objects.filter(expire_date__gt=clock.now())
        try:
            self.row = living.get(pk=self._digest())
        except PortalSession.DoesNotExist:
            self.row = None
            self._session_key = None
            return {}
        return dict(self.decode(self.row.session_data))

    def exists(self, session_key: str) -> bool:
        return PortalSession.objects.filter(pk=digest_of(session_key)).exists()

    def create_model_instance(self, data: dict[str, Any]) -> PortalSession:
        """The row to be saved. Whoever saves a session is using it, so it is seen now."""
        since = data.get(_SINCE)
        return PortalSession(
            session_key=digest_of(self._get_or_create_session_key()),  # type: ignore[attr-defined]
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
            user_id=data.get(SESSION_KEY),
            device=data.get(_DEVICE, ""),
            started_at=datetime.fromisoformat(since) if since else clock.now(),
            seen_at=to_the_hour(clock.now()),
        )

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            PortalSession.objects.filter(pk=digest_of(key)).delete()

    def _digest(self) -> str:
        return digest_of(str(self.session_key))


def digest_of(session_key: str) -> str:
    """The SHA-256 (hex) of a session's key: all that the database knows of it."""
    return hashlib.sha256(session_key.encode()).hexdigest()


def to_the_hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def note_sign_in(request: HttpRequest) -> None:
    """Keep with the session on what, in plain words, and when somebody signed in."""
    request.session[_DEVICE] = device_of(request.headers.get("User-Agent", ""))
    request.session[_SINCE] = clock.now().isoformat()


def note_use(session: object) -> None:
    """Keep when a session was last used, to the hour: at most one write an hour, none in between."""
    row = getattr(session, "row", None)
    hour = to_the_hour(clock.now())
    if row is None or row.user_id is None or row.seen_at >= hour:
        return
    PortalSession.objects.filter(pk=row.pk, seen_at__lt=hour).update(seen_at=hour)
