"""An employer's page in a browser: from a case to everything known of its employer, to the funnel and back by
a point of it; and the lead of an employer who reads its own rate. Each page against WCAG 2.2 AA, at both
widths."""

from typing import Final

import pytest
from playwright.sync_api import Page, expect

from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.accounts.roles import Role
from regulator.organisations.models import ActivityReturn, Employer, Modality
from regulator.organisations.returns import last_ended
from regulator.risk.incidents import Incident
from regulator.risk.indicators import INCIDENTS, Asked
from regulator.risk.services import run_risk
from tests.enforcement.scene import Scene
from tests.factories import Cast, EmployerFactory, SiteFactory, member, notification_in, staff
from tests.journeys.conftest import Look, OpenPage, Screenshot
from tests.journeys.stage import WITH_AND_WITHOUT
from tests.journeys.states import EMPTY, FILLED, State, Visit

ROUTE: Final = "risk:own_rate"
IMAGING: Final = Modality.DIAGNOSTIC_IMAGING.value


def returned(employer: Employer, quantity: int) -> None:
    """A return for the last reporting year that ended."""
    year = last_ended(clock.today())
    SiteFactory.create(employer=employer, modalities=[IMAGING], name="Northmoor General")
    ActivityReturn.objects.create(
        employer=employer,
        modality=IMAGING,
        period_start=year.start,
        period_end=year.end,
        quantity=quantity,
        unit="examinations",
        source="Employer’s return",
        completeness="complete",
    )


def england(one: Employer, number: int, *, peers: int = 13) -> None:
    """``one`` that notified ``number`` incidents, among peers of one kind that notified fewer, one of them
    silent and one without a return; and the night's run over them.

    What the case app itself says is tested with that app: here the incidents are a source of their own.
    """
    returned(one, 40_000)
    notified = {one.pk: number}
    for place in range(peers):
        other = EmployerFactory.create(name=f"Northmoor Hospitals {place + 1:02d}")
        returned(other, 20_000 + 7_000 * place)
        notified[other.pk] = place % 4
    silent = EmployerFactory.create(name="Eastmere Imaging")
    SiteFactory.create(employer=silent, modalities=[IMAGING])
    day = last_ended(clock.today()).end.replace(day=10)

    def told(asked: Asked) -> list[Incident]:
        return [
            Incident(employer, IMAGING, day, f"{employer}-{place}")
            for employer, count in notified.items()
            for place in range(count)
            if day in asked.window and asked.employer in (None, employer)
        ]

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(INCIDENTS._items, "notifications", told)
        run_risk(as_of=clock.today(), by=Scheduled("risk.nightly_run"))


def without_axe(page: Page, name: str) -> None:
    """Axe is a script; where none may run, the page has at least its one heading."""
    expect(page.get_by_role("heading", level=1), name).to_have_count(1)


@WITH_AND_WITHOUT
def test_from_a_case_to_its_employer_to_the_funnel_and_back(
    scripts: bool,
    reference_data: None,
    new_page: OpenPage,
    look: Look,
    screenshot: Screenshot,
    screenshot_narrow: Screenshot,
) -> None:
    seen = look if scripts else without_axe
    scene = Scene()
    employer = scene.employer
    day = last_ended(clock.today()).end
    case = notification_in("awaiting_report", cast=Cast(employer), discovered_on=day).case
    scene.find(scene.inspection("on_site"))
    scene.notice("served")
    england(employer, 14)
    page = new_page(scripts=scripts, user=staff(Role.INSPECTOR))
    page.goto(f"/desk/casework/case/{case.pk}/")
    page.get_by_role("link", name=employer.name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(employer.name)
    for title in ("Reporting rate", "Inspections", "Notices", "Reasons to look"):
        expect(page.get_by_role("heading", name=title, level=2, exact=True)).to_be_visible()
    page.get_by_text("By quarter, the last 12 with any").click()
    expect(page.get_by_role("main")).to_contain_text("January to March 2025")
    screenshot(page, "employer")
    screenshot_narrow(page, "employer")
    seen(page, "employer")
    page.get_by_role("link", name="Funnel of diagnostic imaging, 2024/25").click()
    expect(page.get_by_role("img", name="Funnel of diagnostic imaging, 2024/25")).to_be_visible()
    screenshot(page, "funnel")
    screenshot_narrow(page, "funnel")
    seen(page, "funnel")
    outside = page.get_by_role("region", name="Outside the limits, by name")
    outside.get_by_role("link", name=employer.name).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(employer.name)
    page.goto("/desk/programme/programme/coverage/")
    page.get_by_role("link", name="Eastmere Imaging").click()
    expect(page.get_by_role("main")).to_contain_text("It was never inspected")
    seen(page, "unknown")
    screenshot_narrow(page, "unknown")


@WITH_AND_WITHOUT
def test_a_lead_reads_its_own_rate(
    scripts: bool,
    reference_data: None,
    new_page: OpenPage,
    look: Look,
    screenshot: Screenshot,
    screenshot_narrow: Screenshot,
) -> None:
    seen = look if scripts else without_axe
    employer = EmployerFactory.create(name="Northmoor Hospitals (invented)")
    england(employer, 3, peers=11)
    page: Page = new_page(scripts=scripts, user=member(employer, Role.EMPLOYER_LEAD))
    page.goto("/")
    page.get_by_role("link", name="Your organisation").click()
    page.get_by_role("link", name="Reporting rate").click()
    expect(page.get_by_role("main")).to_contain_text("Your rate was 0.75 per 10,000 examinations.")
    expect(page.get_by_role("main")).to_contain_text("The middle half of similar services")
    screenshot(page, "own-rate")
    screenshot_narrow(page, "own-rate")
    seen(page, "own rate")
    silent = Employer.objects.get(name="Eastmere Imaging")
    lead = new_page(scripts=scripts, user=member(silent, Role.EMPLOYER_LEAD))
    lead.goto(f"/employer/{silent.key}/rate/")
    screenshot_narrow(lead, "missing")
    seen(lead, "missing")
    lead.get_by_role("link", name="File the activity return for 2024/25").click()
    expect(lead.get_by_role("heading", level=1)).to_contain_text("2024/25")


# The states of the page -------------------------------------------------------------------------------


def of_a_newcomer(visit: Visit) -> None:
    employer = EmployerFactory.create()
    visit.become(member(employer, Role.EMPLOYER_LEAD))
    visit.open(ROUTE, key=employer.key)


def with_rates(visit: Visit) -> None:
    employer = EmployerFactory.create(name="Northmoor Hospitals (invented)")
    england(employer, 2, peers=3)
    visit.become(member(employer, Role.EMPLOYER_LEAD))
    visit.open(ROUTE, key=employer.key)


STATES: Final = (State(ROUTE, EMPTY, of_a_newcomer), State(ROUTE, FILLED, with_rates))
