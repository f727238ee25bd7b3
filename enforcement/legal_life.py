"""The clocks of a notice after all that happened to it: appeals, extensions, compliance, withdrawal. Pure.

Each clock is a day or none, with its derivation. What moves or stops a clock comes as steps, in the order in
which CQC recorded them. Sources: as ``enforcement.legal_clock``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypeAlias

from enforcement.legal_clock import (
    FIRST_DAY,
    TRADE_SECRET_DAYS,
    LegalDate,
    compliance_after_appeal,
    last_day_to_appeal_cautious,
    publication_due,
    publication_withheld_until,
    register_update_due,
)

IMPROVEMENT: Final = "improvement"
DEFERRED: Final = "prohibition_deferred"
CANCELLED: Final = "cancelled"
MODIFIED: Final = "modified"


@dataclass(frozen=True, slots=True)
class Extended:
    """That CQC gave more time (HSWA 1974 s23)."""

    on: date
    to: date


@dataclass(frozen=True, slots=True)
class Appealed:
    """An appeal: pending while ``disposed_on`` is ``None``. ``was_owed``: compliance was still owed when it
    was lodged, whatever CQC had recorded before it learnt of it. ``compliance_on`` is a date that the
    tribunal set, ``suspended_from`` and ``suspended_until`` its direction about a prohibition."""

    lodged_on: date
    disposed_on: date | None = None
    outcome: str = ""
    compliance_on: date | None = None
    was_owed: bool = True
    suspended_from: date | None = None
    suspended_until: date | None = None


Step: TypeAlias = Extended | Appealed


@dataclass(frozen=True, slots=True)
class Life:
    """All that the clocks of a served notice hang on. ``compliance_on`` is the date that it stated when it
    was served; ``entered_on`` since when an entry stands, or stood, on the public register."""

    type: str
    served_on: date
    compliance_on: date | None = None
    steps: tuple[Step, ...] = ()
    complied_on: date | None = None
    satisfied_on: date | None = None
    withdrawn_on: date | None = None
    entered_on: date | None = None

    @property
    def appeals(self) -> tuple[Appealed, ...]:
        return tuple(each for each in self.steps if isinstance(each, Appealed))

    @property
    def pending(self) -> Appealed | None:
        return next((each for each in self.appeals if each.disposed_on is None), None)

    @property
    def directed(self) -> Appealed | None:
        """The last appeal on which the tribunal suspended a prohibition."""
        return last_directed(self.appeals)

    @property
    def over(self) -> str:
        """Why nothing is owed or published any more; ``""`` where the notice stands."""
        if self.withdrawn_on is not None:
            return f"The notice was withdrawn on {_day(self.withdrawn_on)}."
        cancelled = next((each for each in self.appeals if each.outcome == CANCELLED), None)
        if cancelled is not None and cancelled.disposed_on is not None:
            return f"The tribunal cancelled the notice on {_day(cancelled.disposed_on)}."
        return ""


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock: its name, its day or none, and how the day was found or why there is none."""

    name: str
    on: date | None
    derivation: str


def clocks(life: Life) -> tuple[Clock, ...]:
    """Every clock of a notice, always the same ones in the same order."""
    return (
        _of("appeal", last_day_to_appeal_cautious(life.served_on)),
        _of("trade_secret", _trade_secret(life)),
        _comply(life),
        _binds_again(life),
        *_publication(life),
        _register(life),
    )


def _of(name: str, found: LegalDate) -> Clock:
    return Clock(name, found.on, found.derivation)


def _trade_secret(life: Life) -> LegalDate:
    day = life.served_on + timedelta(days=TRADE_SECRET_DAYS)
    return LegalDate(day, f"{TRADE_SECRET_DAYS} days after the day of service, {_day(life.served_on)}.")


