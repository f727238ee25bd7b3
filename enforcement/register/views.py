"""The register's pages: the list with its filters, and one page an entry. For anybody, without sign-in."""

from typing import Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from enforcement.register.filters import RegisterFilter
from enforcement.register.queries import entries
from regulator.accounts.policies import PUBLIC, declare

PAGE_SIZE: Final = 20


@declare(PUBLIC)
@require_safe
def register_list(request: HttpRequest) -> HttpResponse:
    """The entries that fit the filters, 20 a page, in three queries at any size.

    A filter that cannot be read is said beside its box and left out; a page that does not exist shows
    the nearest one.
    """
    filterset = RegisterFilter(request.GET, queryset=entries())
    filterset.form.is_valid()
    page = Paginator(filterset.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"form": filterset.form, "page": page, "total": page.paginator.count}
    return render(request, "register/list.html", context)


@declare(PUBLIC)
@require_safe
def register_entry(request: HttpRequest, slug: str) -> HttpResponse:
    """One entry (two queries); 404 for an address at which none stands."""
    entry = get_object_or_404(entries(), slug=slug)
    return render(request, "register/entry.html", {"entry": entry})
