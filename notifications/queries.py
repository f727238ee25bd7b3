"""The reads: each states its number of SQL queries. Nothing is written here."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import BigIntegerField, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import Http404

from notifications import lifecycle
from notifications.content import SECTIONS
from notifications.models import (
    Cause,
    Correction,
    CorrectiveAction,
    InvestigationReport,
    Notification,
    NotificationVersion,
    Receipt,
    ReportDraft,
    SignOff,
    TaxonomyVersion,
)
from regulator import clock
from regulator.casework.models import Attachment, Case, Event, InformationRequest
from regulator.casework.references import is_well_formed, normalise
from regulator.deadlines.models import Deadline, ExtensionRequest
from regulator.deadlines.services import counted
from regulator.editions.holding import one_look
from regulator.organisations.policies import Somebody

KIND = "notification"


def for_user(user: Somebody) -> QuerySet[Notification]:
    """The notifications that ``user`` may read, with their cases. One query, and one for memberships."""
    cases = Case.objects.for_user(user).filter(kind=KIND)
    return Notification.objects.filter(case__in=cases).select_related("case__employer", "case__site")


def for_employer(user: Somebody) -> QuerySet[Notification]:
    """An employer's own list, latest first, without discarded drafts. One query, and one for memberships."""
    return for_user(user).exclude(case__status="discarded").order_by("-case_id")


def detail(reference: str, user: Somebody) -> Notification:
    """One notification by its reference, with sections, causes and report: two queries, and one for
    memberships. ``Http404`` for a stranger's as for none."""
    if not is_well_formed(reference):
        raise Http404("No notification of yours has this reference.")
    return _one(user, case__reference=normalise(reference))


def draft(pk: int, user: Somebody) -> Notification:
    """One notification by its case's primary key (drafts have no reference). Otherwise as ``detail``."""
    return _one(user, pk=_in_reach(pk))


def unsent(pk: int, user: Somebody) -> Notification:
    """As ``draft``, but ``Http404`` once it is submitted or discarded."""
    found = draft(pk, user)
    if found.case.status != found.case.spec.lifecycle.initial:
        raise Http404("This is not a draft any more.")
    return found


def whole() -> QuerySet[Notification]:
    """Notifications with all that hangs on them one to one. One query; the codes come with a second."""
    return Notification.objects.select_related(
        "case__employer",
        "case__site",
        *SECTIONS,
        "reporter_cause",
        "cqc_cause",
        "report__cause",
        "merged_into__case",
    ).prefetch_related("complementary_codes")


def with_everything(notifications: QuerySet[Notification]) -> QuerySet[Notification]:
    """A list with sections, causes, codes and deadlines: three queries at any length."""
    related = ("reporter_cause", "case__employer", "case__site")
    return notifications.select_related(*SECTIONS, *related).prefetch_related(
        "complementary_codes", "case__deadlines"
    )


def _one(user: Somebody, **which: object) -> Notification:
    within_reach = whole().filter(case__in=Case.objects.for_user(user).filter(kind=KIND))
    try:
        return within_reach.get(**which)  # ``first`` would sort by one of 200 columns: longer than the query
    except Notification.DoesNotExist:
        raise Http404("No notification of yours has this reference.") from None


def taxonomy_on(day: date) -> TaxonomyVersion | None:
    """The edition of the taxonomy in force on ``day``: the latest begun, or the first there is.

    One query, or two before the first edition.
    """
    editions = TaxonomyVersion.objects.order_by("-effective_from", "-pk")
    return editions.filter(effective_from__lte=day).first() or editions.last()


def causes_on(day: date, modality: str) -> QuerySet[Cause]:
    """The causes that a case of ``modality`` may be coded with on ``day``, of the edition of ``taxonomy_on``.

    One query."""
    editions = TaxonomyVersion.objects.order_by("-effective_from", "-pk")
    begun = editions.filter(effective_from__lte=day).values("pk")[:1]
    first = editions.reverse().values("pk")[:1]
    return Cause.objects.filter(version=Coalesce(Subquery(begun), Subquery(first)), modality=modality)


