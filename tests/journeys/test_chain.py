"""The chain that the portal exists for: from an incident over inspection and notice to the register."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect

from enforcement.tasks import propose_publication
from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.models import Case
from regulator.organisations.models import Employer, Modality
from regulator.outbox.delivery import deliver_due
from regulator.outbox.models import Message
from tests.factories import Cast, EmployerFactory, SiteFactory, notification_in, person, staff
from tests.journeys.conftest import MORNING, WIDE, OpenPage, Screenshot
from tests.journeys.stage import (
    SECTIONS,
    Option,
    Radio,
    answer,
    declare_and_submit,
    fill_from,
    save_and_continue,
    sign_in,
    start,
)
from tests.register.entries import cited, entry

EMPLOYER = "Northmoor Hospitals NHS Trust (invented)"
SITE = "Northmoor Infirmary (invented)"
ACTION = (
    "Carry out a review of the procedure for identifying individuals, and show that operators follow it in "
    "each imaging room."
)


@dataclass(frozen=True)
class Players:
    """Everybody who has a part in the chain."""

    employer: Employer
    reporter: User
    lead: User
    officer: User
    inspector: User
    manager: User
    reviewer: User


@pytest.fixture
def players(reference_data: None) -> Players:
    employer = EmployerFactory.create(name=EMPLOYER)
    SiteFactory.create(employer=employer, name=SITE, postcode="NM1 4QX")
    made = {
        role: person(role, employer)
        for role in (
            Role.EMPLOYER_REPORTER,
            Role.EMPLOYER_LEAD,
            Role.CASE_OFFICER,
            Role.INSPECTOR,
            Role.ENFORCEMENT_MANAGER,
        )
    }
    for role, user in made.items():
        user.name = f"{role.label} A"
        user.save()
    reviewer = person(Role.ENFORCEMENT_MANAGER, employer)
    reviewer.name = "Enforcement manager B"
    reviewer.save()
    return Players(employer, *(*made.values(), reviewer))


@pytest.fixture
def others(reference_data: None) -> None:
    """What else lies on the desk and stands on the register, so that the chain's own case has company."""
    officer = staff()
    officer.name = "Case officer B"
    officer.save()
    for name, state, modality, ago, risk in (
        ("Eastmere Hospitals NHS Trust (invented)", "submitted", Modality.RADIOTHERAPY, 4, 0),
        ("Kestrelbury Dental Group (invented)", "submitted", Modality.DIAGNOSTIC_IMAGING, 1, 0),
        ("Wexcombe Cancer Centre (invented)", "awaiting_report", Modality.RADIOTHERAPY, 30, Case.Risk.HIGH),
        (
            "Hollowick Vale NHS Trust (invented)",
            "under_review",
            Modality.NUCLEAR_MEDICINE,
            61,
            Case.Risk.MEDIUM,
        ),
        (
            "Stanbourne Imaging Ltd (invented)",
            "awaiting_report",
            Modality.DIAGNOSTIC_IMAGING,
            90,
            Case.Risk.LOW,
        ),
    ):
        with clock.at(MORNING - timedelta(days=ago)):
            employer = EmployerFactory.create(name=name)
            site = SiteFactory.create(employer=employer, name=f"{name.split(' ')[0]} Hospital (invented)")
            cast = Cast(employer)
            cast.officer.delete()
            cast.officer = officer
            made = notification_in(state, cast=cast, modality=modality, site=site)
            Case.objects.filter(pk=made.pk).update(risk=risk)
    for name, status, served, references in (
        ("Aldersyde Hospitals NHS Trust (invented)", "complied", date(2025, 3, 14), ("6(5)(b)", "17(4)")),
        ("Kestrelbury Dental Group (invented)", "in_force", date(2026, 1, 20), ("6(1)", "6(2)")),
        ("Wexcombe Cancer Centre (invented)", "not_complied", date(2025, 10, 2), ("8(4)",)),
        ("Marlhaven Chiropractic (invented)", "complied", date(2024, 6, 5), ("17(1)",)),
    ):
        entry(
            employer_name=name,
            location=f"{name.split(' ')[0]} site",
            status=status,
            served_on=served,
            breach_on=served - timedelta(days=20),
            compliance_due_on=served + timedelta(days=60),
            complied_on=served + timedelta(days=50) if status == "complied" else None,
            citations=cited(*references),
        )


