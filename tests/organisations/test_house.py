"""The lead's own pages: roles, the end of access, API keys. And what they refuse."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.models import Event
from regulator.organisations import services
from regulator.organisations.models import ApiKey, Employer, Membership
from regulator.organisations.policies import NotPermitted
from regulator.organisations.refusals import NotAllowedNow
from regulator.organisations.services.keys import note_use
from tests.factories import EmployerFactory, SiteFactory, member, person
from tests.notifications.pages import boxes, browser, problems, send, text

pytestmark = pytest.mark.django_db
SITES = ("site_new", "site", "site_close", "site_reopen")
INVITATIONS = ("invite", "invitation_resend", "invitation_cancel")
ROUTES = (
    "people",
    "role",
    "end",
    "keys",
    "key_new",
    "key_revoke",
    "details",
    "address",
    *SITES,
    *INVITATIONS,
)
FORMS = tuple(name for name in ROUTES if name not in {"people", "keys", "details"})


class House:
    """An employer with a lead and a reporter; the lead has a key."""

    def __init__(self) -> None:
        self.employer: Employer = EmployerFactory.create()
        self.lead = member(self.employer, Role.EMPLOYER_LEAD)
        self.reporter = member(self.employer)
        self.site = SiteFactory.create(employer=self.employer)
        self.key, self.secret = self.make_key(self.lead)
        self.invitation = services.invite(
            employer=self.employer,
            name="Invited",
            email=f"invited@{self.employer.key}.example.invalid",
            role=Role.EMPLOYER_REPORTER,
            by=self.lead,
        )

    def make_key(self, user: User) -> tuple[ApiKey, str]:
        return services.create_api_key(
            membership=user.memberships.get(), label="Lab", scope=ApiKey.Scope.READ, by=self.lead
        )

    def path(self, name: str) -> str:
        theirs = self.reporter.memberships.get().pk
        further: dict[str, Sequence[int]] = {"key_revoke": [self.key.pk], "role": [theirs], "end": [theirs]}
        further |= dict.fromkeys(SITES[1:], (self.site.pk,))
        further |= dict.fromkeys(INVITATIONS[1:], (self.invitation.pk,))
        return reverse(f"organisations:{name}", args=[self.employer.key, *further.get(name, [])])


@pytest.fixture
def house() -> House:
    return House()


def events() -> list[str]:
    return list(Event.objects.filter(case=None).order_by("sequence").values_list("type", flat=True))


@pytest.mark.parametrize(
    ("name", "method"), [(name, "get") for name in ROUTES] + [(name, "post") for name in FORMS]
)
def test_only_a_lead_of_this_employer_gets_in(house: House, name: str, method: str) -> None:
    path = house.path(name)
    elsewhere = EmployerFactory.create()
    both = member(elsewhere, Role.EMPLOYER_LEAD)
    Membership.objects.create(user=both, employer=house.employer, role=Role.EMPLOYER_REPORTER)
    before = events()
    assert browser(house.lead).get(path).status_code == 200
    assert getattr(browser(member(elsewhere, Role.EMPLOYER_LEAD)), method)(path).status_code == 404
    assert getattr(browser(house.reporter), method)(path).status_code == 403
    assert getattr(browser(both), method)(path).status_code == 403
    assert getattr(browser(person(Role.ADMINISTRATOR, elsewhere)), method)(path).status_code == 403
    assert getattr(Client(), method)(path).status_code == 302
    assert events() == before


def test_a_row_of_another_employer_is_not_found_under_ones_own_key(house: House) -> None:
    other = House()
    client = browser(house.lead)
    theirs = other.reporter.memberships.get().pk, other.key.pk, other.invitation.pk, other.invitation.pk
    for name, pk in zip(("end", "key_revoke", *INVITATIONS[1:]), theirs, strict=True):
        path = reverse(f"organisations:{name}", args=[house.employer.key, pk])
        assert client.post(path).status_code == 404
    assert ApiKey.objects.usable(other.secret) == other.key


def test_your_organisation_leads_a_lead_to_the_people_and_a_reporter_to_the_sites(house: House) -> None:
    home = reverse("organisations:home")
    assert browser(house.lead).get(home)["Location"] == house.path("people")
    assert f'href="{home}"' in text(browser(house.lead).get("/notifications/"))
    assert f'href="{home}"' in text(browser(house.reporter).get("/notifications/"))
    assert browser(house.reporter).get(home)["Location"] == house.path("sites")
    assert f'href="{house.path("people")}"' not in text(browser(house.reporter).get(house.path("sites")))
    second = EmployerFactory.create()
    Membership.objects.create(user=house.lead, employer=second, role=Role.EMPLOYER_LEAD)
    page = text(browser(house.lead).get(home))
    assert house.employer.name in page
    assert second.name in page


def test_ending_access_takes_effect_on_the_next_request_and_ends_their_keys(house: House) -> None:
    _, secret = house.make_key(house.reporter)
    theirs = browser(house.reporter)
    assert theirs.get("/notifications/").status_code == 200
    lead = browser(house.lead)
    assert "1 API key ends" in text(lead.get(house.path("end")))
    assert lead.post(house.path("end")).status_code == 302
    assert theirs.get("/notifications/").status_code == 403
    assert ApiKey.objects.usable(secret) is None
    ended = Event.objects.get(type="organisations.access_ended")
    assert ended.actor == house.lead
    assert ended.payload["keys_ended"] == 1
    assert house.reporter.name not in str(ended.payload)
    with pytest.raises(NotAllowedNow, match="ended already"):
        services.end_access(membership=house.reporter.memberships.get(), by=house.lead)


def test_the_last_lead_neither_leaves_nor_steps_down_and_is_told_why(house: House) -> None:
    mine = house.lead.memberships.get()
    client = browser(house.lead)
    for name, typed in (("end", {}), ("role", {"role": Role.EMPLOYER_REPORTER.value})):
        answer = client.post(reverse(f"organisations:{name}", args=[house.employer.key, mine.pk]), typed)
        assert answer.status_code == 409
        assert "only lead" in problems(answer)[0]
    mine.refresh_from_db()
    assert (mine.ended_at, mine.role) == (None, Role.EMPLOYER_LEAD)


def test_a_lead_who_may_not_sign_in_does_not_count(house: House) -> None:
    locked = member(house.employer, Role.EMPLOYER_LEAD)
    User.objects.filter(pk=locked.pk).update(is_active=False)
    with pytest.raises(NotAllowedNow, match="only lead"):
        services.end_access(membership=house.lead.memberships.get(), by=house.lead)


def test_a_role_changes_is_recorded_once_and_nonsense_is_refused(house: House) -> None:
    client = browser(house.lead)
    path = house.path("role")
    assert client.post(path, {"role": Role.INSPECTOR.value}).status_code == 400
    for _ in range(2):
        assert client.post(path, {"role": Role.EMPLOYER_LEAD.value}).status_code == 302
    assert house.reporter.memberships.get().role == Role.EMPLOYER_LEAD
    changed = Event.objects.get(type="organisations.role_changed")
    assert (changed.payload["from"], changed.payload["to"]) == ("employer_reporter", "employer_lead")
    assert send(client, path, role=[Role.EMPLOYER_REPORTER.value]).status_code == 302
    assert house.reporter.memberships.get().role == Role.EMPLOYER_REPORTER


def test_a_lead_who_lost_the_role_since_is_refused_though_the_page_was_open(house: House) -> None:
    other = member(house.employer, Role.EMPLOYER_LEAD)
    assert other.employer_roles
    services.end_access(membership=other.memberships.get(), by=house.lead)
    with pytest.raises(NotPermitted):
        services.end_access(membership=house.lead.memberships.get(), by=other)
    with pytest.raises(NotPermitted):
        services.revoke_api_key(key=house.key, by=other)


@pytest.mark.django_db(transaction=True)
def test_of_two_leads_who_end_each_other_at_once_one_stays() -> None:
    employer = EmployerFactory.create()
    leads = [member(employer, Role.EMPLOYER_LEAD) for _ in range(2)]
    barrier = Barrier(2)

    def ending(by: User, whom: User) -> Callable[[], str]:
        def run() -> str:
            try:
                membership = whom.memberships.get()
                barrier.wait(timeout=20)
                services.end_access(membership=membership, by=by)
            except (NotPermitted, NotAllowedNow):
                return "refused"
            finally:
                connections.close_all()
            return "ended"

        return run

    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(ending(leads[0], leads[1])), pool.submit(ending(leads[1], leads[0]))]
        outcomes = sorted(future.result(timeout=60) for future in futures)
    assert outcomes == ["ended", "refused"]
    assert Membership.objects.filter(employer=employer, ended_at=None).count() == 1
    assert first_broken_link() is None


def typed(**changes: object) -> dict[str, object]:
    return {"label": "Theatres", "scope": "write"} | changes


def test_the_secret_is_shown_once_and_the_same_page_makes_one_key(house: House) -> None:
    client = browser(house.lead)
    path = house.path("key_new")
    sent = boxes(client.get(path)) | typed()
    answer = client.post(path, sent)
    made = ApiKey.objects.get(label="Theatres")
    secret = text(answer).split('<code id="secret">')[1].split("<")[0]
    assert ApiKey.objects.usable(secret) == made
    assert answer["Cache-Control"] == "private, no-store"
    assert secret not in str(dict(client.session))
    assert secret not in str(list(Event.objects.values_list("payload", flat=True)))
    again = client.post(path, sent, follow=True)
    assert again.redirect_chain == [(house.path("keys"), 302)]
    assert "made already" in text(again)
    assert secret not in text(again)
    assert made.prefix == secret[:12]
    assert made.prefix in text(again)
    assert ApiKey.objects.filter(label="Theatres").count() == 1
    assert events().count("organisations.key_made") == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"label": ""},
        {"label": "x" * 101},
        {"scope": "everything"},
        {"expires_on_day": "1", "expires_on_month": "1", "expires_on_year": "2020"},
        {"expires_on_day": "31", "expires_on_month": "2", "expires_on_year": "2050"},
        {"made_from": "nonsense"},
    ],
)
def test_nonsense_makes_no_key_and_loses_nothing(house: House, wrong: dict[str, str]) -> None:
    answer = send(browser(house.lead), house.path("key_new"), **typed(**wrong))
    assert answer.status_code == 400
    assert len(problems(answer)) == 1
    assert boxes(answer)["label"] == [wrong.get("label", "Theatres")]
    assert ApiKey.objects.count() == 1


def test_a_key_works_on_its_last_day_and_not_after(house: House) -> None:
    last = clock.today() + timedelta(days=3)
    key, secret = services.create_api_key(
        membership=house.lead.memberships.get(),
        label="Short",
        scope=ApiKey.Scope.READ,
        by=house.lead,
        expires_on=last,
    )
    with time_machine.travel(clock.now() + timedelta(days=3), tick=False):
        assert ApiKey.objects.usable(secret) == key
        assert key.state == "Working"
    with time_machine.travel(clock.now() + timedelta(days=4), tick=False):
        assert ApiKey.objects.usable(secret) is None
        assert key.state == "Expired"


def test_a_revoked_key_opens_nothing_and_revoking_twice_is_recorded_once(house: House) -> None:
    client = browser(house.lead)
    for _ in range(2):
        assert client.post(house.path("key_revoke")).status_code == 302
    assert ApiKey.objects.usable(house.secret) is None
    assert "Revoked" in text(client.get(house.path("keys")))
    assert events().count("organisations.key_revoked") == 1


def test_another_lead_revokes_a_key_and_scheduled_work_of_no_name_makes_none(house: House) -> None:
    services.revoke_api_key(key=house.key, by=member(house.employer, Role.EMPLOYER_LEAD))
    assert house.key.revoked_at is not None
    with pytest.raises(NotPermitted):
        services.end_access(membership=house.reporter.memberships.get(), by=Scheduled("anything"))


def test_use_is_noted_at_most_once_an_hour(house: House) -> None:
    begun = clock.now()

    def used_after(minutes: int) -> int:
        with time_machine.travel(begun + timedelta(minutes=minutes), tick=False):
            key = ApiKey.objects.get()
            with CaptureQueriesContext(connection) as queries:
                note_use(key=key)
        return len(queries)

    assert [used_after(minutes) for minutes in (0, 1, 59, 60, 61)] == [1, 0, 0, 1, 0]
    assert ApiKey.objects.get().last_used_at == begun + timedelta(minutes=60)


@pytest.mark.parametrize("name", ["people", "keys"])
def test_a_list_takes_as_many_queries_at_any_size(house: House, name: str) -> None:
    client = browser(house.lead)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(house.path(name)).status_code == 200
        return len(found)

    queries()
    few = queries()
    for _ in range(20):
        house.make_key(member(house.employer))
    assert queries() == few <= 8
