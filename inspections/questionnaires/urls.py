"""The employer's pages of a questionnaire, below those of its inspection."""

from django.urls import path

from inspections.questionnaires.views import employer

app_name = "questionnaires"
urlpatterns = [
    path("<str:reference>/questionnaire/<int:pk>/", employer.tasks, name="tasks"),
    path("<str:reference>/questionnaire/<int:pk>/check/", employer.check, name="check"),
    path("<str:reference>/questionnaire/<int:pk>/sections/<slug:section>/", employer.section, name="section"),
]
