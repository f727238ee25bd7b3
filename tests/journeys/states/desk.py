"""States of the staff desk that no journey comes to: a colleague was faster, or a worker gave up."""

from collections.abc import Callable
from typing import Any, Final

from django.db.models import F
from playwright.sync_api import expect

from notifications.guidance import services as guidance
from notifications.guidance.models import Version
from notifications.learning.facts import Kinds
from regulator.statistics.reports.models import Document, Report
from tests.guidance.scene import ACTIONS, Room, content
from tests.journeys.states import CONFLICT, REFUSED, Reach, State, Visit, nobody
from tests.notifications.learning.making import Desk, learning_in
from tests.statistics.reports import room as reports

WRITE: Final = "admin:guidance_version_write"
DO: Final = "admin:guidance_version_do"
DECIDE: Final = "admin:guidance_version_decide"
DEED: Final = "admin:casework_case_do"
REPORT: Final = "admin:reports_report_change"
AGAIN: Final = "admin:reports_report_again"
WORDS: Final = (
    "They accept a dose to help, and nobody asks them.\nDepartments differ in what they tell them. " * 3
)
UNBROKEN: Final = f"See {'a-very-long-word-' * 8}."
CHANGED: Final = "What changed since you opened this page"
TYPED_OTHERWISE: Final = "What stands now where you typed something else"


def told(visit: Visit, heading: str) -> None:
    """The page shows what a colleague wrote."""
    visit.refused("Someone else changed this")
    expect(visit.page.get_by_role("heading", name=heading)).to_be_visible()


# Guidance ------------------------------------------------------------------------------------------


def changed(draft: Version, room: Room) -> None:
    theirs = content(
        title="Helpers of patients", why=f"{WORDS}{UNBROKEN}", actions=ACTIONS[:1], theme="learning"
    )
    guidance.change(draft=draft, content=theirs, by=room.other, version=draft.version)


def written_at_once(visit: Visit) -> None:
    room = Room()
    draft = room.draft()
    visit.become(room.writer)
    visit.open(WRITE, pk=draft.pk)
    changed(draft, room)
    visit.page.get_by_label("Title", exact=True).fill("Carers")
    visit.page.get_by_label("Why it matters").fill("Mine.")
    visit.send()
    told(visit, TYPED_OTHERWISE)


def emptied(visit: Visit) -> None:
    room = Room()
    draft = room.draft()
    visit.become(room.writer)
    visit.open(WRITE, pk=draft.pk)
    visit.page.get_by_label("Title", exact=True).fill("")
    visit.page.get_by_label("Why it matters").fill("")
    visit.send()
    visit.refused("Enter the title")


def sent_as_it_was(visit: Visit) -> None:
    room = Room()
    draft = room.draft()
    visit.become(room.writer)
    visit.open(DO, pk=draft.pk, name="send")
    changed(draft, room)
    visit.send()
    told(visit, CHANGED)


def taken_back_meanwhile(name: str) -> Reach:
    def reach(visit: Visit) -> None:
        room = Room()
        sent = room.sent(room.draft())
        visit.become(room.other)
        visit.open(DECIDE, pk=sent.pk, name=name)
        draft = guidance.take_back(draft=sent, by=room.writer, version=sent.version)
        guidance.change(draft=draft, content=content(why=WORDS), by=room.writer, version=draft.version)
        if name == "give_back":
            visit.page.get_by_label("What is to be done").fill("Say what a leaflet must say.")
        visit.send()
        told(visit, CHANGED)
        expect(visit.page.get_by_text("This can no longer be done.")).to_be_visible()
        expect(visit.form.get_by_role("button")).to_have_count(0)

    return reach


def given_back_for_nothing(visit: Visit) -> None:
    room = Room()
    sent = room.sent(room.draft())
    visit.become(room.other)
    visit.open(DECIDE, pk=sent.pk, name="give_back")
    visit.send()
    visit.refused("Say what is to be done")


# Learning cases ------------------------------------------------------------------------------------


