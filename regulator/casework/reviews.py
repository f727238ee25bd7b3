"""The reads on views of restricted cases: whose in which week, and which weeks wait to be reviewed."""

import hashlib
from datetime import date, datetime
from typing import Any, Final, TypedDict

from django.db.models import Count, Exists, Max, Min, OuterRef, QuerySet

from regulator import clock
from regulator.casework.models import RestrictedView, WeekReview
from regulator.casework.weeks import WEEK, week_of

PLACES: Final = {
    "casework_case_change": "The case",
    "casework_case_timeline": "Its timeline",
    "casework_case_do": "A deed",
    "casework_case_file": "A file",
    "casework_case_referral": "A referral",
    "casework_case_referral_text": "A referral as text",
    "casework_case_export": "A list, taken away",
    "casework_case_together": "A deed on several cases",
    "casework_event_change": "An event on the chain",
    "casework_event_history": "An event on the chain",
    "receipt": "The receipt",
}
"""What the pages are called on which a restricted case is looked at. Any other is called by its route's
name."""


class Week(TypedDict):
    """One week of views, as ``weeks`` reads it."""

    week: date
    views: int
    viewers: int
    is_signed: bool


def place(what: str) -> str:
    """The page in words: ``casework_case_links`` is "Case links" where nobody named it better."""
    plain = what.removeprefix("casework_").replace("_", " ").replace("-", " ")
    return PLACES.get(what) or plain.capitalize()


def views_in(week: date) -> QuerySet[RestrictedView]:
    """The views of a week, the first first, with case, person and the right under which each looked."""
    found = RestrictedView.objects.filter(week=week).select_related("case", "person", "access__event__typed")
    return found.order_by("viewed_at", "pk")


def viewers_in(week: date) -> set[int]:
    """Who looked in a week, by primary key. One query."""
    return set(
        RestrictedView.objects.filter(week=week).order_by().values_list("person", flat=True).distinct()
    )


def weeks() -> QuerySet[Any, Any]:
    """Every week in which somebody looked, the latest first, as ``Week``: how many views, of how many people,
    and whether it was signed. One query."""
    signed = WeekReview.objects.filter(week=OuterRef("week"))
    counted = RestrictedView.objects.order_by().values("week")
    found: QuerySet[Any, Any] = counted.annotate(
        views=Count("pk"), viewers=Count("person", distinct=True), is_signed=Exists(signed)
    )
    return found.order_by("-week")


def unreviewed() -> QuerySet[Any, Any]:
    """The weeks that are over, in which somebody looked, and that nobody has signed. Otherwise as
    ``weeks``."""
    this_week = week_of(clock.now())
    return weeks().filter(week__lte=this_week - WEEK, is_signed=False)


def summary(week: date) -> QuerySet[Any, Any]:
    """A week in short: for each person, case and right how many views, the first and the last. One query."""
    by = ("person__name", "case", "case__reference", "access", "access__right", "access__event__typed__text")
    found = RestrictedView.objects.filter(week=week).order_by()
    short: QuerySet[Any, Any] = found.values(*by).annotate(
        views=Count("pk"), first=Min("viewed_at"), last=Max("viewed_at")
    )
    return short.order_by("person__name", "case__reference", "access")


def digest_of(week: date) -> tuple[int, str]:
    """How many views a week has, and the SHA-256 (hex) over all of them in their order. One query."""
    columns = ("pk", "case", "person", "access", "what", "path", "viewed_at")
    rows = RestrictedView.objects.filter(week=week).order_by("pk").values_list(*columns)
    count, hashed = 0, hashlib.sha256()
    for row in rows.iterator(chunk_size=2000):
        hashed.update("|".join(map(_written, row)).encode())
        hashed.update(b"\n")
        count += 1
    return count, hashed.hexdigest()


def _written(value: object) -> str:
    return value.isoformat(timespec="microseconds") if isinstance(value, datetime) else str(value)
