"""The staff desk: Django's admin, entered by role, every route with a policy."""

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver

from regulator.accounts.policies import PUBLIC, STAFF, declare, declare_all


class DeskSite(AdminSite):
    """The case desk of CQC's staff."""

    site_header = "IR(ME)R case desk"
    site_title = "IR(ME)R case desk"
    index_title = "Home"
    site_url = "/"
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        return STAFF.allows(request.user)

    @declare(PUBLIC)
    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """One way to sign in: the portal's own, with its limits and second factor."""
        return redirect_to_login(request.GET.get("next") or request.get_full_path())

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """The admin's routes, each for staff; sign-in itself is allauth's (``regulator.urls``)."""
        return declare_all(STAFF, super().get_urls())
