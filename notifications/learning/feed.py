"""The library as an Atom feed (RFC 4287), whole or for what somebody looks for."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from notifications.learning.models import PublishedLearning
from notifications.learning.themes import label_of
from regulator.sheets import writable

MOST_IN_A_FEED: Final = 50
_SINCE: Final = "2026"
"""From when on the portal's name is its own, as tag: addresses want it (RFC 4151)."""


class _Feed(Atom1Feed):
    mime_type = "application/atom+xml; charset=utf-8"

    def latest_post_date(self) -> datetime:
        latest: datetime = self.feed["latest"]
        return latest


FEED_TYPE: Final = _Feed.mime_type


def written(entries: Sequence[PublishedLearning], asked: Mapping[str, str], changed_at: datetime) -> str:
    """The feed of these, as ``asked`` for, of a library that changed last at ``changed_at``."""
    query = f"?{urlencode(asked)}" if asked else ""
    made = _Feed(
        title="Learning from incidents with ionising radiation in healthcare in England",
        link=f"{settings.PORTAL_URL}{reverse('learning:list')}{query}",
        description="Anonymised learning from notified incidents, the newest first.",
        feed_url=f"{settings.PORTAL_URL}{reverse('learning:feed')}{query}",
        feed_guid=_tag(f"learning/feed{query}"),
        language="en-GB",
        author_name="Care Quality Commission",
        latest=max((each.updated_at for each in entries), default=changed_at),
    )
    for each in entries:
        _add(made, each)
    text: str = made.writeString("utf-8")
    return text


def _add(made: Atom1Feed, entry: PublishedLearning) -> None:
    extra: dict[str, Any] = {"categories": [entry.get_modality_display(), *map(label_of, entry.themes)]}
    made.add_item(
        title=writable(entry.title),
        link=f"{settings.PORTAL_URL}{entry.get_absolute_url()}",
        description=escape(writable(entry.learning)),
        unique_id=_tag(f"learning/{entry.number}"),
        pubdate=entry.published_at,
        updateddate=entry.updated_at,
        **extra,
    )


def _tag(rest: str) -> str:
    host = urlsplit(settings.PORTAL_URL).hostname
    return f"tag:{host},{_SINCE}:{rest}"
