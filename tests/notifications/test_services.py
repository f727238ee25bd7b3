"""What the services leave behind: references, clocks, letters, events; and what they refuse."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications import services
from notifications.content import REPORT_SECTIONS, DraftContent, ImagingContent, ReportContent, content_of
from notifications.models import InvestigationReport, Notification
from notifications.queries import whole
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.casework.models import Case, Event
from regulator.casework.references import is_well_formed
from regulator.deadlines.models import Deadline
from regulator.deadlines.tasks import escalate, remind
from regulator.outbox.models import Message
from tests.factories import (
    REPORT,
    Cast,
    SiteFactory,
    UserFactory,
    a_cause,
    complete,
    notification_in,
    staff,
)

pytestmark = pytest.mark.usefixtures("reference")


def deadline(notification: Notification, kind: str) -> Deadline:
    return Deadline.objects.get(case=notification.case, kind=kind)


def start(cast: Cast, content: DraftContent) -> Notification:
    return services.start_draft(employer=cast.employer, by=cast.reporter, content=content)


def submit(cast: Cast, notification: Notification) -> Notification:
    return services.submit(notification=notification, by=cast.reporter, version=notification.case.version)


def test_a_draft_may_lack_everything_and_has_no_reference() -> None:
    notification = start(Cast(), DraftContent())
    assert (notification.case.reference, notification.case.status) == (None, "draft")
    assert not Deadline.objects.exists()


def test_a_draft_is_stored_whole_and_read_back_as_it_was() -> None:
    cast = Cast()
    content = complete(
        site=SiteFactory.create(employer=cast.employer),
        complementary_codes=("equipment", "multiple_individuals"),
        duty_holders_involved=["operator"],
        reporter_cause=a_cause("diagnostic_imaging"),
        foetal_dose_mgy=Decimal("0.2500"),
    )
    notification = start(cast, content)
    assert content_of(whole().get(pk=notification.pk)) == content
    assert notification.case.summary == "CT: Chest"


def test_the_notify_clock_follows_the_date_of_discovery_while_drafting() -> None:
    cast = Cast()
    notification = start(cast, complete(discovered_on=date(2026, 2, 20)))
    assert deadline(notification, "notify").due_on == date(2026, 3, 6)
    content = replace(complete(discovered_on=date(2026, 2, 24)))
    services.save_draft(notification=notification, by=cast.reporter, version=1, content=content)
    assert deadline(notification, "notify").due_on == notification.case.next_due_on == date(2026, 3, 10)
    voluntary = replace(content, basis="voluntary")
    services.save_draft(notification=notification, by=cast.reporter, version=2, content=voluntary)
    assert notification.case.next_due_on is None


def test_saving_what_is_stored_changes_nothing() -> None:
    cast = Cast()
    notification = start(cast, complete())
    events = Event.objects.count()
    services.save_draft(notification=notification, by=cast.reporter, version=1, content=complete())
    assert (Event.objects.count(), Case.objects.get().version) == (events, 1)


def test_a_section_that_no_longer_applies_is_removed() -> None:
    cast = Cast()
    notification = start(cast, complete())
    content = complete(modality="radiotherapy")
    saved = services.save_draft(notification=notification, by=cast.reporter, version=1, content=content)
    assert content_of(whole().get(pk=saved.pk)) == content


def test_submitting_mints_a_reference_sets_the_clocks_and_writes_the_receipt() -> None:
    cast = Cast()
    notification = submit(cast, start(cast, complete(discovered_on=date(2026, 2, 20))))
    case = notification.case
    assert case.status == "submitted"
    assert case.reference
    assert is_well_formed(case.reference)
    assert case.reference.startswith("IRN-2026-")
    assert notification.criteria_regime == "SAUE-2023"
    assert (deadline(notification, "notify").met_on, deadline(notification, "notify").is_late) == (
        date(2026, 3, 2),
        False,
    )
    assert deadline(notification, "report").due_on == case.next_due_on == date(2026, 5, 15)
    receipt = Message.objects.get(case=case)
    assert (receipt.to, receipt.template) == (cast.reporter.email, "notifications_receipt")
    assert case.reference in receipt.subject
    assert "Friday 6 March 2026" in receipt.body
    assert "Friday 15 May 2026" in receipt.body
    assert first_broken_link() is None


def test_a_late_notification_is_taken_and_recorded_as_late() -> None:
    cast = Cast()
    notification = submit(cast, start(cast, complete(discovered_on=date(2026, 2, 1))))
    assert deadline(notification, "notify").is_late
    assert "after that date" in Message.objects.get().body


@pytest.mark.parametrize("basis", ["voluntary", "licence_breach"])
def test_what_is_not_statutory_runs_against_no_clock_and_owes_no_report(basis: str) -> None:
    cast = Cast()
    content = complete(basis=basis, modality="nuclear_medicine")
    notification = submit(cast, start(cast, content))
    assert not Deadline.objects.exists()
    assert "due by" not in Message.objects.get().body
    services.triage(
        notification=notification,
        by=cast.officer,
        version=2,
        risk=Case.Risk.LOW,
        reason="Seen by two officers.",
    )
    services.start_review(notification=notification, by=cast.officer, version=3)
    if basis == "voluntary":
        with pytest.raises(NotAllowedNow, match="has not been coded"):
            services.provisionally_close(notification=notification, by=cast.officer, version=4)
        cause = a_cause("nuclear_medicine")
        services.code_cause(notification=notification, by=cast.officer, version=4, cause=cause)
    version = notification.case.version
    services.provisionally_close(notification=notification, by=cast.officer, version=version)
    assert notification.case.status == "provisionally_closed"


def test_a_submission_that_lacks_something_is_refused_and_leaves_nothing_behind() -> None:
    cast = Cast()
    notification = start(cast, replace(complete(), narrative=" ", imaging=None))
    before = (Event.objects.count(), Case.objects.values().get())
    with pytest.raises(ValidationError) as refused:
        submit(cast, notification)
    assert set(refused.value.message_dict) == {"narrative", "imaging.actual_effective_dose_msv"}
    assert (Event.objects.count(), Case.objects.values().get()) == before
    assert not Message.objects.exists()


def test_submitting_twice_is_refused_with_either_version() -> None:
    cast = Cast()
    notification = submit(cast, start(cast, complete()))
    for version, error in ((1, StaleVersion), (2, NotAllowedNow)):
        with pytest.raises(error):
            services.submit(notification=notification, by=cast.reporter, version=version)
    assert Message.objects.count() == 1


def test_a_stale_draft_is_refused_with_both_versions() -> None:
    cast = Cast()
    notification = start(cast, complete())
    services.save_draft(
        notification=notification, by=cast.reporter, version=1, content=complete(procedure="Abdomen")
    )
    with pytest.raises(StaleVersion) as refused:
        services.save_draft(
            notification=notification, by=cast.reporter, version=1, content=complete(procedure="Pelvis")
        )
    assert (refused.value.read, refused.value.current) == (1, 2)


def test_a_site_of_another_employer_is_refused() -> None:
    cast = Cast()
    foreign = complete(site=SiteFactory.create())
    with pytest.raises(ValidationError) as refused:
        start(cast, foreign)
    assert "site" in refused.value.message_dict
    notification = start(cast, complete())
    with pytest.raises(ValidationError):
        services.save_draft(notification=notification, by=cast.reporter, version=1, content=foreign)


@pytest.mark.parametrize(
    "content",
    [
        DraftContent(complementary_codes=("no-such-code",)),
        DraftContent(discovered_on=date(9999, 12, 31)),
        DraftContent(occurred_on=date(1, 1, 1)),
        DraftContent(occurred_until=date(2026, 1, 1)),
        DraftContent(occurred_on=date(2026, 2, 2), discovered_on=date(2026, 2, 1)),
        DraftContent(number_exposed=0),
        DraftContent(number_exposed=10**12),
        DraftContent(narrative="\x00"),
        DraftContent(procedure="x" * 201),
        DraftContent(sub_modality="crystal_ball"),
        DraftContent(modality="crystal_ball"),
        DraftContent(basis=""),
        DraftContent(duty_holders_involved=["nobody"]),
        DraftContent(imaging=ImagingContent(actual_effective_dose_msv=Decimal("NaN"))),
        DraftContent(imaging=ImagingContent(actual_effective_dose_msv=Decimal("Infinity"))),
        DraftContent(imaging=ImagingContent(actual_effective_dose_msv=Decimal(-1))),
        DraftContent(imaging=ImagingContent(actual_effective_dose_msv=Decimal(10) ** 30)),
    ],
)
def test_what_no_table_can_hold_is_refused_with_its_field(content: DraftContent) -> None:
    with pytest.raises(ValidationError) as refused:
        start(Cast(), content)
    assert len(refused.value.message_dict) == 1
    assert not Case.objects.exists()


def test_triage_sets_risk_and_lead_and_keeps_the_comment() -> None:
    cast = Cast()
    notification = notification_in("submitted", cast=cast)
    services.triage(
        notification=notification,
        by=cast.officer,
        version=2,
        risk=Case.Risk.HIGH,
        lead=cast.officer,
        comment="Look at the list.",
        reason="Three like it elsewhere.",
    )
    case = Case.objects.get()
    assert (case.risk, case.assignee, case.status) == (Case.Risk.HIGH, cast.officer, "awaiting_report")
    assert case.notes.get().text == "Look at the list."
    assert list(case.events.values_list("type", flat=True))[-1] == "notifications.report_awaited"


def test_triage_refuses_no_assessment_and_a_lead_who_does_not_review() -> None:
    cast = Cast()
    notification = notification_in("submitted", cast=cast)
    for risk, lead in ((Case.Risk.NOT_ASSESSED, None), (Case.Risk.LOW, cast.reporter)):
        with pytest.raises(ValidationError):
            services.triage(notification=notification, by=cast.officer, version=2, risk=risk, lead=lead)


def test_a_report_needs_all_its_sections_and_meets_the_clock() -> None:
    cast = Cast()
    notification = notification_in("awaiting_report", cast=cast)
    with pytest.raises(ValidationError) as refused:
        services.file_report(
            notification=notification, by=cast.reporter, version=3, report=ReportContent(doses="1 mSv")
        )
    assert set(refused.value.message_dict) == {
        *REPORT_SECTIONS,
        "no_doses_reason",
        "no_actions_reason",
    } - {"doses"}
    services.file_report(notification=notification, by=cast.reporter, version=3, report=REPORT)
    assert deadline(notification, "report").met_on == clock.today()
    assert InvestigationReport.objects.get().filed_by == cast.reporter


def test_a_question_runs_its_own_clock_and_its_answer_stops_it() -> None:
    cast = Cast()
    notification = notification_in("further_information", cast=cast)
    asked = notification.case.information_requests.get()
    clock_of_it = Deadline.objects.get(kind="information", subject_id=asked.pk)
    assert clock_of_it.due_on == date(2026, 3, 16)
    assert Message.objects.filter(template="notifications_question", to=cast.reporter.email).count() == 1
    services.answer_request(
        notification=notification,
        by=cast.reporter,
        version=notification.case.version,
        request=asked,
        answer="The identity check.",
    )
    clock_of_it.refresh_from_db()
    assert clock_of_it.met_on == clock.today()
    assert Message.objects.get(template="notifications_answer").to == cast.officer.email


def test_the_review_resumes_only_with_the_last_question_answered() -> None:
    cast = Cast()
    notification = notification_in("further_information", cast=cast)
    services.request_information(
        notification=notification,
        by=cast.officer,
        version=notification.case.version,
        question="And then?",
        due_on=date(2026, 3, 20),
    )
    states = []
    for asked in notification.case.information_requests.order_by("pk"):
        services.answer_request(
            notification=notification,
            by=cast.reporter,
            version=notification.case.version,
            request=asked,
            answer="So.",
        )
        states.append(notification.case.status)
    assert states == ["further_information", "under_review"]


@pytest.mark.parametrize("end", [services.withdraw, services.reject])
def test_a_question_that_was_not_answered_is_owed_again_once_the_case_is_reopened(
    end: Callable[..., Notification],
) -> None:
    cast = Cast()
    notification = notification_in("further_information", cast=cast)
    asked = notification.case.information_requests.get()
    end(notification=notification, by=cast.officer, version=notification.case.version, reason="A slip.")

    def answer() -> None:
        services.answer_request(
            notification=notification,
            by=cast.reporter,
            version=notification.case.version,
            request=asked,
            answer="The identity check.",
        )

    with pytest.raises(NotAllowedNow, match="no longer working on this"):
        answer()
    services.reopen(
        notification=notification, by=cast.officer, version=notification.case.version, reason="Not a slip."
    )
    assert notification.case.status == "further_information"
    assert notification.case.next_due_on == date(2026, 3, 16)
    with time_machine.travel("2026-03-24T12:00:00Z", tick=False):
        assert (remind(), escalate()) == (1, 1)
    answer()
    assert notification.case.status == "under_review"
    assert Deadline.objects.get(kind="information").met_on == clock.today()


def test_the_report_is_filed_while_a_question_is_open_and_the_question_stays_open() -> None:
    cast = Cast()
    notification = notification_in("awaiting_report", cast=cast)
    case = notification.case
    services.withdraw(notification=notification, by=cast.officer, version=case.version, reason="A slip.")
    services.reopen(notification=notification, by=cast.officer, version=case.version, reason="Not one.")
    services.request_information(
        notification=notification,
        by=cast.officer,
        version=case.version,
        question="Which check?",
        due_on=date(2026, 3, 16),
    )
    assert services.report_refusal(notification) == ""
    services.file_report(notification=notification, by=cast.reporter, version=case.version, report=REPORT)
    assert case.status == "further_information"
    assert deadline(notification, "report").met_on == clock.today()
    assert case.next_due_on == date(2026, 3, 16)
    assert "filed already" in services.report_refusal(notification)


def test_an_answer_where_nobody_leads_goes_to_all_who_review() -> None:
    cast = Cast()
    notification = notification_in("further_information", cast=cast)
    inspector = staff(Role.INSPECTOR)
    Case.objects.filter(pk=notification.pk).update(assignee=None)
    notification.refresh_from_db()
    services.answer_request(
        notification=notification,
        by=cast.reporter,
        version=notification.case.version,
        request=notification.case.information_requests.get(),
        answer="The identity check.",
    )
    told = set(Message.objects.filter(template="notifications_answer").values_list("to", flat=True))
    assert told == {cast.officer.email, inspector.email}


def test_a_cause_of_another_modality_is_refused() -> None:
    cast = Cast()
    notification = notification_in("under_review", cast=cast)
    with pytest.raises(ValidationError):
        services.code_cause(
            notification=notification,
            by=cast.officer,
            version=notification.case.version,
            cause=a_cause("radiotherapy"),
        )


def test_closing_waits_for_the_coded_cause() -> None:
    cast = Cast()
    notification = notification_in("under_review", cast=cast)
    with pytest.raises(NotAllowedNow, match="cause"):
        services.provisionally_close(
            notification=notification, by=cast.officer, version=notification.case.version
        )


def test_the_closure_is_confirmed_to_the_chief_executives_office_and_the_employers_people() -> None:
    cast = Cast()
    notification = notification_in("closed", cast=cast)
    told = set(Message.objects.filter(template="notifications_closure").values_list("to", flat=True))
    assert told == {cast.employer.chief_executive_email, cast.reporter.email}
    assert notification.case.closed_at == clock.now()


@pytest.mark.parametrize("state", ["withdrawn", "not_notifiable"])
def test_an_end_stops_the_clocks_and_reopening_starts_the_report_again(state: str) -> None:
    cast = Cast()
    notification = notification_in(state, cast=cast)
    assert deadline(notification, "report").ended_at is not None
    assert notification.case.next_due_on is None
    services.reopen(
        notification=notification, by=cast.officer, version=notification.case.version, reason="New facts."
    )
    assert deadline(notification, "report").is_open
    assert notification.case.next_due_on == date(2026, 5, 24)


def test_a_reopened_case_is_nobodys_where_its_holder_may_not_sign_in_any_more() -> None:
    cast = Cast()
    notification = notification_in("withdrawn", cast=cast)
    gone = UserFactory.create(role=Role.INSPECTOR, is_active=False)
    Case.objects.filter(pk=notification.pk).update(assignee=gone)
    services.reopen(
        notification=notification, by=cast.officer, version=notification.case.version, reason="New facts."
    )
    assert notification.case.assignee is None
    assert Case.objects.get(pk=notification.pk).assignee is None


@pytest.mark.parametrize("name", ["withdraw", "reject"])
def test_an_end_needs_a_reason(name: str) -> None:
    cast = Cast()
    notification = notification_in("submitted", cast=cast)
    with pytest.raises(ValidationError):
        getattr(services, name)(notification=notification, by=cast.officer, version=2, reason="  ")


def test_more_time_for_the_report_keeps_its_history_and_outlives_a_reopening() -> None:
    cast = Cast()
    notification = notification_in("awaiting_report", cast=cast)
    services.extend_report(
        notification=notification, by=cast.officer, version=3, due_on=date(2026, 6, 30), reason="MPE away."
    )
    assert deadline(notification, "report").extensions.get().granted_by == cast.officer
    services.withdraw(notification=notification, by=cast.officer, version=4, reason="A slip.")
    services.reopen(notification=notification, by=cast.officer, version=5, reason="Not a slip.")
    assert notification.case.next_due_on == date(2026, 6, 30)
    report = deadline(notification, "report")
    assert report.is_open
    assert report.extensions.get().former_due_on == report.first_due_on < date(2026, 6, 30)


def test_a_date_out_of_reach_is_refused_beside_its_field() -> None:
    cast = Cast()
    awaited, reviewed = (notification_in(state, cast=cast) for state in ("awaiting_report", "under_review"))
    with pytest.raises(ValidationError, match="Check the year") as refused:
        services.extend_report(
            notification=awaited, by=cast.officer, version=awaited.case.version, due_on=date.max, reason="x"
        )
    assert list(refused.value.message_dict) == ["due_on"]
    with pytest.raises(ValidationError, match="Check the year") as refused:
        services.request_information(
            notification=reviewed,
            by=cast.officer,
            version=reviewed.case.version,
            question="And then?",
            due_on=date.max,
        )
    assert list(refused.value.message_dict) == ["due_on"]


def test_no_more_time_is_granted_to_a_day_that_has_gone_by() -> None:
    cast = Cast()
    awaited = notification_in("awaiting_report", cast=cast)

    def extend(due_on: date) -> None:
        services.extend_report(
            notification=awaited, by=cast.officer, version=awaited.case.version, due_on=due_on, reason="Ill."
        )

    with time_machine.travel("2026-06-20T12:00:00Z", tick=False):
        with pytest.raises(ValidationError, match="today or in the future") as refused:
            extend(date(2026, 6, 19))
        assert list(refused.value.message_dict) == ["due_on"]
        extend(date(2026, 6, 20))
    assert deadline(awaited, "report").due_on == date(2026, 6, 20)


def test_submitting_takes_few_queries() -> None:
    cast = Cast()
    submit(cast, start(cast, complete()))
    site = SiteFactory.create(employer=cast.employer)
    notification = start(cast, complete(site=site, reporter_cause=a_cause("diagnostic_imaging")))
    with CaptureQueriesContext(connection) as captured:
        submit(cast, notification)
    statements = [query["sql"] for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(statements) <= 20


def test_a_replayed_notification_carries_its_own_days_and_sends_nothing() -> None:
    cast = Cast()
    with clock.at(clock.now() - timedelta(days=900)):
        notification = notification_in("closed", cast=cast)
    assert notification.case.reference
    assert notification.case.reference.startswith("IRN-2023-")
    assert set(Message.objects.values_list("state", flat=True)) == {"not_sent"}


def test_the_chain_holds_no_text_that_was_written_in_the_notification() -> None:
    notification_in("closed")
    payloads = str(list(Event.objects.values_list("payload", flat=True)))
    assert "referral" not in payloads
    assert "identity check" not in payloads


def test_staff_do_not_see_drafts() -> None:
    notification_in("draft")
    assert not Case.objects.for_user(staff()).exists()
