"""Opening an inspection of any employer on the desk, to which neither a notification nor a programme led."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inspections.models import Inspection
from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.organisations.models import Employer, Interest, Site
from tests.factories import EmployerFactory, SiteFactory, staff

NUMBER = "943 476 5919"
pytestmark = pytest.mark.django_db

CHOOSE = reverse("admin:inspections_inspection_changelist")


@pytest.fixture
def site() -> Site:
    return SiteFactory.create(employer__name="Example Imaging Company")


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(employer: Employer) -> str:
    return reverse("admin:inspections_inspection_open", args=[employer.pk])


def asked(site: Site, **other: object) -> dict[str, object]:
    planned = clock.today() + timedelta(days=30)
    return {
        "trigger": "themed",
        "theme": "Interventional cardiology",
        "modality": "diagnostic_imaging",
        "site": site.pk,
        "planned_on": planned.isoformat(),
    } | other


def test_from_the_name_of_an_employer_to_a_themed_inspection(site: Site) -> None:
    officer = staff(Role.CASE_OFFICER)
    lead = staff(Role.INSPECTOR)
    client = browser(officer)
    assert CHOOSE in client.get("/desk/").content.decode()
    chosen = client.get(CHOOSE, {"employer": "example imaging"})
    assert chosen.headers["Location"] == url(site.employer)
    assert site.name in client.get(url(site.employer)).content.decode()
    done = client.post(url(site.employer), asked(site, lead=lead.pk))
    inspection = Inspection.objects.get()
    assert done.headers["Location"] == reverse("admin:casework_case_change", args=[inspection.pk])
    assert (inspection.trigger, inspection.theme) == ("themed", "Interventional cardiology")
    assert (inspection.case.site, inspection.case.assignee) == (site, lead)
    assert inspection.case.status == "planned"
    assert inspection.arose_from is None


def test_an_employer_that_nobody_knows_is_asked_for_again() -> None:
    answer = browser(staff(Role.INSPECTOR)).get(CHOOSE, {"employer": "Nobody at all"})
    assert answer.status_code == 400
    assert "No employer fits" in answer.content.decode()
    assert "Nobody at all" in answer.content.decode()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"theme": ""}, "Write what the themed inspection looks at."),
        ({"trigger": "planned"}, "Only a themed inspection has a theme."),
        ({"trigger": "follow_up"}, "Choose one of the answers offered"),
        ({"planned_on": "2001-01-01"}, "cannot be in the past"),
        ({"brachytherapy": "on"}, "in radiotherapy only"),
        ({"modality": ""}, "Select the modality"),
        ({"scope": f"The patient {NUMBER}"}, "NHS number"),
    ],
)
def test_what_does_not_fit_is_said_and_kept(site: Site, wrong: dict[str, str], message: str) -> None:
    answer = browser(staff(Role.INSPECTOR)).post(url(site.employer), asked(site, **wrong))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert message in page
    assert wrong.get("scope", wrong.get("theme", "Interventional cardiology")) in page
    assert not Inspection.objects.exists()


def test_a_site_of_another_employer_is_no_choice(site: Site) -> None:
    other = SiteFactory.create()
    answer = browser(staff(Role.INSPECTOR)).post(url(site.employer), asked(other))
    assert answer.status_code == 400
    assert not Inspection.objects.exists()


def test_whoever_has_an_interest_in_the_employer_opens_none(site: Site) -> None:
    officer = staff(Role.INSPECTOR)
    Interest.objects.create(
        person=officer, employer=site.employer, kind="family", since=clock.today(), declared_by=officer
    )
    answer = browser(officer).post(url(site.employer), asked(site))
    assert answer.status_code == 403
    assert not Inspection.objects.exists()


def test_no_employer_no_page() -> None:
    client = browser(staff(Role.INSPECTOR))
    assert client.get(reverse("admin:inspections_inspection_open", args=[987654321])).status_code == 404


@pytest.mark.parametrize("role", [Role.ANALYST, Role.AUDITOR, Role.ADMINISTRATOR, Role.ENFORCEMENT_MANAGER])
def test_it_is_for_those_who_open_inspections(role: Role, site: Site) -> None:
    client = browser(staff(role))
    assert client.get(CHOOSE).status_code == client.get(url(site.employer)).status_code == 403
    assert client.post(url(site.employer), asked(site)).status_code == 403
    assert not Inspection.objects.exists()


def test_the_form_takes_as_many_queries_at_any_size(site: Site) -> None:
    client = browser(staff(Role.INSPECTOR))

    def cost() -> int:
        with CaptureQueriesContext(connection) as counted:
            assert client.get(url(site.employer)).status_code == 200
        return len(counted)

    client.get(url(site.employer))
    few = cost()
    SiteFactory.create_batch(8, employer=site.employer)
    EmployerFactory.create_batch(5)
    for _ in range(5):
        staff(Role.INSPECTOR)
    assert cost() == few <= 8
