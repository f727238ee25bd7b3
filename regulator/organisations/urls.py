"""The pages of the employer's own house. Each carries the employer's key: a person may lead several."""

from django.urls import path

from regulator.organisations.views import keys, people

app_name = "organisations"
urlpatterns = [
    path("", people.home, name="home"),
    path("<slug:key>/people/", people.people, name="people"),
    path("<slug:key>/people/<int:pk>/role/", people.role, name="role"),
    path("<slug:key>/people/<int:pk>/end/", people.end, name="end"),
    path("<slug:key>/keys/", keys.keys, name="keys"),
    path("<slug:key>/keys/new/", keys.make, name="key_new"),
    path("<slug:key>/keys/<int:pk>/revoke/", keys.revoke, name="key_revoke"),
]
