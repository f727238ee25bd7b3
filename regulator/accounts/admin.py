"""People, for administrators. Nobody sees or sets a password here: it is set by resetting it."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from regulator.accounts.desk import DeskModelAdmin
from regulator.accounts.models import User

if TYPE_CHECKING:
    _PersonForm = forms.ModelForm[User]
else:
    _PersonForm = forms.ModelForm


class PersonForm(_PersonForm):
    """A person's details, the e-mail address kept in lower case."""

    class Meta:
        model = User
        fields = ("email", "name", "role", "is_active")

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean_role(self) -> str:
        """No staff role for somebody who acts for an employer: what they hold for it would then read all."""
        role = str(self.cleaned_data["role"])
        if role and self.instance.pk and self.instance.memberships.filter(ended_at=None).exists():
            raise forms.ValidationError(
                "This person acts for an employer. End that first, then give a role at CQC."
            )
        return role


@admin.register(User)
class UserAdmin(DeskModelAdmin):
    """Those who sign in. A new person has no password and chooses one through "Forgotten your password?"."""

    read_permission = "accounts.manage"
    change_permission = "accounts.manage"
    form = PersonForm
    fields = ("email", "name", "role", "is_active", "is_demonstration", "date_joined", "last_login")
    readonly_fields = ("is_demonstration", "date_joined", "last_login")
    list_display = ("name", "email", "role", "is_active", "last_login")
    list_filter = ("role", "is_active", "is_demonstration")
    search_fields = ("name", "email")
    ordering = ("name", "pk")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Administrators cannot take their own role or lock themselves out: another one does it."""
        if obj is not None and obj.pk == request.user.pk:
            return (*self.readonly_fields, "role", "is_active")
        return self.readonly_fields

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
