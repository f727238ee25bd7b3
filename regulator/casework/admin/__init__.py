"""Cases on the staff desk: the work queue, the page of a case, its deeds and its files; and the chain."""

from django.contrib import admin

from regulator.casework.admin.events import EventAdmin
from regulator.casework.admin.site import CaseAdmin
from regulator.casework.models import Case, Event

admin.site.register(Case, CaseAdmin)
admin.site.register(Event, EventAdmin)
