"""A person's saved views of the queue: keeping one, renaming it, opening with it, forgetting it."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulator.accounts.policies import signed_in
from regulator.casework.admin.queue import address_of, known_kind, list_url
from regulator.casework.kinds import KINDS
from regulator.casework.models import Case, SavedView
from regulator.casework.queue import saving
from regulator.casework.queue.filters import QueueFilter
from regulator.casework.saved import LONGEST_NAME
from regulator.frontend.fields import PlainErrors
from regulator.organisations.attempt import attempt


class NameForm(PlainErrors, forms.Form):
    name = forms.CharField(
        label="Name of the view",
        max_length=LONGEST_NAME,
        help_text="For you alone. Say what it shows: “High risk, nobody assigned”.",
    )


class RenameForm(NameForm):
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


def own_view(request: HttpRequest, pk: int) -> SavedView:
    """This person's view; ``Http404`` for somebody else's, as for none."""
    found = SavedView.objects.filter(owner=signed_in(request), pk=min(pk, 2**63 - 1)).first()
    if found is None:
        raise Http404("You have no such view.")
    return found


@require_safe
def views_page(request: HttpRequest) -> HttpResponse:
    """Every view that this person keeps."""
    views = SavedView.objects.filter(owner=signed_in(request))
    rows = [
        (view, KINDS.get(view.kind).plural if view.kind in KINDS else "All kinds", address_of(view))
        for view in views
    ]
    return _page(request, "views.html", {"title": "Your views", "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def save_page(request: HttpRequest, kind: str = "") -> HttpResponse:
    """GET asks for a name for what the address shows; POST keeps it. 400 for an address that makes no
    sense."""
    user = signed_in(request)
    filters = QueueFilter(request.GET, user=user, kind=known_kind(kind))
    form = NameForm(request.POST if request.method == "POST" else None, label_suffix="")
    shown = {"title": "Save this view", "form": form, "filters": filters, "back": list_url(kind)}
    if not filters.is_valid():
        shown["refusal"] = "The address of the list cannot be understood, so it cannot be kept."
        return _page(request, "view_save.html", shown, HTTPStatus.BAD_REQUEST)
    if request.method != "POST":
        return _page(request, "view_save.html", shown)
    if not form.is_valid():
        return _page(request, "view_save.html", shown, HTTPStatus.BAD_REQUEST)
    name = form.cleaned_data["name"]
    outcome = attempt(form, lambda: saving.save_view(name=name, kind=kind, asked=filters.asked, by=user))
    if outcome.value is None:
        return _page(request, "view_save.html", shown, outcome.status)
    messages.success(request, f"Saved: {outcome.value}.")
    return redirect(address_of(outcome.value))


@require_http_methods(["GET", "HEAD", "POST"])
def rename_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name for a view; 409 where it was renamed in another window meanwhile."""
    user, view = signed_in(request), own_view(request, pk)
    start = {"name": view.name, "version": view.version}
    form = RenameForm(request.POST if request.method == "POST" else None, initial=start, label_suffix="")
    shown = {"title": f"Rename “{view}”", "form": form, "view": view}
    if request.method != "POST":
        return _page(request, "view_rename.html", shown)
    if not form.is_valid():
        return _page(request, "view_rename.html", shown, HTTPStatus.BAD_REQUEST)
    outcome = attempt(form, lambda: saving.rename_view(view=view, by=user, **form.cleaned_data))
    if not outcome.done:
        shown["now"] = view.name if outcome.stale else ""
        return _page(request, "view_rename.html", shown, outcome.status)
    messages.success(request, f"Renamed: {outcome.value}.")
    return redirect("admin:casework_case_views")


@require_POST
def default_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the queue with this view from now on (``on``), or with none."""
    view = own_view(request, pk)
    saving.set_default(view=view, is_default=request.POST.get("default") == "on", by=signed_in(request))
    return redirect("admin:casework_case_views")


@require_http_methods(["GET", "HEAD", "POST"])
def delete_page(request: HttpRequest, pk: int) -> HttpResponse:
    """GET asks once more; POST forgets the view."""
    view = own_view(request, pk)
    if request.method != "POST":
        return _page(request, "view_delete.html", {"title": f"Delete “{view}”", "view": view})
    saving.delete_view(view=view, by=signed_in(request))
    messages.success(request, f"Deleted: {view}.")
    return redirect("admin:casework_case_views")


def _page(
    request: HttpRequest, template: str, context: dict[str, Any], status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    context = {**admin.site.each_context(request), "opts": Case._meta, **context}
    return TemplateResponse(request, f"admin/casework/case/{template}", context, status=status)
