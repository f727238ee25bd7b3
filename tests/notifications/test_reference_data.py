"""Loading the reference data: complete, dated, and idempotent."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from notifications.models import Cause, ComplementaryCode, CriteriaRegime, Criterion, TaxonomyVersion
from notifications.queries import causes_on, regime_on, taxonomy_on
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
        (date(2023, 4, 1), "SAUE-2023", {"4.2a", "9"}, {"4.2"}),
    ],
)
def test_the_day_of_the_incident_picks_the_regime(
    day: date, key: str, has: set[str], lacks: set[str]
) -> None:
    load_reference()
    regime = regime_on(day)
    assert regime is not None
    assert regime.key == key
    assert has <= set(regime.codes)
    assert not lacks & set(regime.codes)


def test_causes_are_offered_from_the_edition_in_force_or_the_first_there_is() -> None:
    assert regime_on(date(2024, 1, 1)) is None
    load_reference()
    assert taxonomy_on(date(2020, 1, 1)) == taxonomy_on(date(2025, 1, 1)) is not None
    assert {modality: causes_on(date(2024, 1, 1), modality).count() for modality in
            ("diagnostic_imaging", "radiotherapy", "nuclear_medicine")} == {
        "diagnostic_imaging": 34,
        "radiotherapy": 32,
        "nuclear_medicine": 23,
    }  # fmt: skip
