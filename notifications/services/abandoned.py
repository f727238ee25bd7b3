"""Drafts that nobody sends: reminded of while they are young, announced and removed once they are abandoned.

The day and the hour never matter: everything is found by comparing dates and by what is not recorded yet, so
a worker that was down makes up for it, and one that runs twice, or beside another, does nothing the second
time. How removal leaves the chain whole: docs/decisions/0008.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import DatabaseError
from django.db.models import Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from notifications import lifecycle
from notifications.in_force import criteria_in_force
from notifications.letters import DRAFT_REMINDER, REMOVAL, REMOVAL_SOON, case_context
from notifications.models import Basis, DraftReminder, DraftRemoval, Notification
from notifications.queries import KIND
from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.casework.chain import append, writing
from regulator.casework.models import Attachment, Case, Event
from regulator.casework.redaction import Group
from regulator.casework.redaction.emptying import empty
from regulator.casework.services import changing, move
from regulator.deadlines.services import end_deadlines
from regulator.organisations.policies import permit
from regulator.organisations.queries import contacts, leads
from regulator.outbox.letters import Letter
from regulator.outbox.models import Message
from regulator.outbox.services import enqueue

logger = logging.getLogger(__name__)

TENDER: Final = Scheduled("notifications.tend_drafts")
REMINDED_AFTER: Final = (7, 14)
"""Days after discovery on which a draft's people are reminded where no clock does it; after it was begun,
where discovery is not known."""
KEPT: Final = timedelta(days=90)
"""How long a draft is kept without a change."""
ANNOUNCED: Final = timedelta(days=14)
ANNOUNCED_AGAIN: Final = timedelta(days=3)
"""How long before its removal each of the two announcements must have been sent."""
BATCH: Final = 200


def tend_drafts() -> dict[str, int]:
    """Remind, announce and remove whatever has fallen due; answers how many of each."""
    permit(TENDER, "notifications.tend_drafts")
    return {
        "reminded": _each(_without_clock(), _remind),
        "announced": _each(_abandoned(KEPT - ANNOUNCED), _announce),
        "removed": _each(_abandoned(KEPT), _remove) + _each(_given_up(), _forget),
    }


def _each(found: QuerySet[Case], deed: Callable[[int], bool]) -> int:
    """Do the deed on each; answers on how many it did anything. One that the database refuses is logged and
    left for the next time: it must not keep the others waiting."""
    done = 0
    for key in _keys(found):
        try:
            done += deed(key)
        except DatabaseError:
            logger.exception("a draft could not be tended: case %s", key)
    return done


def removal_day(case: Case) -> date | None:
    """The day announced for the removal of a draft that nobody changed since; else ``None``. Two queries."""
    announced = DraftRemoval.objects.filter(pk=case.pk).first()
    current = _drafts().filter(pk=case.pk).first() if announced else None
    if announced is None or current is None or _changed_at(current) != announced.unchanged_since:
        return None
    return announced.remove_on


def _drafts() -> QuerySet[Case]:
    """Drafts with ``changed_at``, when a person last did anything with each. None of a replayed year."""
    deeds = Event.objects.filter(case=OuterRef("pk"), actor__isnull=False).order_by("-sequence")
    changed = Coalesce(Subquery(deeds.values("occurred_at")[:1]), "created_at")
    drafts = Case.objects.filter(kind=KIND, status=lifecycle.DRAFT, reference__isnull=True)
    return drafts.exclude(origin=Case.Origin.PUBLISHED_YEAR).annotate(changed_at=changed)


def _changed_at(case: Case) -> datetime:
    changed: datetime = vars(case)["changed_at"]
    return changed


def _abandoned(age: timedelta) -> QuerySet[Case]:
    """Drafts that nobody changed for ``age``, in whole days."""
    return _drafts().filter(Q(("changed_at__lte", clock.now() - age)))


def _without_clock() -> QuerySet[Case]:
    """Drafts for which no 14 days run, of which the clock itself reminds: without a date of discovery, or of
    another kind than statutory; begun or discovered long enough ago to be reminded of."""
    first = timedelta(days=min(REMINDED_AFTER))
    undated = Q(notification__discovered_on__isnull=True)
    old = Q(created_at__lte=clock.now() - first)
    old |= Q(notification__discovered_on__lte=clock.today() - first)
    return _drafts().filter(undated | ~Q(notification__basis=Basis.STATUTORY), old)


def _given_up() -> QuerySet[Case]:
    """Drafts that were discarded as long ago as an abandoned one is kept, and still say something."""
    discarded = Case.objects.filter(kind=KIND, status=lifecycle.DISCARDED, notification__isnull=False)
    return discarded.filter(closed_at__lte=clock.now() - KEPT, redacted_at=None)


def _keys(found: QuerySet[Case]) -> Iterator[int]:
    """Their primary keys, a batch at a time, so that memory does not grow with the number of drafts."""
    last = 0
    while batch := list(found.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield from batch
        last = batch[-1]


def _remind(key: int) -> bool:
    """Remind the draft's people once for each of the days; of several that fell due at once only one goes."""
    with writing():
        case = _without_clock().select_related("employer", "notification").filter(pk=key).first()
        if case is None:
            return False
        age = _age(case)
        gone = set(DraftReminder.objects.filter(case=case).values_list("days", flat=True))
        due = [days for days in REMINDED_AFTER if days <= age and days > max(gone, default=0)]
        if not due:
            return False
        people = contacts(case.employer_id, permission=case.spec.follow)
        is_dated = case.notification.discovered_on is not None
        told = {"is_dated": is_dated, "notify_within": criteria_in_force().limit("notification").length}
        _post(DRAFT_REMINDER, case, people, f"{max(due)}", **told)
        DraftReminder.objects.bulk_create(
            [DraftReminder(case=case, days=days, sent_at=clock.now()) for days in due]
        )
        append("notifications.draft_reminded", case=case, by=TENDER, payload={"days": max(due)})
    return True


