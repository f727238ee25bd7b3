"""Where the documents of a served notice are."""

from django.urls import path

from enforcement.papers import views

app_name = "papers"
urlpatterns = [
    path("<str:reference>/notice.pdf", views.document, name="document"),
    path("<str:reference>/leaflet.pdf", views.leaflet, name="leaflet"),
]
