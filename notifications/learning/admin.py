"""Learning cases on the desk: what each says beside what the checks found, all that this person may see, and
the library's own list, from which one without a case can be withdrawn."""

from typing import Any

from django.contrib import admin
from django.urls import URLPattern, URLResolver, path

from notifications.learning.lifecycle import APPROVE
from notifications.learning.models import LearningCase
from notifications.learning.views import desk
from regulator.accounts.desk import DeskModelAdmin
from regulator.accounts.policies import declare, declare_all, needs


@admin.register(LearningCase)
class LearningCaseAdmin(DeskModelAdmin):
    """Written and decided on the page of the notification; read here."""

    read_permission = "casework.read"

    def get_urls(self) -> list[URLPattern | URLResolver]:  # type: ignore[override]
        view = self.admin_site.admin_view

        def page(route: str, found: Any, name: str, permission: str = self.read_permission) -> URLPattern:
            policy = declare(needs(permission))
            made: URLPattern = path(route, policy(view(found)), name=f"learning_learningcase_{name}")
            return made

        return declare_all(
            needs(self.read_permission),
            [
                page("", desk.overview, "changelist"),
                page("<int:pk>/", desk.learning_page, "change"),
                page("library/<int:number>/withdraw/", desk.withdraw_page, "withdraw", APPROVE),
            ],
        )
