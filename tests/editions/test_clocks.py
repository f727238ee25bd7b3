"""Clocks by an edition's rule: which start by it, which keep theirs, which move; and what the preview
promised."""

from datetime import timedelta
from typing import Final

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client

from notifications import services as notifications
from notifications.content import DraftContent
from notifications.in_force import criteria_in_force
from notifications.models import Notification
from notifications.queries import dues, whole
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.models import Case, Event
from regulator.casework.services import changing
from regulator.deadlines.editions import whats
from regulator.deadlines.kinds import DEADLINES
from regulator.deadlines.models import Deadline
from regulator.deadlines.rules import rule_on
from regulator.deadlines.services import extend_deadline
from regulator.editions.kinds import KINDS
from regulator.editions.tasks import begin
from regulator.organisations.models import Modality
from regulator.outbox.models import Message
from tests.casework.closing import closed_to
from tests.editions.scene import Two, clock_of, in_days
from tests.factories import Cast, amended, notification_in, staff
from tests.notifications.pages import browser, text
from tests.reference import ship_reference

pytestmark = pytest.mark.django_db


@pytest.fixture
def two() -> Two:
    ship_reference()
    return Two()


def report_of(notification: Notification) -> Deadline:
    return Deadline.objects.get(case=notification.pk, kind="report")


OF_NOTICES: Final = ("evidence_answer", "more_time_answer", "appeal_answer")
CHANGEABLE: Final = ("notify", "report", "feedback", "accuracy", "action_plan", *OF_NOTICES)


def test_what_an_act_says_is_not_changed_here() -> None:
    ours = {"concern_assessment", "concern_action"}
    assert {what for what, _ in whats()} == {*ours, *CHANGEABLE}
    assert not DEADLINES.get("publish").changeable


@pytest.mark.parametrize("kind", CHANGEABLE)
def test_until_an_edition_holds_the_kind_counts_of_itself(kind: str) -> None:
    spec, rule = DEADLINES.get(kind), rule_on(kind, clock.today())
    assert (rule.days, rule.counting, rule.source, rule.edition) == (spec.days, spec.counting, spec.source, 0)


def test_a_clock_that_starts_on_the_day_or_later_is_counted_by_it_and_says_so(two: Two) -> None:
    two.hold("clock", "report", clock_of(100))
    before = notification_in("submitted", discovered_on=in_days(-1))
    after = notification_in("submitted", discovered_on=in_days(0), occurred_on=in_days(-1))
    kept, counted = report_of(before), report_of(after)
    assert (kept.due_on - kept.start_on).days == 84
    assert (counted.due_on - counted.start_on).days == 100
    assert kept.rule.startswith("84 calendar days (CQC")
    assert counted.rule == "100 calendar days (CQC, March 2026)"
    receipt = Message.objects.filter(template="notifications_receipt").order_by("pk").last()
    assert receipt is not None
    assert "100 calendar days (CQC, March 2026)" in receipt.body
    assert "14 calendar days" in receipt.body


def test_working_days_are_counted_as_such(two: Two) -> None:
    two.hold("clock", "report", clock_of(10, counting="working days"))
    deadline = report_of(notification_in("submitted", discovered_on=in_days(0), occurred_on=in_days(-1)))
    assert (deadline.due_on - deadline.start_on).days >= 14
    assert deadline.rule.startswith("10 working days")


def test_a_draft_shows_its_days_by_the_rule_that_will_count(two: Two) -> None:
    two.hold("clock", "notify", clock_of(7))
    draft = notification_in("draft", discovered_on=in_days(0), occurred_on=in_days(-1))
    shown = {each.kind: each for each in dues(whole().get(pk=draft.pk))}
    assert shown["notify"].due_on == in_days(7)
    assert shown["notify"].rule == "7 calendar days (CQC, March 2026)"
    assert Deadline.objects.get(case=draft.pk, kind="notify").due_on == in_days(7)


