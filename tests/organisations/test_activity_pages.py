"""The pages of activity: who gets there, what they say, and that nothing that was typed is lost."""

from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from regulator.accounts.models import PortalSession
from regulator.accounts.roles import Role
from regulator.casework.models import Event
from regulator.organisations.models import ActivityReturn, Completeness, Modality, Site
from regulator.organisations.returns import years_open
from tests.factories import EmployerFactory, SiteFactory, member, person
from tests.notifications.pages import boxes, browser, problems, send, text
from tests.organisations.returning import EARLIER, LAST, RUNNING, Returning, data_set, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_may")]
SEEN = ("activity", "activity_sources", "activity_template", "activity_download")
KEPT = ("activity_year", "activity_upload")
PASSWORD = "four quiet grey herons"


@pytest.fixture
def house(in_may: time_machine.Traveller) -> Returning:
    return Returning()


def path(house: Returning, name: str) -> str:
    return house.path(name, *([LAST.slug] if name == "activity_year" else []))


def typed(quantity: str, completeness: str = "complete", modality: str = "radiotherapy") -> dict[str, str]:
    return {f"quantity_{modality}": quantity, f"completeness_{modality}": completeness}


# Who gets there ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SEEN + KEPT)
def test_everybody_of_the_employer_reads_the_lead_files_and_others_find_nothing(
    house: Returning, name: str
) -> None:
    address = path(house, name)
    assert browser(house.lead).get(address).status_code == 200
    assert browser(house.reporter).get(address).status_code == (200 if name in SEEN else 403)
    stranger = browser(member(EmployerFactory.create(), Role.EMPLOYER_LEAD))
    for method in ("get", "post"):
        wrong = 405 if method == "post" and name in SEEN else None
        assert getattr(stranger, method)(address).status_code == (wrong or 404)
        for role in (Role.ADMINISTRATOR, Role.ANALYST, Role.CASE_OFFICER):
            assert getattr(browser(person(role, house.employer)), method)(address).status_code == 403
        assert getattr(Client(), method)(address).status_code == 302
    assert not Event.objects.exists()


def test_a_reporter_is_offered_nothing_to_file_and_a_reporters_post_files_nothing(house: Returning) -> None:
    data_set(house.employer, 900)
    page = text(browser(house.reporter).get(house.path("activity")))
    assert "National data set" in page
    for name in KEPT:
        assert path(house, name) not in page
        assert browser(house.reporter).post(path(house, name), typed("5")).status_code == 403
    assert ActivityReturn.objects.count() == 1


@pytest.mark.parametrize("slug", ["2016-17", "2027-28", "2025-27", "nonsense", "2025"])
def test_a_year_that_cannot_be_returned_is_not_found(house: Returning, slug: str) -> None:
    address = house.path("activity_year", slug)
    assert browser(house.lead).get(address).status_code == 404
    assert browser(house.lead).post(address, typed("5")).status_code == 404


# What the pages say --------------------------------------------------------------------------------------


def test_the_page_says_what_is_missing_for_the_last_year_and_leads_there(house: Returning) -> None:
    page = text(browser(house.lead).get(house.path("activity")))
    assert "Your sites carry out diagnostic imaging and radiotherapy" in page
    assert page.count("Missing") == 2
    house.file(said())
    page = text(browser(house.lead).get(house.path("activity")))
    assert "Your sites carry out diagnostic imaging, and you returned nothing for it yet" in page
    assert "1,200 treatment episodes, complete" in page
    house.file(said(90_000, modality=Modality.DIAGNOSTIC_IMAGING))
    assert "you returned nothing" not in text(browser(house.lead).get(house.path("activity")))


def test_where_no_site_says_what_it_carries_out_the_page_says_that(house: Returning) -> None:
    Site.objects.update(modalities=[])
    page = text(browser(house.lead).get(house.path("activity")))
    assert "None of your open" in page
    assert "Nothing was returned yet" in page


def test_every_year_that_may_be_returned_is_offered(house: Returning) -> None:
    page = text(browser(house.lead).get(house.path("activity")))
    offered = [year for year in years_open(RUNNING.start) if house.path("activity_year", year.slug) in page]
    assert len(offered) == 10


def test_whose_numbers_count_is_said_row_by_row(house: Returning) -> None:
    house.file(said(1200, completeness=Completeness.ESTIMATED))
    data_set(house.employer, 1000, source="<b>National</b> data set")
    page = text(browser(house.reporter).get(house.path("activity_sources")))
    assert "<b>National" not in page
    own, other = page.index("Your return</td>"), page.index("National&lt;/b&gt; data set")
    assert other < own  # the one that counts first
    assert "Not counted" in page[own:]
    assert "Counts</strong>" in page[other:own]


def test_without_any_number_the_page_of_sources_says_so(house: Returning) -> None:
    assert "no number about you yet" in text(browser(house.lead).get(house.path("activity_sources")))


# Filing on the page --------------------------------------------------------------------------------------


