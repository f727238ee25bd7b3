"""Every route of the portal. Each view states its policy; a test walks this tree and fails for any other."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView

from regulator import front, sitemap
from regulator.accounts.policies import PUBLIC, declare, declare_all
from regulator.runtime.views import healthz, readyz


def exact(tree: list[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """Addresses of a program's, which are there as they stand or not at all.

    A page's address without its slash is sent on to the one with it. A program's POST would become a GET on
    the way, what it holds would be lost, and the answer would look as if all was well.
    """
    for entry in tree:
        if isinstance(entry, URLResolver):
            exact(entry.url_patterns)
        else:
            vars(entry.callback)["should_append_slash"] = False
    return tree


urlpatterns: list[URLPattern | URLResolver] = [
    path("", front.front_page, name="front_page"),
    path("favicon.ico", front.favicon, name="favicon"),
    path("robots.txt", sitemap.robots, name="robots"),
    path("sitemap.xml", sitemap.sitemap_index, name="sitemap"),
    path("sitemap-<slug:name>.xml", sitemap.sitemap_part, name="sitemap_part"),
    path("home/", front.home_for_role, name="home_for_role"),
    path("account/", include("regulator.accounts.urls")),
    path("account/sessions/", include("regulator.people.account_urls")),
    path("joining/", include("regulator.people.joining_urls")),
    path("desk/", admin.site.urls),
    path("check/", include("notifications.urls_checker")),
    path("notifications/", include("notifications.urls")),
    path("guidance/", include("notifications.guidance.urls")),
    path("feedback/", include("notifications.guidance.feedback_urls")),
    path("digest/", include("notifications.guidance.digest_urls")),
    path("learning/", include("notifications.learning.urls")),
    path("inspections/", include("inspections.plans.urls")),
    path("inspections/", include("inspections.correspondence.urls")),
    path("inspections/", include("inspections.urls")),
    path("inspections/", include("inspections.questionnaires.urls")),
    path("notices/", include("enforcement.papers.urls")),
    path("invitation/", include("regulator.organisations.invitation_urls")),
    path("employer/", include("regulator.organisations.urls")),
    path("employer/", include("regulator.risk.urls")),
    path("employer/", include("notifications.own_figures.urls")),
    path("sign-off/", include("notifications.sign_off_urls")),
    path("statistics/", include("regulator.statistics.totals.urls")),
    path("diary/", include("inspections.diary.urls")),
    path("register/", include("enforcement.register.open_urls")),
    path("register/snapshots/", include("enforcement.snapshots.urls")),
    path("register-alerts/", include("enforcement.alerts.urls")),
    path("notices/", include("enforcement.compliance.urls")),
    path("statistics/", include("regulator.statistics.reports.urls")),
    path("register/", include("enforcement.register.urls")),
    *exact(
        [
            *declare_all(PUBLIC, [path("api/schema/", SpectacularAPIView.as_view(), name="api-schema")]),
            path("api/<str:version>/", include("notifications.api_urls")),
            path("api/<str:version>/", include("regulator.organisations.api_urls")),
            path("api/<str:version>/", include("enforcement.register.api")),
            path("api/<str:version>/", include("regulator.statistics.reports.api")),
            path("api/<str:version>/", include("regulator.statistics.reports.api_index")),
        ]
    ),
    path("healthz", declare(PUBLIC)(healthz), name="healthz"),
    path("readyz", declare(PUBLIC)(readyz), name="readyz"),
]

handler400 = "regulator.pages.bad_request"
handler403 = "regulator.pages.permission_denied"
handler404 = "regulator.pages.page_not_found"
handler500 = "regulator.pages.server_error"
