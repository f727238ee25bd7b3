"""What a notification's page on the staff desk shows: what it says, its amendments, requests for time."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse

from notifications.content import canonical, content_of
from notifications.facts import facts_of
from notifications.lifecycle import SUBMITTED
from notifications.models import (
    CorrectiveAction,
    ExposedDose,
    Notification,
    NotificationVersion,
    TriageAssessment,
)
from notifications.models.actions import only_weak
from notifications.queries import sign_offs, whole
from notifications.services.triage import suggested
from notifications.versions import Change, as_told, changes
from regulator.casework.desk import FactSection
from regulator.casework.models import Case
from regulator.casework.reading import CASE_LISTS, CaseList, listed
from regulator.casework.wording import as_text
from regulator.deadlines.desk import read_clocks
from regulator.deadlines.models import ExtensionRequest


def facts(case: Case) -> Sequence[FactSection]:
    """More time that was asked for, the facts, and every amendment.

    Two queries at any number of amendments once the case's lists are read, four while triage is waited for.
    Up to three more where an earlier version names a site, a cause or codes that the present one does not.
    """
    read_clocks(case)
    notification = whole().annotate(last_triage=_last_triage()).get(pk=case.pk)
    notification.case = case
    return [
        *merger(notification),
        *risk(notification),
        *more_time(case),
        *facts_of(notification),
        *doses(notification),
        *corrective_actions(notification),
        *about_submission(notification),
        *amendments(notification),
    ]


def hang_lists(kind: str) -> None:
    """What hangs on a notification: planned actions, signatures, doses, former versions."""
    lists: dict[str, Callable[[int], QuerySet[Any]]] = {
        "actions": lambda pk: CorrectiveAction.objects.filter(notification=pk).select_related(
            "notification__case"
        ),
        "sign_offs": sign_offs,
        "doses": lambda pk: ExposedDose.objects.filter(report=pk),
        "versions": lambda pk: NotificationVersion.objects.filter(notification=pk),
    }
    for name, rows in lists.items():
        CASE_LISTS.register(f"notifications.{name}", CaseList(rows, kind))


def merger(notification: Notification) -> Iterator[FactSection]:
    """Of which notification this one is the duplicate, where it is one (no query)."""
    if notification.merged_into is not None:
        yield FactSection("The same incident", (("Merged into", notification.merged_into.case),))


def _last_triage() -> Subquery:
    """The last assessment of a notification as one JSON object; NULL where it was never triaged."""
    names = ("suggested", "chosen", "reason", "inputs", "weights")
    made = TriageAssessment.objects.filter(notification=OuterRef("pk"))
    return Subquery(made.values(whole=JSONObject(**{name: name for name in names}))[:1])


def risk(notification: Notification) -> Iterator[FactSection]:
    """The risk that is suggested, with its reasons, while the case waits for triage (one query); after that
    what was suggested, what was chosen and why they differ (no query where ``last_triage`` is in hand)."""
    if notification.case.status == SUBMITTED:
        _, suggestion = suggested(notification)
        rows: list[tuple[str, object]] = [("Suggested", Case.Risk(suggestion.band).label)]
        rows += [
            ("Because", " ".join(each.sentence for each in suggestion.reasons) or "Nothing weighs more.")
        ]
        if suggestion.proposes_inspection:
            rows.append(("Proposed", "A reactive inspection"))
        yield FactSection("Suggested risk", tuple(rows))
        return
    made: dict[str, Any] | None = vars(notification).get("last_triage")
    if made:
        rows = [
            ("Suggested", Case.Risk(made["suggested"]).label),
            ("Chosen", Case.Risk(made["chosen"]).label),
        ]
        rows += [("Why another", made["reason"])] if made["reason"] else []
        yield FactSection("Risk at triage", tuple(rows))


def doses(notification: Notification) -> Iterator[FactSection]:
    """The dose of each person in a filed report (no query once the lists are read)."""
    rows: list[ExposedDose] = listed(notification.case, "notifications.doses")
    if rows:
        yield FactSection(
            "Doses in the report",
            tuple((row.person, f"{row}; {row.method}; {row.estimated_by}") for row in rows),
        )


def corrective_actions(notification: Notification) -> Iterator[FactSection]:
    """Every action, and how many are open (no query once the lists are read)."""
    actions: list[CorrectiveAction] = listed(notification.case, "notifications.actions")
    if not actions:
        return
    late = sum(1 for each in actions if each.is_overdue)
    rows: list[tuple[str, object]] = [
        ("Open", f"{sum(1 for each in actions if each.is_open)} ({late} overdue)")
    ]
    if only_weak(actions):
        rows.append(("Strength", "Training and reminders only: nothing here changes the system."))
    for each in actions:
        day = (
            f"done on {as_text(each.done_on)}" if each.done_on else f"planned for {as_text(each.planned_for)}"
        )
        why = f"\nGiven up: {each.cancelled_reason}" if each.cancelled_reason else ""
        label = f"{each.get_strength_display()}: {each.standing.lower()}"
        rows.append((label, f"{each.what}\n{each.owner_role}, {day}\nCheck: {each.effect_check}{why}"))
    yield FactSection("Corrective actions", tuple(rows))


def about_submission(notification: Notification) -> Iterator[FactSection]:
    """Who signed it off, and where its receipt lies. No query once the lists are read."""
    case = notification.case
    signed = _signatures(case)
    if signed:
        yield FactSection("Sign-off", signed)
    if case.reference:
        path = reverse("notifications:receipt", args=[case.reference])
        yield FactSection("Receipt", (("Address of the PDF", f"{settings.PORTAL_URL}{path}"),))


def _signatures(case: Case) -> tuple[tuple[str, object], ...]:
    """Who signed the draft off, by role, and when. Nothing that was not signed is submitted."""
    return tuple(
        (each.get_role_display(), f"{each.get_outcome_display()} on {as_text(each.decided_at)}")
        for each in listed(case, "notifications.sign_offs")
        if each.decided_at
    )


def more_time(case: Case) -> Iterator[FactSection]:
    """Each request for more time, the latest first, with what was decided. No query once they are read."""
    asked = [each for deadline in case.deadlines.all() for each in deadline.extension_requests.all()]
    rows: list[tuple[str, object]] = []
    for each in sorted(asked, key=lambda request: request.asked_at, reverse=True):
        rows.append(("Asked for", f"Until {as_text(each.asked_until)}: {each.reason}"))
        rows.append(("By", f"{each.asked_by}, {as_text(each.asked_at)}"))
        rows.append(("Decision", decision(each)))
    if rows:
        yield FactSection("More time asked for", tuple(rows))


def decision(request: ExtensionRequest) -> str:
    """What became of a request, in words."""
    if request.is_open:
        return "Waits for a decision"
    until = f" until {as_text(request.granted_until)}" if request.granted_until else ""
    who = f" by {request.decided_by}" if request.decided_by else ""
    reason = f": {request.decision_reason}" if request.decision_reason else ""
    return f"{request.get_decision_display()}{until}{who}, {as_text(request.decided_at)}{reason}"


def amendments(present: Notification) -> Iterator[FactSection]:
    """How often it was amended, and each time what changed, old beside new. At most three
    queries once the lists are read."""
    versions: list[NotificationVersion] = listed(present.case, "notifications.versions")
    if not versions:
        return
    rows: list[tuple[str, object]] = []
    for version, changed in compared(present, versions):
        label = f"{version.number}. {as_text(version.made_at)}, {version.by}"
        lines = [f"Reason: {version.reason}", *map(in_words, changed)]
        rows.append((label, "\n".join(lines)))
    yield FactSection(f"Amended {_times(len(versions))}", tuple(rows))


def compared(
    present: Notification, versions: Sequence[NotificationVersion]
) -> list[tuple[NotificationVersion, list[Change]]]:
    """Each version with what the amendment changed in it. Three queries at most, at any number. Nothing is
    compared once what they said was removed."""
    if not all(each.content for each in versions):
        return [(version, []) for version in versions]
    contents = [each.content for each in versions]
    told = as_told(present, [*contents, canonical(content_of(present))])
    return [(version, changes(told[at], told[at + 1])) for at, version in enumerate(versions)]


def in_words(change: Change) -> str:
    return f"{change.label}: was “{change.before or 'not given'}”, now “{change.after or 'not given'}”"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
