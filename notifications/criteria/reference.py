"""The SAUE criteria as shipped in ``data/criteria.json``: regimes with their dates, rules and sources.

Pure: read and checked here, applied by the checker. Own words throughout; each rule says how far it was
verified.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from notifications.criteria.quantities import CONCERNS, FACTS_OF
from notifications.taxonomy import MODALITIES

__all__ = [
    "ComplementaryCode",
    "Condition",
    "Criteria",
    "Limit",
    "Regime",
    "Rule",
    "Term",
    "read_criteria",
    "read_regime",
    "shipped",
]

_CRITERIA = Path(__file__).resolve().parent.parent / "data" / "criteria.json"
_COMPARISONS = ("<", "<=", ">", ">=", "is")
_PEOPLE = ("anyone", "adult", "child", "foetus", "breastfed_infant")


@dataclass(frozen=True, eq=False)
class Condition:
    """One comparison of a quantity of the incident.

    For ``<``, ``<=``, ``>`` and ``>=`` the value is a decimal in ``unit``; for ``is`` it is a word (``true``,
    ``false``, ``accidental``, ``unintended``). ``who`` limits the condition to that exposed person.
    """

    quantity: str
    comparison: str
    value: str
    unit: str
    who: str

    @property
    def number(self) -> Decimal:
        """The threshold as a number; only comparisons other than ``is`` have one."""
        return Decimal(self.value)


@dataclass(frozen=True, eq=False)
class Rule:
    """One notification code: notifiable when all conditions of any one alternative hold.

    ``concerns`` names the part of an incident that the rule is about (``foetus``, ``radionuclide_therapy``);
    where an incident has no such part the rule has nothing to say. Empty: it is about every incident.
    Where all conditions of one of ``doubtful_when_any`` hold, the rule may apply: nobody can tell from
    what is published.
    """

    code: str
    category: str
    criterion: str
    modalities: tuple[str, ...]
    confidence: str
    verified: bool
    source: str
    note: str
    notifiable_when_any: tuple[tuple[Condition, ...], ...]
    concerns: str = ""
    doubtful_when_any: tuple[tuple[Condition, ...], ...] = ()


@dataclass(frozen=True, eq=False)
class Regime:
    """The rules that applied between two dates, both inclusive; None leaves that side open.

    Where only the month of its beginning is published, ``effective_from`` is the first day on which it may
    have applied and ``begun_by`` the last on which the one before may have: between them nobody can tell.
    """

    id: str
    label: str
    effective_from: date | None
    effective_to: date | None
    source: str
    verified: bool
    note: str
    rules: tuple[Rule, ...]
    begun_by: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the regime applied on ``day``, as far as its beginning is known."""
        return (self.effective_from or day) <= day <= (self.effective_to or day)

    def touches(self, first: date, last: date) -> bool:
        """Whether it applied on a day from ``first`` to ``last``, as far as its beginning is known."""
        return (self.effective_from or last) <= last and first <= (self.effective_to or first)

    def is_in_doubt(self, first: date, last: date) -> bool:
        """Whether on any of those days the regime before it may still have applied in its stead."""
        begins = self.effective_from
        return begins is not None and self.begun_by is not None and begins <= last and first <= self.begun_by


@dataclass(frozen=True)
class ComplementaryCode:
    """A code given beside a numbered one, never alone. The letters are not verified."""

    key: str
    label: str
    rule: str
    letter: str
    letter_verified: bool
    source: str


@dataclass(frozen=True)
class Limit:
    """A time limit in days after the date named by ``starts_on``."""

    key: str
    days: int
    counted_in: str
    starts_on: str
    verified: bool
    source: str

    @property
    def length(self) -> str:
        """How long there is: "14 days", "20 working days"."""
        return f"{self.days} {self.counted_in.removeprefix('calendar_').replace('_', ' ')}"


@dataclass(frozen=True)
class Term:
    """How a word of the criteria is to be read."""

    term: str
    meaning: str
    verified: bool
    source: str


@dataclass(frozen=True)
class Criteria:
    """Everything in the file."""

    terms: tuple[Term, ...]
    regimes: tuple[Regime, ...]
    complementary: tuple[ComplementaryCode, ...]
    complementary_rule: str
    limits: tuple[Limit, ...]

    def regime_on(self, day: date) -> Regime:
        """The regime that applied on ``day``; there is always exactly one."""
        return next(regime for regime in self.regimes if regime.covers(day))

    def regimes_between(self, first: date, last: date) -> tuple[Regime, ...]:
        """Every regime that applied, or may have, on any day from ``first`` to ``last``, in their order."""
        found = []
        for place, regime in enumerate(self.regimes):
            later = self.regimes[place + 1] if place + 1 < len(self.regimes) else None
            if regime.touches(first, last) or (later is not None and later.is_in_doubt(first, last)):
                found.append(regime)
        return tuple(found)

    def limit(self, key: str) -> Limit:
        """The time limit of that name, ``notification`` or ``report``; ``KeyError`` for any other."""
        return {limit.key: limit for limit in self.limits}[key]

    def regime(self, regime_id: str) -> Regime:
        """The regime by its id, such as ``SAUE-2023``; ``KeyError`` when there is none."""
        return {regime.id: regime for regime in self.regimes}[regime_id]


