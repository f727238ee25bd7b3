"""The investigation report: section by section, shared between colleagues, filed once."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications import services
from notifications.content import REPORT_SECTIONS, ReportContent, values_of
from notifications.models import CorrectiveAction, InvestigationReport, Notification, ReportDraft
from notifications.queries import filed_report, whole
from notifications.reports import report_as_filed, report_faults, report_in_hand
from regulator.accounts.models import User
from regulator.casework.errors import Refused, StaleVersion
from regulator.casework.models import Case
from regulator.organisations.policies import NotPermitted
from tests.factories import REPORT, Cast, a_cause, member, notification_in
from tests.notifications.pages import boxes, browser, date_boxes, problems, send, text

pytestmark = pytest.mark.usefixtures("reference")

PAGES: dict[str, dict[str, str]] = {
    "what-happened": {"what_happened": "An identity check was left out."},
    "doses": {
        "doses": "Low.",
        "person_0": "Person A",
        "value_0": "7.5",
        "unit_0": "mSv",
        "method_0": "From the DLP",
        "estimated_by_0": "Medical physics expert",
    },
    "causes": {"causes": "Two lists were open."},
    "earlier": {"earlier_incidents": "None in two years."},
    "candour": {"candour": "Told on the day."},
    "procedures": {"procedures_applied": "Applied."},
    "learning": {"learning": "Shared at a meeting."},
    "measures": {"corrective_measures": "One list.", "no_actions_reason": "It was done on the day."},
}


def page(notification: Notification, then: str = "") -> str:
    return f"/notifications/{notification.case.reference}/report/{then}"


def written(client: Client, awaited: Notification) -> None:
    for slug, typed in PAGES.items():
        assert send(client, page(awaited, f"{slug}/"), **typed).status_code == 302


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def awaited(cast: Cast) -> Notification:
    return notification_in("awaiting_report", cast=cast)


def test_written_by_sections_checked_filed_and_read(cast: Cast, awaited: Notification) -> None:
    client = browser(cast.reporter)
    assert text(client.get(page(awaited))).count("Not started") == 8
    written(client, awaited)
    assert text(client.get(page(awaited))).count("Completed") == 8
    assert "Still missing" not in text(client.get(page(awaited, "check/")))
    unsure = send(client, page(awaited, "check/"))
    assert problems(unsure) == ["Confirm the declaration to file the report"]
    assert send(client, page(awaited, "check/"), declaration="true").status_code == 302
    shown = text(client.get(page(awaited)))
    for words in ("Person A", "7.5 mSv; From the DLP", "Two lists were open.", "It was done on the day."):
        assert words in shown, words
    [row] = InvestigationReport.objects.get().dose_rows.all()
    assert str(row) == "Person A: 7.5 mSv"
    assert ReportDraft.objects.get().content == ""


def test_a_colleague_goes_on_and_the_slower_of_two_keeps_the_own_text(
    cast: Cast, awaited: Notification
) -> None:
    one, other = browser(cast.reporter), browser(member(cast.employer))
    path = page(awaited, "learning/")
    opened = boxes(one.get(path))
    assert send(other, path, learning="Theirs").status_code == 302
    slow: Any = one.post(path, opened | {"learning": ["Mine"]})
    assert (slow.status_code, boxes(slow)["learning"]) == (409, ["Mine"])
    assert "Theirs" in text(slow)
    assert one.post(path, boxes(slow)).status_code == 302
    assert report_in_hand(ReportDraft.objects.get()).learning == "Mine"


def test_both_accounts_of_the_doses_are_shown_where_a_colleague_was_faster(
    cast: Cast, awaited: Notification
) -> None:
    one, other = browser(cast.reporter), browser(member(cast.employer))
    path = page(awaited, "doses/")
    opened = boxes(one.get(path))
    rows = {"person_0": "Person A", "value_0": "7.5", "person_1": "Person B", "value_1": "2"} | {
        "unit_1": "mSv"
    }
    assert send(other, path, **rows).status_code == 302
    shown = text(one.post(path, opened | {"person_0": ["Person A"], "value_0": ["8"]}))
    assert "Person A: 7.5\nPerson B: 2 mSv" in shown
    assert ">8</td>" in shown


def test_what_was_typed_is_saved_before_an_action_is_added(cast: Cast, awaited: Notification) -> None:
    client = browser(cast.reporter)
    saved: Any = send(client, page(awaited, "measures/"), corrective_measures="One list.", action="yes")
    assert saved["Location"] == f"/notifications/{awaited.case.reference}/actions/new/"
    assert report_in_hand(ReportDraft.objects.get()).corrective_measures == "One list."


def test_cqcs_own_work_does_not_make_the_draft_stale(cast: Cast) -> None:
    sent = notification_in("submitted", cast=cast)
    client = browser(cast.reporter)
    opened = boxes(client.get(page(sent, "learning/")))
    services.triage(
        notification=sent,
        by=cast.officer,
        version=sent.case.version,
        risk=Case.Risk.MEDIUM,
        lead=cast.officer,
        reason="Seen by two officers.",
    )
    assert client.post(page(sent, "learning/"), opened | {"learning": ["Kept"]}).status_code == 302


def test_a_report_sent_twice_is_filed_once(cast: Cast, awaited: Notification) -> None:
    client = browser(cast.reporter)
    written(client, awaited)
    form = boxes(client.get(page(awaited, "check/"))) | {"declaration": ["true"]}
    assert client.post(page(awaited, "check/"), form).status_code == 302
    assert client.post(page(awaited, "check/"), form).status_code == 409
    assert InvestigationReport.objects.count() == 1
    late = client.post(page(awaited, "learning/"), {"version": "10", "learning": "More"})
    assert (late.status_code, boxes(late)["learning"]) == (409, ["More"])


def test_what_is_missing_stops_the_filing_and_links_to_its_section(cast: Cast, awaited: Notification) -> None:
    client = browser(cast.reporter)
    shown = text(client.get(page(awaited, "check/")))
    for slug in PAGES:
        assert f'href="{page(awaited, slug)}/"' in shown
    assert send(client, page(awaited, "check/"), declaration="true").status_code == 400
    assert not InvestigationReport.objects.exists()


def test_a_report_after_its_day_is_late_and_says_so(cast: Cast, awaited: Notification) -> None:
    client = browser(cast.reporter)
    written(client, awaited)
    with time_machine.travel("2026-06-30T12:00:00Z", tick=False):
        client = browser(cast.reporter)
        assert "It will be marked as late" in text(client.get(page(awaited, "check/")))
        assert send(client, page(awaited, "check/"), declaration="true").status_code == 302
        assert "Late" in text(client.get(page(awaited)))


def test_only_own_earlier_notifications_are_referred_to(cast: Cast, awaited: Notification) -> None:
    client = browser(cast.reporter)
    mine = notification_in("submitted", cast=cast).case.reference
    foreign = notification_in("submitted").case.reference
    path = page(awaited, "earlier/")
    for wrong in (foreign, awaited.case.reference, "nonsense"):
        refused = send(client, path, earlier_references=f"{mine}, {wrong}")
        assert (refused.status_code, len(problems(refused))) == (400, 1)
    assert send(client, path, earlier_references=str(mine).lower()).status_code == 302
    assert report_in_hand(ReportDraft.objects.get()).earlier_references == (mine,)


def test_rows_and_cause_come_back_as_they_were_saved(cast: Cast, awaited: Notification) -> None:
    client = browser(cast.reporter)
    cause = a_cause("diagnostic_imaging")
    send(client, page(awaited, "causes/"), cause=str(cause.pk))
    again: Any = send(client, page(awaited, "doses/"), person_0="Person A", value_0="1,200.5", another="yes")
    assert again["Location"] == page(awaited, "doses/")
    shown = boxes(client.get(page(awaited, "doses/")))
    assert (shown["person_0"], shown["value_0"], shown["person_1"]) == (["Person A"], ["1200.5"], [""])
    assert report_in_hand(ReportDraft.objects.get()).cause == cause
    assert "dose_rows.0.unit" in report_faults(report_in_hand(ReportDraft.objects.get()))


@pytest.mark.parametrize("state", ["closed", "withdrawn", "not_notifiable", "report_received"])
def test_no_report_is_written_where_none_can_be(cast: Cast, state: str) -> None:
    over = notification_in(state, cast=cast)
    with pytest.raises(Refused):
        services.save_report(notification=over, by=cast.reporter, version=1, report=REPORT)
    with pytest.raises(Refused):
        services.file_written_report(notification=over, by=cast.reporter, version=1)


def test_strangers_officers_and_old_versions_are_refused(cast: Cast, awaited: Notification) -> None:
    for somebody in (Cast().reporter, cast.officer):
        with pytest.raises(NotPermitted):
            services.save_report(notification=awaited, by=somebody, version=1, report=REPORT)
    with pytest.raises(StaleVersion):
        services.save_report(notification=awaited, by=cast.reporter, version=7, report=REPORT)
    assert not ReportDraft.objects.exists()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sets(st.sampled_from(REPORT_SECTIONS), max_size=7))
def test_no_part_of_the_sections_is_a_report(cast: Cast, awaited: Notification, kept: set[str]) -> None:
    part = values_of(REPORT) | {name: " " for name in REPORT_SECTIONS if name not in kept}
    case = awaited.case
    with pytest.raises(ValidationError) as refused:
        services.file_report(
            notification=awaited, by=cast.reporter, version=case.version, report=ReportContent(**part)
        )
    assert set(refused.value.message_dict) == set(REPORT_SECTIONS) - kept


def test_what_was_filed_reads_back_whole(cast: Cast, awaited: Notification) -> None:
    version = awaited.case.version
    services.file_report(notification=awaited, by=cast.reporter, version=version, report=REPORT)
    filed = filed_report(whole().get(pk=awaited.pk))
    assert filed is not None
    assert report_as_filed(filed) == REPORT


def counted(ask: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        ask()
    return len([query for query in captured if "SAVEPOINT" not in query["sql"]])


def test_the_pages_take_as_many_queries_for_one_row_as_for_many(cast: Cast, awaited: Notification) -> None:
    client = browser(cast.reporter)
    written(client, awaited)
    paths = (page(awaited), page(awaited, "check/"), page(awaited, "doses/"), page(awaited, "measures/"))
    few = [counted(lambda path=path: client.get(path)) for path in paths]  # type: ignore[misc]
    rows = {f"{name.removesuffix('0')}{n}": value for n in range(20) for name, value in PAGES["doses"].items()
            if name.endswith("_0")}  # fmt: skip
    assert send(client, page(awaited, "doses/"), **rows).status_code == 302
    for _ in range(5):
        plan(client, awaited)
    many = [counted(lambda path=path: client.get(path)) for path in paths]  # type: ignore[misc]
    assert many == few
    assert max(few) <= 10


def plan(client: Client, notification: Notification, strength: str = "reminder") -> Any:
    return send(
        client,
        f"/notifications/{notification.case.reference}/actions/new/",
        what="A poster.",
        strength=strength,
        owner_role="Lead radiographer",
        effect_check="Ask in a month.",
        **date_boxes("planned_for", 1, 4, 2026),
    )


def test_actions_are_planned_in_the_report_and_kept_after_it(cast: Cast, awaited: Notification) -> None:
    client = browser(cast.reporter)
    assert plan(client, awaited)["Location"] == page(awaited, "measures/")
    assert "Stronger actions change the system" in text(client.get(page(awaited, "measures/")))
    plan(client, awaited, "barrier")
    assert "Stronger actions change the system" not in text(client.get(page(awaited, "measures/")))
    action = CorrectiveAction.objects.filter(strength="reminder").get()
    one = f"/notifications/{awaited.case.reference}/actions/{action.pk}/"
    unsaid = send(client, f"{one}cancel/")
    assert (unsaid.status_code, problems(unsaid)) == (400, ["Enter why you are cancelling it"])
    moved = send(client, f"{one}move/", reason="Late parts.", **date_boxes("planned_for", 8, 4, 2026))
    assert moved.status_code == 302
    assert "8 April 2026" in text(client.get(one))
    assert send(client, f"{one}done/", **date_boxes("done_on", 2, 3, 2026)).status_code == 302
    assert "Done on 2 March 2026" in text(client.get(one))
    again = send(client, f"{one}cancel/", reason="Twice.")
    assert (again.status_code, boxes(again)["reason"]) == (409, ["Twice."])
    assert client.get(f"{one}nonsense/").status_code == 404


def test_an_action_belongs_to_its_own_notification(cast: Cast, awaited: Notification) -> None:
    client = browser(cast.reporter)
    plan(client, awaited)
    other = notification_in("submitted", cast=cast)
    path = f"/notifications/{other.case.reference}/actions/{CorrectiveAction.objects.get().pk}/"
    assert client.get(path).status_code == 404
    assert client.post(f"{path}done/", {}).status_code == 404


def test_the_desk_shows_the_actions_and_closing_says_what_is_open(cast: Cast) -> None:
    ready = notification_in("ready_to_close", cast=cast)
    plan(browser(cast.reporter), ready)
    officer = browser(desk_user(cast))
    case = f"/desk/casework/case/{ready.pk}/"
    with CaptureQueriesContext(connection) as captured:
        shown = text(officer.get(case))
    assert "Training and reminders only" in shown
    assert len(captured) <= 22
    closing = text(officer.get(f"{case}do/provisionally_close/"))
    assert "1 corrective action is still open. Close all the same" in closing


def desk_user(cast: Cast) -> User:
    return cast.officer
