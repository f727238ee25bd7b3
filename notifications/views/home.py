"""Where an employer's people begin: what is due, what CQC asked, drafts, and every case of theirs."""

from typing import Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from notifications import forms, overview
from regulator.accounts.policies import EMPLOYER, declare, signed_in
from regulator.organisations.queries import employers_of

PAGE_SIZE: Final = 25


@declare(EMPLOYER)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What is overdue and what is due, what CQC asked, the drafts, and the cases that fit the filters.

    Who acts for several employers sees whose each is, and may narrow the whole page to one. A filter that
    makes no sense is said beside its box and left out; a page that does not exist shows the nearest one.
    """
    user = signed_in(request)
    employers = employers_of(user)
    form = forms.CasesForm(request.GET, employers=employers)
    wanted = form.wanted()
    chosen = wanted.get("employer")
    only = chosen.pk if chosen else None
    page = Paginator(overview.cases(user, wanted), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "dates": overview.dates(user, employer=only),
        "questions": overview.questions(user, employer=only),
        "drafts": overview.drafts(user, employer=only),
        "page": page,
        "next_dates": overview.next_dates(page.object_list),
        "case_page": overview.page_of,
        "several": len(employers) > 1,
        "filtered": any(wanted.values()),
    }
    return render(request, "notifications/home.html", context)
