"""The employer's pages of its notices."""

from django.urls import path

from enforcement.compliance.views import answering, reading

app_name = "notices"
urlpatterns = [
    path("", reading.listing, name="list"),
    path("<str:reference>/", reading.detail, name="detail"),
    path("<str:reference>/evidence/", answering.evidence, name="evidence"),
    path("<str:reference>/evidence/part/<int:part>/", answering.part, name="part"),
    path("<str:reference>/evidence/<int:number>/", reading.evidence_set, name="set"),
    path("<str:reference>/more-time/", answering.more_time, name="more_time"),
    path("<str:reference>/appeal/", answering.appeal, name="appeal"),
    path("<str:reference>/trade-secret/", answering.trade_secret, name="trade_secret"),
    path("<str:reference>/files/<int:pk>/", reading.download, name="file"),
]
