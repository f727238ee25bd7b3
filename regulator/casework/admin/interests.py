"""Declarations of interest on the desk: one's own, and for managers everybody's; declared, changed and
ended."""

from http import HTTPStatus
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.http import require_http_methods

from regulator import clock
from regulator.accounts.desk import DeskModelAdmin
from regulator.accounts.policies import declare_all, needs, signed_in
from regulator.casework.admin.filters import Choices, ClosedFilter
from regulator.casework.admin.interest_forms import ChangeForm, DeclareForm, EndForm
from regulator.casework.attempt import attempt
from regulator.casework.interests import cases_held, editable_by, readable
from regulator.casework.models import Case
from regulator.casework.services import change_interest, declare_interest, end_interest
from regulator.casework.wording import short_day
from regulator.organisations.models import Interest
from regulator.organisations.policies import may


class StateFilter(ClosedFilter):
    title = "how it stands"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("counts", "Counts today"), ("done", "Over or ended")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "counts":
            return queryset.filter(pk__in=Interest.objects.current().values("pk"))
        if self.value() == "done":
            return queryset.exclude(pk__in=Interest.objects.unfinished().values("pk"))
        return queryset


class KindFilter(ClosedFilter):
    title = "kind"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [(kind.value, str(kind.label)) for kind in Interest.Kind]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class InterestAdmin(DeskModelAdmin):
    """The list: at most 8 SQL queries at any size. Shows what ``casework.interests.readable`` does."""

    read_permission = "casework.declare_interest"
    list_display = ("person", "employer", "in_words", "counts", "state")
    list_filter = (StateFilter, KindFilter)
    list_select_related = ("person", "employer")
    search_fields = ("person__name", "employer__name")
    search_help_text = "A person’s or an employer’s name"
    ordering = ("-declared_at", "-pk")
    sortable_by = ("person", "employer")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Interest]:
        return readable(signed_in(request)).order_by(*self.get_ordering(request))

    def get_urls(self) -> list[URLPattern | URLResolver]:  # type: ignore[override]
        desk = self.admin_site.admin_view
        return declare_all(
            needs(self.read_permission),
            [
                path("", desk(self.changelist_view), name="organisations_interest_changelist"),
                path("declare/", desk(declare_page), name="organisations_interest_add"),
                path("<int:pk>/", desk(interest_page), name="organisations_interest_change"),
                path("<int:pk>/end/", desk(end_page), name="organisations_interest_end"),
                path(
                    "<path:object_id>/history/",
                    desk(self.history_view),
                    name="organisations_interest_history",
                ),
            ],
        )

    @admin.display(description="Kind")
    def in_words(self, interest: Interest) -> str:
        return interest.get_kind_display()

    @admin.display(description="Counts from and until")
    def counts(self, interest: Interest) -> str:
        until = f" until {short_day(interest.until)}" if interest.until else ""
        return f"{short_day(interest.since)}{until}"

    @admin.display(description="How it stands")
    def state(self, interest: Interest) -> str:
        return interest.state


@require_http_methods(["GET", "HEAD", "POST"])
def declare_page(request: HttpRequest) -> HttpResponse:
    """Declare an interest of one's own, or as a manager somebody's. Leads to the declaration with the cases
    that are to be handed on."""
    by = signed_in(request)
    proposed = {"person": by.pk, "employer": request.GET.get("employer", "")[:40], "since": clock.today()}
    form = DeclareForm(request.POST or None, by=by, initial=proposed)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.BAD_REQUEST
        if form.is_valid():
            outcome = attempt(form, lambda: declare_interest(by=by, **form.to_declare()))
            if outcome.done and outcome.value is not None:
                messages.success(request, "The interest was declared.")
                return redirect("admin:organisations_interest_change", outcome.value.pk)
            status = outcome.status
    return _form(request, form, "Declare an interest", "Declare it", status)


@require_http_methods(["GET", "HEAD", "POST"])
def interest_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One declaration, the cases to be handed on, and for those who may, the form to correct it.

    A stale version answers 409 with what stands now beside what was typed.
    """
    by, interest = signed_in(request), _readable(request, pk)
    may_edit = editable_by(interest, by) and interest.ended_at is None
    form = ChangeForm(request.POST or None, interest=interest)
    status, stale = HTTPStatus.OK, False
    if request.method == "POST":
        status = HTTPStatus.BAD_REQUEST
        if form.is_valid():
            outcome = attempt(form, lambda: change_interest(interest=interest, by=by, **form.to_change()))
            if outcome.done:
                messages.success(request, "The declaration was saved.")
                return redirect("admin:organisations_interest_change", pk)
            status, stale = outcome.status, outcome.stale is not None
    extra = {"may_edit": may_edit, "is_stale": stale, "held": _to_hand_on(request, interest)}
    return _form(request, form, f"Interest of {interest}", "Save the declaration", status, interest, **extra)


@require_http_methods(["GET", "HEAD", "POST"])
def end_page(request: HttpRequest, pk: int) -> HttpResponse:
    """End a declaration, with a reason. 404 for somebody else's, 409 for one that was ended."""
    by, interest = signed_in(request), _readable(request, pk)
    form = EndForm(request.POST or None, initial={"version": interest.version}, label_suffix="")
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.BAD_REQUEST
        if form.is_valid():
            cleaned = form.cleaned_data
            outcome = attempt(
                form,
                lambda: end_interest(
                    interest=interest, by=by, version=cleaned["version"], reason=cleaned["reason"]
                ),
            )
            if outcome.done:
                messages.success(request, "The declaration was ended.")
                return redirect("admin:organisations_interest_change", pk)
            status = outcome.status
    title = "End the declaration"
    may_edit = editable_by(interest, by) and interest.ended_at is None
    return _form(request, form, title, "End it now", status, interest, may_edit=may_edit, is_end=True)


def _readable(request: HttpRequest, pk: int) -> Interest:
    found = readable(signed_in(request)).select_related("ended_by").filter(pk=min(pk, 2**63 - 1)).first()
    if found is None:
        raise Http404("There is no such declaration, or it is not for you to read.")
    return found


def _to_hand_on(request: HttpRequest, interest: Interest) -> list[tuple[Case, bool]]:
    """The open cases that are still assigned to whom it is about, each with whether this person opens it."""
    if interest.state != "Counts":
        return []
    by, held = signed_in(request), cases_held(interest)
    seen = set(Case.objects.for_user(by).filter(pk__in=held.values("pk")).values_list("pk", flat=True))
    may_assign = may(by, "casework.assign")
    return [(case, may_assign and case.pk in seen) for case in held]


def _form(
    request: HttpRequest,
    form: Any,
    title: str,
    button: str,
    status: HTTPStatus,
    interest: Interest | None = None,
    **extra: Any,
) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": title,
        "opts": Interest._meta,
        "form": form,
        "button": button,
        "interest": interest,
        "may_edit": True,
        **extra,
    }
    return TemplateResponse(request, "admin/organisations/interest/page.html", context, status=status)