def test_a_lead_files_two_modalities_on_one_page_and_leaves_the_third_empty(house: Returning) -> None:
    filled = typed("1,200") | typed("90 000", "estimated", "diagnostic_imaging")
    answer: Any = send(browser(house.lead), path(house, "activity_year"), **filled)
    assert (answer.status_code, answer["Location"]) == (302, house.path("activity"))
    assert house.numbers() == {
        ("2025", "radiotherapy"): (1200, "complete", 1),
        ("2025", "diagnostic_imaging"): (90_000, "estimated", 1),
    }
    told = text(browser(house.lead).get(path(house, "activity_year")))
    assert 'value="1,200"' in told


def test_what_stands_is_in_the_boxes_and_sent_again_changes_nothing(house: Returning) -> None:
    house.file(said())
    client = browser(house.lead)
    sent = boxes(client.get(path(house, "activity_year")))
    assert (sent["quantity_radiotherapy"], sent["completeness_radiotherapy"]) == (["1,200"], ["complete"])
    page = client.post(path(house, "activity_year"), sent, follow=True)
    assert "Nothing was changed" in text(page)
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (typed(""), "Radiotherapy: enter the number, or 0 if there were none"),
        (typed("5", ""), "Radiotherapy: select how complete the number is"),
        (typed("5", "perhaps"), "Radiotherapy: select how complete the number is"),
        (typed("-5"), "Radiotherapy: the number must be 0 or more"),
        (typed("=1+1"), "Radiotherapy: this is a formula: enter the number itself"),
        (typed("1000000000000"), "Radiotherapy: the number must be 100,000,000 or less"),
        (typed("12.5"), "Radiotherapy: enter a whole number, without a point"),
        (typed("9" * 5000), "Number of treatment episodes must be 40 characters or fewer"),
        (typed("5\x00"), "Number of treatment episodes must not contain hidden characters"),
        ({}, "Enter a number for at least one modality"),
    ],
)
def test_nonsense_is_answered_beside_its_box_and_nothing_is_lost(
    house: Returning, wrong: dict[str, str], message: str
) -> None:
    right = typed("90,000", "estimated", "diagnostic_imaging") if wrong else {}
    answer: Any = send(browser(house.lead), path(house, "activity_year"), **(right | wrong))
    assert answer.status_code == 400
    (told,) = problems(answer)
    assert told.startswith(message)
    kept = boxes(answer)
    for name, value in (right | wrong).items():
        if value != "perhaps":
            assert kept.get(name, [""]) == [value]
    assert not ActivityReturn.objects.exists()


def test_a_return_cannot_be_taken_back(house: Returning) -> None:
    house.file(said())
    answer: Any = send(browser(house.lead), path(house, "activity_year"), quantity_radiotherapy="")
    assert problems(answer) == ["Radiotherapy: a return can be corrected, but not taken back"]
    assert house.numbers() == {("2025", "radiotherapy"): (1200, "complete", 1)}


def test_the_running_year_offers_no_complete_return_and_refuses_one(house: Returning) -> None:
    address = house.path("activity_year", RUNNING.slug)
    page = browser(house.lead).get(address)
    assert 'value="complete"' not in text(page)
    assert "This year has not ended" in text(page)
    answer: Any = send(browser(house.lead), address, **typed("5"))
    assert problems(answer) == ["Radiotherapy: select how complete the number is"]
    assert send(browser(house.lead), address, **typed("5", "estimated")).status_code == 302


def test_an_improbable_number_is_asked_about_and_a_tick_is_good_for_it_alone(
    house: Returning,
) -> None:
    house.file(said(1000, year=EARLIER))
    client, address = browser(house.lead), path(house, "activity_year")
    asked: Any = send(client, address, **typed("10,000"))
    assert asked.status_code == 400
    (told,) = problems(asked)
    assert told.startswith("Radiotherapy: you give 10,000. For 2024/25 it was 1,000.")
    assert 'name="confirmed_radiotherapy"' in text(asked)
    assert 'name="confirmed_diagnostic_imaging"' not in text(asked)
    other: Any = client.post(
        address, boxes(asked) | {"confirmed_radiotherapy": "true", "quantity_radiotherapy": "20,000"}
    )
    assert problems(other)[0].startswith("Radiotherapy: you give 20,000.")
    assert "confirmed_radiotherapy" not in boxes(other)  # the tick was for the other number
    assert client.post(address, boxes(other) | {"confirmed_radiotherapy": "true"}).status_code == 302
    assert house.numbers()["2025", "radiotherapy"] == (20_000, "complete", 1)


def test_a_tick_stays_while_another_box_is_mended(house: Returning) -> None:
    house.file(said(1000, year=EARLIER))
    client, address = browser(house.lead), path(house, "activity_year")
    asked = send(client, address, **typed("10,000"))
    wrong: Any = client.post(
        address,
        boxes(asked) | {"confirmed_radiotherapy": "true"} | typed("many", "partial", "diagnostic_imaging"),
    )
    assert [each[:20] for each in problems(wrong)] == ["Diagnostic imaging: "]
    assert boxes(wrong)["confirmed_radiotherapy"] == ["true"]
    assert client.post(address, boxes(wrong) | typed("9", "partial", "diagnostic_imaging")).status_code == 302


