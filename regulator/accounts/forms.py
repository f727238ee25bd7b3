"""Sign-in, in the portal's words."""

from allauth.account.forms import LoginForm as AllauthLoginForm


class LoginForm(AllauthLoginForm):
    """Sign-in by e-mail address and password."""
