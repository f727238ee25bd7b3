"""Employers, their sites, their people and their activity on the desk: staff read, administrators keep."""

from django.contrib import admin

from regulator.accounts.desk import DeskInline, DeskModelAdmin
from regulator.organisations.models import ActivityReturn, Employer, Membership, Site


class SiteInline(DeskInline):
    read_permission = "organisations.read"
    change_permission = "organisations.manage"
    model = Site
    fields = ("key", "name", "postcode", "cqc_location_id", "is_open")


@admin.register(Employer)
class EmployerAdmin(DeskModelAdmin):
    read_permission = "organisations.read"
    change_permission = "organisations.manage"
    inlines = (SiteInline,)
    list_display = ("name", "type", "ods_code", "cqc_provider_id", "is_invented")
    list_filter = ("type", "is_invented")
    search_fields = ("name", "key", "ods_code", "cqc_provider_id")


@admin.register(Membership)
class MembershipAdmin(DeskModelAdmin):
    """Who acts for which employer. A membership is ended by its date, never removed."""

    read_permission = "organisations.read"
    change_permission = "organisations.manage"
    fields = ("user", "employer", "role", "since", "ended_at")
    readonly_fields = ("since",)
    autocomplete_fields = ("user", "employer")
    list_display = ("user", "employer", "role", "since", "ended_at")
    list_filter = ("role",)
    list_select_related = ("user", "employer")
    search_fields = ("user__name", "user__email", "employer__name")


@admin.register(ActivityReturn)
class ActivityReturnAdmin(DeskModelAdmin):
    read_permission = "organisations.read"
    change_permission = "organisations.manage"
    autocomplete_fields = ("employer",)
    list_display = ("employer", "modality", "period_start", "period_end", "quantity", "unit", "completeness")
    list_filter = ("modality", "completeness")
    list_select_related = ("employer",)
    search_fields = ("employer__name", "source")
