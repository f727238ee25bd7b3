"""The employer's sites: everybody of the employer reads them, a lead keeps them, none is ever deleted."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.models import Event
from regulator.organisations import services
from regulator.organisations.models import Employer, Membership, Modality, Site
from regulator.organisations.policies import NotPermitted
from regulator.organisations.queries import those_of
from tests.factories import EmployerFactory, SiteFactory, member, person
from tests.notifications.pages import boxes, browser, problems, send, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def employer() -> Employer:
    return EmployerFactory.create()


@pytest.fixture
def lead(employer: Employer) -> User:
    return member(employer, Role.EMPLOYER_LEAD)


def at(name: str, employer: Employer, *further: int) -> str:
    return reverse(f"organisations:{name}", args=[employer.key, *further])


def test_a_reporter_reads_the_sites_and_keeps_none(employer: Employer) -> None:
    site = SiteFactory.create(employer=employer)
    reporter = browser(member(employer))
    page = text(reporter.get(at("sites", employer)))
    assert site.name in page
    assert "Add a site" not in page
    assert at("site", employer, site.pk) not in page
    assert reporter.get(at("site", employer, site.pk)).status_code == 403


def test_a_stranger_a_visitor_and_staff_see_no_sites(employer: Employer) -> None:
    path = at("sites", employer)
    assert browser(member(EmployerFactory.create(), Role.EMPLOYER_LEAD)).get(path).status_code == 404
    assert browser(person(Role.CASE_OFFICER, employer)).get(path).status_code == 403
    assert Client().get(path).status_code == 302


def test_a_site_of_another_employer_is_not_found_under_ones_own_key(employer: Employer, lead: User) -> None:
    theirs = SiteFactory.create()
    for name in ("site", "site_close", "site_reopen"):
        assert browser(lead).post(at(name, employer, theirs.pk), {"name": "Mine"}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.is_open


def test_a_lead_adds_a_site_whose_key_is_its_own(employer: Employer, lead: User) -> None:
    SiteFactory.create(employer=employer, key="north-wing", is_open=False)
    typed = {"name": "North Wing", "postcode": "sw1a1aa", "modalities": ["radiotherapy"]}
    assert send(browser(lead), at("site_new", employer), **typed).status_code == 302
    made = Site.objects.get(name="North Wing")
    assert (made.key, made.postcode, made.modalities) == ("north-wing-2", "SW1A 1AA", ["radiotherapy"])
    assert made.history.get().history_user == lead
    added = Event.objects.get(type="organisations.site_added")
    assert added.payload == {"site": made.pk, "employer": employer.pk, "version": 1}
    assert "SW1A 1AA" in text(browser(lead).get(at("sites", employer)))


@pytest.mark.parametrize("name", ["数", "-", "x" * 250])
def test_every_name_makes_a_key(employer: Employer, lead: User, name: str) -> None:
    assert send(browser(lead), at("site_new", employer), name=name).status_code == 302
    assert 0 < len(Site.objects.get(name=name).key) <= 60


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 251},
        {"name": "taken"},
        {"postcode": "SW1A"},
        {"postcode": "12345"},
        {"modalities": ["astrology"]},
        {"cqc_location_id": "1" * 21},
    ],
)
def test_nonsense_adds_nothing_and_loses_nothing(
    employer: Employer, lead: User, wrong: dict[str, str]
) -> None:
    SiteFactory.create(employer=employer, name="Taken")
    typed = {"name": "South Wing", "postcode": "M1 1AE"} | wrong
    answer = send(browser(lead), at("site_new", employer), **typed)
    assert answer.status_code == 400
    assert len(problems(answer)) == 1
    assert boxes(answer)["name"] == [typed["name"]]
    assert boxes(answer)["postcode"] == [typed["postcode"]]
    assert Site.objects.count() == 1


def test_the_second_of_two_leads_is_told_and_replaces_the_first_only_knowingly(
    employer: Employer, lead: User
) -> None:
    site = SiteFactory.create(employer=employer)
    client, path = browser(lead), at("site", employer, site.pk)
    page = boxes(client.get(path))
    assert client.post(path, page | {"name": "First"}).status_code == 302
    told = client.post(path, page | {"name": "Second"})
    assert told.status_code == 409
    assert "Someone else changed this site" in problems(told)[0]
    assert boxes(told)["name"] == ["Second"]
    mistaken = client.post(path, page | {"name": "Third", "postcode": "nowhere"})
    again = client.post(path, boxes(mistaken) | {"postcode": ""})
    assert again.status_code == 409
    site.refresh_from_db()
    assert (site.name, site.version) == ("First", 2)
    assert client.post(path, boxes(told)).status_code == 302
    site.refresh_from_db()
    assert (site.name, site.version) == ("Second", 3)


def test_saving_what_stands_there_already_records_nothing(employer: Employer, lead: User) -> None:
    site = SiteFactory.create(employer=employer, modalities=["radiotherapy", "diagnostic_imaging"])
    assert send(browser(lead), at("site", employer, site.pk)).status_code == 302
    assert not Event.objects.exists()


def test_a_site_is_closed_and_reopened_and_each_is_recorded_once(employer: Employer, lead: User) -> None:
    site = SiteFactory.create(employer=employer)
    client = browser(lead)
    for name in ("site_close", "site_close", "site_reopen", "site_reopen"):
        assert client.post(at(name, employer, site.pk)).status_code == 302
    types = list(Event.objects.order_by("sequence").values_list("type", flat=True))
    assert types == ["organisations.site_closed", "organisations.site_reopened"]
    assert [each.is_open for each in site.history.order_by("history_id")] == [True, False, True]


def test_a_site_is_not_reopened_under_a_name_that_another_took(employer: Employer, lead: User) -> None:
    closed = SiteFactory.create(employer=employer, name="East", is_open=False)
    SiteFactory.create(employer=employer, name="east")
    answer = browser(lead).post(at("site_reopen", employer, closed.pk))
    assert answer.status_code == 400
    assert "has this name" in problems(answer)[0]


def test_a_lead_who_lost_the_role_since_changes_nothing(employer: Employer, lead: User) -> None:
    assert lead.employer_roles
    Membership.objects.filter(user=lead).update(role=Role.EMPLOYER_REPORTER)
    with pytest.raises(NotPermitted):
        services.set_open(site=SiteFactory.create(employer=employer), is_open=False, by=lead)


def test_the_sites_of_the_modality_come_first(employer: Employer) -> None:
    names = {"A": [], "B": [Modality.RADIOTHERAPY], "C": [Modality.NUCLEAR_MEDICINE, Modality.RADIOTHERAPY]}
    for name, modalities in names.items():
        SiteFactory.create(employer=employer, name=name, modalities=modalities)
    offered = Site.objects.filter(employer=employer)
    assert [each.name for each in those_of(Modality.RADIOTHERAPY, offered)] == ["B", "C", "A"]
    assert [each.name for each in those_of(Modality.DIAGNOSTIC_IMAGING, offered)] == ["A", "B", "C"]


def test_the_list_takes_as_many_queries_at_any_size(employer: Employer, lead: User) -> None:
    client = browser(lead)
    SiteFactory.create(employer=employer)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(at("sites", employer)).status_code == 200
        return len(found)

    queries()
    few = queries()
    SiteFactory.create_batch(20, employer=employer)
    assert queries() == few <= 8
