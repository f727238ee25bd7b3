"""The same case by page, by API and by command gets the same answer; and a draft can be made of it."""

import json
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from notifications.advice import advice_on, draft_of
from notifications.content import content_of
from notifications.criteria.check import Answer, check
from notifications.criteria.facts import FACTS
from notifications.models import Notification
from regulator.accounts.roles import Role
from tests.factories import Cast, person, staff
from tests.notifications.criteria.golden import GoldenCase, cases, told

EVERY_20TH = cases()[::20]
API = "/api/v1/criteria/check"
CT: dict[str, str] = {
    "country": "england",
    "event": "exposure",
    "occurred_on": "2026-01-05",
    "modality": "diagnostic_imaging",
    "exposure_kind": "unintended",
    "number_exposed": "1",
    "person": "adult",
    "intended_effective_dose": "3",
    "total_effective_dose": "25",
    "total_effective_dose_unit": "mSv",
}


@pytest.fixture(autouse=True)
def _nobody_asked_before(empty_cache: None) -> None:
    """The limit on checks in a minute starts anew."""


def by_api(client: Client, facts: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(API, facts, content_type="application/json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def by_command(facts: dict[str, Any], tmp_path: Path) -> dict[str, Any]:
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(facts), encoding="utf-8")
    out = StringIO()
    call_command("check_criteria", str(file), "--json", stdout=out)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


@pytest.mark.parametrize("case", EVERY_20TH, ids=str)
def test_page_api_and_command_give_the_same_answer(case: GoldenCase, client: Client, tmp_path: Path) -> None:
    answer = by_api(client, case.facts)
    assert answer == by_command(case.facts, tmp_path)
    assert (answer["answer"], answer["code"]) == (case.answer, case.code)
    shown = client.get(reverse("criteria:answer"), case.facts)
    assert shown.status_code == 200
    assert shown.context is None or shown.context["result"] == answer
    assert answer["heading"] in shown.content.decode()
    for rule in answer["rules"]:
        assert rule["code"] in shown.content.decode()


def test_the_command_also_answers_in_words(tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(CT), encoding="utf-8")
    out = StringIO()
    call_command("check_criteria", str(file), stdout=out)
    assert out.getvalue().startswith("This is notifiable to CQC.")
    assert "Code 2.3" in out.getvalue()


@pytest.mark.parametrize(
    ("text", "says"),
    [("{", "cannot be read"), ("[]", "one JSON object"), ('{"person": "dog"}', "person: Choose one of")],
)
def test_the_command_says_what_it_cannot_read(text: str, says: str, tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match=says):
        call_command("check_criteria", str(file), stdout=StringIO())


def test_the_api_names_each_answer_that_it_cannot_read(client: Client) -> None:
    wrong = {"total_effective_dose": "3 MBq", "person": "dog", "dose": "1"}
    answer = client.post(API, wrong, content_type="application/json")
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == set(wrong)
    assert client.post(API, [1], content_type="application/json").status_code == 400


def test_the_api_is_limited_by_address(client: Client) -> None:
    statuses = {client.post(API, {}, content_type="application/json").status_code for _ in range(121)}
    assert statuses == {200, 429}
    cache.clear()
    assert client.post(API, {}, content_type="application/json").status_code == 200


@given(
    st.dictionaries(
        st.sampled_from([*FACTS, "go", "total_effective_dose_unit", "occurred_on_day", "occurred_on_year"]),
        st.text(max_size=70),
        max_size=8,
    ),
    st.sampled_from(["where", "when", "who", "what", "how-much", "answer"]),
)
def test_whatever_stands_in_the_address_is_answered(query: dict[str, str], page: str) -> None:
    client = Client()
    answer = client.get(f"/check/{page}/?{urlencode(query, errors='replace')}")
    assert answer.status_code in (200, 302, 400)


def test_a_page_that_the_checker_does_not_have_is_not_found(client: Client) -> None:
    assert client.get("/check/why/").status_code == 404


def test_the_questions_lead_to_the_answer_and_ask_only_what_matters(client: Client) -> None:
    boxes = {"occurred_on_day": "5", "occurred_on_month": "1", "occurred_on_year": "2026"}
    typed = CT | boxes | {"clinically_significant": "no", "foetus_exposed": "no", "equipment_failure": "no"}
    typed |= {"interventional": "no", "tissue_reaction": "no", "intended_effective_dose_unit": "mSv"}
    address, asked = reverse("criteria:questions", args=["where"]), []
    while "/answer/" not in address:
        page = client.get(address)
        assert page.status_code == 200
        text = page.content.decode()
        here = [name for name in typed if f'name="{name}"' in text]
        asked += here
        assert "planned_images" not in text
        earlier = dict(pair.split("=") for pair in address.partition("?")[2].split("&") if pair)
        answer = client.get(
            address.partition("?")[0], earlier | {name: typed[name] for name in here} | {"go": "1"}
        )
        assert answer.status_code == 302, answer.content.decode()
        address = answer["Location"]
    assert "occurred_on=2026-01-05" in address
    assert "This is notifiable to CQC" in client.get(address).content.decode()


def test_an_error_stands_beside_its_question_and_keeps_what_was_typed(client: Client) -> None:
    wrong = CT | {"total_effective_dose": "a lot", "go": "1"}
    page = client.get(reverse("criteria:questions", args=["how-much"]), wrong)
    assert page.status_code == 400
    assert "Enter a number, like 3 or 0.25" in page.content.decode()
    assert 'value="a lot"' in page.content.decode()


@pytest.mark.usefixtures("reference")
class TestADraft:
    def test_is_made_of_the_answers_in_one_click(self, client: Client) -> None:
        cast = Cast()
        client.force_login(cast.reporter)
        address = f"{reverse('criteria:draft')}?{urlencode(CT)}"
        assert "25 mSv" in client.get(address).content.decode()
        made = client.post(address, {"employer": cast.employer.pk})
        draft = Notification.objects.get()
        assert made["Location"] == reverse("notifications:draft", args=[draft.pk])
        content = content_of(draft)
        assert content.imaging is not None
        assert (content.criterion_code, content.exposed_group) == ("2.3", "adult")
        assert content.imaging.actual_effective_dose_msv == 25
        assert advice_on(content).primary == "2.3"

    def test_needs_somebody_who_may_draft(self, client: Client) -> None:
        address = f"{reverse('criteria:draft')}?{urlencode(CT)}"
        answer = client.get(address)
        assert answer.status_code == 302
        assert "login" in answer["Location"]
        assert "total_effective_dose" in answer["Location"]
        client.force_login(staff(Role.INSPECTOR))
        assert client.get(address).status_code == 403

    def test_is_never_made_for_an_employer_of_somebody_else(self, client: Client) -> None:
        mine, theirs = Cast(), Cast()
        client.force_login(mine.reporter)
        address = f"{reverse('criteria:draft')}?{urlencode(CT)}"
        assert client.post(address, {"employer": theirs.employer.pk}).status_code == 400
        assert not Notification.objects.exists()

    def test_is_not_offered_for_what_belongs_to_another_body(self, client: Client) -> None:
        client.force_login(person(Role.EMPLOYER_REPORTER, Cast().employer))
        elsewhere = CT | {"country": "wales"}
        assert client.get(reverse("criteria:draft"), elsewhere).status_code == 404
        assert "Make a draft" not in client.get(reverse("criteria:answer"), elsewhere).content.decode()


@pytest.mark.parametrize("case", EVERY_20TH, ids=str)
def test_a_draft_of_the_answers_gets_no_contrary_advice(case: GoldenCase) -> None:
    """What a draft cannot say stays unknown: the advice on it may be less certain, never the opposite."""
    incident = told(case.facts)
    content = draft_of(incident)
    if content is None or incident.event == "licence_breach":
        return
    before, after = check(incident).answer, advice_on(content).answer
    assert {before, after} != {Answer.NOTIFIABLE, Answer.NOT_NOTIFIABLE}


def test_the_checker_asks_the_database_only_whether_the_criteria_changed(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for page in (reverse("criteria:answer"), reverse("criteria:questions", args=["when"])):
        client.get(page, CT)
        with django_assert_num_queries(1):
            client.get(page, CT)
