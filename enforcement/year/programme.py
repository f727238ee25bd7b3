"""The inspections of a planned year, and the recommendations and improvement notices that came of them.

Numbers, modalities and provisions are those published; who, where and when are made up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from enforcement.year.draw import Draw
from enforcement.year.published import InspectionCount, PublishedYear
from enforcement.year.records import (
    PlannedActivity,
    PlannedBreach,
    PlannedEmployer,
    PlannedInspection,
    PlannedNotice,
    PlannedNotification,
    PlannedRecommendation,
)
from enforcement.year.timeline import working_days_of
from regulator.deadlines.calendar import add_working_days, is_working_day

__all__ = ["planned_breaches", "planned_inspections", "planned_notices", "planned_recommendations"]

# In the published register a notice was served 2 to 13 days after the breach was seen.
_SERVED_AFTER = (2, 13)
# A notice may not fall due before its 21 days for appeal have passed; CQC's periods ran to about six weeks.
_COMPLY_AFTER = (28, 56)
_FOLLOWED_UP_AFTER = (10, 25)
_LAST_WORKING_DAYS = 15


@dataclass(frozen=True)
class _Visit:
    """An inspection before it has its number: ``place`` is its place among those of its modality."""

    on: date
    employer_key: str
    published: InspectionCount
    place: int
    prompted_by: str | None = None


def planned_inspections(
    year: PublishedYear,
    employers: Sequence[PlannedEmployer],
    activity: Sequence[PlannedActivity],
    notifications: Sequence[PlannedNotification],
    draw: Draw,
) -> tuple[PlannedInspection, ...]:
    """The published number of inspections in each modality, at most one for an employer in a modality.

    In order of date; all end early enough for a notice to be served within the year. The inspection row is
    refused (``YearRefused``) when there are too few invented employers, or too few notifications to react to.
    """
    sites = {one.key: [site.key for site in one.sites] for one in employers}
    days = working_days_of(year.period)[:-_LAST_WORKING_DAYS]
    visits: list[_Visit] = []
    for published in year.inspections:
        active = [one.employer_key for one in activity if one.modality == published.modality and one.quantity]
        prompted = _prompted(published, notifications, days, draw)
        visits += [*prompted, *_proactive(published, active, prompted, days, draw)]
    visits.sort(key=lambda visit: (visit.on, visit.employer_key, visit.published.modality))
    return tuple(
        _inspection(visit, f"I-{number:02d}", sites[visit.employer_key], draw)
        for number, visit in enumerate(visits, start=1)
    )


def _inspection(visit: _Visit, key: str, sites: list[str], draw: Draw) -> PlannedInspection:
    published = visit.published
    prompted = visit.prompted_by is not None
    return PlannedInspection(
        key=key,
        modality=published.modality,
        employer_key=visit.employer_key,
        site_key=draw.shuffled(sites, "site", published.modality)[0],
        inspected_on=visit.on,
        reactive=prompted and visit.place < published.reactive,
        focused=prompted and visit.place >= published.reactive,
        brachytherapy=_one_of_evenly_spread(visit.place, published.brachytherapy, published.count),
        prompted_by=visit.prompted_by,
    )


def _prompted(
    published: InspectionCount, notifications: Sequence[PlannedNotification], days: list[date], draw: Draw
) -> list[_Visit]:
    """Visits that follow a notification by some weeks: the reactive ones first, then the focused."""
    wanted = published.reactive + published.focused
    visits: dict[str, _Visit] = {}
    for one in draw.shuffled(
        [one for one in notifications if one.modality == published.modality], "reactive"
    ):
        wait = draw.between("wait", one.key, low=_FOLLOWED_UP_AFTER[0], high=_FOLLOWED_UP_AFTER[1])
        day = add_working_days(one.notified_on, wait)
        if len(visits) < wanted and day <= days[-1] and one.employer_key not in visits:
            visits[one.employer_key] = _Visit(day, one.employer_key, published, len(visits), one.key)
    if len(visits) < wanted:
        raise published.row.refused(
            f"only {len(visits)} notifications could prompt a reactive or focused inspection"
        )
    return list(visits.values())


def _proactive(
    published: InspectionCount, active: list[str], prompted: list[_Visit], days: list[date], draw: Draw
) -> list[_Visit]:
    """Visits of the annual programme to other employers, spread evenly over the year."""
    wanted = published.count - published.reactive - published.focused
    visited = {visit.employer_key for visit in prompted}
    free = [key for key in active if key not in visited]
    if len(free) < wanted:
        raise published.row.refused(f"there are {len(free)} invented employers left to inspect, not {wanted}")
    chosen = draw.shuffled(free, "inspected", published.modality)[:wanted]
    return [
        _Visit(days[(2 * at + 1) * len(days) // (2 * wanted)], employer, published, len(prompted) + at)
        for at, employer in enumerate(chosen)
    ]


def _one_of_evenly_spread(at: int, flagged: int, count: int) -> bool:
    """Whether place ``at`` of ``count`` is one of ``flagged`` spread evenly over them."""
    return (at + 1) * flagged // count > at * flagged // count


def planned_recommendations(
    year: PublishedYear, inspections: Sequence[PlannedInspection], draw: Draw
) -> tuple[PlannedRecommendation, ...]:
    """The published number for each group of provisions, dealt out over its modality's inspections."""
    dealt: list[tuple[str, tuple[str, ...]]] = []
    for modality in dict.fromkeys(one.modality for one in year.recommendations):
        visits = [one.key for one in inspections if one.modality == modality]
        turn = draw.shuffled(visits, "recommended")
        groups = [one for one in year.recommendations if one.modality == modality]
        made = [one.regulations for one in groups for _ in range(one.count)]
        if made and not turn:
            raise groups[0].row.refused(f"there is no inspection in {modality} to make it at")
        dealt += [(turn[at % len(turn)], regulations) for at, regulations in enumerate(made)]
    return tuple(
        PlannedRecommendation(f"R-{number:03d}", inspection, regulations)
        for number, (inspection, regulations) in enumerate(dealt, start=1)
    )


