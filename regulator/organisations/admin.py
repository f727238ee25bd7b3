"""Employers, their sites, their people and their activity on the desk: staff read, administrators keep."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey, Model
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.html import format_html

from regulator import clock
from regulator.accounts.desk import DeskInline, DeskModelAdmin, DeskModelForm
from regulator.accounts.models import User
from regulator.accounts.policies import declare, needs, signed_in
from regulator.accounts.roles import Role
from regulator.frontend.fields import RowVersionField
from regulator.organisations import services
from regulator.organisations.attempt import carry
from regulator.organisations.desk_page import employer_page
from regulator.organisations.models import ActivityReturn, Employer, Invitation, Membership, Site
from regulator.organisations.refusals import Refused, StaleVersion
from regulator.organisations.returns import refuse_recorded


class ServedAdmin(DeskModelAdmin):
    """A table that services write. What one refuses is said above the page, and nothing was changed."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect(request.path)


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
    list_display = ("name", "type", "ods_code", "cqc_provider_id", "is_invented", "known")
    list_filter = ("type", "is_invented")
    search_fields = ("name", "key", "ods_code", "cqc_provider_id")

    def get_urls(self) -> list[URLPattern | URLResolver]:  # type: ignore[override]
        page = declare(needs(self.read_permission))(self.admin_site.admin_view(employer_page))
        return [path("<int:pk>/page/", page, name="organisations_employer_page"), *super().get_urls()]

    @admin.display(description="All that is known")
    def known(self, employer: Employer) -> str:
        """A link to the page that tells of it."""
        address = reverse("admin:organisations_employer_page", args=[employer.pk])
        hidden = format_html('<span class="visually-hidden"> of {}</span>', employer.name)
        return format_html('<a class="desk-link" href="{}">Everything known{}</a>', address, hidden)


class MembershipForm(DeskModelForm):
    """The role, or the end of access."""

    end_access = forms.BooleanField(
        label="End access now",
        required=False,
        help_text="At once, and with it their API keys. It cannot be taken back: they are added anew.",
    )

    class Meta:
        model = Membership
        fields = ("user", "employer", "role")

    def clean(self) -> dict[str, Any]:
        """Whoever became CQC's staff keeps no membership, so theirs is looked at as it will stand: ended."""
        if self.cleaned_data.get("end_access"):
            self.instance.ended_at = clock.now()
        return self.cleaned_data


@admin.register(Membership)
class MembershipAdmin(ServedAdmin):
    """Who acts for which employer: added, given another role and ended by the services that leads use.

    A membership is ended, never removed or taken up again, and stays its person's. CQC's staff are no choice.
    """

    form = MembershipForm

    read_permission = "organisations.read"
    change_permission = "organisations.manage"
    readonly_fields = ("since", "ended_at")
    raw_id_fields = ("user", "employer")
    list_display = ("user", "employer", "role", "since", "ended_at")
    list_filter = ("role",)
    list_select_related = ("user", "employer")
    search_fields = ("user__name", "user__email", "employer__name")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return self.readonly_fields if obj is None else (*self.readonly_fields, "user", "employer")

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Who has no access any more is only shown."""
        if obj is None:
            return ("user", "employer", "role")
        return ("user", "employer", "role", "since", "ended_at", "end_access")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        ended = isinstance(obj, Membership) and obj.ended_at is not None
        return not ended and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        by, chosen = signed_in(request), Role(form.cleaned_data["role"])
        if not change:
            obj.pk = services.add_member(user=obj.user, employer=obj.employer, role=chosen, by=by).pk
        elif form.cleaned_data["end_access"]:
            services.end_access(membership=obj, by=by)
        else:
            services.change_role(membership=obj, role=chosen, by=by)

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> "ModelChoiceField[Any] | None":
        if db_field.name == "user":
            kwargs["queryset"] = User.objects.filter(role="")
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == "user":
            field.error_messages["invalid_choice"] = "Nobody outside CQC’s staff has this number."
        return field


@admin.register(Invitation)
class InvitationAdmin(DeskModelAdmin):
    """Whom leads have asked to act for their employer. Read here; leads send and cancel them."""

    read_permission = "organisations.read"
    fields = (
        "name", "email", "employer", "role", "invited_by", "invited_at", "expires_at", "accepted_at",
        "cancelled_at",
    )  # fmt: skip
    list_display = ("name", "email", "employer", "role", "state", "invited_at")
    list_filter = ("role",)
    list_select_related = ("employer",)
    search_fields = ("name", "email", "employer__name")


class ActivityReturnForm(DeskModelForm):
    """What a data set says. The unit follows from the modality; ``seen`` is the version on the page."""

    seen = RowVersionField(required=False)

    class Meta:
        model = ActivityReturn
        fields = ("employer", "modality", "period_start", "period_end", "quantity", "source", "completeness")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = self.instance.version

    def clean(self) -> dict[str, Any]:
        """Ask what the service will ask, so that each fault stands beside its box and nothing is lost."""
        super().clean()
        said = self.cleaned_data
        asked = ("period_start", "period_end", "quantity", "completeness", "source")
        if all(name in said for name in asked):
            try:
                refuse_recorded(**{name: said[name] for name in asked}, today=clock.today())
            except ValidationError as fault:
                self.add_error(None, fault)
        if self.instance.pk is not None and "seen" in said and said["seen"] != self.instance.version:
            stale = StaleVersion(read=said["seen"] or 0, current=self.instance.version, what="number")
            self.add_error(None, f"{stale} It is now: {self.instance.in_words}.")
            carry(self, {"seen": self.instance.version})
        return said


@admin.register(ActivityReturn)
class ActivityReturnAdmin(ServedAdmin):
    """What national data sets say of employers' activity. What an employer returned itself is only shown."""

    form = ActivityReturnForm

    read_permission = "organisations.read"
    change_permission = "organisations.manage"
    raw_id_fields = ("employer",)
    list_display = (
        "employer", "modality", "period_start", "period_end", "quantity", "unit", "completeness", "source",
    )  # fmt: skip
    list_filter = ("modality", "completeness")
    list_select_related = ("employer",)
    search_fields = ("employer__name", "source")

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Unit, day and version are shown where nothing can be changed."""
        told = ActivityReturnForm.Meta.fields
        changes = self.has_change_permission(request, obj)
        return (*told, "seen") if changes else (*told, "unit", "recorded_at", "version")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        own = isinstance(obj, ActivityReturn) and obj.is_own
        return not own and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        seen = form.cleaned_data["seen"] or 0
        services.record_activity(row=obj, version=seen, by=signed_in(request))