def _comply(life: Life) -> Clock:
    """The day by which the notice is complied with, or on which a deferred prohibition takes effect."""
    name = "comply"
    if life.over:
        return Clock(name, None, life.over)
    if life.compliance_on is None:
        return Clock(name, None, f"It took effect on service, {_day(life.served_on)}: no period runs.")
    pending, found = life.pending, _owed_by(life, life.compliance_on)
    met = f" Complied with on {_day(life.complied_on)}." if life.complied_on else ""
    if pending is not None and _suspends(life, pending, found.on):
        why = f"Stopped: the appeal of {_day(pending.lodged_on)} suspends the notice until it is disposed of."
        return Clock(name, None, f"{why}{met}")
    return Clock(name, found.on, f"{found.derivation}{_though_suspended(life, found.on)}{met}")


def _owed_by(life: Life, stated_on: date) -> LegalDate:
    """The date for compliance after every step."""
    found = _stated(stated_on)
    for step in life.steps:
        found = _owed_after(life, step, found)
    return found


def _stated(on: date) -> LegalDate:
    return LegalDate(on, "The date that the notice stated when it was served.")


def _owed_after(life: Life, step: Step, before: LegalDate) -> LegalDate:
    """The date for compliance after one step."""
    if isinstance(step, Extended):
        return LegalDate(step.to, f"The date that CQC gave, allowing more time, on {_day(step.on)}.")
    if step.disposed_on is None:
        return before
    if step.compliance_on is not None:
        return LegalDate(step.compliance_on, f"The date that the tribunal set on {_day(step.disposed_on)}.")
    if _suspends(life, step, before.on):
        return compliance_after_appeal(before.on, lodged_on=step.lodged_on, disposed_on=step.disposed_on)
    return before


def new_days(life: Life) -> Iterator[tuple[Step, date | None]]:
    """Each step, with the date for compliance from it on where the step moved that; else none."""
    found = _stated(life.compliance_on) if life.compliance_on is not None else None
    for step in life.steps:
        after = _owed_after(life, step, found) if found is not None else None
        yield step, after.on if after is not None and found is not None and after.on != found.on else None
        found = after


def _suspends(life: Life, appeal: Appealed, due_on: date) -> bool:
    return suspends(life.type, was_owed=appeal.was_owed, lodged_on=appeal.lodged_on, due_on=due_on)


def suspends(type: str, *, was_owed: bool, lodged_on: date, due_on: date) -> bool:
    """HSWA 1974 s24(3): an appeal suspends an improvement notice, and its period stands still from the day on
    which it was lodged where compliance was still owed then. A period that had ended by that day, the day for
    compliance being ``due_on``, cannot stand still: whether CQC had recorded the failure changes nothing."""
    return type == IMPROVEMENT and was_owed and lodged_on <= due_on


def last_directed(appeals: Sequence[Appealed]) -> Appealed | None:
    """The last of these appeals on which the tribunal directed that a prohibition does not bind, if that came
    to be: a suspension that was to begin later than the appeal ended never began."""
    return next((each for each in reversed(appeals) if _began(each)), None)


def _began(appeal: Appealed) -> bool:
    if appeal.suspended_from is None:
        return False
    return appeal.disposed_on is None or appeal.suspended_from < appeal.disposed_on


def binds_from(takes_effect_on: date, directed: Appealed | None) -> date:
    """The first day on which a deferred prohibition binds, for good: the later of the day on which it takes
    effect and the first after its suspension. While nothing ends that, the former."""
    freed_on = _freed_on(directed) if directed is not None else None
    return max(takes_effect_on, freed_on) if freed_on is not None else takes_effect_on


def _freed_on(directed: Appealed) -> date | None:
    """The first day after a suspension; ``None`` while nothing ends it."""
    after = directed.suspended_until + timedelta(days=1) if directed.suspended_until is not None else None
    return min((day for day in (after, directed.disposed_on) if day is not None), default=None)


def _though_suspended(life: Life, on: date) -> str:
    last = life.directed
    said = suspension_means(on, last) if life.type == DEFERRED and last is not None else ""
    return f" {said}" if said else ""


