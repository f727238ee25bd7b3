"""The routes of the public register's pages."""

from django.urls import path, re_path

from enforcement.register import views
from enforcement.register.models import IndexLine

app_name = "register"
urlpatterns = [
    path("", views.register_list, name="list"),
    path("employers/", views.employers, name="employers"),
    path("employers/<slug:key>/", views.standing, {"kind": IndexLine.Kind.EMPLOYER.value}, name="employer"),
    path("places/", views.places, name="places"),
    path("places/<slug:key>/", views.standing, {"kind": IndexLine.Kind.PLACE.value}, name="place"),
    path("regions/", views.regions, name="regions"),
    path("regions/<slug:key>/", views.standing, {"kind": IndexLine.Kind.REGION.value}, name="region"),
    path("regulations/", views.regulations, name="regulations"),
    re_path(
        r"^regulations/(?P<key>[0-9A-Za-z()]{1,40})/\Z",
        views.standing,
        {"kind": IndexLine.Kind.PROVISION.value},
        name="regulation",
    ),
    path("<slug:slug>/", views.register_entry, name="entry"),
    path("<slug:slug>/notice.pdf", views.notice_document, name="document"),
]
