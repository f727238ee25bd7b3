"""The second step of signing in: CQC's staff reach nothing of their own before they have taken it.

Whether it was taken stands in the session (allauth's record of how somebody signed in), so that a session
from before the setting, or from before somebody joined the staff, has not. Asking costs no query; sending
somebody to take it costs one.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import reverse

from regulator.accounts.models import User

if TYPE_CHECKING:
    from rest_framework.request import Request

FACTORS: Final = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts as one. Recovery codes stand in for one and are none."""
METHOD: Final = "mfa"
SET_UP: Final = "second_factor_set_up"
_TO_TAKE_IT: Final = frozenset({"mfa_reauthenticate", "mfa_reauthenticate_webauthn"})
_TO_SET_IT_UP: Final = frozenset({SET_UP, "account_reauthenticate", "mfa_activate_totp", "mfa_add_webauthn"})
"""The routes that are open, beside the public ones, to staff who have not taken the step yet. Never those
that add a factor to somebody who has one: whoever only knows the password would give themselves another."""


def is_asked_of(user: User | AnonymousUser) -> bool:
    """Whether ``user`` gets in with a second step only: CQC's staff, where the setting says so."""
    return settings.STAFF_SECOND_FACTOR and user.is_authenticated and bool(user.role)


def is_owed(request: "HttpRequest | Request") -> bool:
    """Whether whoever is signed in still has to take the second step in this session. No query."""
    return is_asked_of(request.user) and not was_taken(request)


def was_taken(request: "HttpRequest | Request") -> bool:
    """Whether the second step was taken in this session, by whoever is signed in."""
    session: Mapping[str, Any] | None = getattr(request, "session", None)
    if session is None or not isinstance(request.user, User):
        return False
    return any(each.get("method") == METHOD for each in get_authentication_records(request, request.user))


def note_taken(request: HttpRequest, user: User, factor: Authenticator) -> None:
    """Keep that whoever is signed in has just shown to hold ``factor``; the session gets another key."""
    record_authentication(request, user, METHOD, id=factor.pk, type=factor.type)
    request.session.cycle_key()


def factors_of(user: User) -> "list[Authenticator]":
    """The factors that somebody has set up, the oldest first; recovery codes are none. One query."""
    return list(Authenticator.objects.filter(user=user, type__in=FACTORS).order_by("created_at", "pk"))


def is_last_of_staff(factor: Authenticator) -> bool:
    """Whether taking this factor away would leave somebody of whom one is asked without any. One query."""
    if not is_asked_of(factor.user) or factor.type not in FACTORS:
        return False
    return not Authenticator.objects.filter(user=factor.user, type__in=FACTORS).exclude(pk=factor.pk).exists()


def way_there(request: HttpRequest) -> str | None:
    """Where to go to take or set up the step, for whom it stands in the way of this route. One query.

    ``None`` where the route is the way itself.
    """
    match = request.resolver_match
    route = match.url_name if match else None
    types = {each.type for each in factors_of(request.user)}  # type: ignore[arg-type]
    if route in (_TO_TAKE_IT if types else _TO_SET_IT_UP):
        return None
    if not types:
        return reverse(SET_UP)
    name = "mfa_reauthenticate" if Authenticator.Type.TOTP in types else "mfa_reauthenticate_webauthn"
    back = request.get_full_path() if request.method in ("GET", "HEAD") else reverse("home_for_role")
    return f"{reverse(name)}?{urlencode({'next': back})}"
