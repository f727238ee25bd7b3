"""The latest run on the desk: an order of reasons to look, to be read and never changed."""

from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse

from regulator.accounts.desk import DeskModelAdmin
from regulator.risk.models import RiskScore
from regulator.risk.queries import anybody_scored, latest_run, latest_scores

_UNKNOWN = "Cannot tell: no activity return covers the window"


@admin.register(RiskScore)
class RiskScoreAdmin(DeskModelAdmin):
    """The scores of the newest run, the strongest reason to look first; what cannot be told comes last.

    At most 8 SQL queries at any size.
    """

    read_permission = "risk.read"
    list_display = (
        "employer",
        "modality",
        "observed",
        "expected_in_words",
        "ratio",
        "p_low",
        "peer_group",
        "data",
    )
    list_display_links = None
    list_filter = ("modality", "has_activity")
    search_fields = ("employer__name",)
    search_help_text = "An employer's name"
    ordering = (F("p_below_half").desc(nulls_last=True), "employer__name", "modality")
    sortable_by = ("employer", "modality", "observed", "expected_in_words", "p_low")

    def get_queryset(self, request: HttpRequest) -> QuerySet[RiskScore]:
        return latest_scores().order_by(*self.get_ordering(request))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, with the run that it comes from and what it must not be read as."""
        run = latest_run()
        said = {"run": run, "anybody_scored": run is not None and anybody_scored(run)}
        return super().changelist_view(request, {**said, **(extra_context or {})})

    @admin.display(description="Expected", ordering="expected")
    def expected_in_words(self, score: RiskScore) -> str:
        return _UNKNOWN if score.expected is None else f"{score.expected:.1f}"

    @admin.display(description="Rate against peers (90% interval)")
    def ratio(self, score: RiskScore) -> str:
        if score.posterior_mean is None:
            return ""
        return f"{score.posterior_mean:.2f} ({score.low:.2f} to {score.high:.2f})"

    @admin.display(description="P(below half the peers’ median)", ordering="p_below_half")
    def p_low(self, score: RiskScore) -> str:
        return "" if score.p_below_half is None else f"{score.p_below_half:.2f}"

    @admin.display(description="Activity data")
    def data(self, score: RiskScore) -> str:
        if not score.has_activity:
            return "None returned"
        days = score.run.window_days
        return "Whole window" if score.covered_days == days else f"{score.covered_days:,} of {days:,} days"
