"""Filing activity returns: by whom, for which years, what is asked about, and what counts at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connections

from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.models import Event
from regulator.organisations import services
from regulator.organisations.activity import days_counted, overview, returns_of
from regulator.organisations.models import (
    EMPLOYERS_RETURN,
    ActivityReturn,
    Completeness,
    Membership,
    Modality,
)
from regulator.organisations.policies import NotPermitted
from regulator.organisations.refusals import StaleVersion
from regulator.organisations.returns import (
    MOST,
    ReturnDetails,
    completeness_in,
    modality_in,
    quantity_in,
    year_in,
    years_open,
)
from regulator.organisations.services import Unconfirmed
from regulator.periods import reporting_year
from regulator.statistics.activity import compute
from tests.factories import EmployerFactory, SiteFactory, member, person
from tests.organisations.returning import EARLIER, LAST, RUNNING, Returning, data_set, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_may")]
TODAY = date(2026, 5, 12)


@pytest.fixture
def house(in_may: time_machine.Traveller) -> Returning:
    return Returning()


def types() -> list[str]:
    kept = Event.objects.order_by("sequence").values_list("type", flat=True)
    return [each.removeprefix("organisations.") for each in kept]


# Filing ----------------------------------------------------------------------------------------------


def test_a_lead_files_and_it_is_recorded(house: Returning) -> None:
    (row,) = house.file(said())
    assert (row.period_start, row.period_end) == (date(2025, 4, 1), date(2026, 3, 31))
    assert (row.unit, row.source, row.version) == ("episodes", EMPLOYERS_RETURN, 1)
    event = Event.objects.get()
    assert (event.type, event.actor, event.case) == ("organisations.activity_returned", house.lead, None)
    assert event.payload == {
        "return": row.pk,
        "employer": house.employer.pk,
        "modality": "radiotherapy",
        "from": "2025-04-01",
        "to": "2026-03-31",
        "quantity": 1200,
        "completeness": "complete",
        "version": 1,
    }
    assert row.history.get().history_user == house.lead
    assert first_broken_link() is None


@pytest.mark.parametrize(
    ("modality", "unit"),
    [
        ("diagnostic_imaging", "examinations"),
        ("nuclear_medicine", "examinations"),
        ("radiotherapy", "episodes"),
    ],
)
def test_the_unit_follows_from_the_modality(house: Returning, modality: str, unit: str) -> None:
    (row,) = house.file(said(modality=modality, confirmed=True))
    assert row.unit == unit


def test_filing_again_replaces_the_number_and_keeps_the_old_one_in_its_history(house: Returning) -> None:
    house.file(said())
    (row,) = house.file(said(1300, version=1, completeness=Completeness.PARTIAL))
    assert ActivityReturn.objects.count() == 1
    assert house.numbers() == {("2025", "radiotherapy"): (1300, "partial", 2)}
    assert list(row.history.order_by("version").values_list("quantity", "version")) == [(1200, 1), (1300, 2)]
    assert types() == ["activity_returned", "activity_corrected"]


def test_filing_what_stands_changes_nothing_whatever_version_was_read(house: Returning) -> None:
    house.file(said())
    house.file(said(1300, version=1))
    for version in (0, 1, 2):
        assert house.file(said(1300, version=version)) == []
    assert types() == ["activity_returned", "activity_corrected"]


@pytest.mark.parametrize("version", [0, 2])
def test_a_version_that_does_not_stand_is_refused(house: Returning, version: int) -> None:
    house.file(said())
    with pytest.raises(StaleVersion) as refused:
        house.file(said(1300, version=version))
    assert (refused.value.read, refused.value.current) == (version, 1)
    assert house.numbers() == {("2025", "radiotherapy"): (1200, "complete", 1)}


def test_a_version_where_nothing_stands_is_refused(house: Returning) -> None:
    with pytest.raises(StaleVersion):
        house.file(said(version=1))


def test_of_several_returns_all_are_written_or_none(house: Returning) -> None:
    house.file(said())
    imaging = said(90_000, modality=Modality.DIAGNOSTIC_IMAGING)
    with pytest.raises(StaleVersion):
        house.file(imaging, said(1300))
    with pytest.raises(ValidationError):
        house.file(imaging, said(-1, version=1))
    with pytest.raises(Unconfirmed):
        house.file(imaging, said(120_000, year=EARLIER), said(1200, version=1))
    assert house.numbers() == {("2025", "radiotherapy"): (1200, "complete", 1)}
    assert len(house.file(imaging, said(1300, version=1))) == 2


def test_the_same_year_and_modality_twice_in_one_filing_is_refused(house: Returning) -> None:
    with pytest.raises(ValidationError) as refused:
        house.file(said(), said(1300))
    assert refused.value.message_dict == {
        "2025-26.radiotherapy.modality": ["This year and modality are given twice"]
    }


@pytest.mark.parametrize(
    ("details", "field", "message"),
    [
        (said(-1), "quantity", "0 or more"),
        (said(MOST + 1), "quantity", "100,000,000 or less"),
        (said(modality="astrology"), "modality", "not a modality"),
        (said(completeness="more or less"), "completeness", "complete, partial or estimated"),
        (said(year=reporting_year("2027/28"), completeness="estimated"), "year", "has not begun"),
        (said(year=reporting_year("2016/17")), "year", "2017/18"),
        (said(year=RUNNING), "completeness", "ends on 31 March 2027"),
    ],
)
def test_what_no_return_may_say_is_refused_by_its_field(
    house: Returning, details: ReturnDetails, field: str, message: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        house.file(details)
    ((name, texts),) = refused.value.message_dict.items()
    assert name == f"{details.name}.{field}"
    assert message in texts[0]
    assert not Event.objects.exists()


def test_the_running_year_takes_an_estimate_until_it_has_ended(house: Returning) -> None:
    house.file(said(year=RUNNING, completeness=Completeness.ESTIMATED))
    with time_machine.travel(datetime(2027, 3, 31, 22, 30, tzinfo=UTC), tick=False):  # 23:30 in London
        assert RUNNING in years_open(clock.today())
        with pytest.raises(ValidationError, match="cannot be complete"):
            house.file(said(year=RUNNING, version=1))
    with time_machine.travel(datetime(2027, 3, 31, 23, 30, tzinfo=UTC), tick=False):  # 1 April in London
        house.file(said(year=RUNNING, version=1))
    assert house.numbers() == {("2026", "radiotherapy"): (1200, "complete", 2)}


def test_the_years_that_may_be_returned_run_from_the_law_to_the_running_one() -> None:
    labels = [year.label for year in years_open(TODAY)]
    assert (labels[0], labels[-1], len(labels)) == ("2026/27", "2017/18", 10)
    assert years_open(date(2027, 3, 31))[0].label == "2026/27"
    assert years_open(date(2027, 4, 1))[0].label == "2027/28"


# Who -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", list(Role))
def test_only_the_employers_lead_files(house: Returning, role: Role) -> None:
    if role == Role.EMPLOYER_LEAD:
        assert house.file(said())
        return
    by = person(role, house.employer)
    with pytest.raises(NotPermitted):
        services.file_returns(employer=house.employer, details=[said()], by=by)
    assert not ActivityReturn.objects.exists()


def test_another_employers_lead_a_former_lead_and_scheduled_work_file_nothing(house: Returning) -> None:
    elsewhere = member(EmployerFactory.create(), Role.EMPLOYER_LEAD)
    assert house.lead.employer_roles
    Membership.objects.filter(user=house.lead).update(role=Role.EMPLOYER_REPORTER)
    for by in (elsewhere, house.lead, Scheduled("organisations.remind_of_activity")):
        with pytest.raises(NotPermitted):
            services.file_returns(employer=house.employer, details=[said()], by=by)
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_leads_who_file_at_once_one_is_told(in_may: time_machine.Traveller) -> None:
    house = Returning()
    leads = [house.lead, member(house.employer, Role.EMPLOYER_LEAD)]
    barrier = Barrier(2)

    def filing(by: User, quantity: int) -> Callable[[], str]:
        def run() -> str:
            try:
                barrier.wait(timeout=20)
                services.file_returns(employer=house.employer, details=[said(quantity)], by=by)
            except StaleVersion:
                return "told"
            finally:
                connections.close_all()
            return "filed"

        return run

    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(filing(lead, 1000 + place)) for place, lead in enumerate(leads)]
        assert sorted(future.result(timeout=60) for future in futures) == ["filed", "told"]
    assert ActivityReturn.objects.get().version == 1
    assert first_broken_link() is None


# What is asked about -----------------------------------------------------------------------------------


def test_where_there_is_no_year_before_the_year_after_is_looked_at(house: Returning) -> None:
    house.file(said(1200))
    with pytest.raises(Unconfirmed, match="For 2025/26 it is 1,200"):
        house.file(said(12, year=EARLIER))
    house.file(said(1100, year=EARLIER))


@pytest.mark.parametrize(
    ("before", "now", "asked"),
    [
        (1200, 12_000, True),
        (1200, 11_999, False),
        (1200, 120, True),
        (1200, 121, False),
        (1200, 0, True),
        (0, 5, True),
        (0, 0, False),
        (1, 9, False),
    ],
)
def test_ten_times_more_or_less_than_the_year_before_is_asked_about(
    house: Returning, before: int, now: int, asked: bool
) -> None:
    house.file(said(before, year=EARLIER))
    if asked:
        with pytest.raises(Unconfirmed) as doubts:
            house.file(said(now))
        ((name, texts),) = doubts.value.message_dict.items()
        assert name == "2025-26.radiotherapy.confirmed"
        assert texts == [f"You give {now:,}. For 2024/25 it was {before:,}."]
    house.file(said(now, confirmed=True))
    assert house.numbers()["2025", "radiotherapy"] == (now, "complete", 1)


def test_the_year_before_is_of_the_same_filing_or_the_employers_or_the_most_trusted(house: Returning) -> None:
    data_set(house.employer, 10, year=EARLIER, source="Small", completeness=Completeness.ESTIMATED)
    data_set(house.employer, 1000, year=EARLIER)
    house.file(said(1200))
    house.file(said(20, year=EARLIER, confirmed=True))
    with pytest.raises(Unconfirmed, match="For 2024/25 it was 20"):
        house.file(said(1300, version=1))
    house.file(said(1300, version=1), said(1100, year=EARLIER, version=1))


def test_a_modality_that_no_site_carries_out_is_asked_about(house: Returning) -> None:
    nuclear = said(300, modality=Modality.NUCLEAR_MEDICINE)
    with pytest.raises(Unconfirmed, match="None of your sites says that it carries out nuclear medicine"):
        house.file(nuclear)
    house.file(said(0, modality=Modality.NUCLEAR_MEDICINE, year=EARLIER))  # as the sites say
    SiteFactory.create(employer=house.employer, modalities=[Modality.NUCLEAR_MEDICINE], is_open=False)
    house.file(said(300, modality=Modality.NUCLEAR_MEDICINE, year=RUNNING, completeness="estimated"))


def test_where_no_site_says_anything_nothing_is_known_to_doubt(house: Returning) -> None:
    house.site.modalities = []
    house.site.save()
    assert house.file(said(300, modality=Modality.NUCLEAR_MEDICINE))


def test_what_stands_is_not_asked_about_again(house: Returning) -> None:
    house.file(said(12_000))
    house.file(said(1000, year=EARLIER, confirmed=True))
    assert house.file(said(12_000, version=1)) == []


# What counts -----------------------------------------------------------------------------------------


def figure(modality: str = "radiotherapy") -> Any:
    held: Any = compute(LAST)
    return held["by_modality"][modality]


def test_a_return_counts_in_the_years_figures_at_once(house: Returning) -> None:
    assert figure() == 0
    house.file(said())
    assert figure() == 1200
    house.file(said(1300, version=1))
    assert figure() == 1300


def test_an_equally_complete_return_takes_the_place_of_a_data_set_and_an_estimate_does_not(
    house: Returning,
) -> None:
    data_set(house.employer, 1000)
    house.file(said(1200, completeness=Completeness.ESTIMATED))
    assert figure() == 1000
    house.file(said(1200, version=1))
    assert figure() == 1200


def test_the_overview_says_what_counts_and_what_is_missing(house: Returning) -> None:
    house.file(said(1200, completeness=Completeness.ESTIMATED), said(800, year=EARLIER))
    data_set(house.employer, 1000)
    found = overview(house.employer, TODAY)
    assert (found.last, found.missing, found.sites_say) == (LAST, ["diagnostic_imaging"], True)
    stated = [
        (
            row.year.label,
            row.modality,
            row.own and row.own.quantity,
            [each.row.quantity for each in row.counted],
        )
        for row in found.rows
    ]
    assert stated == [
        ("2025/26", "diagnostic_imaging", None, []),
        ("2025/26", "radiotherapy", 1200, [1000]),
        ("2024/25", "radiotherapy", 800, [800]),
    ]
    assert [row.is_missing for row in found.rows] == [True, False, False]


def test_a_closed_sites_modality_is_not_missing(house: Returning) -> None:
    SiteFactory.create(employer=house.employer, modalities=[Modality.NUCLEAR_MEDICINE], is_open=False)
    assert overview(house.employer, TODAY).missing == ["diagnostic_imaging", "radiotherapy"]


def test_of_returns_of_different_length_each_counts_for_the_days_that_none_before_it_covers(
    house: Returning,
) -> None:
    house.file(said(1200))
    months = data_set(
        house.employer, 300, period_start=date(2026, 1, 1), period_end=date(2026, 4, 30), source="Months"
    )
    own, other = returns_of(house.employer)
    assert own.is_own
    assert days_counted([own, other]) == {own.pk: 365, months.pk: 30}
    rows = {row.year.label: row for row in overview(house.employer, TODAY).rows if row.sources}
    assert [(each.row.pk, each.days, each.whole) for each in rows["2025/26"].sources] == [
        (own.pk, 365, True),
        (months.pk, 0, False),
    ]
    assert [(each.row.pk, each.days) for each in rows["2026/27"].counted] == [(months.pk, 30)]
    assert figure() == 1200


# Reading what was typed --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0", 0),
        ("007", 7),
        (" 1200 ", 1200),
        ("1,200", 1200),
        ("1 200", 1200),
        ("1\u202f234\u202f567", 1_234_567),
        ("1\u00a0200", 1200),
        ("12’345", 12_345),
        ("100,000,000", MOST),
        ("0" * 5000 + "5", 5),
    ],
)
def test_a_number_is_read_as_people_write_it(typed: str, number: int) -> None:
    assert quantity_in(typed) == number


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Enter the number"),
        (" \u00a0", "Enter the number"),
        ("many", "Enter a whole number"),
        ("12.5", "without a point"),
        ("1.200", "without a point"),
        ("1,200.00", "without a point"),
        ("1,20", "Enter a whole number"),
        ("1,2000", "Enter a whole number"),
        ("1,200 300", "Enter a whole number"),
        ("-5", "0 or more"),
        ("−1,200", "0 or more"),
        ("=1+1", "formula"),
        ("+5", "formula"),
        ("@SUM(A1)", "formula"),
        ("-1+2", "formula"),
        ("-", "Enter a whole number"),
        ("1E+06", "shortened"),
        ("1.2e6", "shortened"),
        ("1000000000000", "100,000,000 or less"),
        ("9" * 5000, "100,000,000 or less"),
        ("١٢٣", "Enter a whole number"),
        ("½", "Enter a whole number"),
        ("NaN", "Enter a whole number"),
        ("%s", "Enter a whole number"),
    ],
)
def test_any_other_number_is_refused_in_words_that_name_the_slip(typed: str, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        quantity_in(typed)


def test_modality_completeness_and_year_are_read_by_key_and_by_name() -> None:
    for typed in ("diagnostic_imaging", "Diagnostic imaging", " DIAGNOSTIC-IMAGING "):
        assert modality_in(typed) == "diagnostic_imaging"
    assert completeness_in("Estimated") == "estimated"
    assert year_in("2023–24") == reporting_year("2023/24")


READERS: list[Callable[[str], object]] = [year_in, modality_in, completeness_in]


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("typed", ["", " ", "yes", "x" * 500, "=1+1", "%d"])
def test_what_is_none_of_them_is_refused_in_a_short_sentence(
    read: Callable[[str], object], typed: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        read(typed)
    assert len(refused.value.messages[0]) < 140