def test_sentences_about_the_limits_follow_it(two: Two, client: Client) -> None:
    cast = Cast()
    for path in ("/", "/check/"):
        assert "14 days" in text(client.get(path))
    two.hold("clock", "notify", clock_of(9))
    two.hold("clock", "report", clock_of(50, counting="working days"))
    assert "within 9 days" in text(client.get("/"))
    assert "within 50 working days" in text(client.get("/"))
    content = DraftContent(modality=Modality.DIAGNOSTIC_IMAGING)
    draft = notifications.start_draft(employer=cast.employer, by=cast.reporter, content=content)
    own = browser(cast.reporter)
    for path in ("/check/", "/notifications/", f"/notifications/draft/{draft.pk}/"):
        shown = text(own.get(path))
        assert "9 days after" in shown
        assert "14 days" not in shown


def test_so_does_what_the_checker_advises(two: Two, client: Client) -> None:
    api, asked = "/api/v1/criteria/check", {"country": "england", "event": "exposure"}
    for days in ("14 days", "9 working days"):
        if days != "14 days":
            two.hold("clock", "notify", clock_of(9, counting="working days"))
        assert f"the {days} run from discovery" in text(client.get("/check/answer/", asked))
        told = client.post(api, asked, content_type="application/json").json()["advice"]
        assert told.endswith(f"the {days} run from discovery.")
    limit = criteria_in_force().limit("notification")
    assert (limit.days, limit.length, limit.source) == (9, "9 working days", "CQC, March 2026")


def test_a_preview_tells_nothing_of_a_restricted_case(two: Two) -> None:
    cast = Cast()
    open_to_all, restricted = (notification_in("submitted", cast=cast).case for _ in range(2))
    manager = staff(Role.ENFORCEMENT_MANAGER)
    Case.objects.filter(pk=restricted.pk).update(assignee=None)
    closed_to(Case.objects.get(pk=restricted.pk), manager, by=manager)
    content = clock_of(100, running="recount")
    rows = KINDS.get("clock").touched("report", clock.today(), content).rows
    assert sorted(str(row[0]) for row in rows) == ["A restricted case", str(open_to_all)]
    told = next(row for row in rows if row[0] == "A restricted case")
    assert set(told[1:]) == {""}


def test_a_running_clock_keeps_its_day_unless_the_edition_says_otherwise(two: Two) -> None:
    sent = notification_in("submitted")
    before = report_of(sent).due_on
    preview = KINDS.get("clock").touched("report", clock.today(), clock_of(100))
    assert (preview.count, preview.rows) == (0, ())
    assert preview.notes[0] == "1 running clock keeps its day."
    two.hold("clock", "report", clock_of(100))
    assert report_of(sent).due_on == before


def test_where_it_says_so_running_clocks_move_as_the_preview_said(two: Two) -> None:
    cast = Cast()
    sent = [notification_in("submitted", cast=cast) for _ in range(2)]
    extended = notification_in("awaiting_report", cast=cast)
    far = report_of(extended).due_on + timedelta(days=200)
    with changing(extended.case, version=Case.objects.get(pk=extended.pk).version) as held:
        extend_deadline(case=held, deadline=report_of(extended), due_on=far, reason="Staff.", by=cast.officer)
    over = notification_in("withdrawn", cast=cast)
    draft = notification_in("draft", cast=cast)
    content = clock_of(100, running="recount")
    promised = {row[0]: row[3] for row in KINDS.get("clock").touched("report", clock.today(), content).rows}
    assert set(promised) == {each.case.reference for each in sent}
    two.hold("clock", "report", content)
    for each in sent:
        deadline = report_of(each)
        assert deadline.due_on == promised[str(each.case.reference)]
        assert Case.objects.get(pk=each.pk).next_due_on == deadline.due_on
        assert deadline.rule == "100 calendar days (CQC, March 2026)"
    assert report_of(extended).due_on == far
    assert not Deadline.objects.open().filter(case__in=[over.pk, draft.pk], kind="report").exists()
    recounted = Event.objects.filter(type="deadlines.recounted")
    moved = {event.case_id for event in recounted if event.payload["from"] != event.payload["to"]}
    assert moved == {each.pk for each in sent}
    [stays] = [event for event in recounted if event.case_id == extended.pk]  # its first day alone moved
    assert stays.payload["first_due_on"] == report_of(extended).first_due_on.isoformat()
    shown = text(browser(cast.reporter).get(f"/notifications/{sent[0].case.reference}/"))
    assert "the rule changed for clocks that run" in shown


