"""What may be wrong with the data: each check finds exactly its fault, and counts what it lists."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from notifications.models import Basis, Cause, Notification
from notifications.models.exposures import ImagingExposure, RadionuclideExposure, RadiotherapyExposure
from notifications.quality import FILE, outside_the_possible
from regulator.organisations.models import ActivityReturn, Employer
from regulator.periods import Period
from regulator.statistics.tabulation.registries import QUALITY
from tests.factories import UserFactory
from tests.reference import ship_reference
from tests.statistics.rows import IN_YEAR, Row, store

pytestmark = pytest.mark.django_db
RECEIVED = IN_YEAR.date()
WHOLE: dict[str, Any] = {
    "criterion_code": "1",
    "occurred_on": RECEIVED - timedelta(days=3),
    "discovered_on": RECEIVED - timedelta(days=2),
    "number_exposed": 1,
}


def _one(employer: Employer, *, faulty: bool = True, **changes: Any) -> Notification:
    if not Cause.objects.exists():
        ship_reference()
    cause = Cause.objects.filter(modality="radiotherapy").first()
    coded = cause if changes.pop("coded", True) else None
    columns = {name: changes.pop(name) for name in ("modality", "sub_modality", "basis") if name in changes}
    before = set(Notification.objects.values_list("pk", flat=True))
    store([Row(employer, cause=coded, **columns)], coder=UserFactory.create())
    made = Notification.objects.exclude(pk__in=before).get()
    Notification.objects.filter(pk=made.pk).update(**{**WHOLE, **changes})
    made.refresh_from_db()
    return made


def _found(name: str, period: Period) -> list[int]:
    return sorted(QUALITY.get(name).found(period).values_list("pk", flat=True))


def _closed(made: Notification) -> None:
    made.case.closed_at = IN_YEAR
    made.case.save(update_fields=["closed_at"])


FAULTS: dict[str, dict[str, Any]] = {
    "uncoded": {"coded": False},
    "no_modality": {"modality": ""},
    "no_sub_modality": {"sub_modality": ""},
    "no_criterion": {"criterion_code": ""},
    "no_date": {"occurred_on": None},
    "after_receipt": {"discovered_on": RECEIVED + timedelta(days=1)},
    "long_ago": {"occurred_on": date(2013, 3, 30)},
    "nobody_counted": {"number_exposed": None},
    "many_exposed": {"number_exposed": 1_000},
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_check_finds_its_fault_and_no_other_check_does(
    employers: list[Employer], year: Period, name: str
) -> None:
    ActivityReturn.objects.create(
        employer=employers[0],
        modality="radiotherapy",
        period_start=year.start,
        period_end=year.end,
        quantity=10,
        unit="episodes",
        source="x",
        completeness="complete",
    )
    sound, faulty = _one(employers[0]), _one(employers[0], **FAULTS[name])
    assert _found(name, year) == [faulty.pk]
    others = [other for other in QUALITY if other != name and _found(other, year)]
    assert others == []
    assert sound.pk not in _found(name, year)
    next_year = Period("2024/25", date(2024, 4, 1), date(2025, 3, 31))
    assert _found(name, next_year) == []


def test_what_is_in_no_figure_is_in_no_check(employers: list[Employer], year: Period) -> None:
    for basis in (Basis.VOLUNTARY, Basis.LICENCE_BREACH):
        _one(employers[0], basis=basis, criterion_code="", number_exposed=None, coded=False)
    assert [name for name in QUALITY if _found(name, year)] == []


def test_closed_without_a_cause_is_told_from_not_yet_coded(employers: list[Employer], year: Period) -> None:
    closed, still_open = _one(employers[0], coded=False), _one(employers[0], coded=False)
    _closed(closed)
    assert _found("closed_without_cause", year) == [closed.pk]
    assert _found("uncoded", year) == [still_open.pk]


def test_the_day_of_receipt_is_that_of_london(employers: list[Employer], year: Period) -> None:
    """Received at 23:30 by UTC on 31 May is received on 1 June."""
    made = _one(employers[0], occurred_on=date(2023, 5, 30), discovered_on=date(2023, 6, 1))
    made.case.opened_at = IN_YEAR.replace(month=5, day=31, hour=23, minute=30)
    made.case.save(update_fields=["opened_at"])
    assert _found("after_receipt", year) == []
    made.case.opened_at = IN_YEAR.replace(month=5, day=31, hour=22, minute=30)
    made.case.save(update_fields=["opened_at"])
    assert _found("after_receipt", year) == [made.pk]


Section = Callable[[Notification, Decimal], object]
DOSES: list[tuple[Section, str, str]] = [
    (
        lambda made, dose: ImagingExposure.objects.create(notification=made, actual_effective_dose_msv=dose),
        "0",
        "1000",
    ),
    (
        lambda made, dose: RadiotherapyExposure.objects.create(notification=made, prescribed_dose_gy=dose),
        "0",
        "200",
    ),
    (
        lambda made, dose: RadionuclideExposure.objects.create(
            notification=made, activity_administered_mbq=dose
        ),
        "0",
        "20000",
    ),
]


@pytest.mark.parametrize(
    ("section", "nothing", "most"), DOSES, ids=["imaging", "radiotherapy", "radionuclide"]
)
def test_doses_outside_the_possible(
    employers: list[Employer], year: Period, section: Section, nothing: str, most: str
) -> None:
    section(_one(employers[0]), Decimal(most))
    section(_one(employers[0]), Decimal("0.5"))
    at_nothing, beyond = _one(employers[0]), _one(employers[0])
    section(at_nothing, Decimal(nothing))
    section(beyond, Decimal(most) + Decimal("0.01"))
    assert _found("dose", year) == sorted([at_nothing.pk, beyond.pk])


def test_every_bound_names_a_field_that_there_is() -> None:
    assert Notification.objects.filter(outside_the_possible()).count() == 0
    for row in json.loads(FILE.read_text(encoding="utf-8"))["bounds"]:
        assert row["reason"].endswith(".")
        assert Decimal(row["most"]) > Decimal(row["above"] or 0)


def _returned(employer: Employer, start: date, end: date) -> None:
    ActivityReturn.objects.create(
        employer=employer,
        modality="radiotherapy",
        period_start=start,
        period_end=end,
        quantity=10,
        unit="episodes",
        source="x",
        completeness="complete",
    )


def test_activity_that_stopped_and_activity_that_never_came(employers: list[Employer], year: Period) -> None:
    stopped, goes_on, never, silent = employers[:4]
    _returned(stopped, date(2022, 4, 1), date(2023, 3, 31))
    for first in (2022, 2023):
        _returned(goes_on, date(first, 4, 1), date(first + 1, 3, 31))
    for each in (goes_on, never):
        _one(each)
    assert _found("activity_stopped", year) == [stopped.pk]
    assert _found("notified_without_activity", year) == [never.pk]
    assert silent.pk not in _found("activity_stopped", year)


def test_the_other_type_of_employer_is_asked_about(employers: list[Employer], year: Period) -> None:
    other = next(each for each in employers if each.type == "other")
    made = _one(other)
    assert _found("other_employer", year) == [made.pk]


def test_every_check_says_what_it_means_and_who_mends_it() -> None:
    for check in QUALITY.values():
        assert check.consequence.endswith(".")
        assert check.mended_by.endswith(".")
