"""The routes of the register's snapshots."""

from django.urls import path

from enforcement.snapshots import views

app_name = "snapshots"
urlpatterns = [
    path("", views.index_page, name="index"),
    path("index.json", views.index_json, name="index_json"),
    path("SHA256SUMS", views.checksums, name="checksums"),
    path("<int:revision>/changes.jsonl", views.changes, name="changes"),
    path("<int:revision>/register.<slug:form>.gz", views.take_away, name="file"),
]
