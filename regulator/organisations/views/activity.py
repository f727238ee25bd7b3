"""The employer's activity: everybody of the employer reads it, the lead files the returns of each year."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from regulator import clock
from regulator.accounts.policies import declare, needs, signed_in
from regulator.accounts.typed import forget, keeps_typed, kept
from regulator.organisations import queries, services
from regulator.organisations.activity import carried_out, overview, own_returns, standing_of
from regulator.organisations.activity_forms import MEANINGS, YearForm
from regulator.organisations.attempt import Outcome, attempt, status_of
from regulator.organisations.house import pages_for
from regulator.organisations.models import ActivityReturn, Employer, Modality
from regulator.organisations.policies import may
from regulator.organisations.returns import has_ended, years_open
from regulator.organisations.views.posting import sent
from regulator.periods import Period

PAGE_SIZE = 50
SEE = "organisations.see_activity"
KEEP = "organisations.keep_activity"


@declare(needs(SEE))
@require_safe
def activity(request: HttpRequest, key: str) -> HttpResponse:
    """What was returned for each year and modality, what counts, and what is missing for the last year."""
    user = signed_in(request)
    employer = queries.own_employer(key, user, permission=SEE)
    context = {
        "employer": employer,
        "overview": overview(employer, clock.today()),
        "years": years_open(clock.today()),
        "keeps": may(user, KEEP, employer=employer),
        "house": pages_for(employer, user),
    }
    return render(request, "organisations/activity.html", context)


@declare(needs(SEE))
@require_safe
def sources(request: HttpRequest, key: str) -> HttpResponse:
    """Everybody's numbers for the employer side by side, and which of them count."""
    user = signed_in(request)
    employer = queries.own_employer(key, user, permission=SEE)
    rows = overview(employer, clock.today()).rows
    found = [(row, source) for row in rows for source in row.sources]
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"employer": employer, "page": page, "house": pages_for(employer, user)}
    return render(request, "organisations/activity_sources.html", context)


@keeps_typed
@declare(needs(KEEP))
@require_http_methods(["GET", "HEAD", "POST"])
def year(request: HttpRequest, key: str, slug: str) -> HttpResponse:
    """The returns of one year: every modality on one page, those that the sites carry out first."""
    employer = queries.own_employer(key, signed_in(request), permission=KEEP)
    chosen = _year(slug)
    form = _form(request, employer, chosen)
    outcome = _filed(request, employer, form)
    if outcome.done:
        forget(request)
        messages.success(request, _said(outcome.value or [], chosen))
        return redirect("organisations:activity", employer.key)
    typed_before = request.method != "POST" and form.is_bound
    context: dict[str, Any] = {"form": form, "employer": employer, "year": chosen, "meanings": MEANINGS}
    context |= {"conflict": [], "typed_before": typed_before, "ended": has_ended(chosen, clock.today())}
    if outcome.stale:
        fresh = _standing(employer, chosen)
        form.carry_versions(fresh)
        context["conflict"] = [(Modality(each).label, row) for each, row in fresh.items()]
    else:
        form.mend_versions()
    status = HTTPStatus.OK if typed_before else status_of(form)
    return render(request, "organisations/activity_year.html", context, status=status)


def _form(request: HttpRequest, employer: Employer, chosen: Period) -> YearForm:
    data = sent(request)
    return YearForm(
        kept(request) if data is None else data,
        year=chosen,
        offered=carried_out(employer, open_only=False),
        standing=_standing(employer, chosen),
    )


def _filed(request: HttpRequest, employer: Employer, form: YearForm) -> Outcome[list[ActivityReturn]]:
    if request.method != "POST" or not form.is_valid():
        return Outcome(done=False)

    def deed() -> list[ActivityReturn]:
        return services.file_returns(employer=employer, details=form.details(), by=signed_in(request))

    return attempt(form, deed, add=form.refuse)


def _standing(employer: Employer, chosen: Period) -> dict[str, ActivityReturn]:
    """The employer's own returns for the year, by modality. One query."""
    rows = own_returns(employer).filter(period_start=chosen.start)
    return {modality: row for (_, modality), row in standing_of(rows, clock.today()).items()}


def _year(slug: str) -> Period:
    """The year of that address, if it may be returned; ``Http404`` for any other."""
    for each in years_open(clock.today()):
        if each.slug == slug:
            return each
    raise Http404("No return can be filed for this year.")


def _said(written: list[ActivityReturn], chosen: Period) -> str:
    if not written:
        return f"Nothing was changed: the returns for {chosen.label} stand as they were."
    names = [str(Modality(row.modality).label).lower() for row in written]
    return f"The return for {chosen.label} was filed: {', '.join(names)}."
