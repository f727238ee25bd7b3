"""The parts of the desk's home that tell time: how long cases have waited, what came and went in a week."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Count, Q, QuerySet, Window

from regulator import clock
from regulator.accounts.models import User
from regulator.casework.desk import HomeLine, HomePanel
from regulator.casework.home import OLDEST_FIRST, named, queue_url
from regulator.casework.models import Case
from regulator.casework.queue.filters import begin
from regulator.casework.wording import days
from regulator.organisations.policies import may

BANDS: Final = ((0, 7), (8, 28), (29, 84), (85, None))
"""Ages in days, from and to: a week, four weeks, the twelve in which a report is due, and more."""
WEEK: Final = 7


def waiting_by_age(kind: str, status: str, *, title: str) -> Callable[[User], HomePanel | None]:
    """A panel that counts the cases of ``kind`` standing in ``status``, all and by age, the oldest named with
    its age (one query). Each count leads to the list of those cases, the oldest first."""

    def panel(user: User) -> HomePanel | None:
        if not may(user, "casework.read"):
            return None
        today = clock.today()
        waiting = Case.objects.for_user(user).filter(kind=kind, status=status)
        counts = {
            f"band_{at}": Window(Count("pk", filter=_opened(*days_of(band, today))))
            for at, band in enumerate(BANDS)
        }
        counted = waiting.annotate(waiting=Window(Count("pk")), **counts)
        shown = counted.only("reference", "opened_at", "created_at")  # narrow: the database sorts all
        oldest = shown.order_by("opened_at", "pk").first()
        found = vars(oldest) if oldest else {}
        asked = {"status": f"{kind}:{status}", "o": OLDEST_FIRST}
        lines = [
            HomeLine(
                "Waiting", found.get("waiting", 0), queue_url(**asked), detail=named(oldest) if oldest else ""
            )
        ]
        for at, band in enumerate(BANDS):
            where = _asked("opened", *days_of(band, today))
            lines.append(HomeLine(_called(band), found.get(f"band_{at}", 0), queue_url(**asked, **where)))
        return HomePanel(title, tuple(lines))

    return panel


def week(user: User) -> HomePanel | None:
    """What was received and what was closed in the last 7 days, today among them, and in the 7 before (two
    queries)."""
    if not may(user, "casework.read"):
        return None
    today = clock.today()
    last = (today - timedelta(days=WEEK - 1), today)
    before = (today - timedelta(days=2 * WEEK - 1), today - timedelta(days=WEEK))
    cases = Case.objects.for_user(user)
    came = _in_each(cases, "opened_at", last, before)
    went = _in_each(cases, "closed_at", last, before)
    return HomePanel(
        "The last 7 days",
        (
            HomeLine("Received", came["last"], _url("opened", last), "In the 7 days up to today"),
            HomeLine("Received in the 7 days before", came["before"], _url("opened", before)),
            HomeLine("Closed", went["last"], _url("closed", last), _balance(came["last"] - went["last"])),
            HomeLine("Closed in the 7 days before", went["before"], _url("closed", before)),
        ),
    )


Days = tuple[date | None, date | None]
"""The first and the last day, both among them; ``None`` has no end."""


def _in_each(cases: QuerySet[Case], field: str, last: Days, before: Days) -> dict[str, int]:
    recent = cases.filter(_between(field, before[0], last[1]))
    return recent.aggregate(
        last=Count("pk", filter=_between(field, *last)), before=Count("pk", filter=_between(field, *before))
    )


def _between(field: str, first: date | None, last: date | None) -> Q:
    """Moments on these days in London; the queue's own filters count days alike."""
    asked: dict[str, Any] = {}
    if first is not None:
        asked[f"{field}__gte"] = begin(first)
    if last is not None:
        asked[f"{field}__lt"] = begin(last + timedelta(days=1))
    return Q(**asked)


def _opened(first: date | None, last: date | None) -> Q:
    return _between("opened_at", first, last)


def days_of(band: tuple[int, int | None], today: date) -> Days:
    """The days on which cases were opened that are now of an age within ``band``."""
    youngest, oldest = band
    first = None if oldest is None else today - timedelta(days=oldest)
    return first, today - timedelta(days=youngest) if youngest else None


def _asked(what: str, first: date | None, last: date | None) -> dict[str, str]:
    asked = {f"{what}_from": first, f"{what}_to": last}
    return {name: day.isoformat() for name, day in asked.items() if day is not None}


def _url(what: str, within: Days) -> str:
    state = "closed" if what == "closed" else "all"
    return queue_url(state=state, **_asked(what, *within))


def _called(band: tuple[int, int | None]) -> str:
    youngest, oldest = band
    if oldest is None:
        return f"Over {youngest - 1} days"
    return f"{youngest} to {oldest} days" if youngest else f"Up to {days(oldest)}"


def _balance(more: int) -> str:
    """Whether the pile grew."""
    if more == 0:
        return "As many as were received"
    return f"{more} fewer than were received" if more > 0 else f"{-more} more than were received"
