"""Counting notifications: how many, of what kind, from whom, and what went wrong. One query behind it all."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth

from notifications.counting import counted, counted_apart
from notifications.models import Basis, Cause, Notification, SubModality
from notifications.taxonomy import read_taxonomy
from regulator.casework.models import Case
from regulator.organisations.models import EmployerType, Modality
from regulator.periods import Period
from regulator.statistics.figures import AsPublished, Plain, moments
from regulator.statistics.keeping import kept_back_before, kept_by_modality
from regulator.statistics.published import PublishedYear
from regulator.statistics.reading import read_once
from regulator.statistics.tables import Mark
from regulator.statistics.tally import by_first, tree_of, with_percent

NOT_HELD = (
    "Not held: the cases are reconstructed from published figures, and what this table counts was not "
    "published. That is not the same as none."
)
"""What stands under a table whose every number is a mark for that reason."""
NOT_STATED = "not_stated"
BY_EMPLOYER_TYPE = "notifications_by_employer_type"
EMPLOYER_TYPES = {**dict(EmployerType.choices), NOT_STATED: "Not stated"}
"""What types of employer are called, in the order of print."""


@dataclass(frozen=True, slots=True)
class Group:
    """How many notifications of a period are alike in all that the figures tell apart. ``cause`` is the key
    of CQC's coding, ``None`` where it is not yet coded."""

    modality: str
    sub_modality: str
    employer_type: str
    cause: int | None
    number: int


def received_in(period: Period) -> QuerySet[Notification]:
    """The notifications that count in ``period``, by the day on which their reference was minted."""
    first, after = moments(period)
    return counted().filter(case__opened_at__gte=first, case__opened_at__lt=after)


@read_once
def groups(period: Period) -> tuple[Group, ...]:
    """The notifications of a period, those that are alike as one row (1 query, a thousand rows or so)."""
    return groups_of(received_in(period))


def groups_of(found: QuerySet[Notification]) -> tuple[Group, ...]:
    """Those that are given, such as one employer's, grouped as ``groups`` are (1 query)."""
    columns = ("case__modality", "sub_modality", "case__employer__type", "cqc_cause_id")
    rows = found.values_list(*columns).annotate(number=Count("pk"))
    return tuple(
        Group(modality or NOT_STATED, kind or NOT_STATED, employer or NOT_STATED, cause, number)
        for modality, kind, employer, cause, number in rows
    )


def months_received(period: Period) -> list[date]:
    """The first days of the months in which notifications of ``period`` were received (1 query)."""
    months = received_in(period).order_by().values_list(TruncMonth("case__opened_at"), flat=True).distinct()
    return [month.date() for month in months]


@read_once
def every_cause() -> tuple[Cause, ...]:
    """Every cause in the order of the taxonomy (1 query)."""
    return tuple(Cause.objects.order_by("version_id", "position"))


def notifications(period: Period) -> Plain:
    """Notifications in all and by modality (the query of ``groups``)."""
    counts: dict[str, int] = dict.fromkeys(Modality.values, 0)
    for each in groups(period):
        counts[each.modality] = counts.get(each.modality, 0) + each.number
    return {"total": sum(counts.values()), "by_modality": counts}


def by_cause(period: Period) -> Plain:
    """Notifications by CQC's coding: tier 1 overall, and the tree of tiers 1 to 3 by modality (the query of
    ``groups``, and one for the taxonomy)."""
    return causes_of(groups(period), every_cause())


def causes_of(rows: Iterable[Group], taxonomy: Iterable[Cause]) -> dict[str, Any]:
    """The causes of these, in the order of the taxonomy (no query)."""
    numbers: Counter[tuple[str, int]] = Counter()
    uncoded: dict[str, int] = dict.fromkeys(Modality.values, 0)
    for each in rows:
        if each.cause is None:
            uncoded[each.modality] = uncoded.get(each.modality, 0) + each.number
        else:
            numbers[each.modality, each.cause] += each.number
    leaves: dict[str, list[tuple[tuple[str, ...], int]]] = {name: [] for name in Modality.values}
    tier1: dict[str, int] = {}
    modalities = [*leaves, *({modality for modality, _ in numbers} - leaves.keys())]
    by_slug: Counter[str] = Counter()
    for cause in taxonomy if numbers else ():
        for modality in modalities:
            if number := numbers[modality, cause.pk]:
                path = (cause.tier1, cause.tier2, cause.tier3)
                leaves.setdefault(modality, []).append((path, number))
                tier1[cause.tier1] = tier1.get(cause.tier1, 0) + number
                by_slug[cause.slug] += number
    trees = {name: tree_of(found) for name, found in leaves.items()}
    return {
        "tier1": tier1,
        "tier1_by_modality": {
            name: {label: node["count"] for label, node in tree.items()} for name, tree in trees.items()
        },
        "by_modality": trees,
        "by_slug": by_slug,
        "not_yet_coded": uncoded,
    }


def by_sub_modality(period: Period) -> Plain:
    """Notifications by sub-modality within modality (the query of ``groups``)."""
    return {"by_modality": sub_modalities_of(groups(period))}