def read_criteria(path: Path = _CRITERIA) -> Criteria:
    """The criteria.

    ``ValueError`` names the regime and rule that is wrong, or the two regimes between which a day is lost.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        criteria = Criteria(
            terms=tuple(Term(**entry) for entry in document["interpretation"]),
            regimes=_regimes(document["regimes"]),
            complementary=tuple(ComplementaryCode(**entry) for entry in document["complementary"]),
            complementary_rule=document["complementary_rule"],
            limits=tuple(Limit(**entry) for entry in document["limits"]),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path.name}: an entry lacks or has an unknown field ({error})") from error
    _refuse_repeats("term", [term.term for term in criteria.terms])
    _refuse_repeats("complementary code", [code.key for code in criteria.complementary])
    _refuse_repeats("limit", [limit.key for limit in criteria.limits])
    return criteria


@cache
def shipped() -> Criteria:
    """The criteria of the project's own file, which decide unless others are given: read once."""
    return read_criteria()


def read_regime(entry: Mapping[str, Any]) -> Regime:
    """One regime, written as those of the file are. ``ValueError`` says what is wrong with it."""
    try:
        return _regime(entry, tuple(_rule(entry["id"], rule) for rule in entry["rules"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"an entry lacks or has an unknown field ({error})") from error


def _regimes(entries: Iterable[Mapping[str, Any]]) -> tuple[Regime, ...]:
    regimes: list[Regime] = []
    for entry in entries:
        same_as = entry["rules_same_as"]
        known = {regime.id: regime for regime in regimes}
        if same_as is not None and same_as not in known:
            raise ValueError(
                f"regime {entry['id']}: it takes its rules from {same_as}, which is not before it"
            )
        rules = (
            known[same_as].rules if same_as else tuple(_rule(entry["id"], rule) for rule in entry["rules"])
        )
        regimes.append(_regime(entry, rules))
    _refuse_repeats("regime", [regime.id for regime in regimes])
    _refuse_gaps(regimes)
    return tuple(regimes)


def _regime(entry: Mapping[str, Any], rules: tuple[Rule, ...]) -> Regime:
    _refuse_repeats(f"regime {entry['id']}: code", [rule.code for rule in rules])
    return Regime(
        id=entry["id"],
        label=entry["label"],
        effective_from=_date(entry["id"], entry["effective_from"]),
        effective_to=_date(entry["id"], entry["effective_to"]),
        source=entry["source"],
        verified=entry["verified"],
        note=entry["note"],
        rules=rules,
        begun_by=_date(entry["id"], entry.get("begun_by")),
    )


def _date(regime_id: str, text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise ValueError(f"regime {regime_id}: {text!r} is not a date") from error


def _rule(regime_id: str, entry: Mapping[str, Any]) -> Rule:
    where = f"regime {regime_id}, code {entry['code']}"
    alternatives, doubts = (
        tuple(tuple(_condition(where, condition) for condition in alternative) for alternative in each)
        for each in (entry["notifiable_when_any"], entry.get("doubtful_when_any", ()))
    )
    if not alternatives or not all((*alternatives, *doubts)):
        raise ValueError(f"{where}: no condition says when it applies")
    if not entry["modalities"] or not set(entry["modalities"]) <= set(MODALITIES):
        raise ValueError(f"{where}: {entry['modalities']} is not a list of modalities")
    if entry.get("concerns", "") not in ("", *CONCERNS):
        raise ValueError(f"{where}: {entry['concerns']!r} is no part of an incident")
    read = {"modalities": tuple(entry["modalities"]), "notifiable_when_any": alternatives}
    return Rule(**{**entry, **read, "doubtful_when_any": doubts})


def _condition(where: str, entry: Mapping[str, str]) -> Condition:
    condition = Condition(**entry)
    if condition.quantity not in FACTS_OF:
        raise ValueError(f"{where}: {condition.quantity!r} is nothing that is asked about an incident")
    if condition.comparison not in _COMPARISONS or condition.who not in _PEOPLE:
        raise ValueError(f"{where}: {condition.comparison!r} for {condition.who!r} is not a known comparison")
    if condition.comparison != "is":
        try:
            Decimal(condition.value)
        except InvalidOperation as error:
            raise ValueError(f"{where}: {condition.value!r} is not a number") from error
    return condition


def _refuse_gaps(regimes: list[Regime]) -> None:
    """Regimes follow each other day by day: the first has no beginning, the last no end."""
    if not regimes or regimes[0].effective_from is not None or regimes[-1].effective_to is not None:
        raise ValueError("the first regime must have no beginning and the last no end")
    for earlier, later in pairwise(regimes):
        ended, began = earlier.effective_to, later.effective_from
        if ended is None or began is None or ended + timedelta(days=1) != began:
            raise ValueError(
                f"regimes {earlier.id} and {later.id}: the one ends on {ended}, the other begins on {began}"
            )
        _refuse_endless_doubt(earlier, later)


def _refuse_endless_doubt(earlier: Regime, later: Regime) -> None:
    """A doubtful beginning ends before the regime does, and the doubt is between two regimes alone."""
    begun_by, began = later.begun_by, later.effective_from
    if begun_by is None or began is None:
        return
    clears = earlier.begun_by is None or earlier.begun_by < began
    if begun_by < began or begun_by >= (later.effective_to or date.max) or not clears:
        raise ValueError(f"regime {later.id}: it cannot have begun by {begun_by}")


def _refuse_repeats(what: str, keys: list[str]) -> None:
    for place, key in enumerate(keys):
        if key in keys[:place]:
            raise ValueError(f"{what} {key} is given twice")
