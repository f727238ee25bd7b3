"""A notice from its draft to the public register and to what the public is told: drafted, reviewed,
approved and served, appealed against, affirmed, published by a second person, found, taken away as a file and
subscribed to, complied with, told of. Every public page on the way against WCAG 2.2 AA, wide and narrow."""

import csv
import io
import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

import time_machine
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import FilePayload, Page, expect

from enforcement.alerts.models import Alert
from enforcement.alerts.tasks import tell
from enforcement.models import Notice
from enforcement.papers.making import keep_copies
from enforcement.tasks import propose_publication
from inspections.models import Inspection
from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.scanning import scan_pending
from regulator.outbox.delivery import deliver_due
from tests.enforcement.scene import Scene
from tests.factories import EmployerFactory, member, staff
from tests.journeys.conftest import Look, OpenPage, Screenshot
from tests.journeys.looking import again
from tests.journeys.stage import Option, answer
from tests.register.entries import entry

EMPLOYER = "Northmoor Hospitals NHS Trust (invented)"
ACTION = "Review the written procedures, and show that the review is carried out each year."
READER = "reader@example.invalid"
A_COPY: FilePayload = {"name": "appeal.txt", "mimeType": "text/plain", "buffer": b"The form."}
A_FILE: FilePayload = {"name": "audit.txt", "mimeType": "text/plain", "buffer": b"Fifty plans."}


def press(page: Page, button: str) -> None:
    page.get_by_role("main").get_by_role("button", name=button, exact=True).click()


class Stage:
    """The browsers of everybody, and what is looked at."""

    def __init__(self, new_page: OpenPage, look: Look, keep: Screenshot, keep_narrow: Screenshot) -> None:
        self.new_page = new_page
        self.look = look
        self.keep = keep
        self.keep_narrow = keep_narrow

    def shown(self, page: Page, name: str, *, axe: bool = True) -> None:
        self.keep(page, name)
        self.keep_narrow(page, name)
        if axe:
            self.look(page, name)

    def desk(self, user: User, on: Notice | Inspection, deed: str) -> Page:
        """The page of a deed on it, as ``user`` who has just signed in."""
        page = self.new_page(user=user)
        page.goto(f"/desk/casework/case/{on.pk}/do/{deed}/")
        return page


def test_from_the_draft_to_what_the_public_is_told(
    reference_data: None,
    clock_hand: time_machine.Traveller,
    new_page: OpenPage,
    look: Look,
    screenshot: Screenshot,
    screenshot_narrow: Screenshot,
) -> None:
    stage = Stage(new_page, look, screenshot, screenshot_narrow)
    employer = EmployerFactory.create(name=EMPLOYER)
    scene = Scene(employer, member(employer, Role.EMPLOYER_LEAD))
    entry(employer_name="Eastmere Hospitals NHS Trust (invented)")

    notice = draft(stage, scene)
    review_approve_and_serve(stage, scene, notice)
    subscribe(stage)
    appeal_and_affirm(stage, scene, notice, clock_hand)
    publish(stage, scene, notice, clock_hand)
    find_and_take_away(stage, notice)
    told(stage, "Added")
    comply(stage, scene, notice, clock_hand)
    read_the_change_and_unsubscribe(stage, notice, told(stage, "Changed"))
    call_command("verify_audit")


def draft(stage: Stage, scene: Scene) -> Notice:
    """An inspector drafts on a breach, by the words that the portal proposes, and proposes the notice."""
    inspection = scene.inspection("on_site")
    scene.find(inspection)
    page = stage.desk(scene.inspector, inspection, "draft_improvement")
    page.get_by_label("Breaches").select_option(index=0)
    answer(
        page,
        {
            "Opinion": "The employer is in breach of the duty to review its procedures.",
            "Reasons": "No review was on record at the visit.",
            "Required action": ACTION,
        },
    )
    page.get_by_label("Days for compliance").fill("42")
    stage.shown(page, "01-draft", axe=False)
    press(page, "Draft an improvement notice")
    page.get_by_role("link", name="Propose").click()
    press(page, "Propose")
    return Notice.objects.select_related("case").get()


