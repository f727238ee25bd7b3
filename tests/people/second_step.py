"""Somebody with an authenticator app, and the code that it shows."""

import time
from hashlib import sha256
from secrets import token_bytes

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

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


def make_passkey(user: User, name: str) -> Authenticator:
    """A passkey of ``user`` as a device would have made it; there is no device that could show it."""
    private = generate_private_key(SECP256R1())
    key = ES256.from_cryptography_key(private.public_key())  # type: ignore[no-untyped-call]
    made = AttestedCredentialData.create(Aaguid(bytes(16)), token_bytes(16), key)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    told = AuthenticatorData.create(sha256(b"localhost").digest(), flags, 0, bytes(made))
    client = CollectedClientData.create(
        type="webauthn.create", challenge=token_bytes(16), origin="https://localhost"
    )
    identity = websafe_encode(made.credential_id)
    credential = {
        "id": identity,
        "rawId": identity,
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(bytes(client)),
            "attestationObject": websafe_encode(bytes(AttestationObject.create("none", told, {}))),
        },
    }
    data = {"name": name, "credential": credential}
    return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)


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
