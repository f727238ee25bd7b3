"""Whom the events on a timeline name: who was let into a restricted case, who was taken off, until when; to
which body something was referred."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from regulator.accounts.models import User
from regulator.casework.bodies import BODIES
from regulator.casework.models import Event
from regulator.casework.wording import as_text

_NAMING: Final = {"casework.restricted": ("people",), "casework.people_named": ("added", "removed")}
_TO_A_BODY: Final = {
    "casework.referred": "to",
    "casework.referral_corrected": "to",
    "casework.referral_replied": "from",
}
_WORDS: Final = {"people": "to", "added": "added", "removed": "taken off:"}


def people_in(events: Iterable[Event], known: Iterable[User] = ()) -> dict[int, str]:
    """The names of all whom these events name, by primary key. One query where somebody is not ``known``."""
    keys = {key for event in events for name in _NAMING.get(event.type, ()) for key in event.payload[name]}
    names = {each.pk: str(each) for each in known}
    if unknown := keys - names.keys():
        names |= {each.pk: str(each) for each in User.objects.filter(pk__in=unknown)}
    return names


def in_words(event: Event, names: Mapping[int, str]) -> str:
    """ "to A, B", "added C; taken off: A", "until 3 March 2026, 17:00", "to HSE"; nothing of any other
    event."""
    if event.type in _TO_A_BODY:
        return f"{_TO_A_BODY[event.type]} {BODIES[event.payload['body']].short}"
    if event.type == "casework.glass_broken":
        return f"until {as_text(datetime.fromisoformat(event.payload['until']))}"
    parts = []
    for name in _NAMING.get(event.type, ()):
        told = [names.get(key, "somebody") for key in event.payload[name]]
        if told:
            parts.append(f"{_WORDS[name]} {', '.join(sorted(told))}")
    return "; ".join(parts)
