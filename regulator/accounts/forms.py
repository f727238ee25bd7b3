"""Sign-in, passwords and second factors, in the portal's words. What they do is allauth's."""

import hashlib
from typing import TYPE_CHECKING, Any, ClassVar, Final

from allauth.account import forms as allauth
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateByCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.conf import settings
from django.core.cache import cache

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


_CODE: Final = {"code": "Code"}
_SECONDS_A_CODE_MAY_WORK: Final = 30 * (1 + 2 * settings.MFA_TOTP_TOLERANCE)


class _Code(_Relabelled):
    """A code that works once, also within the minute and a half in which an app's code would fit."""

    user: Any
    cleaned_data: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        box = self.fields["code"]
        box.widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}

    def clean_code(self) -> str:
        code = str(super().clean_code())  # type: ignore[misc]
        digest = hashlib.sha256(f"{self.user.pk}:{normalize_user_code(code)}".encode()).hexdigest()
        if not cache.add(f"second-factor-used:{digest}", "", timeout=_SECONDS_A_CODE_MAY_WORK):
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(PlainErrors, _Code, AuthenticateForm):
    """The second step of signing in: a code of the app, or one of the recovery codes."""

    labels: ClassVar[dict[str, str]] = _CODE


class CodeAgainForm(PlainErrors, _Code, ReauthenticateByCodeForm):
    """The same, of somebody who is signed in."""

    labels: ClassVar[dict[str, str]] = _CODE


class AppForm(PlainErrors, _Code, ActivateTOTPForm):
    """Sets up an authenticator app by showing that it makes the right codes."""

    labels: ClassVar[dict[str, str]] = {"code": "Code that the app shows"}


class PasskeyForm(PlainErrors, AddWebAuthnForm):
    """Adds a passkey: the browser makes it, and fills in what is hidden."""

    name = forms.CharField(
        label="Name of the passkey",
        max_length=100,
        required=False,
        help_text="By which you will know it again, for example “Work laptop”.",
    )


class PasskeyNameForm(PlainErrors, EditWebAuthnForm):
    """Gives a passkey another name."""

    name = forms.CharField(label="Name of the passkey", max_length=100)
