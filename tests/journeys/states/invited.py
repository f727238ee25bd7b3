"""What the link of an invitation opens, for whoever follows it."""

import re
from datetime import timedelta
from typing import Any, Final

from regulator import clock
from regulator.organisations import services
from regulator.organisations.models import Invitation
from regulator.outbox.models import Message
from tests.factories import UserFactory
from tests.journeys.stage import answer
from tests.journeys.states import EMPTY, REFUSED, Reach, State, Visit, nobody, opens
from tests.journeys.states.drafting import LONG
from tests.journeys.states.house import house, invited


def link(email: str = "colleague@example.invalid") -> str:
    letter = Message.objects.filter(template="organisations_invitation", to=email).latest("pk")
    found = re.search(r"/invitation/\S+", letter.body)
    assert found is not None
    return found[0]


def opened(then: Any = None, email: str = "colleague@example.invalid") -> Reach:
    """The link of a new invitation, after ``then`` was done with it."""

    def reach(visit: Visit) -> None:
        employer, user = house(visit, name=LONG)
        Invitation.objects.filter(email=email, accepted_at=None).delete()
        invitation = invited(employer, user, email)
        visit.become(None)
        if then is not None:
            then(visit, invitation, user)
        visit.page.goto(link(email))

    return reach


def weak_password(visit: Visit) -> None:
    opened()(visit)
    answer(visit.page, {"Choose a password": "short"})
    visit.send()
    visit.refused()


def known(visit: Visit) -> None:
    person = UserFactory.create()
    opened(email=person.email)(visit)


def known_and_signed_in(visit: Visit) -> None:
    person = UserFactory.create()
    opened(lambda visit, invitation, lead: visit.become(person), person.email)(visit)


def expired(visit: Visit) -> None:
    opened(
        lambda visit, invitation, lead: Invitation.objects.filter(pk=invitation.pk).update(
            expires_at=clock.now() - timedelta(days=1)
        )
    )(visit)


STATES: Final = (
    State("invitation:open", EMPTY, opened(), nobody),
    State("invitation:open", REFUSED, weak_password, nobody),
    State("invitation:open", "known, not signed in", known, nobody),
    State("invitation:open", "known, signed in", known_and_signed_in, nobody),
    State(
        "invitation:open",
        "somebody else is signed in",
        opened(lambda visit, invitation, lead: visit.become(lead)),
        nobody,
    ),
    State(
        "invitation:open",
        "cancelled",
        opened(lambda visit, invitation, lead: services.cancel_invitation(invitation=invitation, by=lead)),
        nobody,
    ),
    State("invitation:open", "expired", expired, nobody),
    State(
        "invitation:open",
        "accepted",
        opened(
            lambda visit, invitation, lead: services.accept_with_password(
                invitation=invitation, password="marble kettle orbit"
            )
        ),
        nobody,
    ),
    State("invitation:open", "leads nowhere", opens("invitation:open", token="no-such-link"), nobody),
)