def test_the_second_of_two_leads_is_told_both_and_replaces_the_first_only_knowingly(house: Returning) -> None:
    house.file(said())
    client, address = browser(house.lead), path(house, "activity_year")
    page = boxes(client.get(address))
    house.file(said(1500, version=1))
    told: Any = client.post(address, page | typed("1,300", "partial"))
    assert told.status_code == 409
    assert problems(told)[0].startswith("Someone else changed this return")
    assert "1,500 treatment episodes, complete" in text(told)
    assert boxes(told)["quantity_radiotherapy"] == ["1,300"]
    assert boxes(told)["completeness_radiotherapy"] == ["partial"]
    assert house.numbers()["2025", "radiotherapy"] == (1500, "complete", 2)
    assert client.post(address, boxes(told)).status_code == 302
    assert house.numbers()["2025", "radiotherapy"] == (1300, "partial", 3)


@pytest.mark.parametrize("version", ["", "abc", "-1", str(10**30), "\x00"])
def test_a_page_that_lost_its_version_says_so_and_can_be_sent_again(house: Returning, version: str) -> None:
    house.file(said())
    client, address = browser(house.lead), path(house, "activity_year")
    lost: Any = send(client, address, **typed("1,300"), version_radiotherapy=version)
    assert lost.status_code == 400
    assert "The page lost track" in problems(lost)[0]
    assert boxes(lost)["quantity_radiotherapy"] == ["1,300"]
    assert client.post(address, boxes(lost)).status_code == 302
    assert house.numbers()["2025", "radiotherapy"] == (1300, "complete", 2)


def test_a_lost_version_of_one_modality_does_not_hide_a_stale_one_of_another(house: Returning) -> None:
    house.file(said())
    client, address = browser(house.lead), path(house, "activity_year")
    page = boxes(client.get(address)) | typed("1,300") | typed("9", "partial", "diagnostic_imaging")
    house.file(said(1500, version=1))
    lost: Any = client.post(address, page | {"version_diagnostic_imaging": ""})
    assert lost.status_code == 400
    assert client.post(address, boxes(lost)).status_code == 409
    assert house.numbers() == {("2025", "radiotherapy"): (1500, "complete", 2)}


@pytest.mark.parametrize("slip", ["doubted_radiotherapy", "confirmed_radiotherapy"])
def test_a_forged_tick_confirms_nothing(house: Returning, slip: str) -> None:
    house.file(said(1000, year=EARLIER))
    answer = send(browser(house.lead), path(house, "activity_year"), **typed("10,000"), **{slip: "on"})
    assert answer.status_code == 400
    assert ("2025", "radiotherapy") not in house.numbers()


def test_what_was_typed_outlives_the_session(house: Returning) -> None:
    cache.clear()
    house.lead.set_password(PASSWORD)
    house.lead.save()
    client, address = browser(house.lead), path(house, "activity_year")
    filled = boxes(client.get(address)) | typed("1,200")
    PortalSession.objects.all().delete()
    assert client.post(address, filled)["Location"].startswith("/account/login/")
    signed = {"login": house.lead.email, "password": PASSWORD, "next": address}
    client.post(f"/account/login/?next={address}", signed)
    page = client.get(address)
    assert page.status_code == 200
    assert "You were signed out before this was saved" in text(page)
    assert boxes(page)["quantity_radiotherapy"] == ["1,200"]
    assert not ActivityReturn.objects.exists()
    assert boxes(client.get(f"{address}?typed=no"))["quantity_radiotherapy"] == [""]
    assert client.post(address, boxes(page)).status_code == 302
    assert house.numbers() == {("2025", "radiotherapy"): (1200, "complete", 1)}
    assert "You were signed out" not in text(client.get(address))


# Queries -----------------------------------------------------------------------------------------------


def crowd(house: Returning) -> None:
    """Every year and modality, from three sources, and many sites."""
    SiteFactory.create_batch(20, employer=house.employer, modalities=list(Modality.values))
    for year in years_open(LAST.end)[1:]:
        for modality in Modality.values:
            if not house.numbers().get((f"{year.start.year}", modality)):
                house.file(said(1000, year=year, modality=modality, confirmed=True))
            for place in range(2):
                data_set(house.employer, 900, year=year, modality=modality, source=f"Set {place}")


@pytest.mark.parametrize("name", SEEN + KEPT)
def test_a_page_takes_as_many_queries_at_any_size(house: Returning, name: str) -> None:
    house.file(said(1000, year=EARLIER))
    client, address = browser(house.lead), path(house, name)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    queries()
    few = queries()
    crowd(house)
    assert queries() == few <= 7


def test_filing_takes_as_many_queries_at_any_size(house: Returning) -> None:
    house.file(said(1000, year=EARLIER), said(1000))
    client, address = browser(house.lead), path(house, "activity_year")

    def queries(number: str) -> int:
        filled = boxes(client.get(address)) | typed(number)
        with CaptureQueriesContext(connection) as found:
            assert client.post(address, filled).status_code == 302
        return len([each for each in found if "SAVEPOINT" not in each["sql"]])

    queries("1,001")
    few = queries("1,002")
    crowd(house)
    assert queries("1,003") == few <= 22
