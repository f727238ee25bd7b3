"""The letter of May: once a year, to the leads of whoever has not returned what its open sites carry out."""

from datetime import UTC, datetime

import pytest
import time_machine

from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.models import Event
from regulator.organisations import services
from regulator.organisations.models import ActivityReminder, Modality, Site
from regulator.organisations.tasks import remind_of_activity as task
from regulator.outbox.models import Message
from tests.factories import EmployerFactory, SiteFactory, member
from tests.organisations.returning import EARLIER, Returning, data_set, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(in_may: time_machine.Traveller) -> Returning:
    return Returning()


def letters() -> list[Message]:
    return list(Message.objects.filter(template="organisations_activity_reminder").order_by("pk"))


def test_a_lead_is_told_what_is_missing_and_where_to_file_it(house: Returning) -> None:
    house.file(said())
    assert task() == 1
    (letter,) = letters()
    assert letter.to == house.lead.email
    assert letter.subject == f"Activity returns of {house.employer.name} for 2025/26"
    assert "ended on Tuesday 31 March 2026" in letter.body
    assert "- Diagnostic imaging" in letter.body
    assert "Radiotherapy" not in letter.body
    assert f"http://localhost:8000{house.path('activity')}" in letter.body
    event = Event.objects.get(type="organisations.activity_reminded")
    assert event.payload == {
        "employer": house.employer.pk,
        "year": "2025/26",
        "missing": ["diagnostic_imaging"],
    }
    assert (event.actor, event.scheduled_by) == (None, "organisations.remind_of_activity")
    assert first_broken_link() is None


def test_it_goes_once_a_year_however_often_and_on_whichever_day_of_may_it_runs(
    house: Returning, in_may: time_machine.Traveller
) -> None:
    went = []
    for year in (2026, 2027):
        for month, day in ((4, 30), (5, 1), (5, 2), (5, 31), (6, 1), (12, 24)):
            in_may.move_to(datetime(year, month, day, 9, tzinfo=UTC), tick=False)
            went += [(year, month, day)] * services.remind_of_activity()
    assert went == [(2026, 5, 1), (2027, 5, 1)]
    assert [letter.subject[-7:] for letter in letters()] == ["2025/26", "2026/27"]
    assert ActivityReminder.objects.count() == 2


def test_a_worker_that_was_down_until_the_last_evening_of_may_makes_up_for_it(
    house: Returning, in_may: time_machine.Traveller
) -> None:
    in_may.move_to(datetime(2026, 5, 31, 22, 59, tzinfo=UTC), tick=False)  # 23:59 in London
    assert services.remind_of_activity() == 1


def test_in_june_by_londons_clock_nothing_goes(house: Returning, in_may: time_machine.Traveller) -> None:
    in_may.move_to(datetime(2026, 5, 31, 23, 1, tzinfo=UTC), tick=False)
    assert services.remind_of_activity() == 0


def test_whoever_returned_everything_or_says_nothing_of_its_sites_is_left_alone(house: Returning) -> None:
    house.file(said(), said(90_000, modality=Modality.DIAGNOSTIC_IMAGING))
    silent, closed, nobody = (EmployerFactory.create() for _ in range(3))
    SiteFactory.create(employer=silent)
    SiteFactory.create(employer=closed, modalities=[Modality.RADIOTHERAPY], is_open=False)
    for employer in (silent, closed):
        member(employer, Role.EMPLOYER_LEAD)
    SiteFactory.create(employer=nobody, modalities=[Modality.RADIOTHERAPY])
    member(nobody, Role.EMPLOYER_REPORTER)
    assert services.remind_of_activity() == 0
    assert not letters()
    assert not ActivityReminder.objects.exists()


def test_a_return_for_another_year_and_a_data_set_are_no_return(house: Returning) -> None:
    house.file(said(year=EARLIER))
    data_set(house.employer, 1000)
    assert services.remind_of_activity() == 1
    assert "- Radiotherapy" in letters()[0].body


def test_every_lead_who_may_sign_in_gets_it_and_nobody_else(house: Returning) -> None:
    second, former, locked = (member(house.employer, Role.EMPLOYER_LEAD) for _ in range(3))
    services.end_access(membership=former.memberships.get(), by=house.lead)
    User.objects.filter(pk=locked.pk).update(is_active=False)
    services.remind_of_activity()
    assert {letter.to for letter in letters()} == {house.lead.email, second.email}


def test_an_employer_without_a_lead_is_reminded_once_it_has_one(house: Returning) -> None:
    house.lead.memberships.update(role=Role.EMPLOYER_REPORTER)
    assert services.remind_of_activity() == 0
    newcomer = member(house.employer, Role.EMPLOYER_LEAD)
    assert [services.remind_of_activity(), services.remind_of_activity()] == [1, 0]
    assert [letter.to for letter in letters()] == [newcomer.email]


def test_a_lead_who_joins_after_the_letter_does_not_bring_another(house: Returning) -> None:
    services.remind_of_activity()
    member(house.employer, Role.EMPLOYER_LEAD)
    Site.objects.update(modalities=list(Modality.values))
    assert services.remind_of_activity() == 0
    assert len(letters()) == 1


def test_each_employer_gets_its_own(in_may: time_machine.Traveller) -> None:
    houses = [Returning() for _ in range(3)]
    houses[1].file(said(), said(90_000, modality=Modality.DIAGNOSTIC_IMAGING))
    assert services.remind_of_activity() == 2
    assert {letter.to for letter in letters()} == {houses[0].lead.email, houses[2].lead.email}
