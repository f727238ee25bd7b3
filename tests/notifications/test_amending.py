"""Correcting a submitted notification: nothing is lost, all is checked, clocks and regime follow."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications import services
from notifications.content import DraftContent, canonical, content_of, digest
from notifications.models import Correction, Notification, NotificationVersion
from notifications.queries import extension_requests, information_requests, whole
from notifications.timeline import Row, employer_timeline
from notifications.versions import as_told, changes
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow, NotPermitted, StaleVersion
from regulator.casework.models import Case, Event
from regulator.deadlines.models import Deadline
from regulator.organisations.models import Modality
from regulator.outbox.models import Message
from tests.factories import (
    Cast,
    EmployerFactory,
    SiteFactory,
    a_cause,
    amended,
    member,
    notification_in,
    person,
)
from tests.notifications.pages import boxes, browser, date_boxes, problems, send, text, version

pytestmark = pytest.mark.usefixtures("reference")


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast()


def page(notification: Notification, then: str = "amend/") -> str:
    return f"/notifications/{notification.case.reference}/{then}"


def stored(notification: Notification) -> Notification:
    return whole().get(pk=notification.pk)


def deadline(notification: Notification, kind: str) -> Deadline:
    return Deadline.objects.get(case=notification.case_id, kind=kind)


def rows(notification: Notification) -> list[Row]:
    days = employer_timeline(
        notification,
        questions=information_requests(notification),
        requests=extension_requests(notification),
    )
    return [row for day in days for row in day.rows]


@pytest.mark.parametrize("modality", Modality.values)
def test_a_content_is_read_back_exactly_as_it_was_written(cast: Cast, modality: str) -> None:
    notification = notification_in(
        "draft",
        cast=cast,
        modality=modality,
        site=SiteFactory.create(employer=cast.employer),
        complementary_codes=("equipment", "multiple_individuals"),
        reporter_cause=a_cause(modality),
        duty_holders_involved=["operator"],
    )
    content = content_of(stored(notification))
    [told] = as_told(stored(notification), [canonical(content)])
    assert content_of(told) == content
    assert digest(content_of(told)) == digest(content)


def test_an_old_content_may_lack_a_field_or_have_one_too_many(cast: Cast) -> None:
    notification = stored(notification_in("draft", cast=cast))
    [told] = as_told(notification, ['{"modality": "radiotherapy", "gone": 1, "imaging": {"gone": 2}}'])
    assert content_of(told) == DraftContent(modality="radiotherapy", imaging=content_of(told).imaging)


def test_corrected_section_by_section_on_pages_and_sent_with_a_reason(cast: Cast) -> None:
    sent = notification_in("awaiting_report", cast=cast)
    before = content_of(stored(sent))
    client = browser(cast.reporter)
    assert f'href="{page(sent)}"' in text(client.get(page(sent, "")))
    saved: Any = send(client, page(sent, "amend/people/"), number_exposed="3")
    assert (saved.status_code, saved["Location"]) == (302, page(sent))
    assert send(client, page(sent, "amend/circumstances/"), anatomy="Chest <wall>").status_code == 302
    assert content_of(stored(sent)) == before
    assert Case.objects.get(pk=sent.pk).version == sent.case.version
    shown = text(client.get(page(sent)))
    assert "Chest &lt;wall&gt;" in shown
    assert "What will change" in shown
    unsaid = send(client, page(sent))
    assert (unsaid.status_code, problems(unsaid)) == (400, ["Enter why you are correcting it"])
    done: Any = send(client, page(sent), reason="Two more were found.")
    assert (done.status_code, done["Location"]) == (302, page(sent, ""))
    now = content_of(stored(sent))
    assert now == replace(before, number_exposed=3, anatomy="Chest <wall>")
    kept = NotificationVersion.objects.get()
    assert (kept.number, kept.by, kept.reason) == (1, cast.reporter, "Two more were found.")
    assert (kept.content, kept.digest) == (canonical(before), digest(before))
    event = Event.objects.get(type="notifications.amended")
    assert {**event.payload, "text_sha256": ""} == {
        "version": 1,
        "before": digest(before),
        "sha256": digest(now),
        "text_sha256": "",
    }
    assert first_broken_link() is None


def test_the_versions_are_read_old_beside_new_by_the_employer_and_by_staff(cast: Cast) -> None:
    sent = notification_in("awaiting_report", cast=cast)
    amended(sent, cast.reporter, number_exposed=3, reason="Two more were found.")
    amended(sent, cast.reporter, anatomy="Chest <wall>", number_exposed=4)
    client = browser(cast.reporter)
    first, second = (text(client.get(page(sent, f"versions/{number}/"))) for number in (1, 2))
    assert ("Two more were found." in first, "Chest &lt;wall&gt;" in first) == (True, False)
    assert "Chest &lt;wall&gt;" in second
    assert client.get(page(sent, "versions/3/")).status_code == 404
    assert client.get(page(sent, "versions/0/")).status_code == 404
    amendments = [row for row in rows(sent) if "corrected" in row.sentence]
    assert [row.link and row.link[0] for row in amendments] == [
        page(sent, "versions/2/"),
        page(sent, "versions/1/"),
    ]
    assert amendments[1].sentence == f"{cast.reporter.name} corrected what CQC was told."
    assert amendments[1].quotes == (("Reason", "Two more were found."),)
    shown = text(browser(cast.officer).get(f"/desk/casework/case/{sent.pk}/"))
    for words in ("Amended 2 times", "Two more were found.", "was “1”, now “3”", "was “3”, now “4”"):
        assert words in shown, words
    listed: Any = browser(cast.officer).get("/desk/casework/case/?mark=amended")
    assert [case.pk for case in listed.context["cl"].result_list] == [sent.pk]


def test_the_lead_is_told_by_letter_without_a_word_of_it(cast: Cast) -> None:
    sent = notification_in("awaiting_report", cast=cast)
    amended(sent, cast.reporter, narrative="Something else.", reason="I misread it.")
    letter = Message.objects.get(template="notifications_amended")
    assert letter.to == cast.officer.email
    assert f"/desk/casework/case/{sent.pk}/" in letter.body
    assert ("Something" in letter.body, "misread" in letter.body) == (False, False)
    assert "date of discovery" not in letter.body


def test_the_clocks_follow_the_date_of_discovery(cast: Cast) -> None:
    sent = notification_in("awaiting_report", cast=cast)
    earlier = date(2026, 2, 1)
    amended(sent, cast.reporter, discovered_on=earlier, occurred_on=earlier)
    notify, report = deadline(sent, "notify"), deadline(sent, "report")
    assert (notify.due_on, notify.met_on, notify.is_late) == (date(2026, 2, 15), date(2026, 3, 2), True)
    assert (report.start_on, report.due_on, report.first_due_on) == (earlier, *[date(2026, 4, 26)] * 2)
    assert Case.objects.get(pk=sent.pk).next_due_on == date(2026, 4, 26)
    payload = Event.objects.filter(type="deadlines.redated").last().payload  # type: ignore[union-attr]
    assert (payload["from"], payload["to"]) == ("2026-05-24", "2026-04-26")
    told = [row.sentence for row in rows(sent) if "counted anew" in row.sentence]
    assert (
        "File the investigation report: counted anew from 1 February 2026 instead of 1 March 2026. "
        "Due by 26 April 2026; before, by 24 May 2026." in told
    )
    assert "counted again" in Message.objects.get(template="notifications_amended").body


def test_more_time_that_was_given_outlives_an_earlier_discovery_but_not_a_later_one(cast: Cast) -> None:
    sent = notification_in("awaiting_report", cast=cast, discovered_on=date(2026, 1, 10))
    services.extend_report(
        notification=sent, by=cast.officer, version=sent.case.version, due_on=date(2026, 4, 20), reason="MPE."
    )
    amended(sent, cast.reporter, discovered_on=date(2026, 1, 5), occurred_on=date(2026, 1, 5))
    assert deadline(sent, "report").due_on == date(2026, 4, 20)
    amended(sent, cast.reporter, discovered_on=date(2026, 3, 1))
    assert deadline(sent, "report").due_on == date(2026, 5, 24)
    amended(sent, cast.reporter, discovered_on=date(2026, 1, 5))
    assert deadline(sent, "report").due_on == date(2026, 4, 20)


def test_a_report_that_was_filed_is_held_against_the_new_date_and_stays_filed(cast: Cast) -> None:
    sent = notification_in("report_received", cast=cast)
    amended(sent, cast.reporter, discovered_on=date(2025, 11, 1), occurred_on=date(2025, 11, 1))
    report = deadline(sent, "report")
    assert (report.due_on, report.met_on, report.is_late) == (date(2026, 1, 24), date(2026, 3, 2), True)
    assert Case.objects.get(pk=sent.pk).next_due_on is None


def test_what_is_not_statutory_has_no_clock_to_follow(cast: Cast) -> None:
    sent = notification_in("submitted", cast=cast, basis="voluntary")
    amended(sent, cast.reporter, discovered_on=date(2026, 3, 2))
    assert not Deadline.objects.filter(case=sent.pk).exists()
    letter = Message.objects.get(template="notifications_amended")
    assert "counted again" not in letter.body


def test_the_criteria_follow_the_date_of_the_incident_and_both_change_in_one_correction(cast: Cast) -> None:
    sent = notification_in("awaiting_report", cast=cast)
    client = browser(cast.reporter)
    old = stored(sent).criteria_regime
    typed = date_boxes("occurred_on", 1, 7, 2019)
    assert send(client, page(sent, "amend/incident/"), **typed).status_code == 302
    assert send(client, page(sent, "amend/criterion/"), criterion_code="2.1").status_code == 302
    assert send(client, page(sent), reason="The wrong year.").status_code == 302
    assert stored(sent).criteria_regime not in ("", old)
    assert stored(sent).criterion_code == "2.1"


def test_the_whole_must_still_be_fit_for_submission(cast: Cast) -> None:
    sent = notification_in("awaiting_report", cast=cast)
    client = browser(cast.reporter)
    assert send(client, page(sent, "amend/circumstances/"), narrative="").status_code == 302
    assert "Before you can send it" in text(client.get(page(sent)))
    answer = send(client, page(sent), reason="Tidying.")
    assert (answer.status_code, problems(answer)) == (400, ["Describe what happened."])
    assert boxes(answer)["reason"] == ["Tidying."]
    assert stored(sent).narrative
    assert not NotificationVersion.objects.exists()


def test_a_correction_that_changes_nothing_is_not_sent(cast: Cast) -> None:
    sent = notification_in("awaiting_report", cast=cast)
    answer = send(browser(cast.reporter), page(sent), reason="None.")
    assert answer.status_code == 400
    assert "Nothing has been changed yet" in problems(answer)[0]


def test_modality_kind_and_another_employers_site_are_refused(cast: Cast) -> None:
    sent = notification_in("awaiting_report", cast=cast)
    content = content_of(stored(sent))
    for changed in (
        replace(content, modality="radiotherapy"),
        replace(content, basis="voluntary"),
        replace(content, site=SiteFactory.create()),
    ):
        with pytest.raises(ValidationError):
            services.save_correction(notification=sent, by=cast.reporter, version=1, content=changed)
    assert not Correction.objects.exists()


def test_a_colleagues_correction_is_shared_and_a_stale_one_told_and_kept(cast: Cast) -> None:
    sent = notification_in("awaiting_report", cast=cast)
    mine, theirs = browser(cast.reporter), browser(member(cast.employer))
    opened = boxes(mine.get(page(sent, "amend/people/")))
    assert send(theirs, page(sent, "amend/people/"), number_exposed="5").status_code == 302
    stale = mine.post(page(sent, "amend/people/"), opened | {"number_exposed": ["7"]})
    assert (stale.status_code, boxes(stale)["number_exposed"]) == (409, ["7"])
    assert "What you typed, and what is saved now" in text(stale)
    assert mine.post(page(sent, "amend/people/"), boxes(stale)).status_code == 302
    checked = boxes(theirs.get(page(sent)))
    assert send(mine, page(sent, "amend/people/"), number_exposed="9").status_code == 302
    unseen = theirs.post(page(sent), checked | {"reason": ["Counted again."]})
    assert (unseen.status_code, boxes(unseen)["reason"]) == (409, ["Counted again."])
    assert theirs.post(page(sent), boxes(unseen)).status_code == 302
    assert stored(sent).number_exposed == 9


def test_a_page_of_before_the_sending_replaces_nothing_afterwards(cast: Cast) -> None:
    sent = notification_in("awaiting_report", cast=cast)
    client = browser(cast.reporter)
    opened = boxes(client.get(page(sent, "amend/people/")))
    amended(sent, cast.reporter, number_exposed=5)
    assert client.post(page(sent, "amend/people/"), opened).status_code == 409
    twice = boxes(client.get(page(sent))) | {"reason": ["Again."]}
    assert client.post(page(sent), twice).status_code == 400
    assert NotificationVersion.objects.count() == 1


def test_a_correction_is_given_up_after_asking(cast: Cast) -> None:
    sent = notification_in("awaiting_report", cast=cast)
    client = browser(cast.reporter)
    send(client, page(sent, "amend/people/"), number_exposed="5")
    assert page(sent, "amend/drop/") in text(client.get(page(sent)))
    assert send(client, page(sent, "amend/drop/")).status_code == 302
    assert boxes(client.get(page(sent, "amend/people/")))["number_exposed"] == ["1"]
    assert version(client.get(page(sent))) == 3


@pytest.mark.parametrize("state", ["closed", "withdrawn", "not_notifiable"])
def test_what_has_ended_is_corrected_no_more(cast: Cast, state: str) -> None:
    over = notification_in(state, cast=cast)
    client = browser(cast.reporter)
    assert page(over) not in text(client.get(page(over, "")))
    assert send(client, page(over, "amend/people/"), number_exposed="5").status_code == 409
    with pytest.raises(NotAllowedNow):
        services.amend(notification=over, by=cast.reporter, version=1, reason="Late.")


def test_a_withdrawal_in_between_stops_the_sending(cast: Cast) -> None:
    sent = notification_in("awaiting_report", cast=cast)
    content = replace(content_of(stored(sent)), number_exposed=5)
    services.save_correction(notification=sent, by=cast.reporter, version=1, content=content)
    seen = stored(sent)
    services.withdraw(notification=sent, by=cast.officer, version=sent.case.version, reason="A double.")
    for each in (seen, stored(sent)):
        with pytest.raises(NotAllowedNow):
            services.amend(notification=each, by=cast.reporter, version=2, reason="Counted again.")
    assert stored(sent).number_exposed == 1


def test_what_cqc_writes_in_between_neither_stops_the_sending_nor_passes_for_a_colleagues_correction(
    cast: Cast,
) -> None:
    sent = notification_in("submitted", cast=cast)
    content = replace(content_of(stored(sent)), number_exposed=5)
    services.save_correction(notification=sent, by=cast.reporter, version=1, content=content)
    seen = stored(sent)
    services.triage(
        notification=sent,
        by=cast.officer,
        version=sent.case.version,
        risk=Case.Risk.LOW,
        reason="One like it.",
    )
    with pytest.raises(StaleVersion) as stale:
        services.amend(notification=seen, by=cast.reporter, version=1, reason="Counted again.")
    assert stale.value.current == 2
    services.amend(notification=seen, by=cast.reporter, version=2, reason="Counted again.")
    assert (stored(sent).number_exposed, stored(sent).case.status) == (5, "awaiting_report")


STRANGERS: list[Callable[[Cast], User]] = [
    lambda cast: member(EmployerFactory.create(), Role.EMPLOYER_LEAD),
    lambda cast: cast.officer,
    lambda cast: person(Role.AUDITOR, cast.employer),
]


@pytest.mark.parametrize("who", STRANGERS)
def test_only_the_employers_own_people_correct(cast: Cast, who: Callable[[Cast], User]) -> None:
    sent = notification_in("awaiting_report", cast=cast)
    content = replace(content_of(stored(sent)), number_exposed=5)
    with pytest.raises(NotPermitted):
        services.save_correction(notification=sent, by=who(cast), version=1, content=content)
    services.save_correction(notification=sent, by=cast.reporter, version=1, content=content)
    for deed in (
        lambda: services.amend(notification=sent, by=who(cast), version=2, reason="x"),
        lambda: services.drop_correction(notification=sent, by=who(cast), version=2),
    ):
        with pytest.raises(NotPermitted):
            deed()


def test_an_earlier_edition_of_a_cause_stays_what_was_chosen(cast: Cast) -> None:
    cause = a_cause("diagnostic_imaging")
    sent = notification_in("awaiting_report", cast=cast, reporter_cause=cause)
    edition = cause.version
    edition.pk, edition.key = None, "later"
    edition.save()
    later = a_cause("diagnostic_imaging")
    later.pk, later.version = None, edition
    later.save()
    amended(sent, cast.reporter, number_exposed=2)
    assert stored(sent).reporter_cause == cause


def test_pages_take_as_many_queries_for_many_versions_as_for_one(cast: Cast) -> None:
    sent = notification_in("awaiting_report", cast=cast, site=SiteFactory.create(employer=cast.employer))
    amended(sent, cast.reporter, number_exposed=2)
    employer, desk = browser(cast.reporter), browser(cast.officer)
    paths = [
        (employer, page(sent, "")),
        (employer, page(sent)),
        (employer, page(sent, "amend/people/")),
        (employer, page(sent, "versions/1/")),
        (desk, f"/desk/casework/case/{sent.pk}/"),
    ]

    def count() -> list[int]:
        counts = []
        for client, path in paths:
            client.get(path)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(path).status_code == 200
            counts.append(len(captured))
        return counts

    few = count()
    for number in range(3, 12):
        amended(sent, cast.reporter, number_exposed=number)
    assert count() == few
    assert max(few[:4]) <= 20
    assert few[4] <= 15


def test_changes_are_told_by_label_with_gaps_as_gaps(cast: Cast) -> None:
    sent = stored(notification_in("submitted", cast=cast))
    content = content_of(sent)
    both = [canonical(content), canonical(replace(content, anatomy="Knee", equipment_type="Scanner"))]
    found = [(each.label, each.before, each.after) for each in changes(*as_told(sent, both))]
    assert found == [("Incident: Part of the body", "", "Knee"), ("Equipment: Equipment type", "", "Scanner")]
