"""The addresses of letters, and of the employer's comments on the facts."""

from django.urls import path

from inspections.correspondence import views

app_name = "correspondence"
urlpatterns = [
    path("<str:reference>/letters/<int:number>/", views.letter, name="letter"),
    path("<str:reference>/accuracy/", views.overview, name="accuracy"),
    path("<str:reference>/accuracy/findings/<int:finding>/", views.on_finding, name="finding"),
    path("<str:reference>/accuracy/facts/<slug:subject>/", views.on_subject, name="subject"),
    path("<str:reference>/accuracy/send/", views.send, name="send"),
]
