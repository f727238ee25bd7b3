"""Where an employer's people begin: what is due, and every case of theirs."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from notifications import queries
from regulator.accounts.policies import EMPLOYER, declare, signed_in

PAGE_SIZE = 25


@declare(EMPLOYER)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What is due, and every case that the employer may see: drafts, notifications, inspections, notices."""
    cases = queries.cases_for_home(signed_in(request))
    page = Paginator(cases, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "notifications/home.html", {"page": page})
