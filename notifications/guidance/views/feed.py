"""An Atom feed (RFC 4287) of the versions of guidance, the last shown first."""

from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.views.decorators.http import require_safe

from notifications.guidance import queries
from notifications.guidance.caching import revisioned
from notifications.guidance.models import Version
from regulator.accounts.policies import PUBLIC, declare
from regulator.sheets import writable

_SINCE: Final = "2026"
"""From when on the portal's name is its own, as tag: addresses want it (RFC 4151)."""
_NOTHING_YET: Final = datetime.fromisoformat("2026-01-01T00:00:00+00:00")


class _Feed(Atom1Feed):
    mime_type = "application/atom+xml; charset=utf-8"

    def latest_post_date(self) -> datetime:
        """As old as the last version, so that an unchanged feed is the same bytes."""
        latest: datetime = self.feed["latest"]
        return latest


@declare(PUBLIC)
@require_safe
@revisioned
def feed(request: HttpRequest) -> HttpResponse:
    """The last 50 versions: new, changed and withdrawn (one query)."""
    shown = queries.newest()
    made = _Feed(
        title="Guidance for employers under IR(ME)R in England",
        link=f"{settings.PORTAL_URL}{reverse('guidance:list')}",
        description="New, changed and withdrawn guidance.",
        feed_url=f"{settings.PORTAL_URL}{reverse('guidance:feed')}",
        feed_guid=_tag("guidance/feed"),
        language="en-GB",
        author_name="Care Quality Commission",
        latest=shown[0].published_at if shown else _NOTHING_YET,
    )
    for version in shown:
        _add(made, version)
    return HttpResponse(made.writeString("utf-8"), content_type=_Feed.mime_type)


def _add(made: Atom1Feed, version: Version) -> None:
    what = queries.what_of(version)
    changed = "" if what == "new" else version.what_changed
    made.add_item(
        title=writable(f"{what.capitalize()}: {version.title}"),
        link=f"{settings.PORTAL_URL}{version.get_absolute_url()}",
        description=escape(writable(changed or version.why)),
        unique_id=_tag(f"guidance/{version.topic.slug}/{version.number}"),
        pubdate=version.published_at,
        updateddate=version.published_at,
        categories=[version.theme, *version.modalities],
    )


def _tag(rest: str) -> str:
    return f"tag:{urlsplit(settings.PORTAL_URL).hostname},{_SINCE}:{rest}"
