"""Sign-in and passwords, in the portal's words. What they do is allauth's."""

from typing import TYPE_CHECKING, Any, ClassVar

from allauth.account import forms as allauth
from django import forms

from regulator.frontend.fields import PlainErrors

if TYPE_CHECKING:
    _Form = forms.Form
else:
    _Form = object

_NEW = {"password1": "New password", "password2": "New password again"}
_LENGTH = "At least 12 characters. Three words that have nothing to do with each other are easy to remember."


class _Relabelled(_Form):
    """Plain labels, and neither placeholders (which vanish on typing) nor links inside hints."""

    labels: ClassVar[dict[str, str]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in self.labels.items():
            self.fields[name].label = label
            self.fields[name].help_text = _LENGTH if name == "password1" else ""


class LoginForm(PlainErrors, _Relabelled, allauth.LoginForm):
    """Sign-in by email address and password."""

    labels: ClassVar[dict[str, str]] = {"login": "Email address", "password": "Password"}


class ResetPasswordForm(PlainErrors, _Relabelled, allauth.ResetPasswordForm):
    """Asks for a link by which to choose a new password."""

    labels: ClassVar[dict[str, str]] = {"email": "Email address"}


class ResetPasswordKeyForm(PlainErrors, _Relabelled, allauth.ResetPasswordKeyForm):
    """Chooses a new password, having followed the link."""

    labels: ClassVar[dict[str, str]] = _NEW


class SetPasswordForm(PlainErrors, _Relabelled, allauth.SetPasswordForm):
    """Chooses a first password."""

    labels: ClassVar[dict[str, str]] = _NEW


class ChangePasswordForm(PlainErrors, _Relabelled, allauth.ChangePasswordForm):
    """Chooses another password, knowing the current one."""

    labels: ClassVar[dict[str, str]] = {"oldpassword": "Current password"} | _NEW


class ReauthenticateForm(PlainErrors, _Relabelled, allauth.ReauthenticateForm):
    """Asks for the password once more before something sensitive."""

    labels: ClassVar[dict[str, str]] = {"password": "Password"}
