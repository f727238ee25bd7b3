"""A submitted notification: where it stands, what is asked of it, more time, withdrawal."""

from datetime import date, timedelta
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import expect

from notifications import services
from notifications.models import Basis, Notification
from regulator import clock
from regulator.casework.models import Case, InformationRequest
from regulator.casework.scanning import scan_pending
from regulator.casework.services import attach
from tests.factories import Cast, member, notification_in
from tests.journeys.stage import Answers, answer
from tests.journeys.states import (
    CONFLICT,
    EMPTY,
    FILLED,
    REFUSED,
    TYPED,
    Reach,
    State,
    Visit,
    opens,
    overtaken,
    sent,
    typed,
)
from tests.journeys.states.drafting import PROGRAM

WORDS: Final = "The phantom is measured in June.\nThe medical physics expert then estimates the dose."
WITHDRAWN: Final = {"Why are you withdrawing it?": WORDS}
TOO_EARLY: Final[Answers] = {"What date do you need?": date(2026, 3, 4), "Why do you need more time?": WORDS}
UNTIL: Final[Answers] = {"What date do you need?": date(2026, 6, 30), "Why do you need more time?": WORDS}


def made(visit: Visit, state: str, **changes: Any) -> Notification:
    """A new notification of the scene's employer in that state."""
    return notification_in(state, cast=visit.scene.cast, **changes)


def of(route: str, state: str, then: Any = None, **changes: Any) -> Reach:
    """The page of a new notification in that state, after ``then`` was done with it."""

    def reach(visit: Visit) -> None:
        notification = made(visit, state, **changes)
        if then is not None:
            then(visit, notification)
        visit.open(route, reference=notification.case.reference)

    return reach


def reference(state: str) -> Any:
    return lambda visit: made(visit, state).case.reference


def worked_on(visit: Visit) -> None:
    """CQC went on with the newest case."""
    case = Case.objects.latest("pk")
    Case.objects.filter(pk=case.pk).update(version=case.version + 1)


# What was done with a notification -----------------------------------------------------------------


def asked_for_time(visit: Visit, notification: Notification) -> None:
    services.ask_more_time(
        notification=notification,
        by=visit.scene.cast.reporter,
        version=notification.case.version,
        asked_until=date(2026, 6, 30),
        reason=WORDS,
    )
    notification.case.refresh_from_db()


def granted(visit: Visit, notification: Notification) -> None:
    asked_for_time(visit, notification)
    services.extend_report(
        notification=notification,
        by=visit.scene.cast.officer,
        version=notification.case.version,
        due_on=date(2026, 6, 15),
        reason="The measurement is needed. Two weeks are enough for the estimate.",
    )


def refused(visit: Visit, notification: Notification) -> None:
    asked_for_time(visit, notification)
    services.refuse_more_time(
        notification=notification,
        by=visit.scene.cast.officer,
        version=notification.case.version,
        reason="The dose can be estimated from the log of the scanner.",
    )


def with_files(visit: Visit, notification: Notification) -> None:
    for name in ("log.txt", f"{'a-very-long-file-name-' * 5}.txt"):
        upload = SimpleUploadedFile(name, b"The log.")
        attach(case=notification.case, upload=upload, by=visit.scene.cast.reporter)
        scan_pending()
    attach(
        case=notification.case, upload=SimpleUploadedFile("new.txt", b"New."), by=visit.scene.cast.reporter
    )


# Pages with a way of their own ---------------------------------------------------------------------


def question(state: str = "further_information") -> dict[str, Any]:
    """The parts of the address of a new question."""
    found: dict[str, Any] = {}

    def key(visit: Visit) -> int:
        found["case"] = made(visit, state).case
        return int(found["case"].information_requests.get().pk)

    return {"pk": key, "reference": lambda visit: found["case"].reference}


def overdue(visit: Visit) -> None:
    with clock.at(clock.now() - timedelta(days=30)):
        asked = made(visit, "further_information").case
    visit.open("notifications:answer", reference=asked.reference, pk=asked.information_requests.get().pk)


def answered(visit: Visit) -> None:
    notification = made(visit, "further_information")
    asked = notification.case.information_requests.get()
    services.answer_request(
        notification=notification,
        by=visit.scene.cast.reporter,
        version=notification.case.version,
        request=asked,
        answer="The check of the date of birth.\nIt was left out.",
    )
    visit.open("notifications:answer", reference=notification.case.reference, pk=asked.pk)


def answered_by_a_colleague(visit: Visit) -> None:
    """While the page stood open somebody else sent an answer."""
    notification = made(visit, "further_information")
    asked = notification.case.information_requests.get()
    visit.open("notifications:answer", reference=notification.case.reference, pk=asked.pk)
    services.answer_request(
        notification=notification,
        by=member(visit.scene.cast.employer),
        version=notification.case.version,
        request=asked,
        answer="Theirs.",
    )
    answer(visit.page, {"Your answer": "Mine."})
    visit.send()
    visit.refused()


def over(visit: Visit, notification: Notification) -> InformationRequest:
    """Its question, which nobody answered before the notification was withdrawn."""
    services.withdraw(
        notification=notification,
        by=visit.scene.cast.reporter,
        version=notification.case.version,
        reason="It was sent twice.",
    )
    return notification.case.information_requests.get()


