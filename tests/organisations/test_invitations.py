"""Inviting: one link, one person, one use. And what neither the lead nor a stranger can learn by it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from regulator import clock
from regulator.accounts.logging import without_secrets
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.models import Event
from regulator.organisations import services
from regulator.organisations.models import Employer, Invitation
from regulator.organisations.policies import NotPermitted
from regulator.organisations.refusals import NotAllowedNow
from regulator.organisations.services.invitations import MOST_AN_HOUR, MOST_TO_ONE_ADDRESS
from regulator.outbox.delivery import deliver_due
from regulator.outbox.models import Message
from tests.factories import EmployerFactory, UserFactory, member, staff
from tests.notifications.pages import browser, problems, send, text

pytestmark = pytest.mark.django_db
ADDRESS = "colleague@example.invalid"
PASSWORD = "marble kettle orbit"


class Scene:
    def __init__(self) -> None:
        cache.clear()
        self.employer: Employer = EmployerFactory.create()
        self.lead = member(self.employer, Role.EMPLOYER_LEAD)

    def invite(self, email: str = ADDRESS, role: Role = Role.EMPLOYER_REPORTER) -> Invitation:
        return services.invite(employer=self.employer, name="Colleague", email=email, role=role, by=self.lead)

    def at(self, name: str, *further: int) -> str:
        return reverse(f"organisations:{name}", args=[self.employer.key, *further])


@pytest.fixture
def scene() -> Scene:
    return Scene()


def link() -> str:
    """The path of the newest letter's link."""
    letter = Message.objects.filter(template="organisations_invitation").order_by("-pk")[0]
    found = re.search(r"(/invitation/\S+)", letter.body)
    assert found is not None
    return found[1]


def events() -> list[str]:
    kept = Event.objects.order_by("sequence").values_list("type", flat=True)
    return [each.removeprefix("organisations.") for each in kept]


def test_the_letters_day_is_that_of_london(scene: Scene) -> None:
    with time_machine.travel(datetime(2026, 7, 3, 23, 30, tzinfo=UTC), tick=False):
        asked = scene.invite()
    letter = Message.objects.get(template="organisations_invitation")
    assert asked.expires_at.date() != timezone.localdate(asked.expires_at)
    assert f"{timezone.localdate(asked.expires_at):%-d %B %Y}" in letter.body


def test_a_colleague_is_invited_chooses_a_password_and_is_in(scene: Scene) -> None:
    typed = {"name": "Colleague", "email": " Colleague@Example.invalid ", "role": "employer_reporter"}
    answer = send(browser(scene.lead), scene.at("invite"), **typed)
    assert answer.status_code == 302
    assert ADDRESS in text(browser(scene.lead).get(scene.at("people")))
    theirs = Client()
    page = theirs.get(link())
    assert scene.employer.name in text(page)
    assert (page["Cache-Control"], page["Referrer-Policy"]) == ("private, no-store", "same-origin")
    assert theirs.post(link(), {"password": PASSWORD})["Location"] == "/home/"
    user = User.objects.get(email=ADDRESS)
    assert user.check_password(PASSWORD)
    assert theirs.get("/notifications/").status_code == 200
    membership = user.memberships.get()
    assert (membership.employer, membership.role) == (scene.employer, Role.EMPLOYER_REPORTER)
    assert Invitation.objects.get().membership == membership
    assert events() == ["invited", "member_added", "invitation_accepted"]
    assert ADDRESS not in str(list(Event.objects.values_list("payload", flat=True)))
    assert first_broken_link() is None
    assert "has already been accepted" in text(again := Client().get(link()))
    assert again.status_code == 410
    assert Client().post(link(), {"password": "another long password"}).status_code == 410


def test_the_secret_is_kept_nowhere(scene: Scene) -> None:
    scene.invite()
    path = link()
    token = path.split("/")[2]
    assert token not in str(list(Invitation.objects.values()))
    assert token not in without_secrets(f"GET {path} and /account/login/?next={path}")
    deliver_due()
    assert token not in str(list(Message.objects.values()))


