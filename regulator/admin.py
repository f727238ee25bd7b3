"""The staff desk: Django's admin, entered by role, every route with a policy."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model
from django.db.models.base import ModelBase
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver

from regulator.accounts.desk import DeskModelAdmin
from regulator.accounts.policies import PUBLIC, STAFF, declare, declare_all


class DeskSite(AdminSite):
    """The case desk of CQC's staff."""

    site_header = "IR(ME)R case desk"
    site_title = "IR(ME)R case desk"
    index_title = "Home"
    index_template = "admin/home.html"
    site_url = "/"
    enable_nav_sidebar = False

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: "type[ModelAdmin[Any]] | None" = None,
        **options: Any,
    ) -> None:
        """Take a table whose admin states who may read and change it.

        Libraries register their own tables as they load (sign-in secrets, schedules, groups). Those
        state no permission of the role table, so they are not on the desk.
        """
        if admin_class is not None and issubclass(admin_class, DeskModelAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def unregister(self, model_or_iterable: type[Model] | Iterable[type[Model]]) -> None:
        """Let go of tables; one that was never taken is no error, since libraries replace their own."""
        models = [model_or_iterable] if isinstance(model_or_iterable, ModelBase) else list(model_or_iterable)
        super().unregister([model for model in models if self.is_registered(model)])

    def has_permission(self, request: HttpRequest) -> bool:
        return STAFF.allows(request.user)

    @declare(PUBLIC)
    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """One way to sign in: the portal's own, with its limits and second factor."""
        return redirect_to_login(request.GET.get("next") or request.get_full_path())

    def logout(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:  # type: ignore[override]
        """One way to sign out: the portal's own, which asks before it does."""
        return redirect("account_logout")

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """One way to change a password: the portal's own."""
        return redirect("account_change_password")

    def password_change_done(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        return redirect("admin:index")

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """The admin's routes, each for staff; sign-in itself is allauth's (``regulator.urls``)."""
        routes = declare_all(STAFF, super().get_urls())
        for route in routes:
            if isinstance(route, URLPattern):
                # A visitor goes to the portal's sign-in at once, not through the admin's own address.
                vars(getattr(route.callback, "__func__", route.callback)).pop("login_url", None)
        return routes