def question_of_what_is_over(visit: Visit) -> None:
    notification = made(visit, "further_information")
    asked = over(visit, notification)
    visit.open("notifications:answer", reference=notification.case.reference, pk=asked.pk)


def over_while_it_was_answered(visit: Visit) -> None:
    notification = made(visit, "further_information")
    asked = notification.case.information_requests.get()
    visit.open("notifications:answer", reference=notification.case.reference, pk=asked.pk)
    over(visit, notification)
    answer(visit.page, {"Your answer": WORDS})
    visit.send()
    visit.refused()
    expect(visit.page.get_by_label("Your answer")).to_have_value(WORDS)
    expect(visit.form.get_by_role("button")).to_have_count(0)


def not_looked_at_yet(visit: Visit) -> None:
    case = made(visit, "submitted").case
    kept = attach(case=case, upload=SimpleUploadedFile("log.txt", b"Log."), by=visit.scene.cast.reporter)
    visit.open("notifications:attachment", reference=case.reference, pk=kept.pk)


def program_attached(visit: Visit) -> None:
    visit.open("notifications:attach", reference=made(visit, "submitted").case.reference)
    visit.page.get_by_label("File").set_input_files(files=[PROGRAM])
    visit.send()
    visit.refused("not what its ending")


def of_somebody_else(visit: Visit) -> None:
    visit.open("notifications:detail", reference=notification_in("submitted", cast=Cast()).case.reference)


DETAIL: Final = "notifications:detail"
MORE_TIME: Final = "notifications:more_time"
_OVER: Final = ("report_received", "provisionally_closed", "closed", "withdrawn", "not_notifiable")

STATES: Final = (
    State(DETAIL, "submitted", of(DETAIL, "submitted")),
    State(DETAIL, "awaiting report", of(DETAIL, "awaiting_report", with_files)),
    State(DETAIL, "question", of(DETAIL, "further_information")),
    *[State(DETAIL, state.replace("_", " "), of(DETAIL, state)) for state in _OVER],
    State(DETAIL, "more time asked for", of(DETAIL, "awaiting_report", asked_for_time)),
    State(DETAIL, "more time granted", of(DETAIL, "awaiting_report", granted)),
    State(DETAIL, "more time refused", of(DETAIL, "awaiting_report", refused)),
    State(DETAIL, "voluntary", of(DETAIL, "submitted", basis=Basis.VOLUNTARY)),
    State(DETAIL, "licence breach", of(DETAIL, "submitted", basis=Basis.LICENCE_BREACH)),
    State(DETAIL, "of somebody else", of_somebody_else),
    State("notifications:submitted", FILLED, of("notifications:submitted", "submitted")),
    State(
        "notifications:submitted",
        "voluntary",
        of("notifications:submitted", "submitted", basis=Basis.VOLUNTARY),
    ),
    State("notifications:attach", EMPTY, of("notifications:attach", "submitted")),
    State("notifications:attach", REFUSED, sent("notifications:attach", reference=reference("submitted"))),
    State("notifications:attach", f"{REFUSED}, a program", program_attached),
    State("notifications:attachment", "not looked at yet", not_looked_at_yet),
    State("notifications:answer", EMPTY, opens("notifications:answer", **question())),
    State("notifications:answer", "overdue", overdue),
    State("notifications:answer", "answered", answered),
    State("notifications:answer", REFUSED, sent("notifications:answer", **question())),
    State("notifications:answer", CONFLICT, answered_by_a_colleague),
    State("notifications:answer", "over", question_of_what_is_over),
    State("notifications:answer", f"{CONFLICT}, over meanwhile", over_while_it_was_answered),
    State("notifications:answer", TYPED, typed("notifications:answer", {"Your answer": WORDS}, **question())),
    State("notifications:withdraw", EMPTY, of("notifications:withdraw", "submitted")),
    State(
        "notifications:withdraw", REFUSED, sent("notifications:withdraw", reference=reference("submitted"))
    ),
    State("notifications:withdraw", "over", of("notifications:withdraw", "closed")),
    State(
        "notifications:withdraw",
        CONFLICT,
        overtaken(
            "notifications:withdraw",
            worked_on,
            WITHDRAWN,
            reference=reference("submitted"),
        ),
    ),
    State(
        "notifications:withdraw",
        TYPED,
        typed("notifications:withdraw", WITHDRAWN, reference=reference("submitted")),
    ),
    State(MORE_TIME, EMPTY, of(MORE_TIME, "awaiting_report")),
    State(MORE_TIME, "asked already", of(MORE_TIME, "awaiting_report", asked_for_time)),
    State(MORE_TIME, "nothing awaited", of(MORE_TIME, "report_received")),
    State(MORE_TIME, REFUSED, sent(MORE_TIME, reference=reference("awaiting_report"))),
    State(
        MORE_TIME,
        f"{REFUSED}, too early",
        sent(MORE_TIME, TOO_EARLY, reference=reference("awaiting_report")),
    ),
    State(
        MORE_TIME, CONFLICT, overtaken(MORE_TIME, worked_on, UNTIL, reference=reference("awaiting_report"))
    ),
    State(MORE_TIME, TYPED, typed(MORE_TIME, UNTIL, reference=reference("awaiting_report"))),
)
NO_PAGE: Final = {"notifications:receipt": "a PDF, handed over"}
