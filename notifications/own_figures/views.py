"""The employer's page of its own figures, and each of its tables as a file.

Who follows the employer's notifications reads their numbers; rates are for whoever sees its activity
(docs/decisions/0025). Nobody reads another employer's, which is as if it were not there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from notifications.models import CorrectiveAction
from notifications.own_figures import queries, tables
from notifications.own_figures.asking import TO_ASK, why_asked
from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.policies import declare, needs, signed_in
from regulator.accounts.roles import EMPLOYER_ROLES
from regulator.casework.wording import as_text
from regulator.organisations.activity import returns_of
from regulator.organisations.house import pages_for
from regulator.organisations.models import Employer
from regulator.organisations.policies import may
from regulator.organisations.queries import own_employer
from regulator.organisations.returns import has_ended, last_ended
from regulator.periods import Period, reporting_year_as_typed
from regulator.risk.models import YearRate
from regulator.risk.own_rate import KEEP, SEE, told
from regulator.risk.queries import rates_of
from regulator.statistics.files import table_csv
from regulator.statistics.showing import drawn
from regulator.statistics.tables import Table

FOLLOW: Final = "notifications.follow"
MOST_SHOWN: Final = 25
"""How many open actions the page lists; the file has them all."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose figures are looked at, by whom, and of which year."""

    employer: Employer
    reader: User
    year: Period

    def rates(self) -> list[YearRate]:
        """Those of the year that the newest risk run stored; none for who may not see activity (1 query)."""
        if not may(self.reader, SEE, employer=self.employer):
            return []
        return [each for each in rates_of(self.employer) if each.year == self.year]


_TABLES: Final[dict[str, Callable[[Asked], Table]]] = {
    "notifications": lambda asked: tables.notified(queries.counts_of(asked.employer, asked.year), asked.year),
    "rates": lambda asked: tables.beside_peers(asked.rates(), asked.year),
    "causes": lambda asked: tables.caused(queries.causes(asked.employer, asked.year), asked.year),
    "lateness": lambda asked: tables.timely(queries.clocks_of(asked.employer, asked.year), asked.year),
    "actions": lambda asked: tables.to_do(queries.open_actions(asked.employer, asked.reader)),
}
"""Each table, by its name in an address."""


@declare(needs(FOLLOW, among=EMPLOYER_ROLES))
@require_safe
def own_figures(request: HttpRequest, key: str) -> HttpResponse:
    """The figures of the reporting year that is asked for, else of the last that ended: at most 12 queries at
    any size. 404 for a year that is none, or that the employer has no figures of."""
    asked, years = _asked(request, key)
    employer, year = asked.employer, asked.year
    counts, rates = queries.counts_of(employer, year), asked.rates()
    returns = list(returns_of(employer)) if any(not each.has_activity for each in rates) else ()
    actions = queries.open_actions(employer, asked.reader)
    context: dict[str, Any] = {
        "employer": employer,
        "house": pages_for(employer, asked.reader),
        "year": year,
        "years": years,
        "ended": has_ended(year, clock.today()),
        "notified": tables.notified(counts, year),
        "rates": [told(each, returns) for each in rates],
        "run": rates[0].run if rates else None,
        "sees_rates": may(asked.reader, SEE, employer=employer),
        "keeps": may(asked.reader, KEEP, employer=employer),
        "why_asked": why_asked(
            counts, rates, year, worked=bool(counts.total) or queries.worked_in(employer, year)
        ),
        "to_ask": TO_ASK,
        "causes": tables.caused(queries.causes(employer, year), year),
        "timely": tables.timely(queries.clocks_of(employer, year), year),
        "actions": tables.to_do(actions[:MOST_SHOWN], day=as_text),
        "actions_in_all": len(actions),
        "overdue": sum(each.is_overdue for each in actions),
        "links": [_page_of(each) for each in actions[:MOST_SHOWN]],
        "drawn": drawn,
    }
    return render(request, "own_figures/year.html", context)


@declare(needs(FOLLOW, among=EMPLOYER_ROLES))
@require_safe
def as_file(request: HttpRequest, key: str, table: str) -> StreamingHttpResponse:
    """One of the tables as CSV, the headings first and what a reader must know below. 404 for a table or year
    that there is none of."""
    asked, _ = _asked(request, key)
    make = _TABLES.get(table)
    if make is None:
        raise Http404("There is no such table.")
    lines = table_csv(make(asked))
    name = f"own-figures-{asked.employer.key}-{asked.year.slug}-{table}.csv"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


def _page_of(action: CorrectiveAction) -> str:
    return reverse("notifications:action", args=[action.notification.case.reference, action.pk])


def _asked(request: HttpRequest, key: str) -> tuple[Asked, Sequence[Period]]:
    """What is asked for, and the years that can be (3 queries at most)."""
    reader = signed_in(request)
    employer = own_employer(key, reader, permission=FOLLOW)
    years = queries.years_of(employer)
    return Asked(employer, reader, _year(request.GET.get("year"), years)), years


def _year(typed: str | None, years: Sequence[Period]) -> Period:
    if typed is None:
        return last_ended(clock.today())
    try:
        found = reporting_year_as_typed(typed)
    except ValueError as fault:
        raise Http404(str(fault)) from fault
    if found not in years:
        raise Http404("There are no figures of this year.")
    return found
