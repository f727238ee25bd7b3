"""Who may reach a route. Every route states its policy; one that states none is refused to everybody.

A policy answers for the *route*: may this person use this page at all? Whether they may see or change
this *case* is asked again by the service (``regulator.organisations.policies.permit``) and by querysets
scoped with ``for_user``.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver
from rest_framework.permissions import BasePermission

from regulator.accounts.models import User
from regulator.accounts.roles import EMPLOYER_ROLES, Role, roles_with
from regulator.accounts.second_factor import is_owed

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView

Somebody = User | AnonymousUser
View = TypeVar("View", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may use a route: anybody, or the roles named; ``name`` says it for people and for tests."""

    name: str
    public: bool = False
    roles: frozenset[Role] = frozenset()

    def allows(self, user: Somebody) -> bool:
        """Whether ``user`` may use the route at all."""
        if self.public:
            return True
        return user.is_authenticated and user.is_active and bool(self.roles & user.roles)


PUBLIC = Policy("public", public=True)
SIGNED_IN = Policy("anybody with a role", roles=frozenset(Role))
STAFF = Policy("desk.enter", roles=roles_with("desk.enter"))
EMPLOYER = Policy("an employer's people", roles=EMPLOYER_ROLES)


def signed_in(request: "HttpRequest | Request") -> User:
    """Who is signed in. Raises ``PermissionDenied`` for anybody else, whom only ``PUBLIC`` lets in."""
    if not isinstance(request.user, User):
        raise PermissionDenied("Sign in to use this page.")
    return request.user


def needs(permission: str, *, among: frozenset[Role] = frozenset(Role)) -> Policy:
    """The policy of a route for those whose role carries ``permission`` and is one of ``among``: a deed
    that both sides may do has a page for each."""
    return Policy(permission, roles=roles_with(permission) & among)


def declare(policy: Policy) -> Callable[[View], View]:
    """State ``policy`` for a view: on a function, a method, or what ``as_view()`` returned."""

    def mark(view: View) -> View:
        vars(getattr(view, "__func__", view))["policy"] = policy
        return view

    return mark


def declare_all(
    policy: Policy, patterns: Iterable[URLPattern | URLResolver]
) -> list[URLPattern | URLResolver]:
    """State ``policy`` for each view of a tree of routes that states none of its own (a library's)."""
    tree = list(patterns)
    for entry in tree:
        if isinstance(entry, URLResolver):
            declare_all(policy, entry.url_patterns)
        elif policy_of(entry.callback) is None:
            declare(policy)(entry.callback)
    return tree


def policy_of(view: object) -> Policy | None:
    """The policy that a view states, or ``None``."""
    found = getattr(view, "policy", None)
    if found is None:
        found = getattr(getattr(view, "cls", None), "policy", None)
    return found if isinstance(found, Policy) else None


class DeclaredPolicy(BasePermission):
    """REST framework's side of the same rule: the view class states ``policy``, or nobody gets in; nor do
    staff who still owe the second step of signing in."""

    def has_permission(self, request: "Request", view: "APIView") -> bool:
        policy = policy_of(view)
        if policy is None or not policy.allows(request.user):
            return False
        if not policy.public and is_owed(request):
            raise PermissionDenied("Take the second step of signing in first.")
        return True