def on_learning(
    state: str, name: str, by: Callable[[Desk], Any], meanwhile: Callable[[Desk], object] | None, heading: str
) -> Reach:
    """A deed on a learning case, sent after ``meanwhile``; with none, refused for what is empty."""

    def reach(visit: Visit) -> None:
        desk = learning_in(state)
        visit.become(by(desk))
        visit.open(DEED, pk=desk.notification.pk, name=name)
        main = visit.page.get_by_role("main")
        for box in main.locator("textarea:visible").all():
            box.fill("Mine." if meanwhile else "")
        for tick in main.locator("input[type=checkbox][required]:visible").all():
            tick.check()
        if meanwhile:
            meanwhile(desk)
        visit.send()
        if meanwhile:
            told(visit, heading)
        else:
            visit.refused(heading)

    return reach


def rewritten(desk: Desk) -> None:
    desk.give_back()
    desk.write(learning=WORDS)
    desk.propose()


# Annual reports ------------------------------------------------------------------------------------


def given_up(then: Callable[[Visit, Report], None]) -> Reach:
    """A frozen report whose PDF no worker could make, made once: a year has one report."""

    def reach(visit: Visit) -> None:
        report = Report.objects.filter(starts_on=reports.YEAR.start).first()
        if report is None:
            report = reports.Room().frozen()
        Document.objects.filter(freeze__report=report).update(
            state=Document.State.FAILED,
            words="No attempt came to its end. The last one: OSError: No space left on device",
        )
        visit.become(report.freezes.get().frozen_by)
        then(visit, report)

    return reach


def report_page(visit: Visit, report: Report) -> None:
    visit.open(REPORT, pk=report.pk)
    expect(visit.page.get_by_role("link", name="Set it again")).to_be_visible()


def again_page(visit: Visit, report: Report) -> None:
    visit.open(AGAIN, pk=report.pk, number=1)


def again_at_once(visit: Visit, report: Report) -> None:
    again_page(visit, report)
    Report.objects.filter(pk=report.pk).update(version=F("version") + 1)
    visit.send()
    visit.refused("Someone else changed this")


STATES: Final = (
    State(WRITE, CONFLICT, written_at_once, nobody),
    State(WRITE, REFUSED, emptied, nobody),
    State(DO, f"{CONFLICT}, sent as it was", sent_as_it_was, nobody),
    State(DECIDE, f"{CONFLICT}, approved", taken_back_meanwhile("approve"), nobody),
    State(DECIDE, f"{CONFLICT}, given back", taken_back_meanwhile("give_back"), nobody),
    State(DECIDE, REFUSED, given_back_for_nothing, nobody),
    State(
        DEED,
        f"{CONFLICT}, a learning case written",
        on_learning(
            "draft",
            "write_learning",
            lambda desk: desk.writer,
            lambda desk: desk.write(desk.second, learning=WORDS, kinds=Kinds(sub_modality="ct", tiers=0)),
            TYPED_OTHERWISE,
        ),
        nobody,
    ),
    State(
        DEED,
        f"{CONFLICT}, a learning case proposed",
        on_learning(
            "draft",
            "propose_learning",
            lambda desk: desk.writer,
            lambda desk: desk.write(desk.second, learning=WORDS),
            CHANGED,
        ),
        nobody,
    ),
    State(
        DEED,
        f"{CONFLICT}, a learning case published",
        on_learning("proposed", "approve_learning", lambda desk: desk.second, rewritten, CHANGED),
        nobody,
    ),
    State(
        DEED,
        f"{CONFLICT}, a learning case given back",
        on_learning("proposed", "return_learning", lambda desk: desk.second, rewritten, CHANGED),
        nobody,
    ),
    State(
        DEED,
        f"{REFUSED}, a learning case given back",
        on_learning("proposed", "return_learning", lambda desk: desk.second, None, "Enter the reason"),
        nobody,
    ),
    State(REPORT, "its PDF was given up", given_up(report_page), nobody),
    State(AGAIN, "its PDF was given up", given_up(again_page), nobody),
    State(AGAIN, CONFLICT, given_up(again_at_once), nobody),
)
