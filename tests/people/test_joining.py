"""Joining the staff: one link, one person, one use."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from regulator import clock
from regulator.accounts.logging import without_secrets
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.casework.models import Event
from regulator.outbox.delivery import deliver_due
from regulator.outbox.models import Message
from regulator.people import services
from regulator.people.models import StaffInvitation
from regulator.people.queries import history_of, in_words
from regulator.people.services.invitations import MOST_TO_ONE_ADDRESS
from tests.factories import staff
from tests.notifications.pages import boxes, browser, text

pytestmark = pytest.mark.django_db
ADDRESS = "new@example.invalid"
PASSWORD = "marble kettle orbit"
WHY = "Joins the inspection team in April."
TYPED = {"name": "New Colleague", "email": ADDRESS, "role": "inspector", "reason": WHY}


@pytest.fixture
def administrator() -> User:
    cache.clear()
    return staff(Role.ADMINISTRATOR)


def ask(by: User, **changes: object) -> StaffInvitation:
    said = {"name": "New Colleague", "email": ADDRESS, "role": Role.INSPECTOR, "reason": WHY} | changes
    return services.invite(by=by, **said)  # type: ignore[arg-type]


def link() -> str:
    """The path of the newest letter's link."""
    letter = Message.objects.filter(template="people_invitation").order_by("-pk")[0]
    found = re.search(r"(/joining/\S+)", letter.body)
    assert found is not None
    return found[1]


def test_somebody_is_invited_on_the_desk_and_joins_in_the_role(administrator: User) -> None:
    client = browser(administrator)
    add = reverse("admin:accounts_user_add")
    assert client.get(add).status_code == 200
    answer = client.post(add, TYPED | {"email": " New@Example.invalid "}, follow=True)
    assert f"The invitation was sent to {ADDRESS}" in text(answer)
    assert not User.objects.filter(email=ADDRESS).exists()
    theirs = Client()
    page = theirs.get(link())
    assert "inspector" in text(page)
    assert (page["Cache-Control"], page["Referrer-Policy"]) == ("private, no-store", "same-origin")
    assert theirs.post(link(), {"password": PASSWORD})["Location"] == "/home/"
    assert theirs.get("/desk/").status_code == 200
    person = User.objects.get(email=ADDRESS)
    assert (person.role, person.name) == (Role.INSPECTOR, "New Colleague")
    rows = [(row.label, row.moved, row.who, row.reason) for row in in_words(history_of(person))]
    assert rows == [
        ("Joined the staff", "as inspector", "New Colleague", ""),
        ("Invited to the staff", "as inspector", administrator.name, WHY),
    ]
    assert ADDRESS not in str(list(Event.objects.values_list("payload", flat=True)))
    assert first_broken_link() is None
    for again in (Client().get(link()), Client().post(link(), {"password": PASSWORD})):
        assert again.status_code == 410
        assert "accepted already" in text(again)


def test_the_secret_is_kept_nowhere(administrator: User) -> None:
    ask(administrator)
    path = link()
    token = path.split("/")[2]
    assert token not in str(list(StaffInvitation.objects.values()))
    assert token not in without_secrets(f"GET {path}")
    deliver_due()
    assert token not in str(list(Message.objects.values()))


@pytest.mark.parametrize("weak", ["", "short", "123456789012", ADDRESS])
def test_a_weak_password_is_refused_and_the_link_stays_good(administrator: User, weak: str) -> None:
    ask(administrator)
    assert Client().post(link(), {"password": weak}).status_code == 400
    assert not User.objects.filter(email=ADDRESS).exists()
    assert Client().post(link(), {"password": PASSWORD}).status_code == 302


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 201},
        {"email": "nonsense"},
        {"role": "employer_lead"},
        {"role": ""},
        {"reason": ""},
        {"reason": "Asked by Dr Anna Smith"},
        {"email": "\x00@example.invalid"},
    ],
)
def test_nonsense_invites_nobody_and_loses_nothing(administrator: User, wrong: dict[str, str]) -> None:
    answer = browser(administrator).post(reverse("admin:accounts_user_add"), TYPED | wrong)
    assert answer.status_code == 400
    assert "There is a problem" in text(answer)
    kept = boxes(answer)
    assert kept["name"] == [(TYPED | wrong)["name"]]
    assert not StaffInvitation.objects.exists()