@pytest.mark.parametrize("weak", ["", "short", "123456789012", "colleague@example.invalid"])
def test_a_weak_password_is_refused_and_the_link_stays_good(scene: Scene, weak: str) -> None:
    scene.invite()
    assert Client().post(link(), {"password": weak}).status_code == 400
    assert not User.objects.filter(email=ADDRESS).exists()
    assert Client().post(link(), {"password": PASSWORD}).status_code == 302


def test_who_has_a_sign_in_signs_in_first_and_the_lead_is_told_the_same(scene: Scene) -> None:
    person = UserFactory.create(email=ADDRESS)
    client = browser(scene.lead)
    told = []
    for address in (ADDRESS, "nobody@example.invalid"):
        typed = {"name": "Colleague", "email": address, "role": "employer_lead"}
        answer = client.post(scene.at("invite"), typed, follow=True)
        told.append(text(answer).replace(address, "…").count("The invitation was sent to …"))
    assert told == [1, 1]
    path = Message.objects.get(to=ADDRESS).body
    path = "/" + path.split("/", 3)[3].split()[0]
    stranger = Client()
    assert "Sign in to accept" in text(stranger.get(path))
    assert stranger.post(path, {"password": PASSWORD})["Location"] == f"/account/login/?next={path}"
    assert not person.memberships.exists()
    other = browser(UserFactory.create())
    assert other.get(path).status_code == other.post(path).status_code == 403
    assert browser(scene.lead).post(path).status_code == 403
    assert browser(person).post(path).status_code == 302
    assert person.memberships.get().role == Role.EMPLOYER_LEAD


def test_staff_and_those_who_act_for_it_already_are_refused_in_the_same_words(scene: Scene) -> None:
    client = browser(scene.lead)
    said = set()
    for address in (staff().email, member(scene.employer).email, scene.lead.email):
        typed = {"name": "Colleague", "email": address, "role": "employer_reporter"}
        answer = client.post(scene.at("invite"), typed)
        assert answer.status_code == 400
        said.add(problems(answer)[0])
    assert len(said) == 1
    assert not Invitation.objects.exists()
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 201},
        {"email": "nonsense"},
        {"email": ""},
        {"role": "inspector"},
        {"role": ""},
    ],
)
def test_nonsense_invites_nobody_and_loses_nothing(scene: Scene, wrong: dict[str, str]) -> None:
    typed = {"name": "Colleague", "email": ADDRESS, "role": "employer_lead"} | wrong
    answer = browser(scene.lead).post(scene.at("invite"), typed)
    assert answer.status_code == 400
    assert typed["email"] in text(answer)
    assert not Invitation.objects.exists()


def test_whoever_became_staff_or_was_locked_out_since_cannot_accept(scene: Scene) -> None:
    person = UserFactory.create(email=ADDRESS)
    invitation = scene.invite()
    for change in ({"role": Role.INSPECTOR}, {"role": "", "is_active": False}):
        User.objects.filter(pk=person.pk).update(**change)
        assert Client().get(link()).status_code == 410
        with pytest.raises(NotAllowedNow):
            services.accept_as(invitation=invitation, user=person)
    assert not person.memberships.exists()


def test_invited_twice_is_one_invitation_and_the_first_link_is_void(scene: Scene) -> None:
    scene.invite()
    first = link()
    scene.invite(role=Role.EMPLOYER_LEAD)
    assert Invitation.objects.get().role == Role.EMPLOYER_LEAD
    assert Client().get(first).status_code == 404
    assert "newer link" in text(Client().post(first, {"password": PASSWORD}))
    assert Client().get(link()).status_code == 200


