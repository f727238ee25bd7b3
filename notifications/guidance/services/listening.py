"""What readers say of a page: kept without a name, counted, and its comment removed in time."""

from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from django.core.exceptions import ValidationError

from notifications.guidance.content import identifying
from notifications.guidance.models import Feedback
from notifications.guidance.pages import PAGES
from regulator import clock
from regulator.accounts.limits import within
from regulator.casework.identifiers import find

LONGEST_COMMENT: Final = 1_200
COMMENT_DAYS: Final = 730
"""For how long a comment is kept: two years, so that one year's report can look back at the year before."""
MOST_OF_A_CLIENT: Final = 20
"""In an hour, of all pages together, refused ones too: a whole department may stand behind one address."""
MOST_OF_A_PAGE: Final = 3
"""Answers in an hour from one client for one page, so that nobody makes a page's count alone."""
_NETWORK: Final = 64
"""The bits of an IPv6 address that one subscriber has: the others each device chooses as it likes (RFC 4291,
section 2.5.1)."""
_HOUR: Final = 3600


class TooOften(Exception):
    """One address said more than anybody would."""


def give_feedback(*, kind: str, page_key: str, useful: bool, comment: str, client: str) -> Feedback:
    """Keep whether a page was useful, and a comment. Anybody may say so; ``client``, an address, is counted,
    not kept.

    Each attempt counts, before any text is looked at. Raises ``LookupError`` for a page that is not there;
    ``TooOften`` for more than ``MOST_OF_A_CLIENT`` attempts or ``MOST_OF_A_PAGE`` answers in an hour;
    ``ValidationError`` for a comment that is too long or seems to identify somebody.
    """
    client = _counted_as(client)
    if not within(f"guidance.feedback:{client}", most=MOST_OF_A_CLIENT, seconds=_HOUR):
        raise TooOften
    page = PAGES.get(kind).find(page_key)
    if page is None:
        raise LookupError(f"no page of {kind} is called {page_key!r}")
    comment = comment.strip()
    if len(comment) > LONGEST_COMMENT:
        raise ValidationError({"comment": f"Use {LONGEST_COMMENT:,} characters or fewer."})
    if found := find(comment):
        raise ValidationError({"comment": identifying(found)})
    if not within(f"guidance.feedback:{kind}/{page_key}:{client}", most=MOST_OF_A_PAGE, seconds=_HOUR):
        raise TooOften
    return Feedback.objects.create(
        kind=kind, page_key=page_key, page_version=page.version, useful=useful, comment=comment
    )


def _counted_as(client: str) -> str:
    """What stands for an address where it is counted: of IPv6 the network that one subscriber has, of an IPv4
    address written as IPv6 the IPv4 address. What is no address counts as it is."""
    try:
        address = ip_address(client.partition("%")[0])
    except ValueError:
        return client
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network((int(address), _NETWORK), strict=False))


def forget_comments() -> int:
    """Remove the comments whose time is over; answers how many. That somebody said yes or no stays."""
    now = clock.now()
    over = Feedback.objects.filter(received_at__lte=now - timedelta(days=COMMENT_DAYS)).exclude(comment="")
    return over.update(comment="", comment_removed_at=now)
