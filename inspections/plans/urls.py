"""The employer's pages of its action plans, each under its inspection's address."""

from django.urls import path

from inspections.plans.views import acting, answering, reading

app_name = "plans"
urlpatterns = [
    path("<str:reference>/plan/", reading.overview, name="overview"),
    path("<str:reference>/plan/check/", answering.check, name="check"),
    path("<str:reference>/plan/finding/<int:pk>/", answering.finding, name="finding"),
    path("<str:reference>/plan/finding/<int:pk>/add/", answering.add, name="add"),
    path("<str:reference>/plan/action/<int:pk>/", reading.action, name="action"),
    path("<str:reference>/plan/action/<int:pk>/change/", answering.change, name="change"),
    path("<str:reference>/plan/action/<int:pk>/remove/", answering.remove, name="remove"),
    path("<str:reference>/plan/action/<int:pk>/done/", acting.done, name="done"),
    path("<str:reference>/plan/action/<int:pk>/evidence/", acting.evidence, name="evidence"),
    path("<str:reference>/plan/action/<int:pk>/more-time/", acting.more_time, name="more_time"),
    path("<str:reference>/plan/action/<int:pk>/cancel/", acting.cancel, name="cancel"),
]
