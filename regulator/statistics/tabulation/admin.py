"""Tabulation on the desk: where its pages are, and who reads them."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, path

from regulator.accounts.desk import DeskModelAdmin
from regulator.accounts.policies import declare_all, needs
from regulator.statistics.tabulation import views
from regulator.statistics.tabulation.models import CrossTable, DataFault

TABULATE = "statistics.tabulate"


@admin.register(CrossTable)
class CrossTableAdmin(DeskModelAdmin):
    """Any two fields against each other. At most 2 SQL queries and the session's."""

    read_permission = TABULATE

    def get_urls(self) -> list[URLPattern | URLResolver]:  # type: ignore[override]
        view = self.admin_site.admin_view
        return declare_all(
            needs(self.read_permission),
            [
                path("", view(views.cross_page), name="tabulation_crosstable_changelist"),
                path("file/<slug:form>/", view(views.cross_file), name="tabulation_crosstable_file"),
            ],
        )


@admin.register(DataFault)
class DataFaultAdmin(DeskModelAdmin):
    """What may be wrong with the data. One query for each check, and the session's."""

    read_permission = TABULATE

    def get_urls(self) -> list[URLPattern | URLResolver]:  # type: ignore[override]
        view = self.admin_site.admin_view
        return declare_all(
            needs(self.read_permission),
            [
                path("", view(views.quality_page), name="tabulation_datafault_changelist"),
                path("<slug:name>/", view(views.fault_page), name="tabulation_datafault_list"),
            ],
        )
