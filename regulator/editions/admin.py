"""Editions on the desk: administrators propose and decide, auditors read. Nothing is ever edited."""

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, path

from regulator.accounts.desk import DeskModelAdmin
from regulator.accounts.policies import declare, declare_all, needs
from regulator.casework.admin.filters import ClosedFilter
from regulator.editions.desk_home import ME, OTHERS
from regulator.editions.kinds import KINDS
from regulator.editions.models import Edition
from regulator.editions.services import APPROVE, PROPOSE
from regulator.editions.views import deciding, proposing


class KindFilter(admin.SimpleListFilter):
    title = "what it is of"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(kind.name, kind.label) for kind in KINDS.values()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(kind=self.value()) if self.value() in KINDS else queryset


class WhoseFilter(ClosedFilter):
    title = "who proposed it"
    parameter_name = "whose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(ME, "I did"), (OTHERS, "Somebody else")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        own = Q(proposed_by=request.user.pk)
        return {ME: queryset.filter(own), OTHERS: queryset.exclude(own)}.get(self.value() or "", queryset)


@admin.register(Edition)
class EditionAdmin(DeskModelAdmin):
    """Every edition that was ever proposed. At most 8 SQL queries at any size."""

    read_permission = "editions.read"
    list_display = ("of", "holds_from", "state", "proposed_by", "proposed_at", "decided_by")
    list_filter = (KindFilter, WhoseFilter, "state")
    list_select_related = ("proposed_by", "decided_by")
    search_fields = ("what", "reason")
    search_help_text = "Words of the name or the reason"
    sortable_by = ("holds_from", "state", "proposed_at")

    def get_urls(self) -> list[URLPattern | URLResolver]:  # type: ignore[override]
        view = self.admin_site.admin_view
        return declare_all(
            needs(self.read_permission),
            [
                path("", view(self.changelist_view), name="editions_edition_changelist"),
                path("now/", view(proposing.overview), name="editions_edition_now"),
                path("now/<slug:kind>.<slug:ending>", view(proposing.download), name="editions_edition_file"),
                path(
                    "propose/<slug:kind>/",
                    declare(needs(PROPOSE))(view(proposing.propose_page)),
                    name="editions_edition_propose_whole",
                ),
                path(
                    "propose/<slug:kind>/<path:what>/",
                    declare(needs(PROPOSE))(view(proposing.propose_page)),
                    name="editions_edition_propose",
                ),
                path("<int:pk>/change/", view(deciding.edition_page), name="editions_edition_change"),
                path(
                    "<int:pk>/do/<slug:name>/",
                    declare(needs(APPROVE))(view(deciding.deed_page)),
                    name="editions_edition_do",
                ),
            ],
        )

    @admin.display(description="Of")
    def of(self, edition: Edition) -> str:
        return KINDS.get(edition.kind).name_of(edition.what)
