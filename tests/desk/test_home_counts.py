"""Every count on the desk's home, of the product's own kinds of case: whoever opens it finds that many, and a
restricted case is counted for nobody who may not open it."""

import itertools
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from enforcement.services import propose
from regulator import clock
from regulator.accounts.roles import STAFF_ROLES, Role
from regulator.casework.desk import HOME_PANELS, HomeLine, HomePanel
from regulator.casework.home_ages import BANDS, days_of
from regulator.casework.models import Case
from regulator.editions.models import Edition
from tests.desk.permission_table import Stage
from tests.enforcement.scene import MORNING
from tests.factories import notification_in

pytestmark = pytest.mark.django_db
EVENING = MORNING + timedelta(days=100)


@pytest.fixture(scope="module")
def stage(stage: Stage) -> Stage:
    """Every case in every state, some of them opened at other times, a hundred days after it began."""
    officer = browser(stage, Role.CASE_OFFICER)
    for standing in (each for each in stage.standings if each.case.is_restricted):
        assert officer.get(f"/desk/casework/case/{standing.case.pk}/").status_code == 200
    stage.travel.move_to(EVENING)
    for age in (0, 7, 8, 28, 29, 84, 85, 6, 13):
        waiting = notification_in("submitted", cast=stage.cast).case
        opened = clock.now() - timedelta(days=age)
        Case.objects.filter(pk=waiting.pk).update(opened_at=opened, created_at=opened)
    for age in (0, 3, 7):
        closed = notification_in("withdrawn", cast=stage.cast).case
        Case.objects.filter(pk=closed.pk).update(closed_at=clock.now() - timedelta(days=age))
    for who in (stage.scene.inspector, stage.people[Role.INSPECTOR]):
        draft = stage.scene.draft(by=who)
        stage.scene.do(draft, propose, who)
    return stage


def panels(stage: Stage, role: Role) -> list[HomePanel]:
    found = (panel(stage.people[role]) for panel in HOME_PANELS.values())
    return [panel for panel in found if panel is not None]


def lines(stage: Stage, role: Role) -> dict[tuple[str, str], HomeLine]:
    return {(panel.title, line.label): line for panel in panels(stage, role) for line in panel.lines}


def browser(stage: Stage, role: Role) -> Client:
    client = Client()
    client.force_login(stage.people[role])
    return client


def shown_on(answer: Any) -> int:
    """How many rows a list has; the weeks of views are no list of the admin's own."""
    found = answer.context.get("cl")
    return int(found.result_count if found else answer.context["page"].paginator.count)


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_each_count_is_that_of_the_list_to_which_it_leads(stage: Stage, role: Role) -> None:
    client = browser(stage, role)
    shown = client.get("/desk/").content.decode()
    for where, line in lines(stage, role).items():
        assert line.url.replace("&", "&amp;") in shown, where
        answer: Any = client.get(line.url)
        assert answer.status_code == 200, where
        assert shown_on(answer) == line.count, where


def test_a_week_of_views_waits_for_whoever_signs_it(stage: Stage) -> None:
    assert lines(stage, Role.AUDITOR)["Restricted cases", "Weeks of views to sign"].count == 1


def test_what_waits_for_triage_is_counted_by_age(stage: Stage) -> None:
    found = lines(stage, Role.CASE_OFFICER)
    title = "Waiting for triage"
    assert found[title, "Up to 7 days"].count == 3
    assert found[title, "8 to 28 days"].count == 3
    assert found[title, "29 to 84 days"].count == 2
    bands = [line.count for (panel, label), line in found.items() if panel == title and label != "Waiting"]
    assert sum(bands) == found[title, "Waiting"].count
    assert "Oldest: IRN-" in found[title, "Waiting"].detail
    assert found[title, "Waiting"].detail.endswith("for 100 days")


def test_the_bands_leave_no_day_out() -> None:
    today = date(2026, 3, 2)
    spans = [days_of(band, today) for band in BANDS]
    assert spans[0][1] is None
    assert spans[-1][0] is None
    for (first, _), (_, last) in itertools.pairwise(spans):
        assert first is not None
        assert last == first - timedelta(days=1)


def test_the_week_counts_what_came_and_what_went(stage: Stage) -> None:
    found = lines(stage, Role.CASE_OFFICER)
    title = "The last 7 days"
    received, closed = found[title, "Received"], found[title, "Closed"]
    assert received.count == 7
    assert found[title, "Received in the 7 days before"].count == 3
    assert closed.count == 2
    assert closed.detail == "5 fewer than were received"
    assert found[title, "Closed in the 7 days before"].count == 1


def test_a_restricted_case_is_counted_for_those_alone_who_may_open_it(stage: Stage) -> None:
    label = ("Waiting for triage", "Waiting")
    named, stranger = lines(stage, Role.CASE_OFFICER)[label], lines(stage, Role.INSPECTOR)[label]
    assert named.count == stranger.count + 1


def test_a_draft_is_counted_as_mine_or_as_for_me_to_review_or_approve(stage: Stage) -> None:
    title = "Notices for a second person"
    drafter = lines(stage, Role.INSPECTOR)
    assert drafter[title, "My drafts, for somebody else"].count == 1
    assert (title, "For me to approve") not in drafter
    assert (title, "For me to review") not in drafter
    manager = lines(stage, Role.ENFORCEMENT_MANAGER)
    assert (title, "My drafts, for somebody else") not in manager
    assert manager[title, "For me to review"].count == 3
    assert manager[title, "For me to approve"].count == 1


def test_an_edition_is_counted_as_mine_or_as_for_me_to_decide_on(stage: Stage) -> None:
    administrator = stage.people[Role.ADMINISTRATOR]
    for who in (administrator, stage.cast.officer, stage.cast.officer):
        Edition.objects.create(
            kind="clock", what="report", holds_from=clock.today(), content={}, replaces={}, reason="Trial",
            proposed_by=who,
        )  # fmt: skip
    found = lines(stage, Role.ADMINISTRATOR)
    client = browser(stage, Role.ADMINISTRATOR)
    title = "Reference data for a second person"
    for label, count in (("My proposals, for somebody else", 1), ("For me to decide on", 2)):
        assert found[title, label].count == count
        answer: Any = client.get(found[title, label].url)
        assert answer.context["cl"].result_count == count


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_home_takes_as_many_queries_for_many_cases_as_for_few(stage: Stage, role: Role) -> None:
    client = browser(stage, role)
    with CaptureQueriesContext(connection) as few:
        client.get("/desk/")
    for _ in range(5):
        notification_in("submitted", cast=stage.cast)
    with CaptureQueriesContext(connection) as many:
        client.get("/desk/")
    assert len(many) <= len(few) <= 8 + len(HOME_PANELS)
