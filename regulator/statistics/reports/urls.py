"""The routes of the published reports."""

from django.urls import path

from regulator.statistics.reports.views import reading, taking

app_name = "reports"
urlpatterns = [
    path("reports/", reading.report_list, name="list"),
    path("reports/<slug:year>/", reading.report_page, name="report"),
    path("reports/<slug:year>/report.<slug:form>", taking.report_file, name="file"),
    path("reports/<slug:year>/tables/<slug:name>/", reading.table_page, name="table"),
    path("reports/<slug:year>/tables/<slug:name>.<slug:form>", taking.table_file, name="table_file"),
    path("reports/<slug:year>/editions/<int:edition>/", reading.report_page, name="edition"),
    path("reports/<slug:year>/editions/<int:edition>/changes/", reading.changes_page, name="changes"),
    path(
        "reports/<slug:year>/editions/<int:edition>/report.<slug:form>",
        taking.report_file,
        name="edition_file",
    ),
    path("disagreements/", reading.disagreements_page, name="disagreements"),
    path("methods/", reading.methods_page, name="methods"),
]