@pytest.fixture
def readme_image(new_page: OpenPage) -> Callable[[Page, str, int], None]:
    """Where ``README_IMAGES`` names a folder, keeps what a window shows of a page as ``<name>.png``."""

    def keep(page: Page, name: str, height: int) -> None:
        folder = os.environ.get("README_IMAGES")
        if folder:
            page.set_viewport_size({"width": WIDE, "height": height})
            page.screenshot(path=Path(folder, f"{name}.png"))
            page.set_viewport_size({"width": WIDE, "height": 900})

    return keep


@dataclass(frozen=True)
class Camera:
    """Every way of keeping what a page looks like."""

    wide: Screenshot
    narrow: Screenshot
    readme: Callable[[Page, str, int], None]

    def both(self, page: Page, name: str) -> None:
        self.wide(page, name)
        self.narrow(page, name)


@pytest.fixture
def camera(
    screenshot: Screenshot, screenshot_narrow: Screenshot, readme_image: Callable[[Page, str, int], None]
) -> Camera:
    return Camera(screenshot, screenshot_narrow, readme_image)


def test_from_an_incident_to_the_public_register(
    players: Players,
    others: None,
    new_page: OpenPage,
    camera: Camera,
    clock_hand: time_machine.Traveller,
) -> None:
    reporter, officer, inspector, manager, reviewer, visitor = (new_page() for _ in range(6))

    reference = notify(reporter, players, camera)
    inspection = triage_and_open_inspection(officer, players, reference, camera)
    notice = inspect_and_draft(inspector, players, inspection, camera)
    review(reviewer, players, notice, camera)
    approve_and_serve(manager, players, notice, camera)

    manager.get_by_text("What cannot be done now, and why").click()
    approve = manager.get_by_role("button", name="Approve the entry")
    expect(approve).to_be_disabled()
    expect(approve).to_have_accessible_description(
        "Nothing is published up to and including 24 March 2026, which is 21 days after the day of service, "
        "3 March 2026, counted generously."
    )
    look_up(visitor, players, found=0)

    clock_hand.move_to(datetime(2026, 3, 25, 9, 0, tzinfo=UTC))
    assert propose_publication() == 1
    publish_after_the_appeal_window(manager, players, notice, camera)
    read_on_the_register(visitor, players, notice, camera)

    call_command("verify_audit")
    letters_leave(players, reference, notice)


def notify(page: Page, players: Players, camera: Camera) -> str:
    """The employer's reporter fills every section, checks, and submits; answers the reference."""
    sections = SECTIONS[Modality.DIAGNOSTIC_IMAGING]
    page.goto("/")
    camera.both(page, "01-front-page")
    sign_in(page, players.reporter)
    camera.both(page, "02-employer-home-empty")
    start(page, Modality.DIAGNOSTIC_IMAGING)
    camera.wide(page, "03-draft-sections")
    page.get_by_role("link", name="The incident").click()
    answer(page, {**sections["The incident"], "Site": Option(SITE)})
    camera.both(page, "04-section-incident")
    save_and_continue(page)
    fill_from(page, "Who was exposed", sections)
    camera.both(page, "05-check")
    reference = declare_and_submit(page)
    expect(page.get_by_role("definition").filter(has_text="16 March 2026")).to_contain_text("3 March 2026")
    expect(page.get_by_role("definition").filter(has_text="25 May 2026")).to_be_visible()
    expect(page.get_by_text(reference).first).to_be_visible()
    camera.both(page, "06-receipt")
    camera.readme(page, "notification", 1200)
    page.get_by_role("link", name="Your cases").first.click()
    expect(page.get_by_role("link", name=reference)).to_be_visible()
    camera.both(page, "07-employer-home")
    return reference


