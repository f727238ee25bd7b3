"""A case as at a past day, and a disclosure bundle from the asking to the manifest that is checked. Every
page on the way against WCAG 2.2 AA, wide and narrow."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from playwright.sync_api import Page, expect

from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.models import Case, DisclosureBundle
from regulator.casework.services import add_note, assign, attach
from regulator.casework.tasks import make_bundles, remove_bundles, scan_attachments
from tests.factories import notification_in, staff
from tests.journeys.conftest import Look, OpenPage, Screenshot
from tests.journeys.looking import again
from tests.journeys.stage import WITH_AND_WITHOUT, answer, sign_in

LATER = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
MUCH_LATER = datetime(2026, 4, 10, 9, 0, tzinfo=UTC)
WHY = "The tribunal asked for everything on record."


@pytest.fixture
def case(reference_data: None, clock_hand: time_machine.Traveller) -> Case:
    """A notification submitted on 3 March and worked on a week later."""
    found = notification_in("under_review").case
    lead = staff(Role.CASE_OFFICER)
    assign(case=found, assignee=lead, by=lead, version=found.version)
    attach(case=found, upload=SimpleUploadedFile("dose-log.csv", b"dose\n7.5\n"), by=lead)
    assert scan_attachments() == 1
    clock_hand.move_to(LATER)
    add_note(case=found, text="The hospital rang back.", by=lead)
    attach(case=found, upload=SimpleUploadedFile("unchecked.csv", b"dose\n8\n"), by=lead)
    return found


def lead_of(case: Case) -> User:
    assert case.assignee is not None
    return case.assignee


def as_at(page: Page, case: Case, day: str) -> None:
    page.goto(f"/desk/casework/case/{case.pk}/as-at/?on={day}")


@WITH_AND_WITHOUT
def test_a_bundle_is_asked_for_waited_for_downloaded_and_proved(
    case: Case, new_page: OpenPage, screenshot: Screenshot, tmp_path: Path, scripts: bool
) -> None:
    page = new_page(scripts=scripts)
    sign_in(page, lead_of(case))
    page.goto(f"/desk/casework/case/{case.pk}/")
    page.get_by_role("link", name="Disclosure bundles").click()
    page.get_by_role("link", name="Ask for a disclosure bundle").click()
    page.get_by_role("main").get_by_role("button", name="Ask for a disclosure bundle").click()
    expect(page.get_by_role("alert")).to_contain_text("Reason: Enter the reason")
    answer(page, {"Reason": WHY})
    page.get_by_role("main").get_by_role("button", name="Ask for a disclosure bundle").click()
    page.get_by_role("link", name="Disclosure bundles").click()
    page.get_by_role("link", name="10 March 2026").click()
    expect(page.get_by_text("Waiting to be made: 0%")).to_be_visible()
    screenshot(page, "waiting")
    assert make_bundles() == 1
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_text(WHY)).to_be_visible()
    screenshot(page, "ready")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    saved = tmp_path / "bundle.zip"
    download.value.save_as(saved)
    bundle = DisclosureBundle.objects.get()
    assert hashlib.sha256(saved.read_bytes()).hexdigest() == bundle.sha256
    check(saved, case)
    page.goto(f"/desk/casework/case/{case.pk}/")
    expect(page.get_by_text("Disclosure bundle downloaded")).to_be_visible()
    call_command("verify_audit")


def check(saved: Path, case: Case) -> None:
    """Each line of the manifest names a file of the bundle and its digest; every file is named but itself."""
    with ZipFile(saved) as archive:
        lines = archive.read("manifest.sha256").decode().splitlines()
        told = {path: digest for digest, _, path in (line.partition("  ") for line in lines)}
        assert set(told) | {"manifest.sha256"} == set(archive.namelist())
        for path, digest in told.items():
            assert hashlib.sha256(archive.read(path)).hexdigest() == digest, path
        assert archive.read("files/001-dose-log.csv") == b"dose\n7.5\n"
        manifest = json.loads(archive.read("manifest.json"))
    [left_out] = manifest["left_out"]
    assert left_out["name"] == "unchecked.csv"
    head = case.events.get(sequence=manifest["head"]["sequence"])
    assert head.hash == manifest["head"]["hash"]


@WITH_AND_WITHOUT
def test_the_case_is_shown_as_it_stood(case: Case, new_page: OpenPage, scripts: bool) -> None:
    page = new_page(scripts=scripts)
    sign_in(page, lead_of(case))
    page.goto(f"/desk/casework/case/{case.pk}/")
    expect(page.get_by_text("The hospital rang back.")).to_be_visible()
    page.get_by_role("link", name="The case as at a date").click()
    page.get_by_label("Day").fill("2026-03-03")
    page.get_by_role("button", name="Show it").click()
    expect(page.get_by_text("As at 3 March 2026, 23:59")).to_be_visible()
    expect(page.get_by_text("dose-log.csv")).to_be_visible()
    expect(page.get_by_text("The hospital rang back.")).not_to_be_visible()
    page.get_by_label("Day").fill("2026-03-01")
    page.get_by_role("button", name="Show it").click()
    expect(page.get_by_role("alert")).to_contain_text("did not exist then")


def test_every_new_page_for_everybody(
    case: Case,
    new_page: OpenPage,
    look: Look,
    clock_hand: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = new_page()
    sign_in(page, lead_of(case))
    as_at(page, case, "2026-03-03")
    look(page, "as at a date")
    as_at(page, case, "2026-03-01")
    look(page, "as at a date, refused")
    bundles = f"/desk/casework/case/{case.pk}/bundles/"
    page.goto(bundles)
    look(page, "no bundles")
    page.goto(f"/desk/casework/case/{case.pk}/do/bundle/")
    look(page, "ask")
    answer(page, {"Reason": WHY})
    page.get_by_role("main").get_by_role("button", name="Ask for a disclosure bundle").click()
    page.goto(bundles)
    look(page, "bundles")
    page.get_by_role("link", name="10 March 2026").click()
    look(page, "waiting")

    def full(*args: object, **arguments: object) -> None:
        raise OSError("No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("regulator.casework.evidence.bundles.pack", full)
        assert make_bundles() == 0
    again(page)
    look(page, "waiting to be tried again")
    assert make_bundles() == 1
    again(page)
    look(page, "ready")
    auditor = new_page()
    sign_in(auditor, staff(Role.AUDITOR))
    auditor.goto(page.url)
    look(auditor, "not to be taken away")
    clock_hand.move_to(MUCH_LATER)
    assert remove_bundles() == 1
    sign_in(page, lead_of(case))
    page.goto(bundles)
    page.get_by_role("link", name="10 March 2026").click()
    look(page, "removed")
