"""The routes of a case on the desk. Stock forms that would write past the services are not among them."""

from django.urls import URLPattern, URLResolver, path

from regulator.accounts.policies import declare_all, needs
from regulator.casework.admin import bundles, files, page, past
from regulator.casework.admin import deeds as doing
from regulator.casework.admin.queue import CaseQueue


class CaseAdmin(CaseQueue):
    """Cases: the queue, and each case's own page. Nothing is added, edited or removed: deeds are done."""

    def get_urls(self) -> list[URLPattern | URLResolver]:  # type: ignore[override]
        desk = self.admin_site.admin_view
        return declare_all(
            needs(self.read_permission),
            [
                path("", desk(self.changelist_view), name="casework_case_changelist"),
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
