"""Nonsense in every box of every page: a 4xx with a message, never a 500, and what was typed still there."""

from typing import Any, Final

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications.models import Notification
from notifications.report_sections import SECTIONS as REPORT_SECTIONS
from regulator.casework.models import Case, InformationRequest
from regulator.frontend.fields import PARTS
from regulator.organisations.models import Modality
from tests.factories import Cast, notification_in
from tests.notifications.pages import boxes, browser, problems, text

pytestmark = pytest.mark.usefixtures("reference")

HUGE: Final = "1" + "0" * 400
NASTY: Final = [
    "\x00",
    "a\x00b",
    HUGE,
    "1" * 5000,
    "-1",
    "0",
    "NaN",
    "Infinity",
    "1e99",
    "1.5",
    "١٢٣",
    "½",
    "🏥👩🏽‍⚕️",
    "x" * 200_000,
    "'; DROP TABLE notifications_notification; --",
    "<script>alert(1)</script>",
    "{{ 7 * 7 }}{% raw %}${7*7}",
    "\u202eleft\u200b",
    "a\r\nb",
    "[]",
    "None",
    "true",
    "../../etc/passwd",
    "0000-00-00",
    " ",
]
VERSIONS: Final[list[dict[str, Any]]] = [
    {},
    *({"version": value} for value in ("", "abc", "-1", "1.5", str(10**30), "9" * 5000, "\x00", "None")),
]
DATES: Final = [
    ("0", "0", "0"),
    ("0", "0", "0000"),
    ("31", "2", "2026"),
    ("29", "2", "2025"),
    ("1", "1", "99999"),
    ("1", "1", "1"),
    ("", "2", "2026"),
    ("1", "", ""),
    ("x", "y", "z"),
    ("\x00", "\x00", "\x00"),
    ("١", "٢", "٢٠٢٦"),
    ("9" * 5000, "1", "2026"),
    ("-1", "-1", "-2026"),
    ("1", "1", "9999"),
    ("2", "1", "1066"),
    ("<b>", "{{7*7}}", "🏥"),
]
ONE_LINE: Final = [
    f"{name}_{part}"
    for name in ("occurred_on", "occurred_until", "discovered_on", "planned_for", "done_on", "asked_until")
    for part in PARTS
]
"""Boxes inside a group, whose markup is indented: a line break, which nobody can type there, moves."""
SHARES: Final = 2
"""Into how many tests the pages are dealt out, so that several processes share them."""
MODALITIES: Final = list(Modality.values)
REPORT_PAGES: Final = [*(each.slug for each in REPORT_SECTIONS), "check"]
SECTIONS: Final = ["incident", "people", "exposure", "criterion", "circumstances", "telling", "lfpse"]


def pages_of(cast: Cast, modality: str) -> list[str]:
    """Every page with a form, each on a case in the state in which the form can be used."""
    draft = notification_in("draft", cast=cast, modality=modality)
    asked = notification_in("further_information", cast=cast, modality=modality)
    awaiting = notification_in("awaiting_report", cast=cast, modality=modality)
    question = InformationRequest.objects.get(case=asked.case)
    return [
        "/notifications/new/",
        *(f"/notifications/draft/{draft.pk}/{slug}/" for slug in (*SECTIONS, "check", "discard")),
        f"/notifications/{asked.case.reference}/requests/{question.pk}/",
        *(f"/notifications/{awaiting.case.reference}/report/{slug}/" for slug in REPORT_PAGES),
        f"/notifications/{awaiting.case.reference}/actions/new/",
        f"/notifications/{awaiting.case.reference}/more-time/",
        f"/notifications/{awaiting.case.reference}/amend/",
        *(f"/notifications/{awaiting.case.reference}/amend/{slug}/" for slug in (*SECTIONS, "drop")),
        f"/notifications/{awaiting.case.reference}/withdraw/",
    ]


