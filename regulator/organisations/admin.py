"""Employers, their sites, their people and their activity on the desk: staff read, administrators keep."""

from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey, Model
from django.forms import ModelChoiceField
from django.http import HttpRequest

from regulator.accounts.desk import DeskInline, DeskModelAdmin
from regulator.accounts.models import User
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
    """Who acts for which employer. A membership is ended by its date, never removed, and stays its person's.

    CQC's staff are no choice.
    """

    read_permission = "organisations.read"
    change_permission = "organisations.manage"
    fields = ("user", "employer", "role", "since", "ended_at")
    readonly_fields = ("since",)
    raw_id_fields = ("user", "employer")
    list_display = ("user", "employer", "role", "since", "ended_at")
    list_filter = ("role",)
    list_select_related = ("user", "employer")
    search_fields = ("user__name", "user__email", "employer__name")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return self.readonly_fields if obj is None else (*self.readonly_fields, "user", "employer")

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> "ModelChoiceField[Any] | None":
        if db_field.name == "user":
            kwargs["queryset"] = User.objects.filter(role="")
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == "user":
            field.error_messages["invalid_choice"] = "Nobody outside CQC’s staff has this number."
        return field


@admin.register(ActivityReturn)
class ActivityReturnAdmin(DeskModelAdmin):
    read_permission = "organisations.read"
    change_permission = "organisations.manage"
    raw_id_fields = ("employer",)
    list_display = ("employer", "modality", "period_start", "period_end", "quantity", "unit", "completeness")
    list_filter = ("modality", "completeness")
    list_select_related = ("employer",)
    search_fields = ("employer__name", "source")
