"""The signer's pages. The secret is part of the address; ``settings.SECRET_PATHS`` keeps it out of logs."""

from django.urls import path

from notifications.views import signing

app_name = "sign_off"
urlpatterns = [
    path("<str:token>/", signing.start, name="start"),
    path("<str:token>/code/", signing.code, name="code"),
    path("<str:token>/read/", signing.read, name="read"),
    path("<str:token>/done/", signing.done, name="done"),
]
