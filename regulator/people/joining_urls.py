"""Where a link of an invitation to the staff leads. ``settings.SECRET_PATHS`` keeps its secret out of
logs."""

from django.urls import path

from regulator.people.views import joining

app_name = "joining"
urlpatterns = [path("<str:token>/", joining.open_link, name="open")]
