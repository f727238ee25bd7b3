"""Every route of the portal. Each view states its policy; a test walks this tree and fails for one that does not."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from regulator.accounts.policies import PUBLIC, declare_all

urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/", admin.site.urls),
    path("api/v1/", include("notifications.api_urls")),
    *declare_all(PUBLIC, [path("account/", include("allauth.account.urls"))]),
]
