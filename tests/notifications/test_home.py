"""Where an employer's people begin: what is owed, what CQC asked, drafts, and every case by any filter."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.shortcuts import render
from django.test import Client

from notifications import services
from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.accounts.roles import Role
from regulator.casework.models import Case, InformationRequest
from regulator.casework.services import changing, open_case
from regulator.deadlines.kinds import DEADLINES
from regulator.deadlines.services import open_deadline
from regulator.organisations.services import add_member
from tests.factories import Cast, SiteFactory, complete, member, notification_in
from tests.notifications.pages import browser, problems, text

pytestmark = pytest.mark.usefixtures("reference")
SETTING_UP = Scheduled("tests")
NASTY = [
    "",
    "abc",
    "-1",
    "0",
    str(10**30),
    "9" * 5000,
    "\x00",
    "x" * 10_000,
    "[]",
    "🏥",
    "' OR 1=1 --",
    "a:b:c",
]
FILTERS = ["employer", "q", "kind", "status", "site", "modality", "state", "page"]


@pytest.fixture
def travel(monday: None) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 3, 2, 12, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast()


def context(client: Client, **asked: Any) -> Any:
    """What the view gave its template: Jinja2 does not tell the test client."""
    with patch("notifications.views.home.render", wraps=render) as drawn:
        assert client.get("/notifications/", asked).status_code == 200
    return drawn.call_args.args[2]


def listed(client: Client, **asked: Any) -> set[int]:
    return {case.pk for case in context(client, **asked)["page"].object_list}


def other_case(cast: Cast, kind: str, reference: str, status: str, clocks: dict[str, int]) -> Case:
    """A case of another app's, with clocks that end so many days from now."""
    case = open_case(kind=kind, employer=cast.employer, by=SETTING_UP, summary=f"About {reference}")
    Case.objects.filter(pk=case.pk).update(status=status, reference=reference, opened_at=clock.now())
    case.refresh_from_db()
    with changing(case, version=None, by=SETTING_UP) as held:
        for name, days in clocks.items():
            due = clock.today() + timedelta(days=days)
            start = min(due, clock.today())
            open_deadline(case=held, kind=name, start_on=start, due_on=due, by=SETTING_UP)
    return case


def test_what_is_overdue_and_what_is_due_each_lead_to_where_it_is_done(
    cast: Cast, travel: time_machine.Traveller
) -> None:
    draft = notification_in("draft", cast=cast)
    late = notification_in("draft", cast=cast, discovered_on=date(2026, 2, 1))
    awaited = notification_in("awaiting_report", cast=cast, discovered_on=date(2026, 1, 1))
    far = notification_in("awaiting_report", cast=cast)
    asked = notification_in("further_information", cast=cast)
    question = InformationRequest.objects.get()
    client = browser(cast.reporter)
    dates = context(client)["dates"]
    assert [(each.days_left, each.path) for each in dates.overdue] == [
        (-15, f"/notifications/draft/{late.pk}/check/")
    ]
    assert [(each.days_left, each.path) for each in dates.coming] == [
        (13, f"/notifications/draft/{draft.pk}/check/"),
        (14, f"/notifications/{asked.case.reference}/requests/{question.pk}/"),
        (24, f"/notifications/{awaited.case.reference}/report/"),
    ]
    shown = text(client.get("/notifications/"))
    for words in ("Overdue by 15 days", "13 days left", "Which check?", "15 March 2026"):
        assert words in shown, words
    for path in (each.path for each in (*dates.overdue, *dates.coming)):
        assert client.get(path).status_code == 200
    travel.move_to(datetime(2026, 4, 30, tzinfo=UTC))
    later = context(browser(cast.reporter))["dates"]
    assert far.pk in {each.deadline.case_id for each in later.coming}
    assert awaited.pk in {each.deadline.case_id for each in later.overdue}


def test_the_last_day_of_the_28_is_shown_and_the_next_is_not(
    cast: Cast, travel: time_machine.Traveller
) -> None:
    notification_in("awaiting_report", cast=cast)
    travel.move_to(datetime(2026, 5, 24, tzinfo=UTC) - timedelta(days=29))
    assert context(browser(cast.reporter))["dates"].coming == []
    travel.move_to(datetime(2026, 5, 24, tzinfo=UTC) - timedelta(days=28))
    [due] = context(browser(cast.reporter))["dates"].coming
    assert due.days_left == 28
    travel.move_to(datetime(2026, 5, 24, 12, tzinfo=UTC))
    assert "Today" in text(browser(cast.reporter).get("/notifications/"))


def test_clocks_of_other_kinds_appear_as_far_as_they_concern_the_employer(cast: Cast) -> None:
    lead = member(cast.employer, Role.EMPLOYER_LEAD)
    other_case(cast, "inspection", "IRI-2026-00001-X", "final", {"feedback": 3, "action_plan": 5})
    other_case(
        cast,
        "notice",
        "IRE-2026-00001-X",
        "served",
        {"comply": 4, "appeal_window": 6, "publish": 1, "register_update": 2},
    )
    other_case(cast, "notice", "IRE-2026-00002-X", "served", {"comply": -2, "appeal_window": -3})
    dates = context(browser(lead))["dates"]
    assert [each.deadline.kind for each in dates.coming] == ["comply", "action_plan"]
    assert [each.deadline.kind for each in dates.overdue] == ["comply"]
    shown = text(browser(lead).get("/notifications/"))
    for words in ("Action plan", "Compliance with the notice", "IRE-2026-00001-X"):
        assert words in shown, words
    for hidden in ("Written feedback", "public register", "register entry", "time for appeal"):
        assert hidden not in shown
    assert context(browser(cast.reporter))["dates"].coming == []


