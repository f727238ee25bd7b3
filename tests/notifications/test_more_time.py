"""More time for the report: asked for once at a time, decided with a reason, closed when no longer needed."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from notifications import services
from notifications.models import Notification
from notifications.queries import extension_requests, information_requests
from notifications.timeline import employer_timeline
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow, NotPermitted, StaleVersion
from regulator.casework.models import Event
from regulator.deadlines.models import Deadline, ExtensionRequest
from regulator.outbox.models import Message
from tests.factories import REPORT, Cast, EmployerFactory, amended, member, notification_in, person
from tests.notifications.pages import boxes, browser, date_boxes, problems, send, text

pytestmark = pytest.mark.usefixtures("reference")
UNTIL = date(2026, 6, 30)
DUE = date(2026, 5, 24)
Decision = ExtensionRequest.Decision


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast()


@pytest.fixture
def awaited(cast: Cast) -> Notification:
    return notification_in("awaiting_report", cast=cast)


def page(notification: Notification, then: str = "more-time/") -> str:
    return f"/notifications/{notification.case.reference}/{then}"


def ask(notification: Notification, cast: Cast, until: date = UNTIL, reason: str = "The MPE is away.") -> Any:
    return services.ask_more_time(
        notification=notification,
        by=cast.reporter,
        version=notification.case.version,
        asked_until=until,
        reason=reason,
    )


def grant(notification: Notification, cast: Cast, due_on: date = UNTIL) -> Any:
    return services.extend_report(
        notification=notification,
        by=cast.officer,
        version=notification.case.version,
        due_on=due_on,
        reason="A specialist is needed.",
    )


def refuse(notification: Notification, cast: Cast, reason: str = "There was time enough.") -> Any:
    return services.refuse_more_time(
        notification=notification, by=cast.officer, version=notification.case.version, reason=reason
    )


def sentences(notification: Notification) -> str:
    days = employer_timeline(
        notification,
        questions=information_requests(notification),
        requests=extension_requests(notification),
    )
    return "\n".join(f"{row.sentence} {row.quotes}" for day in days for row in day.rows)


def test_it_is_asked_for_on_a_page_and_whoever_leads_the_case_is_told(
    cast: Cast, awaited: Notification
) -> None:
    client = browser(cast.reporter)
    assert page(awaited) in text(client.get(page(awaited, "")))
    sent: Any = send(
        client, page(awaited), reason="The MPE <is> away.", **date_boxes("asked_until", 30, 6, 2026)
    )
    assert (sent.status_code, sent["Location"]) == (302, page(awaited, ""))
    request = ExtensionRequest.objects.get()
    assert (request.asked_by, request.asked_until, request.is_open) == (cast.reporter, UNTIL, True)
    assert Deadline.objects.get(kind="report").due_on == DUE
    letter = Message.objects.get(template="notifications_more_time_asked")
    assert (letter.to, "until Tuesday 30 June 2026" in letter.body) == (cast.officer.email, True)
    assert "MPE" not in letter.body
    shown = text(client.get(page(awaited, "")))
    assert "You have asked for more time, until 30 June 2026" in shown
    assert "The MPE &lt;is&gt; away." in shown
    assert "textarea" not in text(client.get(page(awaited)))


def test_where_nobody_leads_the_case_all_who_triage_are_told(cast: Cast) -> None:
    submitted = notification_in("submitted", cast=cast)
    inspector = person(Role.INSPECTOR, cast.employer)
    person(Role.ANALYST, cast.employer)
    ask(submitted, cast)
    letters = Message.objects.filter(template="notifications_more_time_asked")
    assert set(letters.values_list("to", flat=True)) == {cast.officer.email, inspector.email}


@pytest.mark.parametrize(
    ("until", "why"),
    [
        (DUE, "must be after 24 May 2026, when it is due now"),
        (date(2026, 1, 1), "must be after 24 May 2026, when it is due now"),
        (date(2026, 3, 2) + timedelta(days=367), "no more than one year from today"),
        (date.max, "no more than one year from today"),
    ],
)
def test_a_day_that_makes_no_sense_is_refused_beside_its_boxes(
    cast: Cast, awaited: Notification, until: date, why: str
) -> None:
    typed = date_boxes("asked_until", until.day, until.month, until.year)
    answer = send(browser(cast.reporter), page(awaited), reason="Ill.", **typed)
    assert answer.status_code == 400
    [problem] = problems(answer)
    assert why in problem
    assert 'href="#id_asked_until_day"' in text(answer)
    assert boxes(answer)["reason"] == ["Ill."]
    assert not ExtensionRequest.objects.exists()


def test_a_year_ahead_is_the_most(cast: Cast, awaited: Notification) -> None:
    assert ask(awaited, cast, until=date(2026, 3, 2) + timedelta(days=366)).is_open


def test_a_day_gone_by_is_refused_once_the_report_is_overdue(cast: Cast, awaited: Notification) -> None:
    Deadline.objects.filter(kind="report").update(
        due_on=date(2026, 2, 1), start_on=date(2025, 12, 1), first_due_on=date(2026, 2, 1)
    )
    with pytest.raises(ValidationError, match="must be today or in the future"):
        ask(awaited, cast, until=date(2026, 2, 20))


def test_no_reason_is_no_request(cast: Cast, awaited: Notification) -> None:
    with pytest.raises(ValidationError, match="Give a reason"):
        ask(awaited, cast, reason=" ")
    answer = send(browser(cast.reporter), page(awaited), **date_boxes("asked_until", 30, 6, 2026))
    assert (answer.status_code, problems(answer)) == (400, ["Enter why you need more time"])


def test_one_request_at_a_time_and_a_stale_one_is_told(cast: Cast, awaited: Notification) -> None:
    client = browser(cast.reporter)
    filled = boxes(client.get(page(awaited))) | {"reason": ["Ill."]} | date_boxes("asked_until", 1, 7, 2026)
    assert client.post(page(awaited), filled).status_code == 302
    stale = client.post(page(awaited), filled)
    assert (stale.status_code, boxes(stale)["reason"]) == (409, ["Ill."])
    again = client.post(page(awaited), boxes(stale))
    assert again.status_code == 409
    assert "has been asked for already" in problems(again)[0]
    assert ExtensionRequest.objects.count() == 1


def test_nothing_can_be_asked_where_no_report_is_awaited(cast: Cast) -> None:
    received = notification_in("report_received", cast=cast)
    with pytest.raises(NotAllowedNow, match="No report is awaited"):
        ask(received, cast)
    assert page(received) not in text(browser(cast.reporter).get(page(received, "")))
    assert "CQC is not waiting for a report" in text(browser(cast.reporter).get(page(received)))


def test_it_is_granted_to_the_day_asked_or_another_and_both_are_on_record(
    cast: Cast, awaited: Notification
) -> None:
    ask(awaited, cast)
    grant(awaited, cast, date(2026, 6, 15))
    request = ExtensionRequest.objects.get()
    assert (request.decision, request.granted_until) == (Decision.GRANTED, date(2026, 6, 15))
    assert (request.decided_by, request.decision_reason) == (cast.officer, "A specialist is needed.")
    assert Deadline.objects.get(kind="report").due_on == awaited.case.next_due_on == date(2026, 6, 15)
    told = sentences(awaited)
    assert (
        f"{cast.reporter.name} asked for more time until 30 June 2026 (File the investigation report)."
        in told
    )
    assert "from 24 May 2026 to 15 June 2026" in told
    assert "A specialist is needed." in told
    assert Message.objects.get(template="notifications_extension").to == cast.reporter.email
    ask(awaited, cast)
    assert ExtensionRequest.objects.filter(decision="").count() == 1
    assert first_broken_link() is None


def test_it_is_refused_with_a_reason_and_the_date_stands(cast: Cast, awaited: Notification) -> None:
    ask(awaited, cast)
    with pytest.raises(ValidationError, match="Give a reason"):
        refuse(awaited, cast, reason=" ")
    refuse(awaited, cast)
    request = ExtensionRequest.objects.get()
    assert (request.decision, request.decided_by) == (Decision.REFUSED, cast.officer)
    assert Deadline.objects.get(kind="report").due_on == DUE
    assert "CQC refused more time until 30 June 2026: it stayed due by 24 May 2026." in sentences(awaited)
    assert "There was time enough." in sentences(awaited)
    letter = Message.objects.get(template="notifications_more_time_refused")
    assert (letter.to, "Sunday 24 May 2026" in letter.body) == (cast.reporter.email, True)
    with pytest.raises(NotAllowedNow, match="No request"):
        refuse(awaited, cast)


def test_staff_still_give_more_time_that_nobody_asked_for(cast: Cast, awaited: Notification) -> None:
    grant(awaited, cast)
    assert not ExtensionRequest.objects.exists()
    assert Deadline.objects.get(kind="report").due_on == UNTIL


@pytest.mark.parametrize("end", ["report", "withdraw", "reject"])
def test_a_request_is_closed_when_it_is_no_longer_needed(cast: Cast, awaited: Notification, end: str) -> None:
    ask(awaited, cast)
    version = awaited.case.version
    if end == "report":
        services.file_report(notification=awaited, by=cast.reporter, version=version, report=REPORT)
    elif end == "withdraw":
        services.withdraw(notification=awaited, by=cast.reporter, version=version, reason="Sent twice.")
    else:
        services.reject(notification=awaited, by=cast.officer, version=version, reason="Below.")
    request = ExtensionRequest.objects.get()
    assert (request.decision, request.decided_by) == (Decision.LAPSED, None)
    assert "it is no longer needed" in sentences(awaited)
    with pytest.raises(NotAllowedNow):
        refuse(awaited, cast)


def test_a_date_counted_anew_beyond_what_was_asked_closes_the_request(cast: Cast) -> None:
    early = notification_in("awaiting_report", cast=cast, discovered_on=date(2026, 1, 5))
    ask(early, cast, until=date(2026, 4, 10))
    amended(early, cast.reporter, discovered_on=date(2026, 3, 1))
    assert Deadline.objects.get(kind="report").due_on == DUE
    assert ExtensionRequest.objects.get().decision == Decision.LAPSED


def test_who_may_ask_and_who_may_decide(cast: Cast, awaited: Notification) -> None:
    stranger = member(EmployerFactory.create())
    for who in (stranger, *(person(role, cast.employer) for role in (Role.CASE_OFFICER, Role.ANALYST))):
        with pytest.raises(NotPermitted):
            services.ask_more_time(
                notification=awaited, by=who, version=awaited.case.version, asked_until=UNTIL, reason="x"
            )
    ask(awaited, cast)
    for who in (stranger, cast.reporter, person(Role.ANALYST, cast.employer)):
        with pytest.raises(NotPermitted):
            services.refuse_more_time(notification=awaited, by=who, version=awaited.case.version, reason="x")
    with pytest.raises(StaleVersion):
        services.refuse_more_time(notification=awaited, by=cast.officer, version=1, reason="x")
    assert ExtensionRequest.objects.get().is_open


def test_the_chain_holds_no_reason(cast: Cast, awaited: Notification) -> None:
    ask(awaited, cast)
    refuse(awaited, cast)
    payloads = " ".join(str(each) for each in Event.objects.values_list("payload", flat=True))
    assert "MPE" not in payloads
    assert "time enough" not in payloads


def test_the_desk_counts_marks_shows_grants_and_refuses(cast: Cast, awaited: Notification) -> None:
    notification_in("awaiting_report", cast=cast)
    ask(awaited, cast)
    desk = browser(cast.officer)
    assert "mark=more_time" in text(desk.get("/desk/"))
    listed: Any = desk.get("/desk/casework/case/?mark=more_time")
    assert [case.pk for case in listed.context["cl"].result_list] == [awaited.pk]
    assert desk.get("/desk/casework/case/?mark=nonsense").status_code in (302, 400)
    case_page = f"/desk/casework/case/{awaited.pk}/"
    shown = text(desk.get(case_page))
    for words in ("More time asked for", "Until 30 June 2026: The MPE is away.", "Waits for a decision"):
        assert words in shown, words
    assert boxes(desk.get(f"{case_page}do/extend_report/"))["due_on"] == ["2026-06-30"]
    refused: Any = send(desk, f"{case_page}do/refuse_more_time/", reason="There was time enough.")
    assert refused.status_code == 302
    assert "There was time enough." in text(desk.get(case_page))
    assert desk.get(f"{case_page}do/refuse_more_time/").status_code == 409
    assert not desk.get("/desk/casework/case/?mark=more_time").context["cl"].result_list
