"""Somebody with an authenticator app, and the code that it shows."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from regulator.accounts.models import User

PASSWORD = "marble kettle orbit"
PERIOD = 30


class App:
    """An authenticator app with the key of one account."""

    def __init__(self, secret: str) -> None:
        self.secret = secret

    @classmethod
    def of(cls, user: User) -> "App":
        """Set up for ``user``, with recovery codes, as the pages do it."""
        secret = generate_totp_secret()
        TOTP.activate(user, secret)
        RecoveryCodes.activate(user)
        return cls(secret)

    def code(self, *, steps: int = 0) -> str:
        """What it shows now, or so many half minutes from now."""
        return str(format_hotp_value(hotp_value(self.secret, int(time.time()) // PERIOD + steps)))

    def wrong_code(self) -> str:
        """One that fits neither now nor near now."""
        near = {self.code(steps=steps) for steps in range(-3, 4)}
        return next(code for code in (f"{number:06}" for number in range(10)) if code not in near)


def recovery_codes(user: User) -> list[str]:
    codes = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
    return list(codes.wrap().get_unused_codes())


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    return user


def type_password(client: Client, user: User, then: str = "") -> str:
    """The first step, as it is typed; where it leads."""
    typed = {"login": user.email, "password": PASSWORD} | ({"next": then} if then else {})
    answer = client.post("/account/login/", typed)
    return answer["Location"] if answer.status_code == 302 else ""


def type_code(client: Client, code: str) -> str:
    """The second step; where it leads, or nowhere."""
    answer = client.post("/account/second-factor/authenticate/", {"code": code})
    return answer["Location"] if answer.status_code == 302 else ""
