"""Cases on the staff desk: the work queue, the page of a case, its deeds and its files."""

from django.contrib import admin

from regulator.casework.admin.site import CaseAdmin
from regulator.casework.models import Case

admin.site.register(Case, CaseAdmin)
