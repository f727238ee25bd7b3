"""The page of one person on the desk, their history, and the deeds on them."""

from http import HTTPStatus
from typing import Any

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from regulator.accounts.models import PortalSession, User
from regulator.accounts.policies import signed_in
from regulator.casework.desk import FactSection
from regulator.casework.services.handing_over import open_cases_of
from regulator.organisations.attempt import attempt
from regulator.people.deeds import DEEDS, PersonDeed, deed_named
from regulator.people.queries import factors_in_words, history_of, in_words

NEWEST = 20
A_PAGE = 100
MOST_SHOWN = 100


@require_safe
def person_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Who somebody is, how they sign in, what is assigned to them, what was done; and what may be done. At
    most 15 SQL queries."""
    person = get_object_or_404(User, pk=pk)
    by = signed_in(request)
    rows = list(history_of(person)[: NEWEST + 1])
    cases = open_cases_of(person)
    context = {
        **_context(request, person, str(person)),
        "facts": (_facts(person), _signing_in(person)),
        "memberships": person.memberships.select_related("employer").order_by("-since")[:MOST_SHOWN],
        "sessions": PortalSession.objects.of(person.pk)[:MOST_SHOWN],
        "cases": cases[:MOST_SHOWN],
        "case_count": len(cases),
        "offers": [(deed, deed.refusal(person, by)) for deed in DEEDS],
        "timeline": in_words(rows[:NEWEST]),
        "has_more": len(rows) > NEWEST,
    }
    return TemplateResponse(request, "admin/people/person.html", context)


@require_safe
def history_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that was done about somebody, the newest first, a hundred a page."""
    person = get_object_or_404(User, pk=pk)
    shown = Paginator(history_of(person), A_PAGE).get_page(request.GET.get("page"))
    context = {
        **_context(request, person, f"History of {person}"),
        "page": shown,
        "timeline": in_words(list(shown.object_list)),
    }
    return TemplateResponse(request, "admin/people/history.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def deed_page(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """GET shows what the deed asks for, or why it may not be done now (409). POST does it: 302 when done, 400
    for what cannot be understood, 403 or 409 for what is refused, each with the form as it was sent."""
    person = get_object_or_404(User, pk=pk)
    by, deed = signed_in(request), deed_named(name)
    if deed is None:
        raise Http404("There is no such deed on a person.")
    if request.method == "POST":
        return _do(request, person, deed)
    refusal = deed.refusal(person, by)
    if refusal:
        context = {**_context(request, person, deed.label), "deed": deed, "refusal": refusal}
        return TemplateResponse(request, "admin/people/deed.html", context, status=HTTPStatus.CONFLICT)
    form = deed.form(person=person, initial={"version": person.version})
    return _form_page(request, person, deed, form, HTTPStatus.OK)


def _do(request: HttpRequest, person: User, deed: PersonDeed) -> HttpResponse:
    form = deed.form(request.POST, person=person)
    if not form.is_valid():
        return _form_page(request, person, deed, form, HTTPStatus.BAD_REQUEST)
    outcome = attempt(form, lambda: deed.run(person, signed_in(request), form))
    if outcome.done:
        messages.success(request, str(outcome.value))
        return redirect("admin:accounts_user_change", person.pk)
    fresh = User.objects.get(pk=person.pk)
    return _form_page(request, fresh, deed, form, outcome.status, is_stale=outcome.stale is not None)


def _form_page(
    request: HttpRequest,
    person: User,
    deed: PersonDeed,
    form: Any,
    status: HTTPStatus,
    *,
    is_stale: bool = False,
) -> HttpResponse:
    context = {
        **_context(request, person, deed.label),
        "deed": deed,
        "form": form,
        "facts": _facts(person),
        "missed": in_words(list(history_of(person)[:5])) if is_stale else [],
        "is_stale": is_stale,
    }
    return TemplateResponse(request, "admin/people/deed.html", context, status=status)


def _facts(person: User) -> FactSection:
    rows = (
        ("Name", person.name),
        ("E-mail address", person.email),
        ("Role at CQC", person.get_role_display() or "None"),
        ("May sign in", "Yes" if person.is_active else "No: closed"),
    )
    extra = (("Invented", "Yes: a person of the demonstration"),) if person.is_demonstration else ()
    return FactSection("The person", (*rows, *extra))


def _signing_in(person: User) -> FactSection:
    """How somebody signs in (one query)."""
    rows = (
        ("Password", "Chosen" if person.has_usable_password() else "None"),
        ("Second step", factors_in_words(person) or "None"),
        ("Here since", person.date_joined),
        ("Last signed in", person.last_login or "Never"),
    )
    return FactSection("Signing in", rows)


def _context(request: HttpRequest, person: User, title: str) -> dict[str, Any]:
    return {**admin.site.each_context(request), "title": title, "person": person, "opts": User._meta}
