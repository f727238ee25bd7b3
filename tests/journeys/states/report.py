"""The investigation report, section by section, and corrective actions."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from notifications import services
from notifications.content import DoseContent, ReportContent
from notifications.models import Notification
from notifications.queries import report_draft, whole
from notifications.report_sections import SECTIONS
from regulator import clock
from tests.factories import REPORT, a_cause, member
from tests.journeys.stage import Radio
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
from tests.journeys.states.following import made, of, reference, worked_on
from tests.notifications.test_actions import ACTION

AWAITED: Final = "awaiting_report"
REPORT_PAGE, SECTION = "notifications:report", "notifications:report_section"
CHECK: Final = "notifications:report_check"
ADD, ACTION_PAGE, CHANGE = "notifications:action_add", "notifications:action", "notifications:action_change"
MPE: Final = "Medical physics expert"
DECLARED: Final = "This report is complete and true as far as the employer knows"
LEARNED: Final = {"What was learned, and how was it shared?": "At the meeting of the department."}
REASON: Final = {"Why are you cancelling it?": "The room closes."}


def whole_report(notification: Notification) -> ReportContent:
    """A report with two rows of doses and a cause."""
    each = DoseContent(person="Person A", value=Decimal("7.5"), unit="mSv", method="DLP", estimated_by=MPE)
    rows = (each, replace(each, person="Patients B to F", value=Decimal(12)))
    return replace(REPORT, dose_rows=rows, no_doses_reason="", cause=a_cause(notification.case.modality))


def save(by: Any, notification: Notification, report: ReportContent) -> None:
    draft = report_draft(notification)
    services.save_report(
        notification=notification, by=by, version=draft.version if draft else 1, report=report
    )


def half_written(visit: Visit, notification: Notification) -> None:
    save(
        visit.scene.cast.reporter,
        notification,
        ReportContent(what_happened="An identity check was left out."),
    )
    planned(visit, notification, strength="reminder")


def written(visit: Visit, notification: Notification) -> None:
    save(visit.scene.cast.reporter, notification, whole_report(notification))


def saved_by_a_colleague(visit: Visit) -> None:
    latest = whole().latest("pk")
    save(member(visit.scene.cast.employer), latest, ReportContent(learning="Shared on the day."))


def filed(visit: Visit, notification: Notification) -> None:
    services.file_report(
        notification=notification,
        by=visit.scene.cast.reporter,
        version=notification.case.version,
        report=whole_report(notification),
    )


def filed_late(visit: Visit) -> None:
    with clock.at(clock.now() - timedelta(days=90)):
        notification = made(visit, AWAITED)
    filed(visit, notification)
    visit.open(REPORT_PAGE, reference=notification.case.reference)


def late(route: str) -> Reach:
    def reach(visit: Visit) -> None:
        with clock.at(clock.now() - timedelta(days=90)):
            notification = made(visit, AWAITED)
        visit.open(route, reference=notification.case.reference)

    return reach


def section(slug: str, then: Any = None) -> Reach:
    def reach(visit: Visit) -> None:
        notification = made(visit, AWAITED)
        if then is not None:
            then(visit, notification)
        visit.open(SECTION, reference=notification.case.reference, slug=slug)

    return reach


# Actions -------------------------------------------------------------------------------------------


def planned(visit: Visit, notification: Notification, **changes: Any) -> int:
    notification.case.refresh_from_db()
    return services.add_action(
        notification=notification,
        by=visit.scene.cast.reporter,
        version=notification.case.version,
        action=replace(ACTION, **changes),
    ).pk


def action(**further: Any) -> dict[str, Any]:
    """The parts of the address of a new action."""
    found: dict[str, Notification] = {}

    def key(visit: Visit) -> int:
        found["of"] = made(visit, AWAITED)
        return planned(visit, found["of"])

    return {"pk": key, "reference": lambda visit: found["of"].case.reference, **further}


def over(deed: str) -> Reach:
    """An action that was done, moved or given up."""

    def reach(visit: Visit) -> None:
        notification = made(visit, AWAITED)
        key = planned(visit, notification)
        notification.case.refresh_from_db()
        kept = notification.actions.get(pk=key)
        common: dict[str, Any] = {
            "notification": notification,
            "by": visit.scene.cast.reporter,
            "version": notification.case.version,
            "action": kept,
        }
        if deed == "done":
            services.finish_action(**common, done_on=clock.today())
        elif deed == "moved":
            services.move_action(**common, planned_for=date(2026, 4, 8), reason="Parts come late.")
        else:
            services.cancel_action(**common, reason="The room closes.\nNobody is imaged there.")
        visit.open(ACTION_PAGE, reference=notification.case.reference, pk=key)

    return reach


def deeds() -> list[State]:
    found = []
    for deed in ("done", "move", "cancel"):
        found.append(State(CHANGE, f"{EMPTY}, {deed}", opens(CHANGE, **action(deed=deed))))
        found.append(State(CHANGE, f"{REFUSED}, {deed}", sent(CHANGE, **action(deed=deed))))
    return found


STATES: Final = (
    State(REPORT_PAGE, EMPTY, of(REPORT_PAGE, AWAITED)),
    State(REPORT_PAGE, "half written", of(REPORT_PAGE, AWAITED, half_written)),
    State(REPORT_PAGE, "late", late(REPORT_PAGE)),
    State(REPORT_PAGE, "none to write", of(REPORT_PAGE, "withdrawn")),
    State(REPORT_PAGE, "filed", of(REPORT_PAGE, AWAITED, filed)),
    State(REPORT_PAGE, "filed late", filed_late),
    *[State(SECTION, f"{EMPTY}, {each.slug}", section(each.slug)) for each in SECTIONS],
    *[State(SECTION, f"{FILLED}, {slug}", section(slug, written)) for slug in ("doses", "causes")],
    State(SECTION, f"{FILLED}, measures", section("measures", half_written)),
    State(
        SECTION,
        REFUSED,
        sent(SECTION, {"Estimated dose": "a lot"}, reference=reference(AWAITED), slug="doses"),
    ),
    State(
        SECTION,
        f"{REFUSED}, no such notification",
        sent(
            SECTION,
            {"References of your earlier notifications, if any": "nonsense"},
            reference=reference(AWAITED),
            slug="earlier",
        ),
    ),
    State(
        SECTION,
        CONFLICT,
        overtaken(SECTION, saved_by_a_colleague, LEARNED, reference=reference(AWAITED), slug="learning"),
    ),
    State(SECTION, TYPED, typed(SECTION, LEARNED, reference=reference(AWAITED), slug="learning")),
    State(CHECK, EMPTY, of(CHECK, AWAITED)),
    State(CHECK, FILLED, of(CHECK, AWAITED, written)),
    State(CHECK, "late", late(CHECK)),
    State(CHECK, REFUSED, sent(CHECK, reference=reference(AWAITED))),
    State(
        CHECK,
        CONFLICT,
        overtaken(CHECK, saved_by_a_colleague, {DECLARED: True}, reference=reference(AWAITED)),
    ),
    State(ADD, EMPTY, of(ADD, AWAITED)),
    State(ADD, REFUSED, sent(ADD, reference=reference(AWAITED))),
    State(
        ADD,
        CONFLICT,
        overtaken(
            ADD,
            worked_on,
            {
                "What will be done?": ACTION.what,
                "What kind of action is it?": Radio("Barrier"),
                "Which role is responsible for it?": ACTION.owner_role,
                "When will it be done by?": date(2026, 4, 1),
                "How will you check that it works?": ACTION.effect_check,
            },
            reference=reference(AWAITED),
        ),
    ),
    State(ADD, TYPED, typed(ADD, {"What will be done?": ACTION.what}, reference=reference(AWAITED))),
    State(ACTION_PAGE, "open", opens(ACTION_PAGE, **action())),
    *[State(ACTION_PAGE, deed, over(deed)) for deed in ("done", "moved", "cancelled")],
    *deeds(),
    State(CHANGE, CONFLICT, overtaken(CHANGE, worked_on, REASON, **action(deed="cancel"))),
    State(CHANGE, TYPED, typed(CHANGE, REASON, **action(deed="cancel"))),
)
