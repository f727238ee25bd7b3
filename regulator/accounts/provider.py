"""CQC's own identity provider for staff (OpenID Connect), as allauth finds it:
``settings.SOCIALACCOUNT_PROVIDERS``.

Stricter than allauth's own: the ID token's signature is always checked, with public keys alone; each attempt
has a nonce and PKCE; nothing of what an address of ours is called with reaches the provider; no claim is
kept.
"""

import secrets
from typing import Any, Final

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

PROVIDER: Final = "staff_oidc"
_SIGNED_WITH: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")


class ProviderUnavailable(Exception):
    """The identity provider does not answer, or not as one does."""


class StaffOAuth2Adapter(OpenIDConnectOAuth2Adapter):
    """Exchanges the code and reads the ID token."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself. Raises ``ProviderUnavailable`` where it says nothing of use."""
        try:
            found = dict(super().openid_config)
        except (
            OSError,
            TypeError,
            ValueError,
            AttributeError,
        ) as failed:  # requests' own errors are OSErrors
            raise ProviderUnavailable from failed
        if not all(found.get(name) for name in _NEEDED):
            raise ProviderUnavailable
        return found

    def get_access_token_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = super().get_access_token_data(*args, **kwargs)
        except OSError as failed:
            raise ProviderUnavailable from failed
        return answer

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        """Who came back, by the ID token alone. Raises ``OAuth2Error`` for one that is not sound."""
        try:
            claims = self._decode_id_token(app, kwargs["response"]["id_token"])
            login = self.get_provider().sociallogin_from_response(request, {"id_token": claims})
        except OSError as failed:
            raise ProviderUnavailable from failed
        except (KeyError, TypeError, ValueError, AttributeError) as wrong:
            raise OAuth2Error("The ID token cannot be read.") from wrong
        login.claims = claims
        return login

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        config = self.openid_config
        claims: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=config["jwks_uri"],
            issuer=config["issuer"],
            audience=app.client_id,
            lookup_kid=_public_key,
            verify_signature=True,
        )
        return claims

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return request.build_absolute_uri(reverse("staff_oidc_callback"))


_NEEDED: Final = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")


def _public_key(keys: dict[str, Any], kid: str) -> Any:
    """The key of that name, if it is one for signatures that only the provider can make."""
    fitting = [
        key
        for key in keys["keys"]
        if key.get("kid") == kid
        and key.get("kty") in ("RSA", "EC")
        and key.get("alg", "RS256") in _SIGNED_WITH
    ]
    return jwtkit.lookup_kid_jwk({"keys": fitting}, kid)


class StaffProvider(OpenIDConnectProvider):
    """CQC's identity provider. There is at most one."""

    id = PROVIDER
    oauth2_adapter_class = StaffOAuth2Adapter
    pkce_enabled_default = True

    def begin(self, request: HttpRequest) -> HttpResponse:
        """On to the provider, with a nonce that its answer must carry. Raises ``ProviderUnavailable``."""
        nonce = secrets.token_urlsafe(24)
        then = get_next_redirect_url(request)
        answer: HttpResponse = self.redirect(
            request, AuthProcess.LOGIN, then, auth_params={"nonce": nonce}, nonce=nonce
        )
        return answer

    def get_login_url(self, request: HttpRequest, **kwargs: Any) -> str:
        return reverse("staff_oidc_login")

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}


provider_classes = [StaffProvider]
