"""An Atom feed (RFC 4287) of the entries that fit the filters, the last changed first."""

from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.views.decorators.http import require_safe

from enforcement.register import licence
from enforcement.register.asked import asked_of, filter_query
from enforcement.register.caching import present, revisioned
from enforcement.register.keyset import LATEST, ORDERS, Unreadable, beyond, cursor_at, read_cursor
from enforcement.register.models import RegisterEntry
from enforcement.register.records import document_address, page_address
from regulator.accounts.policies import PUBLIC, declare
from regulator.sheets import writable

PAGE: Final = 50
_ORDER: Final = ORDERS[LATEST]
_SINCE: Final = "2026"
"""From when on the portal's name is its own, as tag: addresses want it (RFC 4151)."""


class _Feed(Atom1Feed):
    """With the address of the next page, the licence, and an entry's other forms."""

    mime_type = "application/atom+xml; charset=utf-8"

    def latest_post_date(self) -> datetime:
        latest: datetime = self.feed["latest"]
        return latest

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        handler.addQuickElement("link", "", {"rel": "license", "href": licence.ADDRESS})
        if self.feed["next"]:
            handler.addQuickElement("link", "", {"rel": "next", "href": self.feed["next"]})

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for attributes in item["others"]:
            handler.addQuickElement("link", "", attributes)


@declare(PUBLIC)
@require_safe
@revisioned
def feed(request: HttpRequest) -> HttpResponse:
    """At most 50 entries, with the address of the next 50, in three queries. A filter that cannot be read is
    answered 400 in words; 404 for a cursor of the caller's own."""
    filterset = asked_of(request)
    if not filterset.is_valid():
        told = "\n".join(f"{name}: {' '.join(why)}" for name, why in filterset.errors.items())
        return HttpResponse(f"{told}\n", status=400, content_type="text/plain; charset=utf-8")
    entries = filterset.qs.order_by(*_ORDER.by)
    if cursor := request.GET.get("cursor"):
        try:
            value, key, _ = read_cursor(cursor, _ORDER)
        except Unreadable as error:
            raise Http404(str(error)) from error
        entries = beyond(entries, _ORDER, value, key)
    found = list(entries.select_related("document").defer("document__content")[: PAGE + 1])
    query = filter_query(request.GET)
    return HttpResponse(_written(found, query, cursor or ""), content_type=_Feed.mime_type)


def _written(found: list[RegisterEntry], query: str, cursor: str) -> str:
    here = f"{settings.PORTAL_URL}{reverse('register_open:feed')}"
    shown = found[:PAGE]
    more = urlencode({"cursor": cursor_at(shown[-1].updated_at, shown[-1].pk)}) if len(found) > PAGE else ""
    made = _Feed(
        title="Enforcement register: notices under IR(ME)R in England",
        link=f"{settings.PORTAL_URL}{reverse('register:list')}{'?' if query else ''}{query}",
        description="What the register shows now: added and changed entries, the last changed first.",
        feed_url=_with(here, query, urlencode({"cursor": cursor}) if cursor else ""),
        feed_guid=_tag(f"register/feed?{query}"),
        feed_copyright=licence.ATTRIBUTION,
        language="en-GB",
        author_name="Care Quality Commission",
        next=_with(here, query, more) if more else "",
        latest=shown[0].updated_at if shown else present()[1],
    )
    for entry in shown:
        _add(made, entry)
    return made.writeString("utf-8")


def _add(made: Atom1Feed, entry: RegisterEntry) -> None:
    address = page_address(entry.slug)
    api = f"{settings.PORTAL_URL}/api/v1/register/{entry.slug}/"
    others = [{"rel": "alternate", "type": "application/json", "href": api}]
    if hasattr(entry, "document"):
        size = str(entry.document.size)
        pdf = {"rel": "enclosure", "type": "application/pdf", "length": size}
        others.append(pdf | {"href": document_address(entry.slug)})
    made.add_item(
        title=writable(f"{entry.employer_name}: {entry.get_notice_type_display()}"),
        link=address,
        description=escape(writable(_said(entry))),
        unique_id=_tag(f"register/{entry.slug}"),
        pubdate=entry.published_at,
        updateddate=entry.updated_at,
        categories=[entry.notice_type, entry.status],
        others=others,
    )


def _said(entry: RegisterEntry) -> str:
    place = f" about {entry.location}" if entry.location else ""
    served = f"Served{place} on {entry.served_on.day} {entry.served_on:%B %Y}."
    return f"{served} {entry.get_status_display()}. {entry.description}".strip()


def _tag(rest: str) -> str:
    return f"tag:{urlsplit(settings.PORTAL_URL).hostname},{_SINCE}:{rest}"


def _with(address: str, *queries: str) -> str:
    asked = "&".join(each for each in queries if each)
    return f"{address}?{asked}" if asked else address
