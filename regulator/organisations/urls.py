"""The pages of the employer's own house. Each carries the employer's key: a person may lead several."""

from django.urls import path

from regulator.organisations.views import activity, activity_file, details, invitations, keys, people, sites

app_name = "organisations"
urlpatterns = [
    path("", people.home, name="home"),
    path("<slug:key>/people/", people.people, name="people"),
    path("<slug:key>/people/<int:pk>/role/", people.role, name="role"),
    path("<slug:key>/people/<int:pk>/end/", people.end, name="end"),
    path("<slug:key>/invitations/new/", invitations.invite, name="invite"),
    path("<slug:key>/invitations/<int:pk>/resend/", invitations.resend, name="invitation_resend"),
    path("<slug:key>/invitations/<int:pk>/cancel/", invitations.cancel, name="invitation_cancel"),
    path("<slug:key>/details/", details.details, name="details"),
    path("<slug:key>/details/address/", details.address, name="address"),
    path("<slug:key>/keys/", keys.keys, name="keys"),
    path("<slug:key>/keys/new/", keys.make, name="key_new"),
    path("<slug:key>/keys/<int:pk>/revoke/", keys.revoke, name="key_revoke"),
    path("<slug:key>/sites/", sites.sites, name="sites"),
    path("<slug:key>/sites/new/", sites.add, name="site_new"),
    path("<slug:key>/sites/<int:pk>/", sites.change, name="site"),
    path("<slug:key>/sites/<int:pk>/close/", sites.toggle, {"deed": "close"}, name="site_close"),
    path("<slug:key>/sites/<int:pk>/reopen/", sites.toggle, {"deed": "reopen"}, name="site_reopen"),
    path("<slug:key>/activity/", activity.activity, name="activity"),
    path("<slug:key>/activity/sources/", activity.sources, name="activity_sources"),
    path("<slug:key>/activity/file/", activity_file.upload, name="activity_upload"),
    path("<slug:key>/activity/template.csv", activity_file.empty_file, name="activity_template"),
    path("<slug:key>/activity/returns.csv", activity_file.download, name="activity_download"),
    path("<slug:key>/activity/<slug:slug>/", activity.year, name="activity_year"),
]
