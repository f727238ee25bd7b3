"""Nonsense sent to the notifications API: a 4xx in JSON that names the field, never a 500."""

import gzip
import json
from typing import Any, Final

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications.models import Notification
from tests.factories import Cast, notification_in
from tests.notifications.pages import browser
from tests.notifications.programs import problem, stored

pytestmark = pytest.mark.usefixtures("reference")

LIST: Final = "/api/v1/notifications/"
FIELDS: Final = [
    *("employer", "site", "modality", "basis", "sub_modality", "occurred_on", "discovered_on", "narrative"),
    *("number_exposed", "individual_told", "complementary_codes", "duty_holders_involved", "reporter_cause"),
    *("foetal_dose_mgy", "imaging", "radiotherapy", "radionuclide", "version", "status", "nonsense"),
]
BODIES: Final = {
    "deep lists": b"[" * 100_000,
    "deep lists, closed": b"[" * 5_000 + b"]" * 5_000,
    "deep objects": b'{"imaging":' * 500 + b"1" + b"}" * 500,
    "a long integer": b'{"number_exposed": ' + b"9" * 5_000 + b"}",
    "a large number in a text": b'{"narrative": -1e400}',
    "more values than anybody means": b'{"complementary_codes": [' + b"0," * 6_000 + b"0]}",
    "a large number": b'{"number_exposed": 1e400}',
    "infinity": b'{"number_exposed": Infinity}',
    "not a number": b'{"imaging": {"actual_effective_dose_msv": NaN}}',
    "half a pair in a text": b'{"narrative": "\\ud800"}',
    "half a pair in a choice": b'{"modality": "\\ud800"}',
    "half a pair in a key": b'{"\\udfff": 1}',
    "half a pair as employer": b'{"employer": "\\ud800"}',
    "half a pair as site": b'{"site": "\\ud800"}',
    "null character": b'{"site": "\\u0000"}',
    "null character as cause": b'{"reporter_cause": "\\u0000"}',
    "null character as employer": b'{"employer": "\\u0000"}',
    "null character as code": b'{"complementary_codes": ["\\u0000"]}',
    "latin-1": b'{"narrative": "\xe9"}',
    "a byte order mark": b'\xef\xbb\xbf{"narrative": "x"}',
    "two documents": b"{}{}",
    "nothing closed": b'{"narrative": "',
    "a scalar": b"7",
    "null": b"null",
}


def writes(draft: Notification) -> list[tuple[str, str]]:
    one = f"{LIST}{draft.pk}/"
    return [("POST", LIST), ("PATCH", one), ("POST", f"{one}submit/")]


def refused(answer: Any, where: object) -> None:
    assert answer.status_code == 400, (where, answer.status_code)
    assert answer["Content-Type"] == "application/problem+json", where
    assert json.loads(answer.content)["detail"], where


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_makes_no_sense_is_refused(name: str) -> None:
    cast = Cast()
    client = browser(cast.reporter)
    for method, path in writes(notification_in("draft", cast=cast)):
        refused(client.generic(method, path, BODIES[name], content_type="application/json"), (method, path))


def test_more_bytes_than_are_taken_are_refused_unread() -> None:
    cast = Cast()
    client = browser(cast.reporter)
    body = b'{"narrative": "' + b"x" * 6_000_000 + b'"}'
    for method, path in writes(notification_in("draft", cast=cast)):
        problem(client.generic(method, path, body, content_type="application/json"), 413)


@pytest.mark.parametrize("kind", ["application/json", "APPLICATION/JSON; charset=utf-8"])
def test_json_is_utf_8_whatever_its_type_says(kind: str) -> None:
    cast = Cast()
    client = browser(cast.reporter)
    for method, path in writes(notification_in("draft", cast=cast)):
        for encoding in ("utf-16", "utf-32", "utf-16-le", "latin-1"):
            body = '{"narrative": "é", "version": 1}'.encode(encoding)
            answer = client.generic(method, path, body, content_type=f"{kind}; charset={encoding}")
            problem(answer, 400)
        answer = client.generic(method, path, gzip.compress(b'{"version": 1}'), content_type=kind)
        problem(answer, 400)


def test_a_form_of_a_session_is_not_taken_for_an_empty_body() -> None:
    """The CSRF check reads a form before the API does."""
    cast = Cast()
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.reporter)
    client.cookies["csrftoken"] = "x" * 32
    token = {"x-csrftoken": "x" * 32}
    made = client.post(LIST, {}, content_type="application/json", headers=token)
    assert made.status_code == 201
    before = stored()
    for kind in ("multipart/form-data; boundary=x", "application/x-www-form-urlencoded"):
        body = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n'
        for method, path in writes(Notification.objects.get(pk=made.json()["id"])):
            problem(client.generic(method, path, body, content_type=kind, headers=token), 415)
    assert stored() == before


def test_what_is_not_json_is_not_taken() -> None:
    cast = Cast()
    client = browser(cast.reporter)
    for method, path in writes(notification_in("draft", cast=cast)):
        for kind in ("text/plain", "multipart/form-data; boundary=x", "application/xml", "nonsense"):
            answer = client.generic(method, path, b"version=1", content_type=kind)
            assert (answer.status_code, answer["Content-Type"]) == (415, "application/problem+json"), kind


@pytest.mark.parametrize(
    "version", [None, "", "abc", -1, 0, 1.5, 10**30, "1" * 5000, [], {}, [1], True, "1e3", "\x00"]
)
def test_a_version_that_is_none_is_refused(version: Any) -> None:
    cast = Cast()
    client = browser(cast.reporter)
    for method, path in writes(notification_in("draft", cast=cast))[1:]:
        sent = json.dumps({"version": version})
        answer = client.generic(method, path, sent, content_type="application/json")
        if version is True:  # JSON's true is Python's 1, and is taken for it
            assert answer.status_code < 500
            continue
        refused(answer, path)
        assert list(json.loads(answer.content)["errors"]) == ["version"]


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec=None), max_size=20)
    | st.sampled_from(["2026-02-31", "0000-00-00", "99999-01-01", "NaN", "1e400", "equipment", "operator"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=3),
    max_leaves=5,
)


def test_whatever_is_sent_is_answered() -> None:
    cast = Cast()
    client = browser(cast.reporter)
    targets = writes(notification_in("draft", cast=cast))

    @settings(
        max_examples=60,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(st.sampled_from(targets), st.dictionaries(st.sampled_from(FIELDS), ANYTHING, max_size=4))
    def sent(target: tuple[str, str], payload: dict[str, Any]) -> None:
        answer = client.generic(*target, json.dumps(payload), content_type="application/json")
        assert answer.status_code in (200, 201, 400, 409), (target, payload, answer.status_code)
        json.loads(answer.content)

    sent()


def test_lists_survive_strange_questions() -> None:
    client: Client = browser(Cast().reporter)
    for value in ("abc", "-1", str(10**30), "\x00", "x" * 10_000, "cD0x", "bz0x", "cj0x", "🏥"):
        for name in ("cursor", "page", "page_size", "format", "limit"):
            answer = client.get(LIST, {name: value})
            assert answer.status_code in (200, 404), (name, value[:20])
