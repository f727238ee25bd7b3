"""Every route of the portal. Each view states its policy; a test walks this tree and fails for one that does not."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from regulator.accounts.policies import PUBLIC, declare_all

urlpatterns: list[URLPattern | URLResolver] = [
    path("register/", include("enforcement.register.urls")),
    path("api/<str:version>/", include("enforcement.register.api")),
    path("desk/", admin.site.urls),
    *declare_all(PUBLIC, [path("account/", include("allauth.account.urls"))]),
]
