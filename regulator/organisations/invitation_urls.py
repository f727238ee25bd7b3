"""Where a link of an invitation leads. ``settings.SECRET_PATHS`` keeps its secret out of logs."""

from django.urls import path

from regulator.organisations.views import invitations

app_name = "invitation"
urlpatterns = [path("<str:token>/", invitations.open_link, name="open")]
