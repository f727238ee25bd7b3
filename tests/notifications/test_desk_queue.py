"""The filters of the work queue that only notifications know, and their columns in an export."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from notifications import services
from notifications.models import Cause, Notification
from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.models import Case
from regulator.organisations.models import EmployerType, Modality
from tests.factories import Cast, EmployerFactory, notification_in, staff
from tests.notifications.pages import browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

QUEUE = "/desk/casework/case/"
LIST = f"{QUEUE}kind/notification/"


@pytest.fixture
def officer() -> User:
    return staff()


@pytest.fixture
def desk(officer: User) -> Client:
    return browser(officer)


@pytest.fixture
def made() -> dict[str, Notification]:
    today = clock.today()
    dental = Cast(EmployerFactory.create(type=EmployerType.DENTAL, name="Molar Practice", ods_code="V99"))
    old = notification_in("submitted", discovered_on=today - timedelta(days=40))
    coded = notification_in("ready_to_close", modality=Modality.RADIOTHERAPY)
    return {
        "ct": notification_in("submitted"),
        "dental": notification_in("submitted", cast=dental, sub_modality="dental"),
        "old": old,
        "coded": coded,
        "voluntary": notification_in("submitted", basis="voluntary", criterion_code=""),
    }


def listed(desk: Client, made: dict[str, Notification], where: str = QUEUE, **query: str) -> list[str]:
    answer: Any = desk.get(where, query)
    assert answer.status_code == 200, answer.context["form"].errors
    names = {each.pk: name for name, each in made.items()}
    return sorted(names[case.pk] for case in answer.context["cl"].result_list)


def test_each_filter_narrows_every_list(desk: Client, made: dict[str, Notification]) -> None:
    cause = Notification.objects.get(pk=made["coded"].pk).cqc_cause
    assert cause is not None
    today = clock.today()
    before = today - timedelta(days=2)
    regime = made["ct"].criteria_regime
    wanted: list[tuple[dict[str, str], list[str]]] = [
        ({"sub_modality": "dental"}, ["dental"]),
        ({"sub_modality": "external_beam"}, ["coded"]),
        ({"basis": "voluntary"}, ["voluntary"]),
        ({"code": "7.1"}, ["coded"]),
        ({"code": "1", "regime": regime, "employer_type": "dental"}, ["dental"]),
        ({"regime": regime, "modality": "radiotherapy"}, ["coded"]),
        ({"tier1": cause.tier1}, ["coded"]),
        ({"tier1": cause.tier1, "tier2": cause.tier2, "tier3": cause.tier3}, ["coded"]),
        ({"tier3": cause.tier3}, ["coded"]),
        ({"discovered_to": str(today - timedelta(days=30))}, ["old"]),
        ({"discovered_from": str(today - timedelta(days=40)), "discovered_to": str(before)}, ["old"]),
        ({"employer": "molar"}, ["dental"]),
        ({"employer": "v99"}, ["dental"]),
        ({"employer": made["dental"].case.employer.key}, ["dental"]),
        ({"employer": "100%"}, []),
        ({"opened_from": str(today), "opened_to": str(today), "sub_modality": "dental"}, ["dental"]),
        ({"opened_to": str(today - timedelta(days=1))}, []),
        ({"due_from": str(today), "due_to": str(today + timedelta(days=60)), "sub_modality": "ct"}, ["old"]),
    ]  # fmt: skip
    for query, expected in wanted:
        assert listed(desk, made, QUEUE, **query) == expected, query
        assert listed(desk, made, LIST, **query) == expected, query
    other = Cause.objects.exclude(tier1=cause.tier1)[0]
    assert listed(desk, made, tier1=other.tier1) == []
    assert listed(desk, made, tier1=other.tier1, tier3=cause.tier3) == []


def test_days_are_londons(desk: Client, made: dict[str, Notification]) -> None:
    """Half past midnight in British Summer Time is still yesterday in UTC."""
    moment = datetime(2026, 6, 9, 23, 30, tzinfo=UTC)
    Case.objects.filter(pk=made["ct"].pk).update(opened_at=moment)
    assert listed(desk, made, opened_from="2026-06-10", opened_to="10/6/2026") == ["ct"]
    assert listed(desk, made, opened_from="2026-06-09", opened_to="9/6/2026") == []
    assert date(2026, 6, 9) == moment.date()


def offered(desk: Client, name: str, where: str = LIST, **query: str) -> list[str]:
    answer: Any = desk.get(where, query)
    return [str(value) for value, _ in answer.context["form"].fields[name].widget.choices if value]


def test_a_tier_offers_what_stands_below_the_one_above_it(
    desk: Client, made: dict[str, Notification]
) -> None:
    every = offered(desk, "tier2")
    [first, *_] = offered(desk, "tier1")
    below = offered(desk, "tier2", tier1=first)
    assert 0 < len(below) < len(every)
    assert set(below) == set(Cause.objects.filter(tier1=first).values_list("tier2", flat=True))
    third = offered(desk, "tier3", tier1=first, tier2=below[0])
    assert set(third) == set(
        Cause.objects.filter(tier1=first, tier2=below[0]).values_list("tier3", flat=True)
    )
    strange = next(each for each in every if each not in below)
    assert strange in offered(desk, "tier2", tier1=first, tier2=strange)  # what was chosen stays visible


def test_codes_and_sub_modalities_offer_what_fits(desk: Client, made: dict[str, Notification]) -> None:
    codes = offered(desk, "code")
    assert codes == sorted(
        codes, key=lambda code: [int(part) if part.isdigit() else 0 for part in code.split(".")]
    )
    assert len(offered(desk, "code", regime="SAUE-2019")) < len(codes)
    assert offered(desk, "sub_modality", modality="nuclear_medicine") == [
        "diagnostic_nm", "pet", "radionuclide_therapy", "in_vitro"
    ]  # fmt: skip


def test_the_boxes_of_notifications_stand_on_their_own_list_and_where_one_is_used(
    desk: Client, made: dict[str, Notification]
) -> None:
    assert 'name="tier1"' in desk.get(LIST).content.decode()
    assert 'name="tier1"' in desk.get(QUEUE, {"kind": "notification"}).content.decode()
    assert 'name="tier1"' in desk.get(QUEUE, {"code": "1"}).content.decode()
    assert 'name="tier1"' not in desk.get(QUEUE).content.decode()
    assert 'name="tier1"' not in desk.get(f"{QUEUE}kind/inspection/").content.decode()


@pytest.mark.parametrize("where", [QUEUE, LIST, f"{LIST}?code=1&tier1=Operator&q=exposed&mark=amended"])
def test_a_list_takes_at_most_eight_queries_at_any_size_and_stays_light(
    officer: User, made: dict[str, Notification], where: str
) -> None:
    desk = browser(officer)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            answer = desk.get(where)
        assert answer.status_code == 200
        assert len(answer.content) < 60_000
        return len(captured)

    few = queries()
    name = "An Invented University Hospitals and Community Services NHS Foundation Trust"
    employer = EmployerFactory.create(name=name)
    Case.objects.bulk_create(
        Case(
            kind="notification", status="further_information", employer=employer, assignee=officer, risk=2,
            reference=f"IRN-2024-{n:05d}-A", opened_at=clock.now(), next_due_on=date(2020, 1, 1),
            modality="radiotherapy",
        )
        for n in range(300)
    )  # fmt: skip
    assert queries() == few <= 8


def test_an_export_carries_what_notifications_contribute(desk: Client, made: dict[str, Notification]) -> None:
    services.acknowledge(notification=made["ct"], by=staff(), version=made["ct"].case.version)
    answer: Any = desk.post(f"{LIST}export/csv/?state=all")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    by_reference = {row["Reference"]: row for row in rows}
    ct, coded = (by_reference[made[name].case.reference or ""] for name in ("ct", "coded"))
    assert (ct["Sub-modality"], ct["Notification code"], ct["Discovered on"]) == ("CT", "1", "2026-03-01")
    assert ct["Acknowledged on"] == "2026-03-02"
    assert ct["Cause coded by CQC, tier 1"] == ""
    cause = Notification.objects.get(pk=made["coded"].pk).cqc_cause
    assert cause is not None
    assert coded["Cause coded by CQC, tier 3"] == cause.tier3
    assert "The operator exposed" not in str(rows)


def test_analysts_filter_and_export_and_are_offered_no_deed(made: dict[str, Notification]) -> None:
    reader = browser(staff(Role.ANALYST))
    assert listed(reader, made, sub_modality="dental") == ["dental"]
    assert "together/" not in reader.get(LIST).content.decode()
    answer: Any = reader.post(f"{LIST}export/ods/")
    assert answer.status_code == 200
