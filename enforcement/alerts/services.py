"""Asking for an alert, confirming it, ending it, and forgetting who did not confirm.

None of them says to the caller whether an address is known: whoever asks is answered alike.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from enforcement.alerts.letters import CONFIRM
from enforcement.alerts.links import confirm_address, digest_of, new_secret
from enforcement.alerts.models import Alert, AlertLetter, Subscriber
from enforcement.alerts.searches import in_words
from enforcement.register.caching import present
from regulator import clock
from regulator.accounts.limits import within
from regulator.outbox.models import Message
from regulator.outbox.services import enqueue, forget

OPEN_DAYS: Final = 7
"""For how long a letter that asks can be answered. Then the address is removed."""
MOST_ALERTS: Final = 20
"""Of one address, so that nobody fills a table in another's name."""
MOST_OF_A_CLIENT: Final = 10
_HOUR: Final = 3600


class TooOften(Exception):
    """A client asked more often than anybody would."""


def ask_for_alert(*, email: str, query: str, client: str) -> None:
    """Note that ``email`` may want to be told of the search ``query``, and ask it, by one letter.

    As long as a letter is open no other goes to that address, however often anybody asks: its link shows all
    that was asked meanwhile. An alert that is confirmed already is not asked about. Raises ``TooOften``.
    """
    if not within(f"alerts:{client}", most=MOST_OF_A_CLIENT, seconds=_HOUR):
        raise TooOften
    with transaction.atomic():
        subscriber, _ = Subscriber.objects.select_for_update().get_or_create(email=email.strip().lower())
        if subscriber.alerts.count() >= MOST_ALERTS:
            return
        alert, _ = Alert.objects.get_or_create(subscriber=subscriber, query=query)
        if alert.confirmed_at is None and not _is_open(subscriber):
            _ask(subscriber, query)


def _is_open(subscriber: Subscriber) -> bool:
    return bool(subscriber.confirm_digest) and subscriber.asked_at > _since()


def _since() -> datetime:
    return clock.now() - timedelta(days=OPEN_DAYS)


def _ask(subscriber: Subscriber, query: str) -> None:
    secret, subscriber.confirm_digest = new_secret()
    subscriber.asked_at = clock.now()
    subscriber.save(update_fields=["confirm_digest", "asked_at"])
    context = {
        "search": in_words(query),
        "link": confirm_address(secret),
        "until": clock.today() + timedelta(days=OPEN_DAYS),
    }
    key = f"alerts.confirm:{subscriber.confirm_digest}"
    message = enqueue(letter=CONFIRM.name, to=subscriber.email, context=context, dedupe_key=key)
    AlertLetter.objects.create(subscriber=subscriber, message=message)


def asked_by(secret: str) -> Subscriber | None:
    """Whose letter carried the secret (one query); ``None`` for any other, and once it was answered."""
    digest = digest_of(secret)
    return Subscriber.objects.filter(confirm_digest=digest, asked_at__gt=_since()).first()


def confirm(*, secret: str) -> list[Alert] | None:
    """Begin to tell of everything that was asked for in the name of the address; ``None`` where the link does
    not work any more. Nothing that changed before is told."""
    with transaction.atomic():
        subscriber = asked_by(secret)
        if subscriber is None:
            return None
        mine = held(subscriber.pk)
        if mine is None or mine.confirm_digest != subscriber.confirm_digest:
            return None
        begun = list(mine.alerts.filter(confirmed_at=None))
        mine.alerts.filter(confirmed_at=None).update(confirmed_at=clock.now(), told_through=present()[0])
        mine.confirm_digest = ""
        mine.save(update_fields=["confirm_digest"])
    return begun


def held(subscriber: int) -> Subscriber | None:
    """The row of an address, held until the transaction ends; ``None`` where it is gone. Whoever changes its
    alerts holds it first, so that no two wait for each other."""
    return Subscriber.objects.select_for_update().filter(pk=subscriber).first()


def stop(*, alert: Alert) -> None:
    """End an alert. With the last of an address the address itself goes, and out of its letters too."""
    with transaction.atomic():
        subscriber = held(alert.subscriber_id)
        if subscriber is None:  # ended meanwhile
            return
        _forget_letters(Q(alert=alert))
        Alert.objects.filter(pk=alert.pk).delete()
        if not subscriber.alerts.exists():
            _forget(subscriber)


def forget_unconfirmed() -> int:
    """Remove what nobody confirmed in time, and each address that is left with nothing; answers how many
    alerts went."""
    gone = 0
    for stale in Subscriber.objects.filter(asked_at__lte=_since(), alerts__confirmed_at=None).distinct():
        with transaction.atomic():
            mine = held(stale.pk)
            if mine is None or mine.asked_at > _since():
                continue
            gone += mine.alerts.filter(confirmed_at=None).delete()[1].get("alerts.Alert", 0)
            Subscriber.objects.filter(pk=mine.pk).update(confirm_digest="")
            if not mine.alerts.exists():
                _forget(mine)
    return gone


def _forget(subscriber: Subscriber) -> None:
    _forget_letters(Q(subscriber=subscriber))
    subscriber.delete()


def _forget_letters(which: Q) -> None:
    letters = AlertLetter.objects.filter(which)
    forget(Message.objects.filter(pk__in=list(letters.values_list("message_id", flat=True))))
    letters.delete()