def test_every_kind_of_deadline_says_whom_it_concerns() -> None:
    """A closed list: a new clock is CQC's own until somebody says that the employer sees it."""
    shown = {kind.name for kind in DEADLINES.values() if kind.for_employer}
    assert shown == {
        "notify",
        "report",
        "information",
        "action",
        "evidence",
        "accuracy",
        "action_plan",
        "plan_action",
        "questionnaire",
        "comply",
        "secretary_appeal",
    }


def test_what_was_answered_or_closed_is_asked_no_more(cast: Cast) -> None:
    asked = notification_in("further_information", cast=cast)
    gone = notification_in("further_information", cast=cast)
    services.withdraw(notification=gone, by=cast.officer, version=gone.case.version, reason="A double.")
    client = browser(cast.reporter)
    assert [each.case_id for each in context(client)["questions"]] == [asked.pk]
    services.answer_request(
        notification=asked,
        by=cast.reporter,
        version=asked.case.version,
        request=InformationRequest.objects.get(case=asked.case),
        answer="The first.",
    )
    assert context(client)["questions"] == []


def test_each_filter_shows_what_it_says(cast: Cast) -> None:
    site = SiteFactory.create(employer=cast.employer)
    draft = notification_in("draft", cast=cast, procedure="Left knee")
    sent = notification_in("submitted", cast=cast, site=site)
    treated = notification_in("submitted", cast=cast, modality="radiotherapy")
    over = notification_in("withdrawn", cast=cast)
    notification_in("discarded", cast=cast)
    client = browser(cast.reporter)
    reference = str(sent.case.reference)
    everything = {draft.pk, sent.pk, treated.pk, over.pk}
    for asked, found in (
        ({}, everything),
        ({"kind": "notification"}, everything),
        ({"kind": "notice"}, set()),
        ({"status": "notification:submitted"}, {sent.pk, treated.pk}),
        ({"status": "notification:draft"}, {draft.pk}),
        ({"site": site.pk}, {sent.pk}),
        ({"modality": "radiotherapy"}, {treated.pk}),
        ({"state": "closed"}, {over.pk}),
        ({"state": "open"}, everything - {over.pk}),
        ({"q": "left KNEE"}, {draft.pk}),
        ({"q": reference.lower().replace("-", " ")}, {sent.pk}),
        ({"q": "no such thing"}, set()),
        ({"state": "open", "modality": "radiotherapy", "q": "chest"}, {treated.pk}),
    ):
        assert listed(client, **asked) == found, asked
    assert "None of your cases match these filters" in text(client.get("/notifications/", {"q": "nothing"}))


@pytest.mark.parametrize("name", FILTERS)
def test_nonsense_is_said_beside_its_box_and_left_out(cast: Cast, name: str) -> None:
    add_member(
        user=cast.reporter, employer=Cast().employer, role=Role.EMPLOYER_REPORTER, by=Scheduled("test")
    )
    kept = notification_in("submitted", cast=cast)
    client = browser(cast.reporter)
    for value in NASTY:
        answer = client.get("/notifications/", {name: [value, value]})
        assert answer.status_code == 200, value[:20]
        if name not in ("q", "page"):
            assert bool(problems(answer)) == bool(value), value[:20]
            assert listed(client, **{name: value}) == {kept.pk}


def test_pages_keep_the_filters(cast: Cast) -> None:
    for _ in range(27):
        services.start_draft(employer=cast.employer, by=cast.reporter, content=complete())
    client = browser(cast.reporter)
    shown = text(client.get("/notifications/", {"state": "open", "q": "chest"}))
    assert "?state=open&amp;q=chest&amp;page=2" in shown
    assert len(listed(client, state="open", q="chest", page=2)) == 2
    assert 'value="chest"' in shown


def test_who_acts_for_several_sees_whose_is_whose_and_narrows_to_one(cast: Cast) -> None:
    other = Cast()
    add_member(user=cast.reporter, employer=other.employer, role=Role.EMPLOYER_REPORTER, by=Scheduled("test"))
    mine, theirs = notification_in("draft", cast=cast), notification_in("draft", cast=other)
    notification_in("draft", cast=Cast())
    client = browser(cast.reporter)
    shown = text(client.get("/notifications/"))
    assert shown.count(cast.employer.name) >= 4
    assert listed(client) == {mine.pk, theirs.pk}
    narrowed = context(client, employer=other.employer.pk)
    assert {case.pk for case in narrowed["page"].object_list} == {theirs.pk}
    assert [case.pk for case in narrowed["drafts"]] == [theirs.pk]
    assert [each.deadline.case_id for each in narrowed["dates"].coming] == [theirs.pk]
    alone = text(browser(other.reporter).get("/notifications/"))
    assert 'name="employer"' not in alone


def test_neither_another_employers_cases_nor_its_sites_are_offered(cast: Cast) -> None:
    stranger = Cast()
    foreign = SiteFactory.create(employer=stranger.employer)
    notification_in("awaiting_report", cast=stranger, site=foreign)
    notification_in("further_information", cast=stranger)
    client = browser(cast.reporter)
    shown = text(client.get("/notifications/"))
    for hidden in (stranger.employer.name, foreign.name, "IRN-"):
        assert hidden not in shown
    assert problems(client.get("/notifications/", {"site": foreign.pk}))
    assert listed(client, employer=stranger.employer.pk) == set()


def test_more_dates_than_are_shown_are_said(cast: Cast) -> None:
    for _ in range(51):
        services.start_draft(employer=cast.employer, by=cast.reporter, content=complete())
    client = browser(cast.reporter)
    assert len(context(client)["dates"].coming) == 50
    assert "We show only the first 50 dates" in text(client.get("/notifications/"))
