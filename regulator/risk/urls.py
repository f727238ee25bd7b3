"""The page of an employer's own reporting rate, beside the others of its house."""

from django.urls import path

from regulator.risk.own_rate import own_rate

app_name = "risk"
urlpatterns = [path("<slug:key>/rate/", own_rate, name="own_rate")]
