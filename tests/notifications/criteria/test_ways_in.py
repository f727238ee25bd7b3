"""The same case by page, by API and by command gets the same answer; and a draft can be made of it."""

import json
import re
from collections.abc import Iterator
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from notifications.advice import advice_on
from notifications.content import content_of
from notifications.criteria.check import check
from notifications.criteria.facts import FACTS
from notifications.models import Notification
from regulator.accounts.roles import Role
from tests.factories import Cast, person, staff
from tests.notifications.criteria.answer_page import AnswerPage, answer_page, read
from tests.notifications.criteria.golden import GoldenCase, cases, told

pytestmark = pytest.mark.django_db
SHARES = 4
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


@cache
def one_of_each() -> list[GoldenCase]:
    """One line of the golden file for each answer with its codes, outcome of every rule, and set of questions
    that were answered.

    The engine itself is held against every line (``test_golden``). What is compared here is how its answer is
    told, and two lines that differ in nothing but a number are told in the same words.
    """
    found: dict[object, GoldenCase] = {}
    for case in cases():
        readings = check(told(case.facts)).readings
        outcomes = tuple((each.regime.id, *(rule.truth for rule in each.evaluations)) for each in readings)
        found[tuple(case.facts), case.answer, case.code, case.other_codes, outcomes] = case
    return list(found.values())


def by_api(client: Client, facts: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(API, facts, content_type="application/json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def by_command(facts: dict[str, Any], tmp_path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(by_command_in_words(facts, tmp_path, "--json"))
    return found


def by_command_in_words(facts: dict[str, Any], tmp_path: Path, *options: str) -> str:
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(facts), encoding="utf-8")
    out = StringIO()
    call_command("check_criteria", str(file), *options, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("share", range(SHARES))
def test_page_api_and_command_give_the_answer_of_every_kind_of_line(
    share: int, client: Client, tmp_path: Path
) -> None:
    for case in one_of_each()[share::SHARES]:
        answer = by_api(client, case.facts)
        assert (answer["answer"], answer["code"]) == (case.answer, case.code), case
        assert answer["other_codes"] == list(case.other_codes), case
        assert by_command(case.facts, tmp_path) == answer, case
        assert_shown(answer_page(client, case.facts), answer, case)


def assert_shown(page: AnswerPage, answer: dict[str, Any], case: GoldenCase) -> None:
    """The page says all that the API does: code, reasons, versions of the criteria, and of every rule its
    outcome, arithmetic, verification and source."""
    assert page.heading == answer["heading"], case
    assert (page.code, page.others) == (answer["code"], answer["other_codes"]), case
    assert page.reasons == answer["reasons"], case
    assert page.regimes == [regime["label"] for regime in answer["regimes"]], case
    rules = [rule for regime in answer["regimes"] for rule in regime["rules"]]
    assert [
        (rule["code"], rule["outcome"], "; ".join(rule["arithmetic"]), rule["verified"]) for rule in rules
    ] == [rule[:4] for rule in page.rules], case
    for rule, shown in zip(rules, page.rules, strict=True):
        assert rule["source"].lower() in shown[4].lower(), case


def test_a_page_that_says_something_else_would_be_found_out(client: Client) -> None:
    """What reads the pages in these tests reads outcomes and codes, not just that there are some."""
    case = next(case for case in cases() if case.code == "2.3")
    page = answer_page(client, case.facts)
    answer = by_api(client, case.facts)
    changed = page.html.replace(">Met<", ">Not met<").replace("<strong>2.3<", "<strong>2.4<")
    with pytest.raises(AssertionError):
        assert_shown(read(changed), answer, case)


@pytest.mark.parametrize("which", ["notifiable", "not_notifiable", "cannot_tell", "elsewhere"])
def test_the_command_in_words_leaves_out_nothing_that_it_says_as_json(which: str, tmp_path: Path) -> None:
    for case in [case for case in cases() if case.answer == which][::25]:
        said = by_command(case.facts, tmp_path)
        told = by_command_in_words(case.facts, tmp_path)
        assert told.startswith(f"{said['heading']}.\n{said['advice']}")
        assert said["code"] in told
        for text in strings_of(said):
            assert text in told, (case, text)


def strings_of(said: Any) -> Iterator[str]:
    """Every text of an answer but the keys and outcomes, which are in other words."""
    if isinstance(said, dict):
        for name, value in said.items():
            if name not in ("answer", "outcome", "id", "key", "missing") and (
                name != "complementary_rule" or said["complementary_codes"]
            ):
                yield from strings_of(value)
            elif name == "missing":
                yield from (each["question"] for each in value if isinstance(each, dict))
    elif isinstance(said, list):
        for each in said:
            yield from strings_of(each)
    elif isinstance(said, str):
        yield said


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


@settings(deadline=None)
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
    wrong = CT | {"total_effective_dose": "a lot", "intended_effective_dose": "0,2", "go": "1"}
    page = client.get(reverse("criteria:questions", args=["how-much"]), wrong)
    assert page.status_code == 400
    assert "Enter a number, like 3 or 0.25" in page.content.decode()
    assert "Use a point, not a comma" in page.content.decode()
    assert 'value="a lot"' in page.content.decode()
    assert 'value="0,2"' in page.content.decode()


def test_what_can_be_answered_is_said_beside_the_question(client: Client) -> None:
    page = client.get(reverse("criteria:questions", args=["how-much"]), CT).content.decode()
    assert "Less than 1,000,000 mSv, with at most 6 decimal places, in mSv." in page


def test_a_comma_is_never_read_over_the_api(client: Client) -> None:
    wrong = CT | {"intended_effective_dose": "0,2", "total_effective_dose": "2,5"}
    answer = client.post(API, wrong, content_type="application/json")
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {"intended_effective_dose", "total_effective_dose"}


def test_an_answer_shows_each_number_as_it_was_read(client: Client) -> None:
    said = CT | {"total_effective_dose": "2,500", "total_effective_dose_unit": "µSv"}
    assert ">2.5 mSv</dd>" in re.sub(
        r"\s+", " ", client.get(reverse("criteria:answer"), said).content.decode()
    )


def test_an_answer_that_is_not_looked_at_says_so(client: Client) -> None:
    page = client.get(reverse("criteria:answer"), CT | {"planned_images": "3"}).content.decode()
    assert page.count("Not looked at") == 1


def test_doses_of_any_size_are_answered_over_the_api(client: Client) -> None:
    for intended, total in (("0.000001", "999999"), (1e-15, 1e12), ("1e-15", "1e12"), (0, 0), (-0.0, "-0")):
        told = {"intended_effective_dose": intended, "total_effective_dose": total}
        answer = client.post(API, CT | told, content_type="application/json")
        assert answer.status_code in (200, 400)
        written = {name: str(dose) for name, dose in told.items()}
        assert client.get(reverse("criteria:answer"), CT | written).status_code == 200


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


def test_the_checker_asks_the_database_only_whether_the_criteria_changed(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for page in (reverse("criteria:answer"), reverse("criteria:questions", args=["when"])):
        client.get(page, CT)
        with django_assert_num_queries(1):
            client.get(page, CT)
