"""Every route of the portal. Each view states its policy; a test walks this tree and fails for one that does not."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView

from regulator import front
from regulator.accounts.policies import PUBLIC, SIGNED_IN, declare, declare_all
from regulator.runtime.views import healthz, readyz

_SIGNING_IN = {"account_login", "account_reset_password", "account_reset_password_done", "account_inactive"}

urlpatterns: list[URLPattern | URLResolver] = [
    path("", front.front_page, name="front_page"),
    path("home/", front.home_for_role, name="home_for_role"),
    path("healthz", declare(PUBLIC)(healthz), name="healthz"),
    path("readyz", declare(PUBLIC)(readyz), name="readyz"),
    *declare_all(PUBLIC, [path("account/", include("allauth.account.urls"))]),
    *declare_all(SIGNED_IN, [path("account/2fa/", include("allauth.mfa.urls"))]),
    path("desk/", admin.site.urls),
    path("notifications/", include("notifications.urls")),
    path("register/", include("enforcement.register.urls")),
    path("api/v1/notifications/", include("notifications.api_urls")),
    path("api/v1/register/", include("enforcement.register.api_urls")),
    *declare_all(PUBLIC, [path("api/schema/", SpectacularAPIView.as_view(), name="api-schema")]),
]

handler400 = "regulator.pages.bad_request"
handler403 = "regulator.pages.permission_denied"
handler404 = "regulator.pages.page_not_found"
handler500 = "regulator.pages.server_error"