def review_approve_and_serve(stage: Stage, scene: Scene, notice: Notice) -> None:
    """Three people: one looks at the law, another approves and serves; neither drafted it."""
    page = stage.desk(scene.reviewer, notice, "pass_review")
    for box in page.get_by_role("checkbox").all():
        box.check()
    press(page, "Find in order")
    page = stage.desk(scene.manager, notice, "approve")
    press(page, "Approve")
    page.goto(f"/desk/casework/case/{notice.pk}/do/serve/")
    to = {"Address": "Northmoor Infirmary", "Office": "The chief executive", "Proof of service": "Signed"}
    answer(page, {"How": Option("By hand"), **to})
    page.get_by_label("At", exact=True).fill(f"{timezone.localtime(clock.now()):%H:%M}")
    page.get_by_label("The leaflet on appeals was included").check()
    press(page, "Record service")
    expect(page.get_by_text("Served", exact=True).first).to_be_visible()
    stage.shown(page, "02-served", axe=False)
    keep_copies()


def subscribe(stage: Stage) -> None:
    """Before anything of it is public, a reader asks to be told; nothing is sent before they confirm."""
    page = stage.new_page()
    page.goto("/register/")
    page.get_by_role("textbox", name="Search the register").fill("Northmoor")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", name="0 notices", exact=False)).to_be_visible()
    stage.shown(page, "03-nothing-found")
    page.get_by_role("link", name="Tell me of changes to this list").click()
    page.get_by_label(re.compile("mail address")).fill(READER)
    stage.shown(page, "04-alert")
    press(page, "Send me the link")
    stage.shown(page, "05-alert-asked")
    tell()
    deliver_due()
    [letter] = to_reader()
    page.goto(link_in(str(letter.body), "/register-alerts/"))
    stage.shown(page, "06-alert-confirm")
    page.get_by_role("main").get_by_role("button").first.click()
    stage.shown(page, "07-alert-begun")
    mail.outbox.clear()


def appeal_and_affirm(stage: Stage, scene: Scene, notice: Notice, clock_hand: time_machine.Traveller) -> None:
    """The employer tells of its appeal, CQC confirms it, the tribunal affirms the notice."""
    page = stage.new_page(user=scene.lead)
    page.goto(f"/notices/{notice.case.reference}/appeal/")
    answer(page, {"When did you lodge the appeal?": clock.today(), "The tribunal’s case number": "One"})
    page.get_by_label("The appeal as the tribunal received it").set_input_files(files=[A_COPY])
    press(page, "Tell CQC")
    stage.shown(page, "08-appeal-told")
    page = stage.desk(scene.manager, notice, "confirm_appeal")
    press(page, "Confirm the employer’s appeal")
    expect(page.get_by_text("Under appeal", exact=True).first).to_be_visible()
    clock_hand.move_to(datetime(2026, 4, 20, 9, 0, tzinfo=UTC))
    page = stage.desk(scene.manager, notice, "dispose_appeal")
    page.get_by_label("Affirmed", exact=True).check()
    page.get_by_label("Decided on").fill(clock.today().isoformat())
    press(page, "Record the tribunal's decision")
    expect(page.get_by_text("Served", exact=True).first).to_be_visible()


def publish(stage: Stage, scene: Scene, notice: Notice, clock_hand: time_machine.Traveller) -> None:
    """The portal proposes the entry; somebody who had no hand in it reads it as the public will."""
    clock_hand.move_to(datetime(2026, 4, 21, 9, 0, tzinfo=UTC))
    propose_publication()
    let_out(stage, notice, "10-proposed-entry")