def triage_and_open_inspection(page: Page, players: Players, reference: str, camera: Camera) -> str:
    """The case officer finds the notification, assesses it and opens an inspection; answers its reference."""
    sign_in(page, players.officer)
    camera.wide(page, "10-desk-home")
    page.get_by_role("link", name=re.compile("Waiting")).first.click()
    camera.both(page, "11-queue")
    page.get_by_role("link", name=re.compile(reference)).click()
    camera.both(page, "12-case-submitted")
    page.get_by_role("link", name="Triage").click()
    why = {"Why another risk than suggested": "Two like it were seen elsewhere this month."}
    answer(page, {"Risk": Radio("High"), **why, "Lead": Option(players.inspector.name)})
    camera.wide(page, "13-triage")
    do(page, "Triage")
    expect(page.get_by_text("High risk")).to_be_visible()
    camera.wide(page, "14-case-triaged")
    page.get_by_role("link", name="Cases", exact=True).first.click()
    camera.readme(page, "desk", 950)
    page.get_by_role("link", name=re.compile(reference)).click()
    page.get_by_role("link", name="Open a reactive inspection").click()
    scope = "How individuals are identified before exposures in CT."
    answer(page, {"Scope": scope, "Lead inspector": Option(players.inspector.name)})
    page.get_by_label("Planned for").fill("2026-03-03")
    camera.wide(page, "15-open-inspection")
    do(page, "Open a reactive inspection")
    expect(page.get_by_text("Inspection of")).to_be_visible()
    camera.wide(page, "16-inspection")
    return page.get_by_role("heading", level=1).inner_text()


def inspect_and_draft(page: Page, players: Players, inspection: str, camera: Camera) -> str:
    """An unannounced visit finds a breach; a notice is drafted and proposed. Answers its reference."""
    sign_in(page, players.inspector)
    open_case(page, inspection)
    page.get_by_role("link", name="Record the visit").click()
    do(page, "Record the visit")
    page.get_by_role("link", name="Record a finding").click()
    page.get_by_label("Breach").check()
    page.get_by_label("Provisions").select_option(
        label=["IR(ME)R 2017 regulation 6(2)", "IR(ME)R 2017 regulation 6(5)(b)"]
    )
    answer(page, {"Finding": "Operators did not follow the procedure for identifying individuals."})
    camera.wide(page, "20-finding")
    do(page, "Record a finding")
    camera.wide(page, "21-inspection-with-breach")
    page.get_by_role("link", name="Draft an improvement notice").click()
    page.get_by_label("Breaches").select_option(index=0)
    answer(
        page,
        {
            "Opinion": "The employer is in breach of the duty to have written procedures followed.",
            "Reasons": "Three of five operators observed made no identity check before the exposure.",
            "Required action": ACTION,
        },
    )
    page.get_by_label("Days for compliance").fill("42")
    camera.both(page, "22-draft-notice")
    do(page, "Draft an improvement notice")
    page.get_by_role("link", name="Propose").click()
    do(page, "Propose")
    camera.wide(page, "23-proposed")
    page.get_by_text("What cannot be done now, and why").click()
    approve = page.get_by_role("button", name="Approve", exact=True)
    expect(approve).to_be_disabled()
    expect(approve).to_have_accessible_description("Your role does not include this.")
    return page.get_by_role("heading", level=1).inner_text()


def review(page: Page, players: Players, notice: str, camera: Camera) -> None:
    """A second enforcement manager reads the draft, and looks at each of its points in law."""
    sign_in(page, players.reviewer)
    open_case(page, notice)
    expect(page.get_by_role("link", name="Read the draft (PDF)")).to_be_visible()
    page.get_by_role("link", name="Find in order").click()
    for box in page.get_by_role("checkbox").all():
        box.check()
    camera.both(page, "24-legal-review")
    do(page, "Find in order")
    expect(page.get_by_text("Reviewed", exact=True).first).to_be_visible()


