"""The letters of the floors below the outbox (organisations and casework), with what the text of each may
say."""

from collections.abc import Iterator, Mapping
from typing import Final

from regulator.casework import letters as casework
from regulator.organisations import post as organisations
from regulator.organisations.post import HouseLetter
from regulator.outbox.letters import Letter
from regulator.outbox.payload import DAY, EMPLOYER, FLAG, LINK, MAYBE_TEXT, TEXT, Payload, Value

_PAYLOADS: Final[Mapping[HouseLetter, Payload]] = {
    organisations.INVITATION: {"employer": EMPLOYER, "role": TEXT, "link": LINK, "until": DAY},
    organisations.ADDRESS_CHANGED: {"employer": EMPLOYER, "before": MAYBE_TEXT, "after": MAYBE_TEXT},
    organisations.ACTIVITY_REMINDER: {
        "employer": EMPLOYER,
        "year": TEXT,
        "ended_on": DAY,
        "missing": Value((("Diagnostic imaging", "Radiotherapy"), ("Radiotherapy",))),
        "link": LINK,
    },
    casework.RESTRICTED: {"reference": TEXT, "who": TEXT, "names": TEXT},
    casework.GLASS_BROKEN: {"reference": TEXT, "who": TEXT, "until": TEXT, "week_url": LINK},
    casework.VIEWS_UNREVIEWED: {
        "week": DAY,
        "views": Value((5, 1)),
        "week_url": LINK,
        "nobody_left": FLAG,
    },
    casework.INTEREST: {
        "person": TEXT,
        "employer": EMPLOYER,
        "happened": TEXT,
        "cases": Value((("IN-2026-00012", "NT-2026-00034"), ("IN-2026-00012",), ())),
        "interest_url": LINK,
    },
}
_NEEDS: Final[Mapping[HouseLetter, tuple[str, ...]]] = {
    organisations.INVITATION: ("link",),
    organisations.ACTIVITY_REMINDER: ("missing", "link"),
    casework.RESTRICTED: ("reference", "names"),
    casework.GLASS_BROKEN: ("reference", "who", "until"),
    casework.VIEWS_UNREVIEWED: ("week", "week_url"),
    casework.INTEREST: ("person", "employer", "cases"),
}


def letters_from_below() -> Iterator[Letter]:
    """Those letters as kinds of the outbox. ``KeyError`` for one whose payload is not said here."""
    for each in (*organisations.LETTERS, *casework.LETTERS):
        yield Letter(
            each.name,
            each.version,
            each.subject,
            each.forgotten,
            payload=_PAYLOADS[each],
            needs=_NEEDS.get(each, ()),
        )
