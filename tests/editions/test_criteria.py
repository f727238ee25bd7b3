"""Editions of the criteria: read from JSON and CSV, compared, previewed, and applied by the checker."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from notifications.advice import advice_on
from notifications.codes import RegimeCodes, criteria_of, criterion_wording, regime_between
from notifications.content import DraftContent, ImagingContent, content_of
from notifications.criteria.check import check
from notifications.criteria.editions import (
    COLUMNS,
    as_table,
    faults_of,
    plain_rule,
    rules_of_table,
    succeeded_by,
)
from notifications.criteria.incident import Incident
from notifications.criteria.quantities import FACTS_OF, UNIT_OF, WORDS_OF
from notifications.criteria.reference import read_regime, shipped
from notifications.in_force import criteria_in_force
from notifications.models import CriteriaRegime, Criterion, Notification
from notifications.queries import whole
from notifications.services import load_reference
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.editions.kinds import KINDS
from tests.casework.closing import closed_to
from tests.editions.scene import Two, in_days, regime
from tests.factories import notification_in, staff
from tests.notifications.criteria.golden import cases, told
from tests.reference import ship_reference

pytestmark = pytest.mark.django_db
CT = Incident(
    country="england",
    event="exposure",
    occurred_on=date(2026, 2, 1),
    modality="diagnostic_imaging",
    exposure_kind="accidental",
    person="adult",
    number_exposed=1,
    clinically_significant=False,
    total_effective_dose=Decimal(4),
)


@pytest.fixture
def two() -> Two:
    ship_reference()
    return Two()


@pytest.mark.parametrize("each", [each for each in shipped().regimes if each.rules], ids=lambda each: each.id)
def test_the_shipped_regimes_have_no_fault_and_survive_every_way_of_writing_them(each: Any) -> None:
    assert faults_of(each) == []
    entry = {name: getattr(each, name) for name in ("id", "label", "source", "verified", "note")}
    entry |= {"effective_from": None, "effective_to": None}
    for rules in ([plain_rule(rule) for rule in each.rules], rules_of_table(as_table(each.rules))):
        read = read_regime({**entry, "rules": rules}).rules
        assert [plain_rule(rule) for rule in read] == [plain_rule(rule) for rule in each.rules]


def test_each_quantity_of_the_rules_is_in_a_unit_or_in_words() -> None:
    assert sorted((*UNIT_OF, *WORDS_OF)) == sorted(FACTS_OF)


def test_a_doubt_about_a_beginning_does_not_outlast_what_an_edition_leaves_of_it() -> None:
    base = shipped()
    doubtful = base.regimes[-1]
    assert doubtful.effective_from is not None
    assert doubtful.begun_by is not None
    begins = doubtful.effective_from + timedelta(days=9)
    assert begins < doubtful.begun_by
    later = replace(doubtful, id="A", effective_from=begins, begun_by=None)
    found = succeeded_by(base, [later])
    last = begins - timedelta(days=1)
    assert [each.id for each in found.regimes_between(last, last)] == [base.regimes[-2].id, doubtful.id]
    assert [each.id for each in found.regimes_between(begins, begins)] == ["A"]
    rest = found.regimes[-2]
    assert (rest.effective_to, rest.begun_by) == (last, last)


def test_every_date_has_one_regime_also_where_editions_come_between() -> None:
    base = shipped()
    former = base.regimes[-1]

    def begun(day: date, key: str) -> Any:
        content = {"id": key, "label": key, "source": "", "verified": True, "note": ""}
        rules = [plain_rule(rule) for rule in former.rules]
        return read_regime(
            {**content, "effective_from": day.isoformat(), "effective_to": None, "rules": rules}
        )

    between, late, again = (
        begun(date(2021, 1, 1), "A"),
        begun(date(2026, 1, 1), "B"),
        begun(date(2026, 1, 1), "C"),
    )
    found = succeeded_by(base, [late, between, again])
    assert [each.id for each in found.regimes] == ["MGTI", "SAUE-2019", "SAUE-2020", "A", "SAUE-2023", "C"]
    for earlier, later in zip(found.regimes, found.regimes[1:], strict=False):
        assert earlier.effective_to is not None
        assert later.effective_from == earlier.effective_to + timedelta(days=1)
    assert found.regimes[-1].effective_to is None
    assert succeeded_by(base, []) == base


def test_the_checker_applies_the_regime_of_the_incidents_date(two: Two) -> None:
    two.hold("criteria", "", regime(adult="5"), date(2026, 1, 1))
    now = criteria_in_force()
    before = Incident(**{**vars_of(CT), "occurred_on": date(2025, 12, 31)})
    assert (check(CT, now).answer.value, check(CT, now).primary) != ("notifiable", "1")
    assert check(before, now).primary == "1"
    assert check(CT).primary == "1"


def vars_of(incident: Incident) -> dict[str, Any]:
    return {name: getattr(incident, name) for name in incident.__dataclass_fields__}


def test_an_edition_leaves_every_golden_case_before_it_as_it_was(two: Two) -> None:
    two.hold("criteria", "", regime(adult="5"))
    now = criteria_in_force()
    for case in cases():
        result = check(told(case.facts), now)
        assert (result.answer.value, result.primary, result.others) == (
            case.answer,
            case.code,
            case.other_codes,
        )


def regime_on(day: date) -> RegimeCodes | None:
    return regime_between(day, day)


def test_forms_checks_and_the_public_checker_ask_the_edition(two: Two, client: Client) -> None:
    begins = clock.today() - timedelta(days=5)
    two.hold("criteria", "", regime(adult="5"), begins)
    found = regime_on(clock.today())
    assert found is not None
    assert (found.key, found.label) == ("SAUE-2026", "Regime SAUE-2026")
    assert criteria_of(DraftContent(), modality="radiotherapy") == criteria_of(
        DraftContent(occurred_on=begins), modality="radiotherapy"
    )
    assert criterion_wording(DraftContent(occurred_on=begins), "1")
    former = regime_on(begins - timedelta(days=1))
    assert former is not None
    assert former.key == "SAUE-2023"
    sent = notification_in("submitted")
    assert sent.criteria_regime == "SAUE-2026"
    query = {
        "country": "england", "event": "exposure", "modality": "diagnostic_imaging", "exposure_kind":
        "accidental", "person": "adult", "total_effective_dose": "4", "occurred_on": begins.isoformat(),
    }  # fmt: skip
    page = client.get("/check/answer/", query)
    assert page.status_code == 200
    answer = client.post("/api/v1/criteria/check", query, content_type="application/json")
    assert [each["id"] for each in answer.json()["regimes"]] == ["SAUE-2026"]


def test_loading_the_projects_file_again_leaves_editions_alone(two: Two) -> None:
    two.hold("criteria", "", regime(), date(2023, 4, 1))
    assert set(load_reference().values()) == {0}
    found = regime_on(date(2024, 1, 1))
    assert found is not None
    assert found.key == "SAUE-2026"


def test_a_later_edition_of_the_same_day_takes_its_place_and_the_former_stays_on_record(two: Two) -> None:
    two.hold("criteria", "", regime(adult="5"), date(2026, 1, 1))
    two.hold("criteria", "", regime("SAUE-2026b", adult="6"), date(2026, 1, 1))
    found = regime_on(date(2026, 2, 1))
    assert found is not None
    assert found.key == criteria_in_force().regime_on(date(2026, 2, 1)).id == "SAUE-2026b"
    assert CriteriaRegime.objects.filter(key="SAUE-2026").exists()
    assert Criterion.objects.filter(regime__key="SAUE-2026", code="1").exists()


def test_the_preview_names_the_open_cases_and_what_the_checker_says_of_each(two: Two) -> None:
    dose = ImagingContent(actual_effective_dose_msv=Decimal(4), estimation_method="DLP")
    touched = notification_in("submitted", imaging=dose)
    notification_in("submitted", imaging=dose, discovered_on=in_days(-300))
    notification_in("withdrawn", imaging=dose)
    notification_in("draft", imaging=dose)
    begins = in_days(-30)
    touched_at_its_end = notification_in(
        "submitted", occurred_on=in_days(-40), occurred_until=in_days(-29), discovered_on=in_days(-20)
    )
    closed = notification_in("submitted", imaging=dose).case
    manager = staff(Role.ENFORCEMENT_MANAGER)
    Case.objects.filter(pk=closed.pk).update(assignee=None)
    closed_to(Case.objects.get(pk=closed.pk), manager, by=manager)
    preview = KINDS.get("criteria").touched("", begins, regime(adult="5"))
    assert (preview.count, preview.drafts) == (3, 1)
    by_case = {str(row[0]): row for row in preview.rows}
    assert set(by_case) == {str(touched.case), str(touched_at_its_end.case), "A restricted case"}
    assert set(by_case["A restricted case"][1:]) == {""}
    row = by_case[str(touched.case)]
    assert (row[3], row[5]) == ("This is notifiable to CQC (1)", "Otherwise")
    two.hold("criteria", "", regime(adult="5"), begins)
    assert check_again(touched) == row[4]


def check_again(notification: Notification) -> str:
    result = advice_on(content_of(whole().get(pk=notification.pk)), criteria_in_force())
    codes = ", ".join(filter(None, (result.primary, *result.others)))
    return f"{result.answer.heading}{f' ({codes})' if codes else ''}"


def test_the_differences_name_each_code(two: Two) -> None:
    kind = KINDS.get("criteria")
    before = kind.present("", clock.today())
    after = regime(adult="5")
    after["rules"] = [*after["rules"][:-1], {**after["rules"][-1], "code": "99"}]
    found = {each.label: each for each in kind.differences("", before, after)}
    assert set(found) == {"Code 1", "Code 99", f"Code {before['rules'][-1]['code']}"}
    assert "total_effective_dose >= 3 mSv (adult)" in found["Code 1"].before
    assert "total_effective_dose >= 5 mSv (adult)" in found["Code 1"].after
    assert found["Code 99"].before == ""


Break = Callable[[dict[str, Any]], object]


def _first(content: dict[str, Any]) -> dict[str, Any]:
    condition: dict[str, Any] = content["rules"][0]["notifiable_when_any"][0][1]
    return condition


BREAKS: dict[str, Break] = {
    "no criterion": lambda content: content.update(rules=[]),
    "is nothing that is asked": lambda content: _first(content).update(quantity="sieverts"),
    "is given in": lambda content: _first(content).update(unit="Sv"),
    "is a number": lambda content: _first(content).update(comparison="is"),
    "no number to compare": lambda content: _first(content).update(value="NaN"),
    "is not a number": lambda content: _first(content).update(value="three"),
    "not a known comparison": lambda content: _first(content).update(who="nobody"),
    "is not a list of modalities": lambda content: content["rules"][0].update(modalities=["dentistry"]),
    "is given twice": lambda content: content["rules"].append(content["rules"][0]),
    "unknown field": lambda content: content["rules"][0].update(colour="red"),
    "lacks": lambda content: content["rules"][0].pop("category"),
    "every field is text": lambda content: content["rules"][0].update(note=5),
    "true or false": lambda content: content["rules"][0].update(verified="yes"),
    "is no part of an incident": lambda content: content["rules"][0].update(concerns="weather"),
    "at most 10": lambda content: content["rules"][0].update(code="12345678901"),
    "no condition": lambda content: content["rules"][0].update(notifiable_when_any=[]),
}


@pytest.mark.parametrize("said", list(BREAKS))
def test_what_the_checker_could_not_apply_is_refused_in_words(two: Two, said: str) -> None:
    content = json.loads(json.dumps(regime()))
    BREAKS[said](content)
    with pytest.raises(ValidationError) as refused:
        two.propose("criteria", "", content, in_days(1))
    assert said in " ".join(refused.value.messages)


@pytest.mark.parametrize("key", ["SAUE-2023", "not a key", "x" * 21, ""])
def test_a_key_is_new_and_a_key(two: Two, key: str) -> None:
    with pytest.raises(ValidationError):
        two.propose("criteria", "", regime() | {"id": key}, in_days(1))


def test_a_key_that_was_taken_while_it_waited_is_told_on_approval(two: Two) -> None:
    first = two.propose("criteria", "", regime(adult="5"), in_days(1))
    second = two.propose("criteria", "", regime(adult="6"), in_days(1))
    two.approve(first)
    with pytest.raises(NotAllowedNow, match="A regime has this key already"):
        two.approve(second)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("a,b\n1,2\n", "the columns are"),
        ("", "the columns are"),
        (",".join(COLUMNS) + "\n1,2\n", "it has not"),
        (",".join(COLUMNS) + "\n" + "x" * 3 + '"' + ",y" * 15 + "\n", "line 2"),
        (",".join(COLUMNS) + "\n" + "," * 15 + "\n", "the code is missing"),
    ],
)
def test_a_table_that_is_none_is_refused_by_its_line(table: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        rules_of_table(table)
