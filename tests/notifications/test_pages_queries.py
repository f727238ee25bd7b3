"""How many queries the employer's pages take: few, and as many for many cases as for one.

Session and person are two of them on every page.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from notifications.models import Notification
from regulator.casework.models import Case
from regulator.casework.services import request_information
from tests.factories import Cast, SiteFactory, a_cause, notification_in
from tests.notifications.pages import boxes, browser

pytestmark = pytest.mark.usefixtures("reference")

SECTIONS = ["incident", "people", "exposure", "criterion", "circumstances", "telling"]


def queries(ask: Callable[[], Any], status: int = 200) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = ask()
    assert answer.status_code == status
    return len([query for query in captured if "SAVEPOINT" not in query["sql"]])


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def draft(cast: Cast) -> Notification:
    return notification_in(
        "draft",
        cast=cast,
        site=SiteFactory.create(employer=cast.employer),
        complementary_codes=("equipment", "multiple_individuals"),
        reporter_cause=a_cause("diagnostic_imaging"),
    )


def crowd(cast: Cast) -> None:
    """Ten times as much of everything."""
    SiteFactory.create_batch(10, employer=cast.employer)
    for state in ("draft", "submitted", "awaiting_report", "withdrawn"):
        for _ in range(7):
            notification_in(state, cast=cast)


def twice(client: Client, path: str, cast: Cast, most: int) -> None:
    client.get(path)
    few = queries(lambda: client.get(path))
    crowd(cast)
    many = queries(lambda: client.get(path))
    assert (few, many <= most) == (many, True), f"{path}: {few} queries, then {many}"


def test_home(cast: Cast, draft: Notification) -> None:
    twice(browser(cast.reporter), "/notifications/", cast, 13)


def test_a_draft_and_its_check_page(cast: Cast, draft: Notification) -> None:
    twice(browser(cast.reporter), f"/notifications/draft/{draft.pk}/", cast, 8)
    twice(browser(cast.reporter), f"/notifications/draft/{draft.pk}/check/", cast, 10)


@pytest.mark.parametrize("slug", SECTIONS)
def test_a_section(cast: Cast, draft: Notification, slug: str) -> None:
    twice(browser(cast.reporter), f"/notifications/draft/{draft.pk}/{slug}/", cast, 10)


@pytest.mark.parametrize(
    ("slug", "change"),
    [
        ("people", {"number_exposed": "4"}),
        ("exposure", {"estimation_method": "Calculated"}),
        ("criterion", {"complementary_codes": ["equipment"]}),
        ("circumstances", {"anatomy": "Chest"}),
    ],
)
def test_saving_a_section(cast: Cast, draft: Notification, slug: str, change: dict[str, Any]) -> None:
    client = browser(cast.reporter)
    path = f"/notifications/draft/{draft.pk}/{slug}/"
    crowd(cast)
    filled = boxes(client.get(path)) | change
    assert queries(lambda: client.post(path, filled), 302) <= 19


def test_a_notification(cast: Cast) -> None:
    sent = notification_in("further_information", cast=cast, site=SiteFactory.create(employer=cast.employer))
    client = browser(cast.reporter)
    path = f"/notifications/{sent.case.reference}/"
    client.get(path)
    few = queries(lambda: client.get(path))
    for _ in range(5):
        request_information(
            case=Case.objects.get(pk=sent.pk),
            question="And?",
            due_on=sent.case.created_at.date(),
            by=cast.officer,
        )
    crowd(cast)
    assert (queries(lambda: client.get(path)), few <= 20) == (few, True)