@dataclass(frozen=True, slots=True)
class CausesSeen:
    """Who saw which cause: the employer when it notified and when it reported, and CQC."""

    notified: Cause | None
    reported: Cause | None
    coded: Cause | None


def causes_seen(case: Case) -> CausesSeen:
    """The causes on record for a notification's case. One query."""
    causes = ("reporter_cause", "report__cause", "cqc_cause")
    found = Notification.objects.select_related(*causes).get(pk=case.pk)
    report = getattr(found, "report", None)
    return CausesSeen(found.reporter_cause, report.cause if report else None, found.cqc_cause)


def filed_report(notification: Notification) -> InvestigationReport | None:
    """The investigation report where one was filed. No query after ``detail``."""
    return getattr(notification, "report", None)


def report_draft(notification: Notification) -> ReportDraft | None:
    """The report that the employer's people are writing, or wrote last. One query."""
    return ReportDraft.objects.filter(pk=notification.pk).select_related("saved_by").first()


def actions_of(notification: Notification) -> list[CorrectiveAction]:
    """The corrective actions, the first planned first. One query."""
    return list(notification.actions.all())


def action_of(notification: Notification, pk: int) -> CorrectiveAction:
    """One corrective action of this notification. One query. ``Http404`` for any other."""
    found = notification.actions.filter(pk=_in_reach(pk)).first()
    if found is None:
        raise Http404("There is no such action.")
    return found


def clocks(notification: Notification) -> list[Deadline]:
    """The case's deadlines, the first due first. One query."""
    return list(Deadline.objects.filter(case=notification.case_id).order_by("due_on", "pk"))


def receipt(reference: str, user: Somebody) -> Receipt:
    """What CQC received under that reference: one query, and one for memberships. ``Http404`` as
    ``detail`` has it."""
    if not is_well_formed(reference):
        raise Http404("No notification of yours has this reference.")
    cases = Case.objects.for_user(user).filter(kind=KIND, reference=normalise(reference))
    found = Receipt.objects.filter(notification__case__in=cases).select_related("notification__case").first()
    if found is None:
        raise Http404("No notification of yours has this reference.")
    return found


def sign_offs(case_id: int) -> QuerySet[SignOff]:
    """The requests for a sign-off that were not cancelled, the earliest first. One query."""
    return SignOff.objects.filter(notification=case_id, cancelled_at__isnull=True).select_related("asked_by")


def open_sign_off(token: str) -> SignOff:
    """The request that a link leads to, with its case and employer, while it can be answered. One query.

    ``Http404`` alike for a link that is unknown, expired, cancelled or answered, and for one whose draft was
    submitted or discarded.
    """
    open_ones = SignOff.objects.filter(
        token_digest=token_digest(token),
        outcome="",
        cancelled_at__isnull=True,
        expires_at__gt=clock.now(),
        notification__case__status="draft",
    )
    found = open_ones.select_related("notification__case__employer").first()
    if found is None:
        raise Http404("This link leads nowhere.")
    return found


