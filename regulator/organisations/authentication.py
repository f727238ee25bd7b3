"""Signing in to the API with a key, for an employer's incident system: ``Authorization: Bearer irmer_…``."""

from typing import TYPE_CHECKING, Final

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.permissions import SAFE_METHODS

from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.organisations.models import ApiKey
from regulator.organisations.services.keys import note_use

if TYPE_CHECKING:
    from drf_spectacular.openapi import AutoSchema
    from rest_framework.request import Request

_SCHEME: Final = "Bearer"


class ApiKeyAuthentication(BaseAuthentication):
    """The key's acting person, acting for the key's employer alone, within the key's scope.

    One query, and one write in an hour to keep when it was used. A key that is unknown, revoked, past its
    last day, or whose person no longer acts for the employer is refused with the same words. A key that may
    only read is refused for any other method.
    """

    def authenticate(self, request: "Request") -> tuple[User, ApiKey] | None:
        words = get_authorization_header(request).decode("latin-1").split()
        if not words or words[0].lower() != _SCHEME.lower():
            return None
        key = ApiKey.objects.usable(words[1]) if len(words) == 2 else None
        if key is None:
            raise exceptions.AuthenticationFailed("This API key is not valid.")
        if request.method not in SAFE_METHODS and key.scope != ApiKey.Scope.WRITE:
            raise exceptions.PermissionDenied("This API key may only read.")
        note_use(key=key)
        return acting_person(key), key

    def authenticate_header(self, request: "Request") -> str:
        return _SCHEME


def caller_of(request: "Request") -> str:
    """Who calls, in a word: the API key or the person (``key:7``, ``person:3``)."""
    key = request.auth
    return f"key:{key.pk}" if isinstance(key, ApiKey) else f"person:{request.user.pk}"


def acting_person(key: ApiKey) -> User:
    """The key's person, seen as a member of the key's employer only, whoever else they act for."""
    user = key.membership.user
    role = Role(key.membership.role)
    user.__dict__["employer_roles"] = {key.membership.employer_id: role}
    user.__dict__["roles"] = frozenset({role})
    return user


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the OpenAPI document names it."""

    target_class = "regulator.organisations.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: "AutoSchema") -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "An API key of an employer."}
