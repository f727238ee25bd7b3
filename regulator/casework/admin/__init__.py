"""Cases on the staff desk: the work queue, the page of a case, its deeds and its files; who may open
restricted ones, who did, and who has an interest; and the chain."""

from django.contrib import admin

from regulator.casework.admin.events import EventAdmin
from regulator.casework.admin.interests import InterestAdmin
from regulator.casework.admin.restricted import RestrictedCaseAdmin
from regulator.casework.admin.reviews import WeekReviewAdmin
from regulator.casework.admin.site import CaseAdmin
from regulator.casework.models import Case, Event, Restriction, WeekReview
from regulator.organisations.models import Interest

admin.site.register(Case, CaseAdmin)
admin.site.register(Event, EventAdmin)
admin.site.register(Interest, InterestAdmin)
admin.site.register(Restriction, RestrictedCaseAdmin)
admin.site.register(WeekReview, WeekReviewAdmin)