def token_digest(token: str) -> str:
    """All that is kept of a link: the SHA-256 (hex) of its secret."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def dues(notification: Notification) -> list[Deadline]:
    """The time limits that a statutory draft runs against: not stored, but counted as they will be. One
    query."""
    start = notification.discovered_on
    if not notification.is_statutory or start is None:
        return []
    with one_look():
        days = {kind: counted(kind, start) for kind in ("notify", "report")}
    return [
        Deadline(
            case=notification.case,
            kind=kind,
            start_on=start,
            due_on=due,
            first_due_on=due,
            counted_as=counted_as,
        )
        for kind, (due, counted_as) in days.items()
    ]


def last_save(notification: Notification) -> tuple[str, datetime] | None:
    """Who saved the draft last, and when. One query."""
    saves = Event.objects.filter(
        case=notification.case_id, type__in=("notifications.drafted", "notifications.draft_saved")
    )
    found = saves.order_by("-sequence").values_list("actor__name", "occurred_at").first()
    return (found[0] or "Somebody", found[1]) if found else None


def like_events(notification: Notification) -> int:
    """How many events like it there are (``_like``). One query; none where nothing can be compared."""
    found = _like(notification)
    return found.count() if found is not None else 0


def like_events_of_each(notifications: Iterable[Notification]) -> Counter[int]:
    """How many events like each there are (``_like``), by its key. One query for all of them, or none."""
    found = [
        like.order_by().annotate(of=Value(each.pk, output_field=BigIntegerField())).values_list("of")
        for each in notifications
        if (like := _like(each)) is not None
    ]
    if not found:
        return Counter()
    first, *others = found
    return Counter(key for (key,) in first.union(*others, all=True))


def _like(notification: Notification) -> QuerySet[Notification] | None:
    """The like events that its site notified whose discovery lies in the 12 months up to its own: of the same
    cause as far as either side has said one (rolled up over the modalities), otherwise of the same code.
    Where no site is named, the employer's without a site. ``None`` where nothing can be compared.

    Withdrawn ones and those found not notifiable do not count.
    """
    case, discovered_on = notification.case, notification.discovered_on
    cause = notification.cqc_cause or notification.reporter_cause
    if discovered_on is None or not (cause or notification.criterion_code):
        return None
    others = Notification.objects.submitted().exclude(pk=notification.pk)
    near = others.filter(
        case__employer=case.employer_id,
        case__site=case.site_id,
        case__modality=case.modality,
        discovered_on__range=(a_year_before(discovered_on), discovered_on),
    ).exclude(case__status__in=lifecycle.NO_INCIDENT_OF_ITS_OWN)
    if cause is None:
        return near.filter(criterion_code=notification.criterion_code)
    coded = Q(cqc_cause__rollup=cause.rollup)
    told = Q(cqc_cause__isnull=True, reporter_cause__rollup=cause.rollup)
    return near.filter(coded | told)


def a_year_before(day: date) -> date:
    """The same day of the year before; 28 February for the 29th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def information_requests(notification: Notification) -> list[InformationRequest]:
    """What CQC asked, the latest first. One query."""
    return list(InformationRequest.objects.filter(case=notification.case_id))


def extension_requests(notification: Notification) -> list[ExtensionRequest]:
    """What more time was asked for, the latest first, with the deadlines. One query."""
    asked = ExtensionRequest.objects.filter(deadline__case=notification.case_id)
    return list(asked.select_related("deadline"))


def correction_of(notification: Notification) -> Correction | None:
    """The correction that the employer's people are writing, or wrote last. One query."""
    return Correction.objects.filter(pk=notification.pk).select_related("saved_by").first()


def versions_of(notification: Notification) -> list[NotificationVersion]:
    """What it said before each amendment, the first first; none whose words were removed. One query."""
    kept = NotificationVersion.objects.filter(notification=notification.pk).exclude(content="")
    return list(kept.select_related("by"))


def employer_attachments(notification: Notification) -> QuerySet[Attachment]:
    """The files that the employer's own people attached, the earliest first; none of CQC's. One query."""
    return Attachment.objects.filter(case=notification.case_id).of_the_employer()


def employer_attachment(notification: Notification, pk: int) -> Attachment:
    """One of those files. One query. ``Http404`` for any other."""
    found = employer_attachments(notification).filter(pk=_in_reach(pk)).first()
    if found is None:
        raise Http404("There is no such file.")
    return found


def _in_reach(pk: int) -> int:
    """A number from an address, as a key that the database can look for."""
    return min(pk, BigIntegerField.MAX_BIGINT)