def test_who_signs_in_already_is_not_invited_and_nor_is_who_signed_in_since(administrator: User) -> None:
    with pytest.raises(ValidationError, match="already"):
        ask(administrator, email=administrator.email)
    asked = ask(administrator)
    User.objects.create_user(ADDRESS, name="Same address")
    assert Client().post(link(), {"password": PASSWORD}).status_code == 409
    with pytest.raises(NotAllowedNow, match="by now"):
        services.resend(invitation=asked, by=administrator, version=asked.version)


def test_invited_twice_is_one_invitation_and_the_first_link_is_void(administrator: User) -> None:
    ask(administrator)
    first = link()
    ask(administrator, role=Role.ANALYST)
    assert StaffInvitation.objects.get().role == Role.ANALYST
    assert Client().get(first).status_code == 404
    assert "newer link" in text(Client().post(first, {"password": PASSWORD}))
    assert Client().get(link()).status_code == 200


def test_sent_again_it_lasts_three_days_from_then(administrator: User) -> None:
    asked = ask(administrator)
    client = browser(administrator)
    with time_machine.travel(clock.now() + timedelta(days=3, minutes=1), tick=False):
        assert "three days are over" in text(Client().get(link()))
        with pytest.raises(NotAllowedNow):
            services.accept(invitation=asked, password=PASSWORD)
        services.resend(invitation=asked, by=administrator, version=1)
        assert Client().get(link()).status_code == 200
    resend = reverse("admin:people_staffinvitation_do", args=[asked.pk, "resend"])
    page = client.get(resend)
    assert client.post(resend, boxes(page)).status_code == 302
    stale = client.post(resend, boxes(page))
    assert stale.status_code == 409
    assert "Someone else changed this invitation" in text(stale)
    with pytest.raises(StaleVersion):
        services.cancel(invitation=asked, by=administrator, version=1)


def test_the_letters_day_is_that_of_london(administrator: User) -> None:
    with time_machine.travel(datetime(2026, 7, 3, 23, 30, tzinfo=UTC), tick=False):
        asked = ask(administrator)
    letter = Message.objects.get(template="people_invitation")
    assert asked.expires_at.date() != timezone.localdate(asked.expires_at)
    assert f"{timezone.localdate(asked.expires_at):%-d %B %Y}" in letter.body


def test_a_cancelled_one_opens_nothing_and_is_not_sent_again(administrator: User) -> None:
    asked = ask(administrator)
    page = reverse("admin:people_staffinvitation_change", args=[asked.pk])
    cancel = reverse("admin:people_staffinvitation_do", args=[asked.pk, "cancel"])
    client = browser(administrator)
    assert cancel in text(client.get(page))
    assert client.post(cancel, boxes(client.get(cancel))).status_code == 302
    assert cancel not in text(client.get(page))
    assert "was cancelled" in text(Client().get(link()))
    assert client.post(cancel, {"version": 2}).status_code == 409
    assert ask(administrator).pk != asked.pk


def test_whoever_is_signed_in_is_told_so(administrator: User) -> None:
    ask(administrator)
    client = browser(staff())
    for answer in (client.get(link()), client.post(link(), {"password": PASSWORD})):
        assert answer.status_code == 403
        assert "signed in already" in text(answer)


def test_letters_to_one_address_are_limited(administrator: User) -> None:
    for _ in range(MOST_TO_ONE_ADDRESS):
        ask(administrator)
    answer = browser(administrator).post(reverse("admin:accounts_user_add"), TYPED)
    assert answer.status_code == 409
    assert "Too many invitations" in text(answer)


@pytest.mark.parametrize("token", ["x", "a" * 300, "..", "%00", "ü"])
def test_a_link_that_nobody_sent_leads_nowhere(db: None, token: str) -> None:
    answer = Client().get(f"/joining/{token}/")
    assert answer.status_code == 404