@pytest.mark.parametrize("share", range(SHARES))
def test_every_box_of_every_page_survives(share: int) -> None:
    """A correction has the forms of the draft, which get it all: each of its pages gets a third of it."""
    cast = Cast()
    client = browser(cast.reporter)
    others = [notification_in("draft", cast=cast, modality=modality) for modality in MODALITIES[1:]]
    paths = [
        *pages_of(cast, MODALITIES[0]),
        *(f"/notifications/draft/{each.pk}/exposure/" for each in others),
    ]
    for place, path in list(enumerate(paths))[share::SHARES]:
        sound = boxes(client.get(path))
        version = {"version": sound["version"]} if "version" in sound else {}
        for nasty in NASTY[place % 3 :: 3] if "/amend/" in path else NASTY:
            answer = sent_and_taken_back(client, path, {**dict.fromkeys(sound, nasty), **version})
            refused_and_kept(answer, nasty, sound, f"{path}: {answer.status_code} for {nasty[:40]!r}")


def sent_and_taken_back(client: Client, path: str, data: dict[str, Any]) -> Any:
    """The answer to a form, after which everything is as it was before."""
    with transaction.atomic():
        answer: Any = client.post(path, data)
        transaction.set_rollback(True)
    return answer


def refused_and_kept(answer: Any, nasty: str, sound: dict[str, Any], where: str) -> None:
    if answer.status_code == 302:  # it makes sense to this form, or the form asks nothing
        return
    assert answer.status_code == 400, where
    assert problems(answer), where
    assert "<script>alert" not in text(answer), where
    for name, shown in boxes(answer).items():
        if name != "version" and shown not in ([""], []):
            same = shown == [nasty] or (name in ONE_LINE and " ".join(shown[0].split()) == "a b")
            assert same or shown == sound.get(name), f"{where} {name}"


@pytest.mark.parametrize("share", range(SHARES))
def test_a_form_without_its_version_says_so_and_can_be_sent_again(share: int) -> None:
    """None, and two of the others to each page: all have the one field, so each is tried on many pages."""
    cast = Cast()
    client = browser(cast.reporter)
    current = Case.objects.values_list("version", flat=True)
    paths = list(enumerate(pages_of(cast, Modality.DIAGNOSTIC_IMAGING)))
    for place, path in paths[1:][share::SHARES]:
        sound = boxes(client.get(path))
        del sound["version"]
        for sent in (VERSIONS[0], *VERSIONS[1 + place % 4 :: 4]):
            answer = sent_and_taken_back(client, path, sound | sent)
            assert answer.status_code in (400, 409), path
            told = problems(answer)
            assert any("version" in problem or "Someone else" in problem for problem in told), path
            assert int(boxes(answer)["version"][0]) in current


@pytest.mark.parametrize("name", ["occurred_on", "occurred_until", "discovered_on"])
def test_an_impossible_date_is_told_beside_its_boxes(name: str) -> None:
    cast = Cast()
    draft = notification_in("draft", cast=cast)
    client = browser(cast.reporter)
    path = f"/notifications/draft/{draft.pk}/incident/"
    sound = boxes(client.get(path))
    for typed in DATES:
        parts = dict(zip((f"{name}_day", f"{name}_month", f"{name}_year"), typed, strict=True))
        answer = client.post(path, sound | parts)
        assert answer.status_code == 400, typed
        assert f'id="id_{name}-error"' in text(answer), typed
        shown = boxes(answer)
        assert {box: shown[box][0] for box in parts} == parts


@pytest.mark.parametrize(
    ("slug", "name", "value"),
    [
        ("incident", "sub_modality", "magic"),
        ("incident", "site", "magic"),
        ("incident", "site", "9" * 30),
        ("incident", "event_kind", "<b>"),
        ("people", "number_exposed", "many"),
        ("people", "number_exposed", "0"),
        ("people", "number_exposed", HUGE),
        ("people", "clinically_significant", "perhaps"),
        ("people", "foetal_dose_mgy", "-1"),
        ("exposure", "actual_effective_dose_msv", "NaN"),
        ("exposure", "actual_effective_dose_msv", "1e400"),
        ("exposure", "actual_effective_dose_msv", "0.0000001"),
        ("exposure", "other_unit", "parsec"),
        ("criterion", "criterion_code", "99"),
        ("criterion", "complementary_codes", ["equipment", "nonsense"]),
        ("criterion", "complementary_codes", ["\x00"]),
        ("circumstances", "procedure", "x" * 201),
        ("circumstances", "narrative", "x" * 100_001),
        ("circumstances", "duty_holders_involved", ["operator", "operator"]),
        ("circumstances", "duty_holders_involved", ["nobody"]),
        ("circumstances", "reporter_cause", "magic"),
        ("circumstances", "reporter_cause", "0"),
        ("telling", "contact_phone", "0" * 31),
    ],
)
def test_what_cannot_be_kept_is_told_beside_its_box_and_stays_typed(slug: str, name: str, value: Any) -> None:
    cast = Cast()
    draft = notification_in("draft", cast=cast)
    client = browser(cast.reporter)
    path = f"/notifications/draft/{draft.pk}/{slug}/"
    sound = boxes(client.get(path))
    answer = client.post(path, sound | {name: value})
    assert answer.status_code == 400
    assert len(problems(answer)) == 1
    assert f'id="id_{name}-error"' in text(answer)
    kept = boxes(answer)
    assert {each: kept[each] for each in sound if each != name} == {
        each: sound[each] for each in sound if each != name
    }
    if isinstance(value, str) and name in kept and kept[name] != [""]:
        assert kept[name] == [value]
    assert Case.objects.get().version == draft.case.version