def sub_modalities_of(rows: Iterable[Group]) -> dict[str, dict[str, int]]:
    """How many of these by modality and sub-modality (no query)."""
    return _within(rows, lambda each: each.sub_modality, SubModality.values)


def by_employer_type(period: Period) -> Plain:
    """Notifications by type of employer within modality, with its share (the query of ``groups``, and one for
    what is published of the period). ``kept_back``, where there is any, has the types that the published
    reports on it keep back, by modality: those that follow keep them back too."""
    table = _within(groups(period), lambda each: each.employer_type, EmployerType.values)
    names = dict.fromkeys([*Modality.values, NOT_STATED, *table])
    kept_back: dict[str, dict[str, str]] = {}
    for modality, kind in sorted(
        kept_by_modality(kept_back_before(period), BY_EMPLOYER_TYPE, names, EMPLOYER_TYPES)
    ):
        kept_back.setdefault(modality, {})[kind] = Mark.CONFIDENTIAL
        table.setdefault(modality, {})
    found: dict[str, Plain] = {"by_modality": {name: with_percent(counts) for name, counts in table.items()}}
    return found | ({"kept_back": kept_back} if kept_back else {})


def _within(
    rows: Iterable[Group], part: Callable[[Group], str], order: list[str]
) -> dict[str, dict[str, int]]:
    """Counts by modality and ``part``, in the order in which its values are declared."""
    places = {value: place for place, value in enumerate(order)}
    found = sorted(rows, key=lambda each: (places.get(part(each), len(places)), part(each)))
    return by_first(((each.modality, part(each), each.number) for each in found), Modality.values)


def outside(period: Period) -> Plain:
    """Voluntary reports and licence breaches, each for itself: in no other figure (query of ``apart``, and of
    ``is_apart_held``)."""
    if not is_apart_held(period):
        return dict.fromkeys((Basis.VOLUNTARY.value, Basis.LICENCE_BREACH.value), Mark.NOT_AVAILABLE)
    counts: dict[str, int] = {Basis.VOLUNTARY.value: 0, Basis.LICENCE_BREACH.value: 0}
    for basis, _, number in apart(period):
        counts[basis] = counts.get(basis, 0) + number
    return counts


@read_once
def apart(period: Period) -> tuple[tuple[str, str, int], ...]:
    """What is in no statutory figure, counted by basis and, of licence breaches, what was wrong (1 query)."""
    first, after = moments(period)
    found = counted_apart().filter(case__opened_at__gte=first, case__opened_at__lt=after)
    rows = found.values_list("basis", "licence_breach__breach_type").annotate(number=Count("pk"))
    return tuple((basis, kind or NOT_STATED, number) for basis, kind, number in rows)


@read_once
def is_apart_held(period: Period) -> bool:
    """Whether none is nought: of a year that is reconstructed from published figures nothing of these is held
    (the query of ``apart``; where that found none, one more)."""
    reconstructed = received_in(period).filter(case__origin=Case.Origin.PUBLISHED_YEAR)
    return bool(apart(period)) or not reconstructed.exists()


def published_notifications(year: PublishedYear) -> AsPublished:
    """``notifications`` as CQC published them."""
    names = [f"notifications_{name}" for name in Modality.values]
    counts = {name: year.told(f"notifications_{name}") for name in Modality.values}
    value: Plain = {"total": year.told("notifications"), "by_modality": counts}
    return AsPublished(value, year.where("notifications", *names))


def published_sub_modalities(year: PublishedYear) -> AsPublished:
    """``by_sub_modality`` as CQC published it: few of them, and counts only. ``totals`` are the modalities as
    ``published_notifications`` has them, which the few parts do not add up to."""
    told: dict[str, dict[str, int | Mark]] = {
        name: dict.fromkeys(SubModality.values, Mark.NOT_AVAILABLE) for name in Modality.values
    }
    counted = [part for part in year.sub_modalities if part.count is not None]
    for part in counted:
        told[part.modality][part.sub_modality] = Mark.NOT_AVAILABLE if part.count is None else part.count
    totals = {name: year.told(f"notifications_{name}") for name in Modality.values}
    sources = (*(part.source for part in counted), *year.where(*(f"notifications_{name}" for name in totals)))
    return AsPublished({"by_modality": told, "totals": totals}, tuple(dict.fromkeys(sources)))


def published_causes(year: PublishedYear) -> AsPublished:
    """``by_cause`` as far as a later report mentions a cause's count: nothing is known of the others."""
    trees: dict[str, Any] = {name: {} for name in Modality.values}
    for cause in year.causes:
        node: dict[str, Any] = {"parts": trees[cause.modality]}
        for label in cause.path:
            node = node["parts"].setdefault(label, {"count": Mark.NOT_AVAILABLE, "parts": {}})
        node["count"] = cause.count
    slugs = {leaf.path: leaf.slug for leaf in read_taxonomy()}
    by_slug: dict[str, int | Mark] = dict.fromkeys(slugs.values(), Mark.NOT_AVAILABLE)
    for cause in year.causes:
        if (path := (cause.modality, *cause.path)) in slugs:
            by_slug[slugs[path]] = cause.count
    sources = tuple(dict.fromkeys(cause.source for cause in year.causes))
    return AsPublished({"by_modality": trees, "by_slug": by_slug}, sources)
