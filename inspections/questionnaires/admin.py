"""A questionnaire on the desk. Everything else about it is on the page of its inspection."""

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, path

from inspections.questionnaires.models import Questionnaire
from inspections.questionnaires.views.desk import questionnaire_page
from regulator.accounts.desk import DeskModelAdmin
from regulator.accounts.policies import declare_all, needs


@admin.register(Questionnaire)
class QuestionnaireAdmin(DeskModelAdmin):
    """No list, and nothing is added or changed here: only the page of one."""

    read_permission = "casework.read"

    def has_module_permission(self, request: HttpRequest) -> bool:
        """It stands in no menu: there is no list to lead to."""
        return False

    def get_urls(self) -> list[URLPattern | URLResolver]:  # type: ignore[override]
        page = self.admin_site.admin_view(questionnaire_page)
        name = "questionnaires_questionnaire_change"
        return declare_all(needs(self.read_permission), [path("<int:pk>/", page, name=name)])