def planned_breaches(
    year: PublishedYear,
    inspections: Sequence[PlannedInspection],
    notices: Sequence[PlannedNotice],
    draw: Draw,
) -> tuple[PlannedBreach, ...]:
    """The published non-compliances of each modality beyond those that a notice followed, each at an
    inspection without a notice; the provisions are those that its modality's notices name, in turn.

    The row is refused (``YearRefused``) where there is no such inspection, or no notice to take them from.
    """
    followed = {notice.inspection_key for notice in notices}
    made = []
    for modality in dict.fromkeys(one.modality for one in inspections):
        named = [issued.provisions for issued in year.notices if issued.modality == modality]
        wanted = year.totals.get(f"non_compliances_{modality}", len(named)) - len(named)
        free = [one.key for one in inspections if one.modality == modality and one.key not in followed]
        turn = draw.shuffled(free, "breached", modality)
        if wanted and not (turn and named):
            row = year.facts[f"non_compliances_{modality}"]
            raise row.refused(f"there is no inspection, or no notice, in {modality} to take it from")
        made += [PlannedBreach(turn[at % len(turn)], named[at % len(named)]) for at in range(wanted)]
    return tuple(made)


def planned_notices(
    year: PublishedYear, inspections: Sequence[PlannedInspection], draw: Draw
) -> tuple[PlannedNotice, ...]:
    """Each published notice, at an inspection of its own in its modality, in order of inspection.

    The notice's row is refused (``YearRefused``) when its modality has no inspection left.
    """
    free = draw.shuffled(inspections, "notices")
    paired = []
    for issued in year.notices:
        visit = next((one for one in free if one.modality == issued.modality), None)
        if visit is None:
            raise issued.row.refused(f"there is no inspection in {issued.modality} left for it to follow")
        free.remove(visit)
        paired.append((visit, issued.provisions))
    paired.sort(key=lambda pair: pair[0].key)
    return tuple(
        _notice(draw, f"E-{number:02d}", visit, provisions)
        for number, (visit, provisions) in enumerate(paired, start=1)
    )


def _notice(draw: Draw, key: str, visit: PlannedInspection, provisions: tuple[str, ...]) -> PlannedNotice:
    served_on = _served_on(draw, visit)
    compliance_on = served_on + timedelta(
        days=draw.between("due", visit.key, low=_COMPLY_AFTER[0], high=_COMPLY_AFTER[1])
    )
    while not is_working_day(compliance_on):
        compliance_on += timedelta(days=1)
    # Most comply in time; about one in ten needs a little longer.
    late = draw.chance("late compliance", visit.key, percent=10)
    low, high = (2, 14) if late else (-14, -1)
    complied_on = compliance_on + timedelta(days=draw.between("complied", visit.key, low=low, high=high))
    while not is_working_day(complied_on):
        complied_on -= timedelta(days=1)
    return PlannedNotice(
        key=key,
        inspection_key=visit.key,
        modality=visit.modality,
        employer_key=visit.employer_key,
        provisions=provisions,
        breach_on=visit.inspected_on,
        served_on=served_on,
        compliance_on=compliance_on,
        complied_on=max(complied_on, served_on + timedelta(days=1)),
    )


def _served_on(draw: Draw, visit: PlannedInspection) -> date:
    """A working day 2 to 13 days after the inspection."""
    low, high = _SERVED_AFTER
    offsets = (timedelta(days=days) for days in range(low, high + 1))
    served = [day for day in (visit.inspected_on + offset for offset in offsets) if is_working_day(day)]
    return served[draw.number("served", visit.key, below=len(served))]
