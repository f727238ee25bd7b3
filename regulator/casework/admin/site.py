"""The routes of a case on the desk. Stock forms that would write past the services are not among them."""

from django.urls import URLPattern, URLResolver, path

from regulator.accounts.desk import DeskModelAdmin
from regulator.accounts.policies import declare, declare_all, needs
from regulator.casework.admin import bundles, exporting, files, page, past, queue, saving, together
from regulator.casework.admin import deeds as doing


class CaseAdmin(DeskModelAdmin):
    """Cases: the queue, and each case's own page. Nothing is added, edited or removed: deeds are done."""

    read_permission = "casework.read"

    def get_urls(self) -> list[URLPattern | URLResolver]:  # type: ignore[override]
        desk = self.admin_site.admin_view
        take_away = declare(needs("casework.export"))(desk(exporting.export_list))
        return declare_all(
            needs(self.read_permission),
            [
                path("", desk(queue.queue_page), name="casework_case_changelist"),
                path("export/<slug:form>/", take_away, name="casework_case_export"),
                path("save/", desk(saving.save_page), name="casework_case_save"),
                path("kind/<slug:kind>/", desk(queue.queue_page), name="casework_case_kind"),
                path("kind/<slug:kind>/export/<slug:form>/", take_away, name="casework_case_kind_export"),
                path("kind/<slug:kind>/save/", desk(saving.save_page), name="casework_case_kind_save"),
                path("views/", desk(saving.views_page), name="casework_case_views"),
                path("views/<int:pk>/rename/", desk(saving.rename_page), name="casework_view_rename"),
                path("views/<int:pk>/default/", desk(saving.default_view), name="casework_view_default"),
                path("views/<int:pk>/delete/", desk(saving.delete_page), name="casework_view_delete"),
                path("together/<slug:name>/", desk(together.together_page), name="casework_case_together"),
                path("<int:pk>/", desk(page.case_page), name="casework_case_change"),
                path("<int:pk>/timeline/", desk(page.timeline_page), name="casework_case_timeline"),
                path("<int:pk>/as-at/", desk(past.past_page), name="casework_case_past"),
                path("<int:pk>/bundles/", desk(bundles.bundles_page), name="casework_case_bundles"),
                path(
                    "<int:pk>/bundles/<int:bundle>/", desk(bundles.bundle_page), name="casework_case_bundle"
                ),
                path(
                    "<int:pk>/bundles/<int:bundle>/download/",
                    desk(bundles.download, cacheable=True),
                    name="casework_case_bundle_download",
                ),
                path("<int:pk>/do/<slug:name>/", desk(doing.deed_page), name="casework_case_do"),
                path(
                    "<int:pk>/files/<int:attachment>/",
                    desk(files.download, cacheable=True),
                    name="casework_case_file",
                ),
            ],
        )
