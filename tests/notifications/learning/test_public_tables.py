"""Every public route of learning reads the library's own tables, and no other; and no page of it says whose
case it was.

The routes are taken from the portal's own table of routes: whatever the package serves to anybody is asked
here by itself once it is routed.
"""

import re
from typing import Any, Final

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from notifications.learning.library import take_out
from notifications.learning.models import (
    LearningMark,
    LearningWord,
    LibraryRevision,
    PublishedLearning,
)
from notifications.learning.urls import app_name
from regulator.accounts.policies import policy_of
from tests.factories import Cast, EmployerFactory, SiteFactory, notification_in
from tests.notifications.addresses import walk
from tests.notifications.learning.making import Desk
from tests.notifications.learning.told import published

pytestmark = pytest.mark.django_db

PUBLIC: Final = {
    each._meta.db_table for each in (PublishedLearning, LearningWord, LearningMark, LibraryRevision)
}
_NAMED: Final = re.compile(r'(?:FROM|JOIN|INTO|UPDATE)\s+"?([a-z_][a-z0-9_]*)"?', re.IGNORECASE)
ROUTES: Final = [
    (name, path)
    for name, path, view in walk(get_resolver())
    if name.startswith(f"{app_name}:")
    or getattr(view, "__module__", "").startswith("notifications.learning.views.p")
]
QUERIES: Final = ("", "?q=lists+wrong&modality=diagnostic_imaging&cause=referrer&theme=workforce&page=2")


def tables(queries: list[dict[str, str]]) -> set[str]:
    return {name.lower() for query in queries for name in _NAMED.findall(query["sql"])} - {"select"}


def address(path: str, made: PublishedLearning) -> str:
    filled = re.sub(r"<int:number>", str(made.number), path)
    return "/" + re.sub(r"<slug:slug>", made.slug, filled)


def test_the_routes_are_found_and_open_to_all() -> None:
    assert len(ROUTES) >= 3
    for name, _, view in walk(get_resolver()):
        if name.startswith(f"{app_name}:"):
            policy = policy_of(view)
            assert policy is not None
            assert policy.public, name


@pytest.mark.parametrize(("name", "path"), ROUTES)
@pytest.mark.parametrize("query", QUERIES)
def test_it_reads_the_public_tables_alone(client: Client, name: str, path: str, query: str) -> None:
    made = published(themes=("workforce",))
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(f"{address(path, made)}{query}")
    assert answer.status_code == 200
    assert tables(captured.captured_queries) <= PUBLIC
    assert len(captured) <= 6


@pytest.mark.parametrize(("name", "path"), ROUTES)
def test_so_it_does_of_what_was_withdrawn_or_never_was(client: Client, name: str, path: str) -> None:
    made = published()
    take_out(made.number)
    for number in (made.number, made.number + 99):
        made.number = number
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address(path, made)).status_code in (200, 404, 410)
        assert tables(captured.captured_queries) <= PUBLIC


def test_a_table_of_another_is_seen() -> None:
    """The test itself: it knows the statements that it watches for."""
    with CaptureQueriesContext(connection) as captured, connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM casework_case JOIN learning_learningcase ON true LIMIT 1")
    assert tables(captured.captured_queries) == {"casework_case", "learning_learningcase"}


def test_the_public_tables_refer_to_no_other() -> None:
    for model in (PublishedLearning, LearningWord, LearningMark, LibraryRevision):
        for field in model._meta.get_fields():
            related: Any = getattr(field, "related_model", None)
            if field.concrete and related is not None:
                assert related is PublishedLearning, field


@pytest.mark.usefixtures("reference")
def test_nothing_public_says_whose_case_it_was(client: Client) -> None:
    """Whatever the case holds that names it stands nowhere in what anybody can read, nor in a public row."""
    employer = EmployerFactory.create(name="Wexcombe University Hospitals NHS Trust", ods_code="RX9")
    site = SiteFactory.create(
        employer=employer, name="St Aldric’s", postcode="WX1 2AB", cqc_location_id="1-77"
    )
    made = notification_in(
        "closed", cast=Cast(employer), site=site, procedure="Zebrogram", lfpse_id="LF-12345"
    )
    desk = Desk(made)
    entry = desk.published()
    case = desk.fresh.case
    held = [employer.name, "Wexcombe", "Aldric", "WX1", "RX9", "1-77", employer.key, site.key]
    held += [str(case.reference), "Zebrogram", "LF-12345", desk.writer.name, desk.second.name]
    assert made.occurred_on is not None
    held += [made.occurred_on.isoformat(), f"{made.occurred_on:%d %B %Y}"]
    rows = " ".join(
        str(row)
        for model in (PublishedLearning, LearningWord, LearningMark)
        for row in model.objects.values()
    )
    pages = "".join(client.get(address(path, entry)).content.decode() for _, path in ROUTES)
    for word in held:
        assert word not in rows, word
        assert word not in pages, word
