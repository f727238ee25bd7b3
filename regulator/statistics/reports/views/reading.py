"""The published reports as pages: the list, one report, one table, what moved, disagreements, methods."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from regulator.accounts.policies import PUBLIC, declare
from regulator.statistics.reports.assembling import chapters
from regulator.statistics.reports.caching import published_only
from regulator.statistics.reports.frozen import Content
from regulator.statistics.reports.moved import moved
from regulator.statistics.reports.outline import places
from regulator.statistics.reports.pictures import page_chart
from regulator.statistics.reports.published import Edition, contents_of, edition_of, listed
from regulator.statistics.reports.wording import MARKS, METHODS
from regulator.statistics.series import all_breaks
from regulator.statistics.showing import drawn
from regulator.statistics.tables import Table


@declare(PUBLIC)
@require_safe
@published_only
def report_list(request: HttpRequest) -> HttpResponse:
    """The reports that are published, the latest year first (two queries)."""
    return render(request, "reports/list.html", {"editions": listed()})


@declare(PUBLIC)
@require_safe
@published_only
def report_page(request: HttpRequest, year: str, edition: int | None = None) -> HttpResponse:
    """One report whole: a contents list, then every section with its text, charts and tables (three
    queries, and one where a case of it was withdrawn).

    Without ``edition`` the one that holds; an earlier one says that it was replaced and where that stands.
    404 for what is not published.
    """
    held, others = found_or_404(year, edition)
    content = held.content()
    context = {
        **context_of(held, others),
        "chapters": chapters(content),
        "drawn": drawn,
        "chart": page_chart,
    }
    return render(request, "reports/report.html", context)


@declare(PUBLIC)
@require_safe
@published_only
def table_page(request: HttpRequest, year: str, name: str) -> HttpResponse:
    """One table of the report that holds, with its chart, notes and files (three queries, and one
    where a case of the report was withdrawn)."""
    held, others = found_or_404(year, None)
    content = held.content()
    table = table_or_404(content, name)
    names = list(content.tables)
    at = names.index(name)
    context = {
        **context_of(held, others),
        "table": table,
        "drawn": drawn,
        "chart": page_chart,
        "before": content.tables[names[at - 1]] if at else None,
        "after": content.tables[names[at + 1]] if at + 1 < len(names) else None,
    }
    return render(request, "reports/table.html", context)


@declare(PUBLIC)
@require_safe
@published_only
def changes_page(request: HttpRequest, year: str, edition: int) -> HttpResponse:
    """What an edition says otherwise than the one before it (four queries, and one for each of the two
    of which a case was withdrawn); 404 for a first edition."""
    held, others = found_or_404(year, edition)
    former = next((each for each in others if each.number == edition - 1), None)
    if former is None:
        raise Http404("There is no edition before it.")
    said = moved(former.content(), held.content())
    headings = {place: section.heading for place, section in places().items()}
    context = {**context_of(held, others), "former": former, "moved": said, "headings": headings}
    return render(request, "reports/changes.html", context)


@declare(PUBLIC)
@require_safe
@published_only
def disagreements_page(request: HttpRequest) -> HttpResponse:
    """Where CQC's own published report of a year disagrees with itself, and what the data of that year gives,
    as the portal's report on it was frozen (three queries, and one where a case of any was withdrawn)."""
    editions = listed()
    contents = contents_of(editions)
    found = [(each, contents[each.freeze].data.get("disagreements", [])) for each in editions]
    context = {"told": [(edition, rows) for edition, rows in found if rows]}
    return render(request, "reports/disagreements.html", context)


@declare(PUBLIC)
@require_safe
@published_only
def methods_page(request: HttpRequest) -> HttpResponse:
    """How figures are counted: bases, caveats, marks, rounding, intervals, breaks (four queries at
    most)."""
    newest = next(iter(listed()), None)
    context = {
        "edition": newest,
        "figures": newest.content().data["figures"] if newest else [],
        "marks": MARKS,
        "methods": METHODS,
        "breaks": all_breaks(),
    }
    return render(request, "reports/methods.html", context)


def found_or_404(year: str, edition: int | None) -> tuple[Edition, list[Edition]]:
    """The published edition with all of its year. Raises ``Http404``."""
    found = edition_of(year, edition)
    if found is None:
        raise Http404("There is no such report.")
    return found


def table_or_404(content: Content, name: str) -> Table:
    """A table of the report by its name. Raises ``Http404``."""
    if name not in content.tables:
        raise Http404("There is no such table.")
    return content.tables[name]


def context_of(held: Edition, others: list[Edition]) -> dict[str, Any]:
    """What every page of one report is told."""
    holds = next((each for each in others if not each.is_replaced), held)
    return {"edition": held, "holds": holds, "editions": others}
