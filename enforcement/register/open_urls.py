"""The routes of the open data's pages and files."""

from django.urls import path

from enforcement.register import feeds, open_views

app_name = "register_open"
urlpatterns = [
    path("download/", open_views.download_page, name="download"),
    path("enforcement-register.<slug:form>", open_views.download, name="file"),
    path("columns/", open_views.columns_page, name="columns"),
    path("columns.csvw.json", open_views.csvw_description, name="csvw"),
    path("columns.schema.json", open_views.schema_description, name="schema"),
    path("feed.atom", feeds.feed, name="feed"),
]