def let_out(stage: Stage, notice: Notice, name: str) -> None:
    page = stage.new_page(user=staff(Role.ENFORCEMENT_MANAGER))
    page.goto(f"/desk/casework/case/{notice.pk}/")
    page.get_by_role("link", name="What it says and what changes").first.click()
    stage.shown(page, name, axe=False)
    page.goto(f"/desk/casework/case/{notice.pk}/do/approve_entry/")
    page.get_by_label("I have read the entry as the public will read it").check()
    press(page, "Approve the entry")
    expect(page.get_by_role("main")).to_contain_text(re.compile("register", re.IGNORECASE))


def find_and_take_away(stage: Stage, notice: Notice) -> None:
    """A member of the public finds it as people type, and takes it away as CSV and PDF."""
    page = stage.new_page()
    page.goto("/register/")
    page.get_by_role("textbox", name="Search the register").fill("northmoor 2026 6(5)(b)")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", name="1 notice", exact=False)).to_be_visible()
    stage.shown(page, "11-found")
    page.get_by_role("link", name="Download this list").click()
    stage.shown(page, "12-download")
    with page.expect_download() as begun:
        page.get_by_role("link", name=re.compile("CSV")).first.click()
    with open(begun.value.path(), encoding="utf-8-sig", newline="") as file:
        [row] = list(csv.DictReader(io.StringIO(file.read())))
    assert row["employer_name"] == EMPLOYER
    assert row["reference"] == notice.case.reference
    page.go_back()
    page.get_by_role("link", name=EMPLOYER, exact=True).first.click()
    expect(page.get_by_text(ACTION)).to_be_visible()
    expect(page.get_by_text("Appeal decided: affirmed").first).to_be_visible()
    stage.shown(page, "13-entry")
    document = page.get_by_role("link", name=re.compile("PDF")).first.get_attribute("href")
    answered = page.request.get(str(document))
    assert answered.body()[:5] == b"%PDF-"


def comply(stage: Stage, scene: Scene, notice: Notice, clock_hand: time_machine.Traveller) -> None:
    """The employer sends evidence, CQC accepts it, and a second person lets the public know."""
    clock_hand.move_to(datetime(2026, 4, 23, 9, 0, tzinfo=UTC))
    page = stage.new_page(user=scene.lead)
    page.goto(f"/notices/{notice.case.reference}/")
    page.get_by_role("link", name="Send evidence that you complied").click()
    page.get_by_role("link", name=re.compile("Say what was done about")).first.click()
    answer(page, {"What was done, and since when?": "The procedures were reviewed."})
    page.get_by_label("A file that shows it").set_input_files(files=[A_FILE])
    press(page, "Save")
    scan_pending()
    again(page)
    page.get_by_label("The employer has agreed this evidence").check()
    press(page, "Submit the evidence")
    page = stage.desk(scene.manager, notice, "accept_evidence")
    press(page, "Accept the evidence")
    expect(page.get_by_text("Complied with", exact=True).first).to_be_visible()
    let_out(stage, notice, "20-proposed-change")


def told(stage: Stage, how: str) -> str:
    """The reader gets one letter that says so, however often the work is done; answers where it ends them."""
    assert tell() == 1
    assert tell() == 0
    deliver_due()
    [letter] = to_reader()
    assert how in letter.body
    assert EMPLOYER in letter.body
    mail.outbox.clear()
    return link_in(str(letter.body), "/register-alerts/stop/")


def read_the_change_and_unsubscribe(stage: Stage, notice: Notice, stop: str) -> None:
    page = stage.new_page()
    page.goto(f"/register/{str(notice.case.reference).lower()}/")
    expect(page.get_by_text("Complied with").first).to_be_visible()
    stage.shown(page, "21-complied")
    page.goto(stop)
    stage.shown(page, "22-stop")
    page.get_by_role("main").get_by_role("button").first.click()
    stage.shown(page, "23-stopped")
    assert not Alert.objects.exists()


def to_reader() -> list[mail.EmailMessage]:
    return [each for each in mail.outbox if READER in each.to]


def link_in(body: str, path: str) -> str:
    """The address in a letter that leads to ``path``, without its host."""
    found: list[str] = re.findall(r"https?://\S+", body)
    return urlsplit(next(each for each in found if path in each)).path
