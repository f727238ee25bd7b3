"""Plans on the desk: one page for each, for whoever may read its inspection."""

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, path

from inspections.plans.models import Plan
from inspections.plans.views.desk import plan_page
from regulator.accounts.desk import DeskModelAdmin
from regulator.accounts.policies import declare_all, needs


@admin.register(Plan)
class PlanAdmin(DeskModelAdmin):
    """No list: a plan is found from its inspection, or from the marks of the queue."""

    read_permission = "casework.read"

    def has_module_permission(self, request: HttpRequest) -> bool:
        """It stands in no menu: there is no list to lead to."""
        return False

    def get_urls(self) -> list[URLPattern | URLResolver]:  # type: ignore[override]
        page = self.admin_site.admin_view(plan_page)
        return declare_all(needs(self.read_permission), [path("<int:pk>/", page, name="plans_plan_change")])
