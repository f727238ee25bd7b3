"""Strange questions to lists, and strange answers to the sign-in form: never a 500."""

from urllib.parse import urlencode

import pytest
from django.test import Client

from regulator.accounts.roles import Role
from tests.factories import staff

VALUES = [
    "",
    "abc",
    "-1",
    "0",
    "1.5",
    str(10**30),
    "9" * 5000,
    "\x00",
    "x" * 10_000,
    "[]",
    "🏥",
    "' OR 1=1 --",
]
REGISTER = [
    "q",
    "type",
    "status",
    "year",
    "served_from",
    "served_to",
    "employer_type",
    "modality",
    "regulation",
    "region",
    "sort",
    "after",
    "before",
    "page",
    "letter",
    "nonsense",
]
EACH_SORT = ["", "-1", "9" * 5000, "\x00"]
"""A value of each sort: nothing, one that is read and fits nothing, too much, and what no database keeps."""
QUEUE = [
    "q",
    "p",
    "o",
    "e",
    "all",
    "kind",
    "status",
    "risk",
    "assignee",
    "due",
    "state",
    "mark",
    "modality",
    "employer",
    "employer_type",
    "opened_from",
    "closed_from",
    "due_to",
    "page",
    "after",
    "before",
    "sub_modality",
    "regime",
    "code",
    "tier2",
    "discovered_to",
    "employer__id__exact",
    "nonsense",
]
OF_A_KIND = {"sub_modality", "regime", "code", "tier2", "discovered_to"}
"""Filters that only the queue of notifications has."""
OFFERED = {200, 302, 400, 404}


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.django_db
@pytest.mark.parametrize("name", REGISTER)
def test_the_register_answers_any_question(visitor: Client, name: str) -> None:
    """Every value where the question belongs, and one of each sort twice and wherever else it is read."""
    for value in VALUES:
        for asked in ("/register/", "/api/v1/register/"):
            assert visitor.get(asked, {name: value}).status_code in OFFERED, value[:20]
    for value in EACH_SORT:
        for part in ("employers/", "places/", "regulations/", "regions/"):
            assert visitor.get(f"/register/{part}", {name: value}).status_code in OFFERED, value[:20]
        assert visitor.get("/register/", {name: [value, value]}).status_code in OFFERED, value[:20]
        with_cursor = visitor.get("/api/v1/register/", {name: value, "cursor": value})
        assert with_cursor.status_code in OFFERED, value[:20]


@pytest.mark.django_db
@pytest.mark.parametrize("name", QUEUE)
def test_the_desks_queue_answers_any_question(visitor: Client, name: str) -> None:
    """Every value where the question belongs, and one of each sort wherever else the same form reads it."""
    visitor.force_login(staff(Role.CASE_OFFICER))
    queues = ["", "kind/notification/"]
    home = queues[name in OF_A_KIND]
    for value in VALUES:
        for where in {home, *([*queues, "save/"] if value in EACH_SORT else [])}:
            answer = visitor.get(f"/desk/casework/case/{where}", {name: value})
            assert answer.status_code in OFFERED, value[:20]
        if value in EACH_SORT:
            answer = visitor.post(f"/desk/casework/case/export/csv/?{urlencode({name: value})}")
            assert answer.status_code in OFFERED, value[:20]


@pytest.mark.usefixtures("empty_cache")
@pytest.mark.parametrize("name", ["login", "password", "next", "remember"])
def test_the_sign_in_form_answers_anything(visitor: Client, name: str) -> None:
    sound = {"login": "nobody@example.invalid", "password": "x"}
    for value in [*VALUES, "x" * 200_000, "javascript:alert(1)", "//elsewhere.example"]:
        answer = visitor.post("/account/login/", sound | {name: value})
        assert answer.status_code in (200, 400, 429), value[:20]
    assert visitor.get("/account/login/", {"next": "\x00//elsewhere.example"}).status_code == 200
    assert (
        visitor.post("/account/login/", b"\xff{", content_type="multipart/form-data; boundary=x").status_code
        < 500
    )
