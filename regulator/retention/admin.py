"""Retention on the desk: the lists and the holds. Nothing is written but by the services."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, path

from regulator.accounts.desk import DeskModelAdmin
from regulator.accounts.policies import declare, declare_all, needs, signed_in
from regulator.casework.admin.filters import Choices, ClosedFilter
from regulator.retention.desk_home import FOR_ME, MINE, for_me, own
from regulator.retention.models import LegalHold, RetentionBatch
from regulator.retention.permissions import APPROVE, MANAGE_HOLDS, PROPOSE, READ
from regulator.retention.policies import shipped
from regulator.retention.views import batches, holds, simulating


class WhoseFilter(ClosedFilter):
    title = "whose turn it is"
    parameter_name = "whose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [(FOR_ME, "Mine, to approve"), (MINE, "Others’: I put it together")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        by = signed_in(request)
        found: dict[str | None, QuerySet[Any]] = {
            FOR_ME: queryset.filter(for_me(by)),
            MINE: queryset.filter(own(by)),
        }
        return found.get(self.value(), queryset)


@admin.register(RetentionBatch)
class RetentionBatchAdmin(DeskModelAdmin):
    """Every list that was ever put together. At most 8 SQL queries at any size."""

    read_permission = READ
    list_display = ("batch", "of", "as_of", "cases", "state", "proposed_by", "proposed_at")
    list_filter = ("state", WhoseFilter)
    list_select_related = ("proposed_by",)
    sortable_by = ("as_of", "cases", "state", "proposed_at")

    def get_urls(self) -> list[URLPattern | URLResolver]:  # type: ignore[override]
        view = self.admin_site.admin_view
        return declare_all(
            needs(self.read_permission),
            [
                path("", view(self.changelist_view), name="retention_retentionbatch_changelist"),
                path("overview/", view(simulating.overview), name="retention_overview"),
                path("simulate/", view(simulating.simulate_page), name="retention_simulate"),
                path("simulate/things/", view(simulating.things_page), name="retention_things"),
                path(
                    "propose/<slug:policy>/",
                    declare(needs(PROPOSE))(view(batches.propose_page)),
                    name="retention_propose",
                ),
                path("<int:pk>/change/", view(batches.batch_page), name="retention_retentionbatch_change"),
                path(
                    "<int:pk>/do/<slug:name>/",
                    declare(needs(APPROVE))(view(batches.deed_page)),
                    name="retention_retentionbatch_do",
                ),
            ],
        )

    @admin.display(description="Batch")
    def batch(self, batch: RetentionBatch) -> str:
        return str(batch)

    @admin.display(description="Policy")
    def of(self, batch: RetentionBatch) -> str:
        labels = {policy.name: policy.label for policy in shipped().values()}
        return labels.get(batch.policy, batch.policy)


class StandsFilter(ClosedFilter):
    title = "how it stands"
    parameter_name = "stands"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("yes", "It stands"), ("no", "Released")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset
        return queryset.filter(released_at__isnull=self.value() == "yes")


@admin.register(LegalHold)
class LegalHoldAdmin(DeskModelAdmin):
    """Every hold that was ever placed. At most 8 SQL queries at any size."""

    read_permission = READ
    list_display = ("hold", "of", "placed_by", "placed_at", "released_by", "released_at")
    list_filter = (StandsFilter,)
    list_select_related = ("case", "employer", "placed_by", "released_by")
    sortable_by = ("placed_at", "released_at")

    def get_urls(self) -> list[URLPattern | URLResolver]:  # type: ignore[override]
        view, manage = self.admin_site.admin_view, declare(needs(MANAGE_HOLDS))
        return declare_all(
            needs(self.read_permission),
            [
                path("", view(self.changelist_view), name="retention_legalhold_changelist"),
                path("add/", manage(view(holds.place_page)), name="retention_legalhold_add"),
                path("<int:pk>/change/", view(holds.hold_page), name="retention_legalhold_change"),
                path(
                    "<int:pk>/release/", manage(view(holds.release_page)), name="retention_legalhold_release"
                ),
            ],
        )

    @admin.display(description="Legal hold")
    def hold(self, hold: LegalHold) -> str:
        return str(hold)

    @admin.display(description="Of")
    def of(self, hold: LegalHold) -> str:
        return holds.of_what(hold)
