"""The dates that the law hangs on the service of a notice. Pure: dates in, dates and their derivation out.

The 21 days for an appeal are counted in two ways in HSE's published guidance: beginning with the day of
service (newer text) or with the first full day after it (older text). So the recipient is shown the
earlier end, and nothing is published before the later end has gone by. Sources: Health and Safety at Work
etc. Act 1974, sections 21 and 24; Environment and Safety Information Act 1988, sections 3 and 4.

All of them are counted in calendar days: where one ends on a day on which offices are closed, neither Act
moves it, and its derivation says so. Which clocks a notice has after all that happened to it is in
``enforcement.legal_life``.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from regulator.deadlines.calendar import bank_holidays_within, is_working_day

APPEAL_DAYS: Final = 21
PUBLICATION_DAYS: Final = 14
"""ESIA 1988 s3(1): an entry is made within 14 days of the end of the time for appeal, or of its disposal."""
TRADE_SECRET_DAYS: Final = 14
"""ESIA 1988 s4: within 14 days of service the recipient may claim that the entry tells a trade secret."""
REGISTER_UPDATE_DAYS: Final = 7
"""ESIA 1988 s3(3) and (4): compliance, withdrawal and amendment show within 7 days."""
FIRST_DAY: Final = "The first day"
"""What a day is called from which on something may be, or is."""


@dataclass(frozen=True, slots=True)
class LegalDate:
    """A date, and how it was found, in words for people; ``called`` is what of a period it is."""

    on: date
    how: str
    called: str = "The last day"

    @property
    def derivation(self) -> str:
        """How it was found, and that it stays where offices are closed on it: neither Act has a rule that
        moves such a day, so the portal moves none."""
        if is_working_day(self.on):
            return self.how
        holiday = bank_holidays_within(self.on - timedelta(days=1), self.on)
        name = "a bank holiday" if holiday else f"a {self.on:%A}"
        return f"{self.how} {self.called}, {_day(self.on)}, is {name}; the law does not move it."


def last_day_to_appeal_cautious(served_on: date) -> LegalDate:
    """The last day for an appeal if the day of service counts as day 1: what the recipient is shown."""
    return LegalDate(
        served_on + timedelta(days=APPEAL_DAYS - 1),
        f"{APPEAL_DAYS} days beginning with the day of service, {_day(served_on)}.",
    )


def appeal_window_closes(served_on: date) -> LegalDate:
    """The last day for an appeal if the day after service counts as day 1. Publication waits for its end."""
    return LegalDate(
        served_on + timedelta(days=APPEAL_DAYS),
        f"{APPEAL_DAYS} days after the day of service, {_day(served_on)}, counted generously.",
    )


def earliest_compliance(served_on: date) -> LegalDate:
    """The earliest date for compliance: not before the time for appeal has ended (HSWA 1974 s21)."""
    closes = appeal_window_closes(served_on)
    return LegalDate(closes.on, f"Not before the time for appeal ends: {closes.how}", "The earliest day")


def publication_withheld_until(served_on: date, *, disposed_on: date | None = None) -> LegalDate:
    """The last day on which the notice may not be public yet.

    The later of two: the end of the time for appeal, which a disposal before that end uses up, and the end
    of the time for claiming a trade secret (ESIA 1988 s4).
    """
    closes = appeal_window_closes(served_on)
    if disposed_on is not None and disposed_on <= closes.on:
        eve = disposed_on - timedelta(days=1)
        closes = LegalDate(eve, f"The day before the appeal was disposed of on {_day(disposed_on)}.")
    secret = LegalDate(
        served_on + timedelta(days=TRADE_SECRET_DAYS),
        f"{TRADE_SECRET_DAYS} days after the day of service, {_day(served_on)}, in which a trade secret "
        "may be claimed.",
    )
    return max(closes, secret, key=lambda each: each.on)


def publication_due(served_on: date, *, disposed_on: date | None = None) -> LegalDate:
    """The last day for the register entry; after an appeal it is counted from the day of its disposal.

    Never before the first day on which it may be public.
    """
    if disposed_on is not None:
        due = LegalDate(
            disposed_on + timedelta(days=PUBLICATION_DAYS),
            f"{PUBLICATION_DAYS} days after the appeal was disposed of on {_day(disposed_on)}.",
        )
        withheld = publication_withheld_until(served_on, disposed_on=disposed_on)
        opens = withheld.on + timedelta(days=1)
        return due if due.on >= opens else LegalDate(opens, f"The day after this: {withheld.how}")
    closes = appeal_window_closes(served_on)
    return LegalDate(
        closes.on + timedelta(days=PUBLICATION_DAYS),
        f"{PUBLICATION_DAYS} days after the time for appeal ended on {_day(closes.on)}.",
    )


def register_update_due(changed_on: date) -> LegalDate:
    """The last day for the entry to show a compliance, an amendment or a withdrawal of the day given."""
    return LegalDate(
        changed_on + timedelta(days=REGISTER_UPDATE_DAYS),
        f"{REGISTER_UPDATE_DAYS} days after the notice changed on {_day(changed_on)}.",
    )


def compliance_after_appeal(compliance_on: date, *, lodged_on: date, disposed_on: date) -> LegalDate:
    """The compliance date of a suspended notice, moved by the days for which the appeal suspended it.

    The portal's own reading of HSWA 1974 s24(3); the tribunal may set another date.
    """
    suspended = disposed_on - lodged_on
    days = "day" if suspended.days == 1 else "days"
    return LegalDate(
        compliance_on + suspended,
        f"{_day(compliance_on)}, moved by the {suspended.days} {days} from {_day(lodged_on)} to "
        f"{_day(disposed_on)} for which the appeal suspended the notice.",
    )


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
