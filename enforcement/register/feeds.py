"""An Atom feed (RFC 4287) of the entries that fit the filters, the last changed first."""

from datetime import date, datetime
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
from enforcement.register.caching import present_of, revisioned
from enforcement.register.models import RegisterEntry
from enforcement.register.reading import Page, Unreadable, page_at
from regulator.accounts.policies import PUBLIC, declare
from regulator.sheets import writable

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
    """At most 50 entries, with the address of the next 50, in five queries. A filter that cannot be read is
    answered 400 in words; 404 for a cursor of the caller's own."""
    filterset = asked_of(request)
    if not filterset.is_valid():
        told = "\n".join(f"{name}: {' '.join(why)}" for name, why in filterset.errors.items())
        return HttpResponse(f"{told}\n", status=400, content_type="text/plain; charset=utf-8")
    cursor = request.GET.get("cursor", "")
    try:
        page = page_at(filterset.wanted, "changed", cursor)
    except Unreadable as error:
        raise Http404(str(error)) from error
    written = _written(page, filter_query(request.GET), cursor, present_of(request)[1])
    return HttpResponse(written, content_type=_Feed.mime_type)


def _written(page: Page, query: str, cursor: str, changed_at: datetime) -> str:
    here = f"{settings.PORTAL_URL}{reverse('register_open:feed')}"
    shown = page.results
    more = urlencode({"cursor": page.next}) if page.next else ""
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
        latest=_moment(shown[0]["updated_at"]) if shown else changed_at,
    )
    for entry in shown:
        _add(made, entry)
    return made.writeString("utf-8")


def _add(made: Atom1Feed, entry: dict[str, Any]) -> None:
    api = f"{settings.PORTAL_URL}/api/v1/register/{entry['slug']}/"
    others = [{"rel": "alternate", "type": "application/json", "href": api}]
    if (document := entry["document"]) is not None:
        pdf = {"rel": "enclosure", "type": "application/pdf", "length": str(document["size"])}
        others.append(pdf | {"href": document["url"]})
    notice = RegisterEntry.Type(entry["notice_type"]).label
    made.add_item(
        title=writable(f"{entry['employer_name']}: {notice}"),
        link=entry["url"],
        description=escape(writable(_said(entry))),
        unique_id=_tag(f"register/{entry['slug']}"),
        pubdate=_moment(entry["published_at"]),
        updateddate=_moment(entry["updated_at"]),
        categories=[entry["notice_type"], entry["status"]],
        others=others,
    )


def _said(entry: dict[str, Any]) -> str:
    place = f" about {entry['location']}" if entry["location"] else ""
    day = date.fromisoformat(entry["served_on"])
    status = RegisterEntry.Status(entry["status"]).label
    return f"Served{place} on {day.day} {day:%B %Y}. {status}. {entry['description']}".strip()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _tag(rest: str) -> str:
    return f"tag:{urlsplit(settings.PORTAL_URL).hostname},{_SINCE}:{rest}"


def _with(address: str, *queries: str) -> str:
    asked = "&".join(each for each in queries if each)
    return f"{address}?{asked}" if asked else address
