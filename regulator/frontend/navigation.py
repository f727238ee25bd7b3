"""What stands in the navigation and the footer, for whom. Each app contributes its own entries."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from django.http import HttpRequest
from django.urls import reverse

from regulator.registry import Registry


class Audience(Enum):
    """Who is looking at a page."""

    PUBLIC = "public"
    EMPLOYER = "employer"
    STAFF = "staff"


EVERYONE: Final = frozenset(Audience)


def _always(request: HttpRequest) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Entry:
    """A link. ``visible`` may narrow it further, for instance to a permission; it must not query twice.

    ``order`` sorts: lower stands further left. The entry is current on its own page and on all below it.
    """

    label: str
    url_name: str
    audiences: frozenset[Audience] = EVERYONE
    order: int = 100
    visible: Callable[[HttpRequest], bool] = field(default=_always)


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as it stands on one page."""

    text: str
    href: str
    active: bool


NAVIGATION: Final[Registry[Entry]] = Registry("navigation entry")
FOOTER: Final[Registry[Entry]] = Registry("footer entry")


def audience_of(request: HttpRequest) -> Audience:
    """Staff hold a role, every other person who signed in belongs to an employer."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return Audience.PUBLIC
    return Audience.STAFF if user.is_staff else Audience.EMPLOYER


def links(registry: Registry[Entry], request: HttpRequest) -> list[Link]:
    """The registry's entries that the person looking may see, in order.

    A route that does not exist raises ``NoReverseMatch``: a link must not vanish over a typing slip.
    """
    audience = audience_of(request)
    shown = sorted(registry.values(), key=lambda entry: entry.order)
    return [
        _link(entry, request) for entry in shown if audience in entry.audiences and entry.visible(request)
    ]


def _link(entry: Entry, request: HttpRequest) -> Link:
    href = reverse(entry.url_name)
    at_or_below = request.path == href or (href != "/" and request.path.startswith(href))
    return Link(text=entry.label, href=href, active=at_or_below)


_SIGNED_IN: Final = frozenset({Audience.EMPLOYER, Audience.STAFF})
NAVIGATION.register("your_sign_in", Entry("Your sign-in", "account_change_password", _SIGNED_IN, 900))
NAVIGATION.register("sign_out", Entry("Sign out", "account_logout", _SIGNED_IN, 910))
NAVIGATION.register("sign_in", Entry("Sign in", "account_login", frozenset({Audience.PUBLIC}), 910))
