"""The latest run on the desk: an order of reasons to look, each score with its why, and the score's
record."""

from typing import Any

from django.contrib import admin
from django.db.models import Case, Exists, IntegerField, OuterRef, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path
from django.utils.html import format_html

from regulator.accounts.desk import DeskModelAdmin
from regulator.accounts.policies import declare, declare_all, needs
from regulator.risk import views
from regulator.risk.funnel_page import funnel_page
from regulator.risk.models import RiskOverride, RiskScore
from regulator.risk.parameters import read_parameters
from regulator.risk.queries import anybody_scored, latest_run, latest_scores, selections
from regulator.risk.record import record_of
from regulator.risk.services.overriding import CONFIRM, PROPOSE

_SOONER, _AS_SCORED, _LATER = 0, 1, 2


@admin.register(RiskScore)
class RiskScoreAdmin(DeskModelAdmin):
    """The current scores of the newest run, the strongest reason to look first: those that a rule or a
    confirmed override brings forward, then by probability.

    At most 14 SQL queries at any size.
    """

    read_permission = "risk.read"
    list_display = (
        "who",
        "first",
        "probability",
        "under",
        "poor",
        "counted",
        "ratio",
        "size",
        "among",
        "data",
    )
    list_display_links = None
    list_filter = ("looks_now", "has_activity")
    search_fields = ("employer__name",)
    search_help_text = "An employer's name"
    sortable_by = ("who", "probability", "under", "poor", "size", "among")

    def get_urls(self) -> list[URLPattern | URLResolver]:  # type: ignore[override]
        view = self.admin_site.admin_view
        return declare_all(
            needs(self.read_permission),
            [
                path("", view(self.changelist_view), name="risk_riskscore_changelist"),
                path("funnel/", view(funnel_page), name="risk_riskscore_funnel"),
                path("record/", view(views.record_page), name="risk_riskscore_record"),
                path("<int:pk>/change/", view(views.score_page), name="risk_riskscore_change"),
                path(
                    "<int:pk>/override/",
                    declare(needs(PROPOSE))(view(views.propose_page)),
                    name="risk_riskscore_override",
                ),
                path(
                    "overrides/<int:pk>/do/<slug:name>/",
                    declare(needs(CONFIRM))(view(views.decide_page)),
                    name="risk_riskscore_decide",
                ),
            ],
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[RiskScore]:
        standing = RiskOverride.objects.standing().filter(employer=OuterRef("employer"))
        place = Case(
            When(Exists(standing.filter(direction=RiskOverride.Direction.SOONER)), then=Value(_SOONER)),
            When(Exists(standing.filter(direction=RiskOverride.Direction.LATER)), then=Value(_LATER)),
            When(looks_now=True, then=Value(_SOONER)),
            default=Value(_AS_SCORED),
            output_field=IntegerField(),
        )
        return latest_scores().annotate(place=place).order_by("place", "-p_any", "tie")

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("place", "-p_any", "tie")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, with the run that it comes from and what it must not be read as."""
        run = latest_run()
        places = read_parameters().places
        said = {
            "run": run,
            "anybody_scored": run is not None and anybody_scored(run),
            "places": places,
            "shown": record_of(selections()).shown,
            "misses": _expected_misses(places) if run else None,
        }
        return super().changelist_view(request, {**said, **(extra_context or {})})

    @admin.display(description="Employer", ordering="employer__name")
    def who(self, score: RiskScore) -> str:
        address = f"{score.pk}/change/"
        return format_html('<a href="{}">{}</a>', address, score.employer)

    @admin.display(description="Brought forward")
    def first(self, score: RiskScore) -> str:
        place = getattr(score, "place", _AS_SCORED)
        if place == _LATER:
            return "Put back by an override"
        if place == _AS_SCORED:
            return ""
        return "Look now: rule" if score.looks_now else "Look now: override"

    @admin.display(description="Probability (range)", ordering="p_any")
    def probability(self, score: RiskScore) -> str:
        return f"{score.p_any:.2f} ({score.p_low:.2f} to {score.p_high:.2f})"

    @admin.display(description="Under-reporting", ordering="p_under")
    def under(self, score: RiskScore) -> str:
        return f"{score.p_under:.2f}"

    @admin.display(description="Poor practice", ordering="p_poor")
    def poor(self, score: RiskScore) -> str:
        return f"{score.p_poor:.2f}"

    @admin.display(description="Reported")
    def counted(self, score: RiskScore) -> str:
        return f"{score.observed} of {score.expected:.1f}" if score.has_activity else views.UNKNOWN

    @admin.display(description="Rate of peers’ (90%)")
    def ratio(self, score: RiskScore) -> str:
        return f"{score.mean:.2f} ({score.low:.2f} to {score.high:.2f})" if score.has_activity else ""

    @admin.display(description="Weighed by size", ordering="loss")
    def size(self, score: RiskScore) -> str:
        return f"{score.loss:.1f}"

    @admin.display(description="Among the places", ordering="among_places")
    def among(self, score: RiskScore) -> str:
        return f"{score.among_places:.0%}"

    @admin.display(description="Activity data")
    def data(self, score: RiskScore) -> str:
        return "Returned" if score.has_activity else "None returned"


def _expected_misses(places: int) -> float:
    """How many of the first ``places`` would be looked at for nothing, if the probabilities held (1
    query)."""
    first = latest_scores().values_list("p_any", flat=True)[:places]
    return float(sum(1 - each for each in first))