def test_sent_again_it_lasts_seven_days_from_then(scene: Scene) -> None:
    invitation = scene.invite()
    client = browser(scene.lead)
    with time_machine.travel(clock.now() + timedelta(days=7, minutes=1), tick=False):
        assert "expired after seven days" in text(Client().get(link()))
        with pytest.raises(NotAllowedNow):
            services.accept_with_password(invitation=invitation, password=PASSWORD)
        services.resend(invitation=invitation, by=scene.lead)
        assert Client().get(link()).status_code == 200
    assert client.get(scene.at("invitation_resend", invitation.pk)).status_code == 200
    assert client.post(scene.at("invitation_resend", invitation.pk)).status_code == 302
    assert Message.objects.filter(to=ADDRESS).count() == 3


def test_a_cancelled_one_says_so_and_is_not_sent_again(scene: Scene) -> None:
    invitation = scene.invite()
    client = browser(scene.lead)
    assert client.post(scene.at("invitation_cancel", invitation.pk)).status_code == 302
    assert "has been cancelled" in text(Client().get(link()))
    services.cancel_invitation(invitation=invitation, by=scene.lead)
    assert events().count("invitation_cancelled") == 1
    with pytest.raises(NotAllowedNow):
        services.resend(invitation=invitation, by=scene.lead)
    assert scene.invite().pk != invitation.pk


def test_what_a_lead_sent_ends_with_their_access(scene: Scene) -> None:
    scene.invite(email="way.back@example.invalid", role=Role.EMPLOYER_LEAD)
    other = member(scene.employer, Role.EMPLOYER_LEAD)
    services.end_access(membership=scene.lead.memberships.get(), by=other)
    assert Client().get(link()).status_code == 410
    ended = Event.objects.get(type="organisations.access_ended")
    assert ended.payload["invitations_cancelled"] == 1
    with pytest.raises(NotPermitted):
        scene.invite()


def test_letters_are_limited_for_an_address_and_for_an_employer(scene: Scene) -> None:
    for _ in range(MOST_TO_ONE_ADDRESS):
        scene.invite()
    typed = {"name": "Colleague", "email": ADDRESS, "role": "employer_reporter"}
    answer = browser(scene.lead).post(scene.at("invite"), typed)
    assert answer.status_code == 409
    assert "Too many invitations" in problems(answer)[0]
    cache.clear()
    for number in range(MOST_AN_HOUR):
        scene.invite(email=f"p{number}@example.invalid")
    with pytest.raises(NotAllowedNow):
        scene.invite(email="one.more@example.invalid")


def test_the_page_takes_as_many_queries_at_any_size(scene: Scene) -> None:
    client = browser(scene.lead)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(scene.at("people")).status_code == 200
        return len(found)

    scene.invite()
    queries()
    few = queries()
    for number in range(15):
        scene.invite(email=f"p{number}@example.invalid")
    assert queries() == few <= 9


def test_the_lead_changes_the_chief_executives_address_and_both_are_told(scene: Scene) -> None:
    before = scene.employer.chief_executive_email
    client = browser(scene.lead)
    assert before in text(client.get(scene.at("details")))
    assert reverse("notifications:sign-off-rule", args=[scene.employer.key]) in text(
        client.get(scene.at("details"))
    )
    assert send(client, scene.at("address"), email=["office@example.invalid"]).status_code == 302
    assert set(Message.objects.values_list("to", flat=True)) == {before, "office@example.invalid"}
    changed = Event.objects.get(type="organisations.chief_executive_email_changed")
    assert "office@" not in str(changed.payload)
    stale = client.post(scene.at("address"), {"email": "third@example.invalid", "was": before})
    assert stale.status_code == 409
    assert "It is now: office@example.invalid" in problems(stale)[0]
    assert send(client, scene.at("address"), email=["nonsense"]).status_code == 400
    scene.employer.refresh_from_db()
    assert scene.employer.chief_executive_email == "office@example.invalid"
    with pytest.raises(ValidationError):
        services.set_chief_executive_email(
            employer=scene.employer, email="x", was="office@example.invalid", by=scene.lead
        )
