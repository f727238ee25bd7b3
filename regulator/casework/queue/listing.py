"""One page of the queue, ready to be shown: its cases in rows of words, and the addresses around it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.db import connection
from django.db.models import QuerySet

from regulator import clock
from regulator.accounts.models import User
from regulator.casework.models import Case
from regulator.casework.queue.filters import QueueFilter, statuses
from regulator.casework.queue.paging import (
    END,
    START,
    NoSuchPlace,
    Page,
    Place,
    count,
    page_at,
    read_token,
    token,
)
from regulator.casework.queue.together import tick
from regulator.casework.wording import days, short_day

_SHOWN: Final = (
    "kind",
    "reference",
    "status",
    "modality",
    "risk",
    "opened_at",
    "next_due_on",
    "redacted_at",
    "version",
    "urgency",
    "due_order",
    "age_order",
    "employer__name",
    "site__name",
    "assignee__name",
    "assignee__email",
    "is_restricted",
)
NO_SUCH_PLACE: Final = "This address asks for a place in the list that there is none of."


@dataclass(frozen=True, slots=True)
class Row:
    """A case in words: when it is due, by how much it is overdue (``""`` where it is not), how old it is."""

    case: Case
    tick: str
    due: str
    late: str
    age: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What the page shows. ``result_count`` is at most ``paging.MOST_COUNTED``; ``is_more`` says that there
    are more. Addresses are query strings; ``""`` where there is no such page."""

    rows: Sequence[Row] = ()
    result_count: int = 0
    is_more: bool = False
    first: str = ""
    previous: str = ""
    next: str = ""
    last: str = ""

    @property
    def result_list(self) -> list[Case]:
        return [row.case for row in self.rows]


def listing(filters: QueueFilter, address: Mapping[str, str]) -> Listing:
    """The page that an address asks for (two queries), nothing where it cannot be understood: what is wrong
    then stands in the form's errors."""
    if not filters.form.is_valid():
        return Listing()
    try:
        place = place_of(address, filters)
    except NoSuchPlace:
        filters.form.add_error(None, NO_SUCH_PLACE)
        return Listing()
    order, cases = filters.order, filters.qs
    counted, is_more = count(cases)
    page = page_at(place, _shown(cases), order)
    return Listing([_row(case) for case in page.cases], counted, is_more, **_around(page, filters))


def place_of(address: Mapping[str, str], filters: QueueFilter) -> Place:
    """Where the page lies that an address asks for. Raises ``NoSuchPlace`` for what cannot be read."""
    asked = {name: address[name] for name in ("after", "before", "page") if name in address}
    if len(asked) > 1:
        raise NoSuchPlace
    if "page" in asked:
        if asked["page"] not in ("first", "last"):
            raise NoSuchPlace
        return END if asked["page"] == "last" else START
    for name, text in asked.items():
        return Place(read_token(text, filters.order), is_before=name == "before")
    return START


def _shown(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.select_related("employer", "site", "assignee").only(*_SHOWN)


def _around(page: Page, filters: QueueFilter) -> dict[str, str]:
    asked, order, found = filters.asked, filters.order, {}
    if page.has_previous:
        found["first"] = urlencode({**asked, "page": "first"})
        if page.cases:
            found["previous"] = urlencode({**asked, "before": token(page.cases[0], order)})
    if page.has_next:
        found["last"] = urlencode({**asked, "page": "last"})
        if page.cases:
            found["next"] = urlencode({**asked, "after": token(page.cases[-1], order)})
    return found


def _row(case: Case) -> Row:
    late = (clock.today() - case.next_due_on).days if case.next_due_on else 0
    return Row(
        case=case,
        tick=tick(case),
        due=short_day(case.next_due_on) if case.next_due_on else "No deadline",
        late=f"Overdue by {days(late)}" if late > 0 else "",
        age=days((clock.now() - case.opened_at).days) if case.opened_at else "Not opened",
    )


def standing_statuses(user: User, kind: str = "") -> set[str]:
    """Those of ``filters.statuses`` in which a case stands that ``user`` may read (one query, which looks
    once into the index for each and never counts)."""
    offered = [value.split(":", 1) for value, _ in statuses(kind)]
    seen, params = Case.objects.for_user(user).order_by().values("kind", "status").query.sql_with_params()
    places = ", ".join(["(%s, %s)"] * len(offered))
    sql = f"""WITH offered(kind, status) AS (VALUES {places}) SELECT kind, status FROM offered WHERE EXISTS (
        SELECT 1 FROM ({seen}) seen WHERE seen.kind = offered.kind AND seen.status = offered.status)"""  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [*(part for each in offered for part in each), *params])
        return {f"{found}:{status}" for found, status in cursor.fetchall()}
