"""The reads: each states its number of SQL queries. Nothing is written here."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import BigIntegerField, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from notifications.content import SECTIONS
from notifications.models import (
    Cause,
    Correction,
    CorrectiveAction,
    CriteriaRegime,
    Criterion,
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


@dataclass(frozen=True, slots=True)
class RegimeCodes:
    """A regime's codes, each with the modalities that it applies to."""

    key: str
    label: str
    codes: Mapping[str, tuple[str, ...]]


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
    if pk > BigIntegerField.MAX_BIGINT:
        raise Http404("No notification has this number.")
    return _one(user, pk=pk)


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
    ).prefetch_related("complementary_codes")


def with_everything(notifications: QuerySet[Notification]) -> QuerySet[Notification]:
    """A list with sections, causes, codes and deadlines: three queries at any length."""
    related = ("reporter_cause", "case__employer", "case__site")
    return notifications.select_related(*SECTIONS, *related).prefetch_related(
        "complementary_codes", "case__deadlines"
    )


def _one(user: Somebody, **which: object) -> Notification:
    found = whole().filter(case__in=Case.objects.for_user(user).filter(kind=KIND)).filter(**which).first()
    if found is None:
        raise Http404("No notification of yours has this reference.")
    return found


def regime_on(day: date) -> RegimeCodes | None:
    """The criteria that applied on ``day``, the incident's; ``None`` where none are loaded. One query."""
    fields = ("key", "label", "criteria__code", "criteria__modalities")
    rows = list(CriteriaRegime.objects.on(day).values_list(*fields))
    if not rows:
        return None
    codes = {code: tuple(modalities) for _, _, code, modalities in rows if code}
    return RegimeCodes(key=rows[0][0], label=rows[0][1], codes=codes)


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


def criteria_on(day: date, *, modality: str) -> list[Criterion]:
    """The criteria of the regime of ``day`` that can apply to ``modality``, in their order. One query.

    The modalities of a criterion are data, so they are compared here and not by the database.
    """
    rows = Criterion.objects.filter(regime__in=CriteriaRegime.objects.on(day)).order_by("position")
    return [row for row in rows if modality in row.modalities]


def criterion_wording(day: date, code: str) -> str:
    """What ``code`` meant on ``day``, in the criteria's words; ``""`` where it meant nothing. One query."""
    found = Criterion.objects.filter(regime__in=CriteriaRegime.objects.on(day), code=code)
    return found.values_list("criterion", flat=True).first() or ""


def filed_report(notification: Notification) -> InvestigationReport | None:
    """The investigation report where one was filed. No query after ``detail``."""
    return getattr(notification, "report", None)


def report_draft(notification: Notification) -> ReportDraft | None:
    """The report that the employer's people are writing, or wrote last. One query."""
    return ReportDraft.objects.filter(pk=notification.pk).select_related("saved_by").first()


def actions_of(notification: Notification) -> list[CorrectiveAction]:
    """The corrective actions, the first planned first. One query."""
    return list(CorrectiveAction.objects.filter(notification=notification.pk))


def clocks(notification: Notification) -> list[Deadline]:
    """The case's deadlines, the first due first. One query."""
    return list(Deadline.objects.filter(case=notification.case_id).order_by("due_on", "pk"))


def receipt(reference: str, user: Somebody) -> Receipt:
    """What CQC received under that reference: one query, and one for memberships. ``Http404`` as
    ``detail`` has it."""
    if not is_well_formed(reference):
        raise Http404("No notification of yours has this reference.")
    cases = Case.objects.for_user(user).filter(kind=KIND, reference=normalise(reference))
    found = Receipt.objects.filter(notification__case__in=cases).first()
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
    """What it said before each amendment, the first first. One query."""
    return list(NotificationVersion.objects.filter(notification=notification.pk).select_related("by"))


def employer_attachments(notification: Notification) -> QuerySet[Attachment]:
    """The files that the employer's own people attached, the earliest first; none of CQC's. One query."""
    return Attachment.objects.filter(case=notification.case_id).of_the_employer()
