"""Looking for duplicates and clusters among what was notified, and deciding on what was found."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Q

from notifications.lifecycle import NO_INCIDENT_OF_ITS_OWN
from notifications.models import Notification, Pattern, PatternCase
from notifications.patterns import likeness
from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.accounts.models import User
from regulator.casework.chain import append, writing
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.casework.reasons import checked_reason
from regulator.casework.services.linking import are_linked, tie
from regulator.casework.visibility import permit_on
from regulator.casework.wording import as_text
from regulator.organisations.policies import permit

LOOKING: Final = Scheduled("notifications.look_for_patterns")
DECIDE: Final = "notifications.decide_on_patterns"
LOOK_BACK: Final = timedelta(days=30)
"""How long after its submission a notification is held against others of its employer."""
HORIZON: Final = timedelta(days=1_000)
"""How far back incidents tell what to expect: the longest window and the past before it."""
_COMPARED: Final = ("narrative", "immediate_actions", "preliminary_findings")


@dataclass(slots=True)
class _Group:
    """Incidents with something in common: their days, in order, and their notifications."""

    title: str
    days: list[date] = field(default_factory=list)
    members: list[int] = field(default_factory=list)


def look_for_patterns() -> dict[str, int]:
    """Propose what looks like a duplicate or a cluster; answers how many of each were new.

    Safe to repeat and to run beside itself: what stands under a key is not proposed again. A cluster that
    stands takes in the incidents that came since; one that was dismissed is proposed anew once as many new
    ones came as a cluster needs.
    """
    permit(LOOKING, LOOKING.name)
    return {"duplicates": _look_for_duplicates(), "clusters": _look_for_clusters()}


def decide_on_pattern(*, pattern: Pattern, by: User, version: int, confirmed: bool, reason: str) -> Pattern:
    """Confirm a proposal or dismiss it, for a reason that each case's timeline keeps. Confirmed duplicates
    are linked; merging them is a deed of its own.

    By somebody who may open every case of it and has an interest in none of their employers (``NotPermitted``
    else). Raises ``NotAllowedNow`` for one that was decided on, ``StaleVersion`` where a case joined since
    ``version`` was read, and ``ValidationError`` for no reason or one that names somebody. Nothing is written
    to a redacted case: ``NotAllowedNow`` for a pair of which one was, and a cluster is that of the others.
    """
    with writing():
        held = Pattern.objects.select_for_update(of=("self",)).get(pk=pattern.pk)
        members = _of_whom_something_is_left(held)
        for each in members:
            permit_on(each.case, DECIDE, by)
        if held.state != Pattern.State.PROPOSED:
            raise NotAllowedNow(f"This was {held.get_state_display().lower()} on {as_text(held.decided_at)}.")
        if held.version != version:
            raise StaleVersion(read=version, current=held.version, what="proposal")
        reason = checked_reason(reason)
        outcome = Pattern.State.CONFIRMED if confirmed else Pattern.State.DISMISSED
        events = [
            append(
                f"notifications.pattern_{outcome.value}",
                case=each.case,
                by=by,
                payload={"pattern": held.pk, "kind": held.kind},
                text=reason,
            )
            for each in members
        ]
        held.state, held.decided_by, held.decided_at = outcome, by, clock.now()
        held.decision = events[0]
        held.version += 1
        held.save()
        if confirmed and not held.is_cluster:
            first, second = (each.case for each in members)
            if not are_linked(first, second):
                tie(first, second, by=by, reason=reason.strip())
    return held


def _members(pattern: Pattern) -> Sequence[PatternCase]:
    members = PatternCase.objects.filter(pattern=pattern).order_by("notification")
    return list(members.select_related("notification__case__employer"))


def _of_whom_something_is_left(pattern: Pattern) -> list[Notification]:
    """The members that were not redacted: a decision is written on no other. Raises ``NotAllowedNow`` where
    one of a pair was, or all of a cluster."""
    members = [each.notification for each in _members(pattern)]
    left = [each for each in members if each.case.redacted_at is None]
    if len(left) < len(members) and not (left and pattern.is_cluster):
        raise NotAllowedNow(next(each.case.why_empty for each in members if each not in left))
    return left


# Duplicates ------------------------------------------------------------------------------------------


def _look_for_duplicates() -> int:
    incidents = _incidents()
    new = 0
    for late in incidents.filter(case__opened_at__gte=clock.now() - LOOK_BACK).order_by("pk"):
        told = _told(late)
        if told is None:
            continue
        near = timedelta(days=likeness.DAYS_APART)
        others = incidents.filter(
            case__employer=late.case.employer_id, case__modality=late.case.modality
        ).filter(_sent_before(late), occurred_on__range=(told.on - near, told.on + near))
        for early in others.order_by("pk"):
            compared = _told(early)
            found = likeness.alike(told, compared) if compared else None
            if found is not None and _propose_duplicate(early, late, found):
                new += 1
    return new


def _sent_before(late: Notification) -> Q:
    """What was submitted before ``late``, whichever was begun first."""
    at = late.case.opened_at
    return Q(case__opened_at__lt=at) | Q(case__opened_at=at, pk__lt=late.pk)


def _incidents() -> Any:
    """What was notified and stands as an incident of its own, with its case. Of a redacted one nothing is
    left that could be like another."""
    return (
        Notification.objects.submitted()
        .filter(case__redacted_at=None)
        .exclude(case__status__in=NO_INCIDENT_OF_ITS_OWN)
        .select_related("case__employer")
    )


def _told(notification: Notification) -> likeness.Told | None:
    """What of a notification is compared; ``None`` where it tells no day of the incident."""
    if notification.occurred_on is None:
        return None
    text = "\n".join(getattr(notification, name) for name in _COMPARED)
    return likeness.Told(notification.occurred_on, text, notification.case.site_id, notification.procedure)


def _propose_duplicate(early: Notification, late: Notification, found: likeness.Likeness) -> bool:
    """Write the proposal unless this pair was ever proposed: whoever dismissed it is not asked again."""
    first, second = sorted((early.pk, late.pk))
    key = f"duplicate:{first}:{second}"
    if Pattern.objects.filter(key=key).exists():
        return False
    with writing():
        if Pattern.objects.filter(key=key).exists():
            return False
        title = f"{early.case} and {late.case}"
        made = Pattern.objects.create(
            kind=Pattern.Kind.DUPLICATE, key=key, title=title, reasons=list(found.reasons)
        )
        _join(made, [early, late])
    return True


# Clusters --------------------------------------------------------------------------------------------


def _look_for_clusters() -> int:
    # scipy takes long to import, so only work that computes imports this.
    from notifications.patterns.rising import FEWEST, rise

    today = clock.today()
    groups, known_since = _groups(today)
    new = 0
    for kind, named in groups.items():
        for key, group in named.items():
            found = rise(group.days, today=today, known_since=known_since)
            if found is None:
                continue
            first = bisect_left(group.days, found.first_day)
            new += _propose_cluster(
                kind,
                f"{kind}:{key}"[:300],
                title=group.title[:300],
                reasons=[found.sentence],
                within=group.members[first:],
                fewest=FEWEST,
            )
    return new


def _groups(today: date) -> tuple[dict[Pattern.Kind, dict[str, _Group]], date]:
    """Incidents discovered within the horizon by equipment, and by employer and cause; and since when the
    portal knows of any (one query)."""
    rows = list(
        _incidents()
        .filter(discovered_on__range=(today - HORIZON, today))
        .order_by("discovered_on", "pk")
        .values(
            "pk",
            "discovered_on",
            "equipment_manufacturer",
            "equipment_model",
            "case__employer",
            "case__employer__name",
            "cqc_cause__rollup",
            "reporter_cause__rollup",
        )
    )
    groups: dict[Pattern.Kind, dict[str, _Group]] = {
        Pattern.Kind.EQUIPMENT: defaultdict(lambda: _Group("")),
        Pattern.Kind.CAUSE: defaultdict(lambda: _Group("")),
    }
    known_since = rows[0]["discovered_on"] if rows else today
    for row in rows:
        for kind, key, title in _in_common(row):
            group = groups[kind][key]
            group.title = group.title or title
            group.days.append(row["discovered_on"])
            group.members.append(row["pk"])
    return groups, known_since


def _in_common(row: Mapping[str, Any]) -> Iterator[tuple[Pattern.Kind, str, str]]:
    """The groups of an incident: kind, key, title. A make without a model says too little."""
    make, model = row["equipment_manufacturer"].strip(), row["equipment_model"].strip()
    if likeness.plain(make) and likeness.plain(model):
        title = f"{make} {model}"
        yield Pattern.Kind.EQUIPMENT, likeness.plain(title), title
    cause = row["cqc_cause__rollup"] or row["reporter_cause__rollup"]
    if cause:
        name = row["case__employer__name"]
        yield Pattern.Kind.CAUSE, f"{row['case__employer']}:{cause}", f"{cause}: {name}"


def _propose_cluster(
    kind: Pattern.Kind,
    key: str,
    *,
    title: str,
    reasons: list[str],
    within: Sequence[int],
    fewest: int,
) -> int:
    """1 where a cluster was proposed. One that stands takes in what is new."""
    with writing():
        standing = Pattern.objects.standing().filter(key=key).first()
        known = PatternCase.objects.filter(pattern__key=key)
        if standing is not None:
            known = known.filter(pattern=standing)
        new = set(within) - set(known.values_list("notification", flat=True))
        if standing is not None:
            if new:
                _join(standing, _of(new))
                Pattern.objects.filter(pk=standing.pk).update(version=standing.version + 1)
            return 0
        if len(new) < fewest:
            return 0
        made = Pattern.objects.create(kind=kind, key=key, title=title, reasons=reasons)
        _join(made, _of(within))
    return 1


def _of(keys: Iterable[int]) -> Sequence[Notification]:
    return list(Notification.objects.filter(pk__in=keys).select_related("case__employer").order_by("pk"))


def _join(pattern: Pattern, notifications: Sequence[Notification]) -> None:
    """Put notifications into a pattern; each case's timeline says so. Call it inside ``writing``."""
    PatternCase.objects.bulk_create(PatternCase(pattern=pattern, notification=each) for each in notifications)
    for each in notifications:
        payload = {"pattern": pattern.pk, "kind": pattern.kind}
        append("notifications.pattern_proposed", case=each.case, by=LOOKING, payload=payload)
