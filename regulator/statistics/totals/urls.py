"""The routes of the public dashboard."""

from django.urls import path

from regulator.statistics.totals import views

app_name = "statistics"
urlpatterns = [
    path("", views.home, name="home"),
    path("tables/<slug:name>.<slug:form>", views.table_file, name="table"),
]
