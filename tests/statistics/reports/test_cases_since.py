"""Told cases that were withdrawn or revised after a report was frozen: what is refused, and what is said."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notifications.learning.library import put, take_out
from notifications.learning.models import PublishedLearning
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.errors import NotAllowedNow
from regulator.periods import reporting_year
from regulator.statistics.figures import moments
from regulator.statistics.reports import services
from regulator.statistics.reports.frozen import Content, day_in_words
from regulator.statistics.reports.making import make_due
from regulator.statistics.reports.models import Report
from regulator.statistics.reports.prose import placed
from regulator.statistics.reports.services import writing
from regulator.statistics.reports.setting import TEMPLATE, facts_of
from regulator.statistics.reports.signable import to_sign
from regulator.statistics.reports.sitemap import EDITIONS
from regulator.statistics.told import library
from tests.casework.closing import closed_to
from tests.factories import staff
from tests.notifications.learning.making import learning_in
from tests.notifications.learning.told import published, told
from tests.notifications.pages import browser, text
from tests.reference import ship_reference
from tests.statistics.reports.room import YEAR, Room
from tests.statistics.reports.test_cases import API, PLACE, REPORT, SECRET, case, out, telling

__all__ = ["case"]


def revised(case: PublishedLearning) -> None:
    """The library tells it in other words."""
    put(told(title=case.title, system="Said anew."), number=case.number, revision=case.revision + 1)


def test_what_was_revised_since_the_freeze_is_not_signed(room: Room, case: PublishedLearning) -> None:
    report = telling(room, case)
    room.freeze(report)
    revised(case)
    said = f"Case {case.number} was revised in the library since. Freeze the report again."
    with pytest.raises(NotAllowedNow) as refused:
        room.sign(report)
    assert str(refused.value) == said
    room.freeze(report)
    assert room.sign(report).state == Report.State.SIGNED


def test_what_was_revised_since_the_signature_is_not_published(room: Room, case: PublishedLearning) -> None:
    report = telling(room, case)
    room.freeze(report)
    room.sign(report)
    revised(case)
    with pytest.raises(NotAllowedNow, match="was revised in the library since"):
        room.publish(report)
    report.refresh_from_db()
    assert report.state == Report.State.SIGNED
    room.freeze(report)
    assert room.publish(room.sign(report)).state == Report.State.PUBLISHED


def changed(report: Report) -> datetime:
    """When the sitemap says that the edition changed."""
    [(_, moment)] = EDITIONS.places(report.pk, report.pk)
    return moment


def test_the_sitemap_says_when_an_edition_changed(room: Room, case: PublishedLearning) -> None:
    report = out(room, case)
    assert report.published_at is not None
    assert changed(report) == report.published_at
    with clock.at(report.published_at + timedelta(hours=1)):
        take_out(case.number)
    report.refresh_from_db()
    assert changed(report) == report.case_withdrawn_at == report.published_at + timedelta(hours=1)


def desk(room: Room, report: Report, rest: str = "", by: str = "colleague") -> str:
    return text(browser(getattr(room, by)).get(f"/desk/reports/report/{report.pk}/{rest}"))


def test_what_moved_never_shows_the_title_of_a_withdrawn_case(room: Room, case: PublishedLearning) -> None:
    report = telling(room, case)
    room.freeze(report)
    room.write(report, "Words.", PLACE)
    room.freeze(report)
    assert case.title in desk(room, report, "freezes/2/")
    take_out(case.number)
    assert case.title not in desk(room, report, "freezes/2/")
    second = room.started(reporting_year("2022/23"))
    more = published(title="Another one that is told")
    room.write(second, placed(more.number), PLACE)
    room.freeze(second)
    room.write(second, "Words.", PLACE)
    assert more.title in desk(room, second, "freeze/", "analyst")
    take_out(more.number)
    assert more.title not in desk(room, second, "freeze/", "analyst")


@pytest.mark.parametrize(
    ("became", "to_do"),
    [
        ("withdrawn from", "Take it out of the text and freeze the report again."),
        ("revised in", "Freeze the report again."),
    ],
)
def test_an_open_report_says_that_a_case_of_its_freeze_is_overtaken(
    room: Room, case: PublishedLearning, became: str, to_do: str
) -> None:
    report = telling(room, case)
    room.freeze(report)
    said = f"Case {case.number} was {became} the library since. {to_do}"
    signing, publishing = (f"/desk/reports/report/{report.pk}/{deed}/" for deed in ("sign", "publish"))

    def change(of: PublishedLearning) -> None:
        if became == "withdrawn from":
            take_out(of.number)
        else:
            revised(of)

    before = desk(room, report)
    assert signing in before
    assert "otherwise since" not in before
    room.sign(report)
    make_due()
    assert publishing in desk(room, report, by="manager")
    change(case)
    signed = desk(room, report, by="manager")
    assert publishing not in signed
    assert said in signed
    room.write(report, f"More.\n\n{placed(case.number)}" if became == "revised in" else "Words.", PLACE)
    drafting = desk(room, report)
    assert signing not in drafting
    assert to_sign(room.manager) == []
    assert said in drafting
    room.freeze(report)
    after = desk(room, report)
    assert signing in after
    assert to_sign(room.manager) == [report]
    assert "otherwise since" not in after


def test_beside_each_pdf_that_tells_a_withdrawn_case_staff_read_that_it_is_not_passed_on(
    room: Room, case: PublishedLearning
) -> None:
    report = telling(room, case)
    room.freeze(report)
    room.write(report, "Words.", PLACE)
    room.freeze(report)
    make_due()
    said = f"Not to be passed on:</strong> it tells case {case.number}, which was withdrawn from the library."
    assert said not in desk(room, report)
    take_out(case.number)
    assert desk(room, report).count(said) == 1
    room.publish(room.sign(report))
    assert desk(room, report).count(said) == 1


def test_a_text_is_read_before_the_chain_is_held(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    report, steps = room.started(), []

    def telling_of(name: str) -> None:
        asked = getattr(writing, name)

        def told_of(*args: Any, **kwargs: Any) -> Any:
            steps.append(name)
            return asked(*args, **kwargs)

        monkeypatch.setattr(writing, name, told_of)

    for name in ("faults", "find", "changing", "told_at"):
        telling_of(name)
    room.write(report, placed(published().number), PLACE)
    assert steps == ["faults", "find", "changing", "told_at"]


def test_a_case_that_was_restricted_since_is_neither_put_into_a_report_nor_offered(room: Room) -> None:
    ship_reference()
    desks = [learning_in("published"), learning_in("published")]
    numbers = [each.learning.public_number or 0 for each in desks]
    PublishedLearning.objects.filter(number__in=numbers).update(published_at=moments(YEAR)[0])
    first, second = map(placed, numbers)
    offered = desk(room, room.started(reporting_year("2022/23")), f"text/{PLACE}/", "analyst")
    assert first in offered
    assert second in offered
    case, manager = desks[0].fresh.case, staff(Role.ENFORCEMENT_MANAGER)
    assert case.assignee is not None
    with clock.at(clock.now() + timedelta(hours=1)):
        closed_to(case, manager, case.assignee, by=manager)
    report = room.started()
    assert first not in desk(room, report, f"text/{PLACE}/", "analyst")
    assert second in desk(room, report, f"text/{PLACE}/", "analyst")
    told = library().first_published(*moments(YEAR))
    assert [each.number for each in told] == numbers[1:]
    assert [each.number for each in library().choices("", "", 9)] == numbers[1:]


def test_every_form_tells_the_modality_and_the_cause_of_a_case(
    room: Room, case: PublishedLearning, client: Client
) -> None:
    report = out(room, case)
    said = "Diagnostic imaging. Cause: Referrer, then Incorrect referral, then Wrong patient."
    assert said in text(client.get(REPORT))
    assert said in desk(room, report, "freezes/1/")
    held = report.freezes.get()
    facts = facts_of(Content.read(held.content), {})
    [told_case] = [
        part["case"]
        for section in facts["sections"]
        for item in section["items"]
        for part in item.get("prose", ())
        if "case" in part
    ]
    assert told_case["kinds"] == said
    assert "held.kinds" in TEMPLATE.read_text(encoding="utf-8")
    [of_json] = [
        part["case"]
        for section in client.get(API).json()["sections"]
        for item in section["items"]
        for part in item.get("text", ())
        if "case" in part
    ]
    assert f"{of_json['modality']}. Cause: {of_json['cause']}." == said


@pytest.mark.parametrize(
    ("address", "most"),
    [
        (REPORT, 4),
        (f"{REPORT}editions/1/", 4),
        (f"{REPORT}tables/notifications_by_modality/", 4),
        (f"{REPORT}editions/2/changes/", 6),
        ("/statistics/reports/", 2),
        ("/statistics/disagreements/", 4),
        ("/statistics/methods/", 4),
        *((f"{REPORT}report.{form}", 4) for form in ("csv", "ods", "json")),
        (f"{REPORT}tables/notifications_by_modality.csv", 4),
        (API, 4),
    ],
)
def test_what_is_read_of_editions_of_which_cases_were_withdrawn_is_counted(
    room: Room, case: PublishedLearning, client: Client, address: str, most: int
) -> None:
    report = out(room, case)
    room.notify(1)
    room.corrected(report)
    take_out(case.number)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code == 200
    assert len(captured) == most


def test_a_case_withdrawn_after_its_edition_was_replaced_is_shown_by_neither(
    room: Room, case: PublishedLearning, client: Client
) -> None:
    report = out(room, case)
    report.refresh_from_db()
    made = services.correct(report=report, reason="It went.", by=room.analyst, version=report.version)
    room.write(made, "Words.", PLACE)
    room.freeze(made)
    room.publish(room.sign(made))
    assert f"Case {case.number}, “{case.title}”, is no longer told." in text(
        client.get(f"{REPORT}editions/2/changes/")
    )
    report.refresh_from_db()
    assert report.state == Report.State.SUPERSEDED
    former = f"{REPORT}editions/1/"
    tag = client.get(former)["ETag"]
    take_out(case.number)
    report.refresh_from_db()
    made.refresh_from_db()
    assert report.case_withdrawn_at is not None
    assert made.case_withdrawn_at is None
    answer = client.get(former, headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert SECRET not in text(answer)
    assert f'<a class="govuk-link" href="{REPORT}">Read the edition that holds</a>' in text(answer)
    assert "CQC is to publish" not in text(answer)
    assert client.get(f"{former}report.pdf").status_code == 410
    assert client.get(f"{REPORT}report.pdf").status_code == 200


def test_cases_of_one_edition_withdrawn_one_after_the_other_each_have_their_day(
    room: Room, client: Client
) -> None:
    first, second = published(title="The first to go"), published(title="The second to go")
    report = room.started()
    room.write(report, f"{placed(first.number)}\n\n{placed(second.number)}", PLACE)
    room.freeze(report)
    room.publish(room.sign(report))
    now = clock.now()
    with clock.at(now + timedelta(days=2)):
        take_out(first.number)
    report.refresh_from_db()
    early, tag = report.case_withdrawn_at, client.get(REPORT)["ETag"]
    said = text(client.get(REPORT))
    assert first.title not in said
    assert second.title in said
    assert "CQC is to publish a corrected edition." in said
    with clock.at(now + timedelta(days=9)):
        take_out(second.number)
    report.refresh_from_db()
    assert early is not None
    assert report.case_withdrawn_at == early + timedelta(days=7)
    answer = client.get(REPORT, headers={"If-None-Match": tag})
    assert answer.status_code == 200
    said = text(answer)
    assert second.title not in said
    for days in (2, 9):
        day = timezone.localdate(now + timedelta(days=days))
        assert f"withdrawn from the library on {day_in_words(day)}." in said


def test_a_pdf_kept_by_its_day_alone_is_asked_for_again(
    room: Room, case: PublishedLearning, client: Client
) -> None:
    out(room, case)
    now, pdf = clock.now(), f"{REPORT}report.pdf"
    with clock.at(now + timedelta(minutes=1)):
        kept = {"If-Modified-Since": client.get(pdf)["Last-Modified"]}
        assert client.get(pdf, headers=kept).status_code == 304
    with clock.at(now + timedelta(minutes=5)):
        take_out(case.number)
        assert client.get(pdf, headers=kept).status_code == 410
    with clock.at(now + timedelta(minutes=6)):
        assert client.get(pdf, headers=kept).status_code == 410