def test_more_time_that_was_given_outlives_a_longer_rule_and_a_shorter_one_after_it(two: Two) -> None:
    cast = Cast()
    sent = notification_in("awaiting_report", cast=cast)
    start = report_of(sent).start_on
    granted = start + timedelta(days=90)
    with changing(sent.case, version=sent.case.version) as held:
        extend_deadline(case=held, deadline=report_of(sent), due_on=granted, reason="Staff.", by=cast.officer)
    two.hold("clock", "report", clock_of(100, running="recount"))
    assert report_of(sent).due_on == start + timedelta(days=100)
    shorter = clock_of(50, running="recount")
    [row] = KINDS.get("clock").touched("report", clock.today(), shorter).rows
    assert row[2:] == (start + timedelta(days=100), granted, "Extended")
    two.hold("clock", "report", shorter)
    assert report_of(sent).due_on == granted


def test_a_draft_that_cqc_does_not_see_is_counted_and_not_named(two: Two) -> None:
    draft = notification_in("draft")
    preview = KINDS.get("clock").touched("notify", clock.today(), clock_of(20, running="recount"))
    assert (preview.count, preview.drafts, preview.rows) == (0, 1, ())
    two.hold("clock", "notify", clock_of(20, running="recount"))
    deadline = Deadline.objects.get(case=draft.pk, kind="notify")
    assert (deadline.due_on - deadline.start_on).days == 20


def test_running_clocks_move_on_the_first_day_and_not_before(two: Two) -> None:
    sent = notification_in("submitted")
    before = report_of(sent).due_on
    two.hold("clock", "report", clock_of(100, running="recount"), in_days(3))
    begin()
    assert report_of(sent).due_on == before
    with time_machine.travel(clock.now() + timedelta(days=4), tick=False):
        assert begin() == 1
        assert report_of(sent).due_on == before + timedelta(days=16)
        assert begin() == 0
    assert Event.objects.filter(type="deadlines.recounted").count() == 1


def test_a_start_that_was_told_wrongly_is_recounted_by_the_rule_of_the_right_one(two: Two) -> None:
    cast = Cast()
    sent = notification_in("submitted", cast=cast, discovered_on=in_days(-3))
    two.hold("clock", "report", clock_of(100, running="recount"))
    amended(sent, cast.reporter, discovered_on=in_days(-2))
    deadline = report_of(sent)
    assert (deadline.start_on, (deadline.due_on - deadline.start_on).days) == (in_days(-2), 100)


def test_what_was_done_before_a_rule_for_running_clocks_began_is_not_held_against_it(two: Two) -> None:
    cast = Cast()
    sent = notification_in("submitted", cast=cast, discovered_on=in_days(-10), occurred_on=in_days(-10))
    two.hold("clock", "notify", clock_of(5, running="recount"), in_days(3))
    with time_machine.travel(clock.now() + timedelta(days=4), tick=False):
        begin()
        amended(sent, cast.reporter, discovered_on=in_days(-13))
        notify = Deadline.objects.get(case=sent.pk, kind="notify")
        assert (notify.due_on - notify.start_on).days == 14
        assert not notify.is_late
        again = notification_in("submitted", cast=cast, discovered_on=in_days(-6), occurred_on=in_days(-6))
        amended(again, cast.reporter, discovered_on=in_days(-5))
        notify = Deadline.objects.get(case=again.pk, kind="notify")
        assert (notify.due_on - notify.start_on).days == 5


@pytest.mark.parametrize(
    "wrong",
    [
        {"days": 0},
        {"days": 731},
        {"days": "ten"},
        {"counting": "fortnights"},
        {"running": "perhaps"},
        {"source": "  "},
        {"days": None},
    ],
)
def test_nonsense_is_no_rule(two: Two, wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as refused:
        two.propose("clock", "report", clock_of(90) | wrong)
    assert list(refused.value.error_dict) == list(wrong)
