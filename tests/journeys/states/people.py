"""Joining CQC's staff, CQC's identity provider, and where one is signed in oneself."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Final

from django.test import Client, override_settings

from regulator import clock
from regulator.accounts.roles import Role
from regulator.accounts.sessions import digest_of
from regulator.outbox.models import Message
from regulator.people import services
from regulator.people.models import StaffInvitation
from tests.factories import staff
from tests.journeys.stage import PASSWORD, answer
from tests.journeys.states import EMPTY, FILLED, REFUSED, Reach, State, Visit, nobody, opens, sent

WHY: Final = "Joins the inspection team in April."
SAFARI: Final = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1"
NOWHERE: Final = {
    "staff_oidc": {
        "APPS": [
            {
                "provider_id": "staff",
                "name": "your CQC account",
                "client_id": "portal",
                "secret": "secret",
                "settings": {"server_url": "http://127.0.0.1:9", "fetch_userinfo": False},
            }
        ]
    }
}
"""An identity provider that does not answer."""
_NUMBERS: Final = count()


def invited(then: Callable[[StaffInvitation], object] | None = None) -> Reach:
    """The link of a new invitation to the staff, after ``then`` was done with it."""

    def reach(visit: Visit) -> None:
        email = f"colleague-{next(_NUMBERS)}@example.invalid"
        invitation = services.invite(
            by=staff(Role.ADMINISTRATOR),
            name="New Colleague",
            email=email,
            role=Role.INSPECTOR,
            reason=WHY,
        )
        if then is not None:
            then(invitation)
        words = Message.objects.get(template="people_invitation", to=email).body.split()
        secret = next(word for word in words if "/joining/" in word).rstrip("/").rpartition("/")[2]
        visit.open("joining:open", token=secret)

    return reach


def weak_password(visit: Visit) -> None:
    invited()(visit)
    answer(visit.page, {"Choose a password": "short"})
    visit.send()
    visit.refused()


def accepted(invitation: StaffInvitation) -> None:
    services.accept(invitation=invitation, password=PASSWORD)


def expired(invitation: StaffInvitation) -> None:
    StaffInvitation.objects.filter(pk=invitation.pk).update(expires_at=clock.now() - timedelta(days=1))


def elsewhere(visit: Visit) -> str:
    """The key of another session of theirs."""
    assert visit.user is not None
    client = Client(headers={"user-agent": SAFARI})
    client.force_login(visit.user)
    return digest_of(str(client.session.session_key))


def in_two_places(visit: Visit) -> None:
    elsewhere(visit)
    visit.open("own_sessions")


def with_provider(route: str, query: str = "") -> Reach:
    """A page where the provider is configured and does not answer."""

    def reach(visit: Visit) -> None:
        with override_settings(SOCIALACCOUNT_PROVIDERS=NOWHERE):
            visit.open(route, query)

    return reach


STATES: Final = (
    State("joining:open", EMPTY, invited(), nobody),
    State("joining:open", REFUSED, weak_password, nobody),
    State("joining:open", "accepted before", invited(accepted), nobody),
    State("joining:open", "expired", invited(expired), nobody),
    State("joining:open", "no such link", opens("joining:open", token="no-such-link"), nobody),
    State("joining:open", "signed in as somebody else", invited()),
    State("own_sessions", EMPTY, opens("own_sessions")),
    State("own_sessions", FILLED, in_two_places),
    State("own_session_end", EMPTY, opens("own_session_end", key=elsewhere)),
    State("own_sessions_end_others", EMPTY, opens("own_sessions_end_others")),
    State("account_login", "with CQC's identity provider", with_provider("account_login"), nobody),
    State("staff_oidc_login", "out of reach", with_provider("staff_oidc_login"), nobody),
    State(
        "staff_oidc_callback", REFUSED, with_provider("staff_oidc_callback", "?error=access_denied"), nobody
    ),
    State("socialaccount_login_cancelled", EMPTY, opens("socialaccount_login_cancelled"), nobody),
    State("socialaccount_login_cancelled", REFUSED, sent("socialaccount_login_cancelled"), nobody),
)