def _age(case: Case) -> int:
    """Days since discovery; since the draft was begun where that is not known, or where it was begun when the
    first reminder's day had gone by."""
    begun = timezone.localdate(case.created_at)
    discovered: date | None = case.notification.discovered_on
    if discovered is not None and (begun - discovered).days < min(REMINDED_AFTER):
        return (clock.today() - discovered).days
    return (clock.now() - case.created_at).days


def _announce(key: int) -> bool:
    """The first announcement, or the second once its day has come; whether one was written.

    A draft that was changed since the first starts anew. The day promised never comes sooner than promised:
    an announcement made late moves it on.
    """
    with writing():
        case = _abandoned(KEPT - ANNOUNCED).select_related("employer", "created_by").filter(pk=key).first()
        if case is None:
            return False
        row, today = DraftRemoval.objects.filter(pk=key).first(), clock.today()
        if row is None or row.unchanged_since != _changed_at(case):
            last = timezone.localdate(_changed_at(case) + KEPT)
            row = DraftRemoval(case=case, unchanged_since=_changed_at(case), announced_at=clock.now())
            row.remove_on = max(last, today + ANNOUNCED)
            return _announced(REMOVAL, case, row)
        if row.announced_again_at is not None or today < row.remove_on - ANNOUNCED_AGAIN:
            return False
        row.announced_again_at, row.remove_on = clock.now(), max(row.remove_on, today + ANNOUNCED_AGAIN)
        return _announced(REMOVAL_SOON, case, row)


def _announced(letter: Letter, case: Case, row: DraftRemoval) -> bool:
    row.save()
    unchanged = timezone.localdate(row.unchanged_since)
    values = {"unchanged_since": unchanged, "remove_on": row.remove_on}
    _post(letter, case, _announced_to(case), row.unchanged_since.isoformat(), **values)
    payload = {"remove_on": row.remove_on.isoformat(), "last": letter is REMOVAL_SOON}
    append("notifications.removal_announced", case=case, by=TENDER, payload=payload)
    return True


def _announced_to(case: Case) -> list[str]:
    """Whoever began the draft, if they still act for the employer, and the employer's leads."""
    people = contacts(case.employer_id, permission=case.spec.follow)
    author = [case.created_by.email] if case.created_by and case.created_by.email in people else []
    return list(dict.fromkeys([*author, *leads(case.employer_id)]))


def _post(letter: Letter, case: Case, to: Iterable[str], key: str, **values: Any) -> None:
    begun = timezone.localdate(case.created_at)
    for address in to:
        enqueue(
            letter=letter.name,
            to=address,
            context={**case_context(case), "begun_on": begun, **values},
            dedupe_key=f"{letter.name}:{case.pk}:{key}",
            case=case,
        )


def _remove(key: int) -> bool:
    """Remove one abandoned draft, if both announcements were *sent* and the days promised have passed."""
    case = _abandoned(KEPT).filter(pk=key).first()
    if case is None or not _may_go(case):
        return False
    with writing():
        case = _abandoned(KEPT).filter(pk=key).first()
        if case is None or not _may_go(case):
            return False
        with changing(case, version=None, by=TENDER) as held:
            move(held, "remove_abandoned", by=TENDER)
            end_deadlines(case=held, by=TENDER)
            held.summary, held.modality, held.site = "", "", None
        _empty(case)
    return True


def _forget(key: int) -> bool:
    """Empty one draft that was discarded long ago. Nobody sees it any more, so nobody is told."""
    with writing():
        case = _given_up().filter(pk=key).first()
        if case is None:
            return False
        with changing(case, version=None, by=TENDER) as held:
            held.summary, held.modality, held.site = "", "", None
            append("notifications.draft_removed", case=held, by=TENDER)
        _empty(case)
    return True


def _may_go(case: Case) -> bool:
    row = DraftRemoval.objects.filter(pk=case.pk).first()
    if row is None or row.announced_again_at is None or row.unchanged_since != _changed_at(case):
        return False
    today = clock.today()
    if today < row.remove_on:
        return False
    for letter, before, notice in (
        (REMOVAL, row.announced_at, ANNOUNCED),
        (REMOVAL_SOON, row.announced_again_at, ANNOUNCED_AGAIN),
    ):
        letters = Message.objects.filter(case=case, template=letter.name, created_at__gte=before)
        sent = letters.filter(state=Message.State.SENT).aggregate(first=Min("sent_at"))["first"]
        if sent is None or today < timezone.localdate(sent) + notice:
            return False
    return True


def _empty(case: Case) -> None:
    """Delete what the draft said, its files, and what letters quoted of it, as of a redacted case; and the
    rows of which nothing but that they were there would be left. The case stays as a shell."""
    empty(case, list(Group))
    Attachment.objects.filter(case=case).delete()
    notification = Notification.objects.get(pk=case.pk)
    notification.complementary_codes.clear()
    notification.sign_offs.all().delete()
    notification.delete()
    DraftReminder.objects.filter(case=case).delete()
    DraftRemoval.objects.filter(case=case).delete()
