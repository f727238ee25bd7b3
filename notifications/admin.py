"""Duplicates and clusters on the desk: the list, and the page of each, where it is confirmed or dismissed."""

from http import HTTPStatus
from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.http import require_http_methods

from notifications import services
from notifications.models import Notification, Pattern, PatternCase
from notifications.services.patterns import DECIDE
from regulator.accounts.desk import DeskModelAdmin
from regulator.accounts.models import User
from regulator.accounts.policies import declare_all, needs, signed_in
from regulator.casework import reasons
from regulator.casework.admin.filters import Choices, ClosedFilter
from regulator.casework.admin.page import look
from regulator.casework.attempt import attempt, carry_version
from regulator.casework.models import Case
from regulator.frontend.fields import PlainErrors
from regulator.organisations.policies import may

UNDECIDED: Final = "proposed"


class StateFilter(ClosedFilter):
    title = "what became of it"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [(state.value, str(state.label)) for state in Pattern.State]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(state=self.value()) if self.value() else queryset


class KindFilter(ClosedFilter):
    title = "kind"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        kinds = [(kind.value, str(kind.label)) for kind in Pattern.Kind]
        return [*kinds, ("cluster", "Cluster of either kind")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "cluster":
            return queryset.exclude(kind=Pattern.Kind.DUPLICATE)
        return queryset.filter(kind=self.value()) if self.value() else queryset


class DecideForm(PlainErrors, forms.Form):
    """Whether it holds, and why. Carries the version of the proposal that was read."""

    outcome = forms.ChoiceField(
        label="What did you find?",
        choices=[("confirm", "It holds: confirm it"), ("dismiss", "It does not: dismiss it")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether it holds"},
    )
    reason = forms.CharField(
        label="Reason",
        max_length=reasons.LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Kept for good on the timeline of each case. Do not name a person.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


@admin.register(Pattern)
class PatternAdmin(DeskModelAdmin):
    """The list: at most 8 SQL queries at any size. Shows those with a case that this person may read."""

    read_permission = "casework.read"
    list_display = ("title", "kind_label", "cases", "state_label", "proposed_at")
    list_filter = (StateFilter, KindFilter)
    search_fields = ("title",)
    search_help_text = "A reference, a make, a model, a cause or an employer"
    ordering = ("-proposed_at", "-pk")
    sortable_by = ("title", "proposed_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Pattern]:
        found = Pattern.objects.for_user(signed_in(request)).annotate(number=Count("members"))
        return found.order_by(*self.get_ordering(request))

    def get_urls(self) -> list[URLPattern | URLResolver]:  # type: ignore[override]
        desk = self.admin_site.admin_view
        return declare_all(
            needs(self.read_permission),
            [
                path("", desk(self.changelist_view), name="notifications_pattern_changelist"),
                path("<int:pk>/", desk(pattern_page), name="notifications_pattern_change"),
            ],
        )

    @admin.display(description="Kind")
    def kind_label(self, pattern: Pattern) -> str:
        return pattern.get_kind_display()

    @admin.display(description="Cases")
    def cases(self, pattern: Any) -> int:
        return int(pattern.number)

    @admin.display(description="What became of it")
    def state_label(self, pattern: Pattern) -> str:
        return pattern.get_state_display()


@require_http_methods(["GET", "HEAD", "POST"])
def pattern_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One duplicate or cluster with its cases, and for those who may, the form to decide on it.

    At most 8 SQL queries at any number of cases, and what it takes to record the look at each restricted one
    that is shown. A proposal that changed since it was read answers 409.
    """
    by = signed_in(request)
    found = Pattern.objects.for_user(by).filter(pk=min(pk, 2**63 - 1))
    pattern = found.select_related("decided_by", "decision__typed").first()
    if pattern is None:
        raise Http404("There is no such duplicate or cluster, or it is not for you to read.")
    form = DecideForm(request.POST or None, initial={"version": pattern.version}, label_suffix="")
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.BAD_REQUEST
        if form.is_valid():
            cleaned = form.cleaned_data
            outcome = attempt(
                form,
                lambda: services.decide_on_pattern(
                    pattern=pattern,
                    by=by,
                    version=cleaned["version"],
                    confirmed=cleaned["outcome"] == "confirm",
                    reason=cleaned["reason"],
                ),
            )
            if outcome.done:
                messages.success(request, "Your decision was recorded on each case.")
                return redirect("admin:notifications_pattern_change", pk)
            status = outcome.status
            if outcome.stale is not None:
                pattern.refresh_from_db()
                carry_version(form, pattern.version)
    shown = _cases(pattern, by)
    for told in shown["notifications"]:
        look(request, told.case)
    context = {
        **admin.site.each_context(request),
        "title": pattern.title,
        "opts": Pattern._meta,
        "pattern": pattern,
        "form": form,
        "may_decide": pattern.state == UNDECIDED and may(by, DECIDE),
        **shown,
    }
    return TemplateResponse(request, "admin/notifications/pattern/page.html", context, status=status)


def _cases(pattern: Pattern, by: User) -> dict[str, Any]:
    """The cases that ``by`` may read, and how many more there are (two queries)."""
    keys = list(PatternCase.objects.filter(pattern=pattern).values_list("notification", flat=True))
    seen = Notification.objects.filter(case__in=Case.objects.for_user(by).filter(pk__in=keys))
    shown = list(seen.select_related("case__employer", "case__site").order_by("pk"))
    return {"notifications": shown, "unseen": len(keys) - len(shown)}
