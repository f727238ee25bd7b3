"""The monthly digest: what was published in the months that are over, once, to whoever asked for it.

All of it follows from ``Wish.told_through``: in one transaction the letter is written and the wish moves on
to the beginning of the present month, so a killed worker and a second run tell nothing twice, and what a
month that was missed left untold is told in the next letter.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from notifications.guidance.letters import DIGEST
from notifications.guidance.links import stop_address
from notifications.guidance.models import DigestLetter, Wish
from notifications.guidance.services.deciding import beginning_of
from notifications.guidance.services.wishing import acts_for_an_employer, stop_wish
from notifications.guidance.sources import SOURCES, Item
from regulator import clock
from regulator.organisations.models import Modality
from regulator.outbox.services import enqueue

MOST_LINES: Final = 50


def tell_all() -> int:
    """Tell everybody who was not told of the months that are over; answers how many letters were written."""
    until = beginning_of(clock.today().replace(day=1))
    keys = Wish.objects.filter(told_through__lt=until).order_by("pk").values_list("pk", flat=True)
    return sum(_tell(key, until) for key in list(keys))


def _tell(key: int, until: datetime) -> bool:
    """Tell one person, if they were not told and still act for an employer; else the wish ends with that,
    and with it what has not left."""
    with transaction.atomic():
        wish = Wish.objects.select_for_update(of=("self",)).select_related("user").filter(pk=key).first()
        if wish is None or wish.told_through >= until:
            return False
        if not acts_for_an_employer(wish.user):
            stop_wish(wish=wish)
            return False
        found = _news(wish, until)
        wish.told_through = until
        wish.save(update_fields=["told_through"])
        if found:
            _write(wish, found, until)
    return bool(found)


def _news(wish: Wish, until: datetime) -> list[tuple[str, Item]]:
    """What there is to tell, with the heading of where it comes from: each source in turn, one query each."""
    return [
        (source.heading, item)
        for source in SOURCES.values()
        for item in source.find(wish.told_through, until, wish.modalities)
    ]


def _write(wish: Wish, found: list[tuple[str, Item]], until: datetime) -> None:
    month = timezone.localdate(until - timedelta(microseconds=1))
    context = {
        "month": f"{month:%B %Y}",
        "about": about(wish.modalities),
        "lines": tuple(_lines(found[:MOST_LINES])),
        "more": max(0, len(found) - MOST_LINES),
        "setting_url": f"{settings.PORTAL_URL}{reverse('digest:setting')}",
        "stop_url": stop_address(wish),
    }
    key = f"guidance.digest:{wish.key.hex}:{until.isoformat()}"
    message = enqueue(letter=DIGEST.name, to=wish.user.email, context=context, dedupe_key=key)
    DigestLetter.objects.create(wish=wish, message=message)


def _lines(found: list[tuple[str, Item]]) -> Iterator[str]:
    """A heading before the first of each source, then one line for each item."""
    before = ""
    for heading, item in found:
        if heading != before:
            yield heading
        before = heading
        about_what = f" {item.modality}." if item.modality else ""
        yield f"- {' '.join(item.title.split())}.{about_what} {settings.PORTAL_URL}{item.address}"


def about(modalities: list[str]) -> str:
    """The modalities of a digest in words."""
    named = [each.label.lower() for each in Modality if each in modalities]
    return ", ".join(named) if named else "all modalities"
