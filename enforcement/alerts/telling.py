"""Telling of changes: each change once, at most one letter a day for each alert.

All of it follows from the numbers of the register's changes: in one transaction the letter is written and the
alert moves on past what it told, so a killed worker and a second run tell nothing twice.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from enforcement.alerts.letters import CHANGES
from enforcement.alerts.links import stop_address
from enforcement.alerts.models import Alert, AlertLetter, Told
from enforcement.alerts.searches import Unusable, fitting, in_words
from enforcement.alerts.services import held
from enforcement.register.caching import present
from enforcement.register.models import Change, RegisterEntry
from regulator import clock
from regulator.outbox.services import enqueue

logger = logging.getLogger(__name__)
MOST_LINES: Final = 50


@dataclass(slots=True)
class News:
    """What a letter would say: lines, how many entries it does not list, and how many left the register."""

    lines: list[str] = field(default_factory=list)
    named: set[str] = field(default_factory=set)
    more: int = 0
    removed: int = 0

    def __bool__(self) -> bool:
        return bool(self.lines or self.removed)


def tell_all() -> int:
    """Tell each confirmed alert what it was not told of, unless it had a letter today; answers how many
    letters were written."""
    number, _ = present()
    waiting = Alert.objects.filter(confirmed_at__isnull=False, told_through__lt=number)
    keys = waiting.exclude(last_letter_on=clock.today()).values_list("pk", flat=True)
    return sum(_tell(key, number) for key in list(keys))


def _tell(key: int, number: int) -> bool:
    """Tell one alert of the changes up to ``number``, if it is still behind them."""
    with transaction.atomic():
        alert = _held(key)
        if alert is None or alert.told_through >= number or alert.last_letter_on == clock.today():
            return False
        try:
            news = news_for(alert, number)
        except Unusable:
            logger.error("The filters of alert %s cannot be read any more", alert.pk)
            return False
        alert.told_through = number
        if news:
            _write(alert, news)
            alert.last_letter_on = clock.today()
        alert.save(update_fields=["told_through", "last_letter_on"])
    return bool(news)


def _held(key: int) -> Alert | None:
    """The alert as it is once nobody else changes the alerts of its address."""
    whose = Alert.objects.filter(pk=key).values_list("subscriber", flat=True).first()
    if whose is None or held(whose) is None:
        return None
    return Alert.objects.select_related("subscriber").filter(pk=key).first()


def news_for(alert: Alert, number: int) -> News:
    """What changed of the search since the alert was last looked at, up to ``number`` (six queries)."""
    changed = Change.objects.filter(number__gt=alert.told_through, number__lte=number)
    slugs = changed.order_by().values("slug")
    fits = fitting(alert.query).filter(slug__in=slugs)
    shown = list(fits[:MOST_LINES])
    news = News(more=max(0, fits.order_by().count() - MOST_LINES))
    news.named = {entry.slug for entry in shown}
    added = set(
        changed.filter(kind=Change.Kind.ADDED, slug__in=news.named).order_by().values_list("slug", flat=True)
    )
    news.lines = [_line(entry, "Added" if entry.slug in added else "Changed") for entry in shown]
    _tell_of_the_end(alert, fits, slugs, news)
    return news


def _tell_of_the_end(
    alert: Alert, fits: QuerySet[RegisterEntry], slugs: QuerySet[Change, Any], news: News
) -> None:
    """Of entries that the alert was told of: those that fit no more, by name, and how many left the register,
    without one. Neither is told of again."""
    known = Told.objects.filter(alert=alert, slug__in=slugs).exclude(slug__in=news.named)
    gone = set(known.values_list("slug", flat=True))
    if not gone:
        return
    still = set(fits.filter(slug__in=gone).values_list("slug", flat=True))
    stand = list(RegisterEntry.objects.filter(slug__in=gone).order_by("slug"))
    unfit = [entry for entry in stand if entry.slug not in still]
    news.lines += [_line(entry, "Changed: it does not fit your search any more") for entry in unfit]
    news.removed = len(gone) - len(stand)
    Told.objects.filter(alert=alert, slug__in=gone - still).delete()


def _line(entry: RegisterEntry, what: str) -> str:
    served = f"served {entry.served_on.day} {entry.served_on:%B %Y}"
    words = " ".join(entry.employer_name.split())
    address = f"{settings.PORTAL_URL}{entry.get_absolute_url()}"
    return f"{words}: {entry.get_notice_type_display()}, {served}. {what}. {address}"


def _write(alert: Alert, news: News) -> None:
    listed = f"{settings.PORTAL_URL}{reverse('register:list')}"
    context = {
        "search": in_words(alert.query),
        "lines": tuple(news.lines),
        "more": news.more,
        "removed": news.removed,
        "list_url": f"{listed}?{alert.query}" if alert.query else listed,
        "stop_url": stop_address(alert),
    }
    key = f"alerts.changes:{alert.key.hex}:{alert.told_through}"
    message = enqueue(letter=CHANGES.name, to=alert.subscriber.email, context=context, dedupe_key=key)
    AlertLetter.objects.create(subscriber=alert.subscriber, alert=alert, message=message)
    _remember(alert, news.named)


def _remember(alert: Alert, slugs: Iterable[str]) -> None:
    Told.objects.bulk_create((Told(alert=alert, slug=slug) for slug in slugs), ignore_conflicts=True)
