"""Loading the reference data: complete, dated, and idempotent."""

from dataclasses import replace
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from notifications.codes import criteria_of, criterion_wording, regime_between, regime_of
from notifications.content import DraftContent
from notifications.models import Cause, ComplementaryCode, CriteriaRegime, Criterion, TaxonomyVersion
from notifications.queries import causes_on, taxonomy_on
from notifications.services import load_reference
from regulator.legislation.models import Provision
from regulator.legislation.services import load_provisions

pytestmark = pytest.mark.django_db
TABLES = (Cause, ComplementaryCode, CriteriaRegime, Criterion, Provision, TaxonomyVersion)


def test_a_second_run_changes_nothing_and_writes_no_history() -> None:
    first = {"provisions": load_provisions(), **load_reference()}
    assert all(first.values())
    rows = {table: list(table.objects.values()) for table in TABLES}
    histories = {table: table.history.count() for table in TABLES}
    assert set(load_reference().values()) == {0}
    assert load_provisions() == 0
    assert rows == {table: list(table.objects.values()) for table in TABLES}
    assert histories == {table: table.history.count() for table in TABLES}


def test_a_row_that_was_edited_is_put_right_and_keeps_its_history() -> None:
    load_reference()
    Cause.objects.filter(slug="di-referrer-wrong-patient").update(rollup="Edited")
    assert load_reference()["causes"] == 1
    assert Cause.objects.get(slug="di-referrer-wrong-patient").history.count() == 2


def test_the_command_says_what_it_wrote() -> None:
    out = StringIO()
    call_command("load_reference_data", stdout=out)
    assert "causes: 89 written" in out.getvalue()
    assert "provisions: " in out.getvalue()


@pytest.mark.parametrize(
    ("day", "key", "has", "lacks"),
    [
        (date(2019, 6, 2), "MGTI", set(), {"1"}),
        (date(2019, 6, 3), "SAUE-2019", {"4.2"}, {"9"}),
        (date(2023, 3, 31), "SAUE-2020", {"4.2"}, {"9"}),
        (date(2023, 5, 1), "SAUE-2023", {"4.2a", "9"}, {"4.2"}),
    ],
)
def test_the_day_of_the_incident_picks_the_regime(
    day: date, key: str, has: set[str], lacks: set[str]
) -> None:
    load_reference()
    regime = regime_between(day, day)
    assert regime is not None
    assert regime.key == key
    assert has <= set(regime.codes)
    assert not lacks & set(regime.codes)


@pytest.mark.parametrize(
    ("first", "last", "key"),
    [
        (date(2023, 4, 10), date(2023, 4, 10), "SAUE-2023"),
        (date(2023, 3, 25), date(2023, 5, 5), "SAUE-2020"),
    ],
)
def test_where_more_versions_apply_the_codes_of_each_may_be_given(first: date, last: date, key: str) -> None:
    load_reference()
    regime = regime_between(first, last)
    assert regime is not None
    assert regime.key == key
    assert {"4.2", "4.2a", "9"} <= set(regime.codes)
    homes = {code: regime.regime_of(code) for code in ("1", "4.2", "9", "")}
    assert homes == {"1": key, "4.2": "SAUE-2020", "9": "SAUE-2023", "": key}


def test_the_form_offers_the_codes_of_every_day_and_says_what_each_version_means_by_them() -> None:
    load_reference()
    series = DraftContent(occurred_on=date(2023, 3, 25), occurred_until=date(2023, 5, 5))
    offered = dict(criteria_of(series, modality="diagnostic_imaging"))
    assert list(offered) == ["1", "2.1", "2.2", "2.3", "2.4", "3", "5"]
    assert offered["1"].startswith("Nobody meant the person to be exposed")
    assert "August 2020 revision: The pregnancy enquiry procedure failed" in offered["5"]
    assert "April 2023 revision: The foetus received 10 mGy or more" in offered["5"]
    assert criterion_wording(series, "5") == offered["5"]
    assert "August" not in criterion_wording(DraftContent(occurred_on=date(2023, 5, 1)), "5")
    assert criterion_wording(series, "7.9") == ""


def test_what_still_goes_on_is_given_the_codes_of_today_too() -> None:
    load_reference()
    series = DraftContent(occurred_on=date(2022, 3, 25))
    then, still = regime_of(series), regime_of(replace(series, is_ongoing=True))
    assert then is not None
    assert still is not None
    assert ("9" in then.codes, "9" in still.codes) == (False, True)
    assert regime_of(DraftContent()) is None


def test_causes_are_offered_from_the_edition_in_force_or_the_first_there_is() -> None:
    assert regime_between(date(2024, 1, 1), date(2024, 1, 1)) is None
    load_reference()
    assert taxonomy_on(date(2020, 1, 1)) == taxonomy_on(date(2025, 1, 1)) is not None
    assert {modality: causes_on(date(2024, 1, 1), modality).count() for modality in
            ("diagnostic_imaging", "radiotherapy", "nuclear_medicine")} == {
        "diagnostic_imaging": 34,
        "radiotherapy": 32,
        "nuclear_medicine": 23,
    }  # fmt: skip