def approve_and_serve(page: Page, players: Players, notice: str, camera: Camera) -> None:
    """The enforcement manager, who drafted nothing, approves the notice and records its service."""
    sign_in(page, players.manager)
    camera.wide(page, "30-desk-home")
    open_case(page, notice)
    page.get_by_role("link", name="Approve", exact=True).click()
    do(page, "Approve")
    page.get_by_role("link", name="Record service").click()
    expect(page.get_by_label("Comply by")).to_have_value("2026-04-14")
    answer(
        page,
        {
            "How": Option("Recorded delivery"),
            "Address": f"{SITE}\nNM1 4QX",
            "Office": "The chief executive’s office",
            "Proof of service": "RD 1",
        },
    )
    page.get_by_label("At", exact=True).fill(f"{timezone.localtime(clock.now()):%H:%M}")
    page.get_by_label("The leaflet on appeals was included").check()
    page.get_by_label("Comply by").fill("2026-03-10")
    do(page, "Record service")
    expect(page.get_by_role("alert")).to_contain_text("The date must not be before 24 March 2026")
    camera.wide(page, "31-served-too-short")
    page.get_by_label("Comply by").fill("2026-04-14")
    do(page, "Record service")
    expect(page.get_by_text("Served", exact=True).first).to_be_visible()
    expect(page.get_by_role("link", name="Read the notice (PDF)")).to_be_visible()
    camera.both(page, "32-served")


def publish_after_the_appeal_window(page: Page, players: Players, notice: str, camera: Camera) -> None:
    """Sessions have ended with the days: the manager signs in again, reads what the public will, and lets it
    onto the register."""
    sign_in(page, players.manager)
    open_case(page, notice)
    camera.wide(page, "40-ready-to-publish")
    page.get_by_role("link", name="What it says and what changes").first.click()
    expect(page.get_by_role("heading", name="A new entry")).to_be_visible()
    camera.both(page, "40-proposed-entry")
    page.get_by_role("link", name="To the notice").click()
    page.get_by_role("link", name="Approve the entry").click()
    page.get_by_label("I have read the entry as the public will read it").check()
    do(page, "Approve the entry")
    expect(page.get_by_text("Published on the register")).to_be_visible()
    camera.wide(page, "41-published")


def look_up(page: Page, players: Players, *, found: int) -> None:
    """Search the public register for the employer, without any sign-in."""
    page.goto("/")
    page.get_by_role("link", name="Enforcement register").first.click()
    page.get_by_role("textbox", name="Search the register").fill(players.employer.name)
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", name=f"{found} notice", exact=False)).to_be_visible()


def read_on_the_register(page: Page, players: Players, notice: str, camera: Camera) -> None:
    page.goto("/register/")
    camera.both(page, "50-register")
    camera.readme(page, "register", 1400)
    look_up(page, players, found=1)
    camera.wide(page, "51-register-searched")
    page.get_by_role("link", name=players.employer.name, exact=True).click()
    expect(page.get_by_text(notice).first).to_be_visible()
    expect(page.get_by_text(ACTION)).to_be_visible()
    expect(page.get_by_role("definition").filter(has_text="14 April 2026")).to_be_visible()
    expect(page.get_by_text("Three of five operators")).to_have_count(0)
    camera.both(page, "52-register-entry")


def letters_leave(players: Players, reference: str, notice: str) -> None:
    """The receipt waits for the reporter, the notice for the lead alone; the sender empties the outbox."""
    receipt = Message.objects.filter(case__reference=reference, subject__contains=reference)
    assert receipt.filter(to=players.reporter.email).exists()
    served = Message.objects.filter(case__reference=notice)
    assert served.filter(to=players.lead.email).exists()
    assert not served.filter(to=players.reporter.email).exists()
    written = Message.objects.due().count()
    assert deliver_due() == written
    assert len(mail.outbox) == written
    sent = {
        player: [each.body for each in mail.outbox if player.email in each.to]
        for player in (players.reporter, players.lead)
    }
    assert any("25 May 2026" in body for body in sent[players.reporter])
    assert any("14 April 2026" in body for body in sent[players.lead])
    assert not Message.objects.due().exists()


def open_case(page: Page, reference: str) -> None:
    """By searching the queue for its reference."""
    page.get_by_role("link", name="Cases", exact=True).first.click()
    page.get_by_label("Reference, employer, site or words").fill(reference)
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=re.compile(reference)).click()


def do(page: Page, deed: str) -> None:
    page.get_by_role("main").get_by_role("button", name=deed).click()
