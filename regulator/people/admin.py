"""People on the desk, for administrators: the list, each person's page, and the deeds on it. Nobody sees or
sets a password here, and nothing is written but by the services."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, path

from regulator.accounts.desk import DeskModelAdmin
from regulator.accounts.models import User
from regulator.accounts.policies import declare_all, needs
from regulator.accounts.second_factor import FACTORS
from regulator.people.holding import MANAGE
from regulator.people.models import StaffInvitation
from regulator.people.views import desk, desk_invitations


@admin.register(User)
class UserAdmin(DeskModelAdmin):
    """Those who sign in. At most 8 SQL queries at any size."""

    read_permission = MANAGE
    change_permission = MANAGE
    list_display = ("name", "email", "role", "is_active", "second_step", "open_cases", "last_login")
    list_filter = ("role", "is_active", "is_demonstration")
    search_fields = ("name", "email")
    search_help_text = "A name or an e-mail address"
    ordering = ("name", "pk")
    sortable_by = ("name", "email", "role", "is_active", "last_login")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found: QuerySet[Any] = super().get_queryset(request)
        factors = Count("authenticator", filter=Q(authenticator__type__in=FACTORS), distinct=True)
        cases = Count("assigned_cases", filter=Q(assigned_cases__closed_at__isnull=True), distinct=True)
        annotated: QuerySet[Any] = found.annotate(factors=factors, cases=cases)
        return annotated

    def get_urls(self) -> list[URLPattern | URLResolver]:  # type: ignore[override]
        view = self.admin_site.admin_view
        return declare_all(
            needs(self.read_permission),
            [
                path("", view(self.changelist_view), name="accounts_user_changelist"),
                path("add/", view(desk_invitations.invite), name="accounts_user_add"),
                path("<int:pk>/change/", view(desk.person_page), name="accounts_user_change"),
                path("<int:pk>/history/", view(desk.history_page), name="accounts_user_history"),
                path("<int:pk>/do/<slug:name>/", view(desk.deed_page), name="accounts_user_do"),
            ],
        )

    @admin.display(description="Second step", boolean=True)
    def second_step(self, person: Any) -> bool:
        return bool(person.factors)

    @admin.display(description="Open cases")
    def open_cases(self, person: Any) -> int:
        return int(person.cases)


@admin.register(StaffInvitation)
class StaffInvitationAdmin(DeskModelAdmin):
    """Who was asked to join the staff, and what became of it."""

    read_permission = MANAGE
    list_display = ("name", "email", "role", "state", "invited_by", "invited_at")
    list_filter = ("role",)
    list_select_related = ("invited_by",)
    search_fields = ("name", "email")

    def get_urls(self) -> list[URLPattern | URLResolver]:  # type: ignore[override]
        view = self.admin_site.admin_view
        return declare_all(
            needs(self.read_permission),
            [
                path("", view(self.changelist_view), name="people_staffinvitation_changelist"),
                path("<int:pk>/change/", view(desk_invitations.page), name="people_staffinvitation_change"),
                path(
                    "<int:pk>/do/<slug:name>/",
                    view(desk_invitations.deed_page),
                    name="people_staffinvitation_do",
                ),
            ],
        )