KINDS: Final = [
    "application/json",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "nonsense",
    "",
]


@pytest.mark.parametrize("kind", KINDS)
def test_a_body_that_is_no_form_is_400(kind: str) -> None:
    cast = Cast()
    draft = notification_in("draft", cast=cast)
    client = browser(cast.reporter)
    for sent in (b"", b"{}", b'{"version": 1}', b"\xff\xfe\x00", b"a" * 10_000):
        for path in ("/notifications/new/", f"/notifications/draft/{draft.pk}/people/"):
            assert client.generic("POST", path, sent, content_type=kind).status_code == 400, sent[:20]
    assert Notification.objects.count() == 1


TEXTS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(NASTY),
    st.integers().map(str),
    st.floats().map(str),
    st.decimals().map(str),
)
QUIET = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)


@pytest.mark.parametrize("slug", [*SECTIONS, "check"])
def test_whatever_is_typed_is_answered(slug: str) -> None:
    cast = Cast()
    draft = notification_in("draft", cast=cast, modality=Modality.RADIOTHERAPY)
    client = browser(cast.reporter)
    path = f"/notifications/draft/{draft.pk}/{slug}/"
    names = sorted(boxes(client.get(path)))

    @QUIET
    @given(st.dictionaries(st.sampled_from(names), st.one_of(TEXTS, st.lists(TEXTS, max_size=3))))
    def sent(typed: dict[str, Any]) -> None:
        answer = client.post(path, {name: _encodable(value) for name, value in typed.items()})
        assert answer.status_code in (302, 400, 409)
        assert answer.status_code == 302 or problems(answer)

    sent()


def _encodable(value: Any) -> Any:
    """A browser sends no lone surrogates."""
    if isinstance(value, list):
        return [_encodable(each) for each in value]
    return value.encode("utf-8", "replace").decode()


STRANGE_ADDRESSES = [
    "/notifications/%00/",
    "/notifications/%FF/",
    "/notifications/IRN-2026-00001-%00/",
    "/notifications/{{7*7}}/",
    "/notifications/" + "x" * 5000 + "/",
    "/notifications/draft/0/",
    "/notifications/draft/" + "9" * 30 + "/",
    "/notifications/draft/" + "9" * 5000 + "/",
    "/notifications/draft/-1/",
    "/notifications/draft/1/nowhere/",
    "/notifications/IRN-2026-00001-X/requests/" + "9" * 30 + "/",
    "/notifications/🏥/",
    "/notifications/' OR 1=1 --/",
]


def test_a_strange_address_is_not_found() -> None:
    client = browser(Cast().reporter)
    found = {path[:60]: client.get(path).status_code for path in STRANGE_ADDRESSES}
    assert found == dict.fromkeys(found, 404)


def test_a_page_number_that_is_none_shows_the_nearest() -> None:
    cast = Cast()
    notification_in("draft", cast=cast)
    client = browser(cast.reporter)
    for page in ("abc", "-1", "0", "1e9", str(10**30), "9" * 5000, "\x00", "x" * 10_000, "[]"):
        assert client.get("/notifications/", {"page": page, "other": page}).status_code == 200, page[:20]