def suspension_means(takes_effect_on: date, directed: Appealed) -> str:
    """What a direction means for the day on which a deferred prohibition takes effect; ``""`` for one that
    took effect before, and where the suspension never began. HSWA 1974 s24(3)(b) suspends the operation of
    the notice, and no period: the day stands, and where it falls into the suspension the notice binds once
    that ends (the portal's own reading)."""
    if directed.suspended_from is None or not _began(directed) or takes_effect_on < directed.suspended_from:
        return ""
    freed_on = _freed_on(directed)
    since = f"The tribunal’s suspension from {_day(directed.suspended_from)}"
    if freed_on is not None and takes_effect_on >= freed_on:
        return f"{since} is over by then and does not move it."
    until = f"before {_day(freed_on)}" if freed_on is not None else "until the appeal is disposed of"
    return f"{since} does not move it, but keeps it from binding {until}."


def _binds_again(life: Life) -> Clock:
    """The first day on which a prohibition binds again after the tribunal suspended it: for a deferred one
    not before the day on which it takes effect."""
    name, last = "binds_again", life.directed
    if life.over or last is None:
        return Clock(name, None, life.over or "The tribunal suspended nothing.")
    since = f"Suspended by the tribunal’s direction from {_day(last.suspended_from)}"
    effect = _owed_by(life, life.compliance_on).on if life.compliance_on is not None else life.served_on
    on = _freed_on(last)
    if on is None:
        later = f", and not before {_day(effect)}, when it takes effect" if effect > life.served_on else ""
        return Clock(name, None, f"{since}, until the appeal is disposed of{later}.")
    ended = (
        f"the appeal was disposed of on {_day(on)}" if on == last.disposed_on else _day(last.suspended_until)
    )
    if effect > on:
        later = f"{since}, until {ended}; it takes effect only on {_day(effect)}."
        return _of(name, LegalDate(effect, later, FIRST_DAY))
    return _of(name, LegalDate(on, f"{since}, until {ended}.", FIRST_DAY))


def _publication(life: Life) -> tuple[Clock, Clock]:
    """The first day on which the notice may be public, and the last by which its entry is made (ESIA 1988
    s3(1), s3(2) and s4)."""
    pending = life.pending
    why = life.over
    if not why and pending is not None:
        why = f"The appeal of {_day(pending.lodged_on)} is pending."
    if why:
        return Clock("publish_from", None, why), Clock("publish_by", None, why)
    days = [each.disposed_on for each in life.appeals if each.disposed_on is not None]
    disposed_on = max(days, default=None)
    withheld = publication_withheld_until(life.served_on, disposed_on=disposed_on)
    opens = LegalDate(withheld.on + timedelta(days=1), f"The day after this: {withheld.how}", FIRST_DAY)
    if disposed_on is not None and disposed_on > opens.on:
        opens = LegalDate(disposed_on, "The day on which the appeal was disposed of.", FIRST_DAY)
    due = publication_due(life.served_on, disposed_on=disposed_on)
    return _of("publish_from", opens), _of("publish_by", due)


def _register(life: Life) -> Clock:
    """The last day for an entry that stands to show what changed (ESIA 1988 s3(3) and (4))."""
    name = "register"
    if life.entered_on is None:
        return Clock(name, None, "No entry stands on the register.")
    changed = [day for day in _changes(life) if day >= life.entered_on]
    if not changed:
        return Clock(name, None, "Nothing changed since the entry was made.")
    return _of(name, register_update_due(max(changed)))


def _changes(life: Life) -> Iterator[date]:
    for step in life.steps:
        if isinstance(step, Extended):
            yield step.on
        elif step.outcome == MODIFIED and step.disposed_on is not None:
            yield step.disposed_on
    yield from (day for day in (life.satisfied_on, life.withdrawn_on) if day is not None)


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else ""
