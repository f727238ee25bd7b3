"""What stands of an employer's activity, and what a filing would change. Reads; each states its queries."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.text import get_text_list

from regulator.organisations.models import (
    EMPLOYERS_RETURN,
    ActivityReturn,
    Employer,
    Modality,
    Site,
    amount_in_words,
    most_trusted_first,
)
from regulator.organisations.returns import (
    ReturnDetails,
    doubts_about,
    last_ended,
    years_open,
)
from regulator.periods import DayRange, Period, first_to_cover

Standing = Mapping[tuple[str, str], ActivityReturn]
"""The employer's own returns, by the reporting year's label and the modality."""


@dataclass(frozen=True, slots=True)
class Source:
    """A return that touches a reporting year; ``days`` says on how many days of it this one counts."""

    row: ActivityReturn
    days: int
    whole: bool


@dataclass(frozen=True, slots=True)
class YearRow:
    """One modality in one reporting year. ``own`` is the employer's return, ``sources`` everybody's, the most
    trusted first; ``is_missing`` says that it should be returned and is not."""

    year: Period
    modality: str
    own: ActivityReturn | None
    sources: Sequence[Source]
    is_missing: bool

    @property
    def label(self) -> str:
        return str(Modality(self.modality).label)

    @property
    def counted(self) -> list[Source]:
        """What counts for the year: one source, unless several cover parts of it."""
        return [each for each in self.sources if each.days]


@dataclass(frozen=True, slots=True)
class Overview:
    """What a lead wants to know: every year and modality of which anything is known or should be; what is
    ``missing`` for the last year that ended; whether any open site says what it carries out."""

    rows: Sequence[YearRow]
    last: Period
    missing: Sequence[str]
    sites_say: bool

    @property
    def missing_in_words(self) -> str:
        """ "diagnostic imaging and radiotherapy"."""
        return get_text_list([str(Modality(each).label).lower() for each in self.missing], "and")


@dataclass(frozen=True, slots=True)
class ReturnChange:
    """What filing ``details`` would do to the return that stands, if one does; and why to doubt it."""

    details: ReturnDetails
    before: ActivityReturn | None
    doubts: Sequence[str]

    @property
    def label(self) -> str:
        return str(Modality(self.details.modality).label)

    @property
    def after_in_words(self) -> str:
        """How the return will stand."""
        return amount_in_words(self.details.modality, self.details.quantity, self.details.completeness)

    @property
    def is_change(self) -> bool:
        return self.before is None or (self.before.quantity, self.before.completeness) != (
            self.details.quantity,
            self.details.completeness,
        )

    @property
    def version(self) -> int:
        """Of the return that stands; 0 where none does."""
        return self.before.version if self.before else 0


def returns_of(employer: Employer) -> QuerySet[ActivityReturn]:
    """Every return about the employer, whoever made it, the most trusted first. One query."""
    return ActivityReturn.objects.filter(employer=employer).order_by(*most_trusted_first())


def own_returns(employer: Employer) -> QuerySet[ActivityReturn]:
    """What the employer itself returned, the newest year first. One query."""
    own = ActivityReturn.objects.filter(employer=employer, source=EMPLOYERS_RETURN)
    return own.order_by("-period_start", "modality")


def standing_of(rows: Iterable[ActivityReturn], today: date) -> Standing:
    """The employer's own returns among ``rows``. No query."""
    return {
        (year.label, each.modality): each
        for each, year in _with_years(rows, today)
        if each.is_own and year is not None
    }


def carried_out(employer: Employer, *, open_only: bool) -> set[str]:
    """The modalities of the employer's sites; empty where no site says anything. One query."""
    sites = Site.objects.filter(employer=employer)
    said = (sites.filter(is_open=True) if open_only else sites).values_list("modalities", flat=True)
    return {modality for modalities in said for modality in modalities}


def overview(employer: Employer, today: date) -> Overview:
    """What stands of the employer's activity, the newest year first. Two queries."""
    rows, offered = list(returns_of(employer)), carried_out(employer, open_only=True)
    standing, last = standing_of(rows, today), last_ended(today)
    missing = [each for each in Modality.values if each in offered and (last.label, each) not in standing]
    found = [
        YearRow(
            year=year,
            modality=modality,
            own=standing.get((year.label, modality)),
            sources=sources,
            is_missing=year == last and modality in missing,
        )
        for year in years_open(today)
        for modality, sources in _sources_in(year, rows).items()
        if sources or (year == last and modality in missing)
    ]
    return Overview(found, last, missing, bool(offered))


def days_counted(rows: Sequence[ActivityReturn]) -> dict[int, int]:
    """On how many of its days each return counts, by its key; ``rows`` the most trusted first. No query."""
    found: dict[int, int] = {}
    for modality in Modality.values:
        mine = [each for each in rows if each.modality == modality]
        if mine:
            ends = [(each.period_start, each.period_end) for each in mine]
            window = DayRange(min(start for start, _ in ends), max(end for _, end in ends))
            found |= {each.row.pk: each.days for each in _shared_out(window, mine)}
    return found


def changes(
    employer: Employer, details: Sequence[ReturnDetails], today: date, *, rows: Sequence[ActivityReturn]
) -> list[ReturnChange]:
    """What filing each of ``details`` would change, in their order; ``rows`` is ``returns_of``. One query.

    The number of another year is what the same filing says, else the employer's own return, else the most
    trusted.
    """
    standing, sites_say = standing_of(rows, today), carried_out(employer, open_only=False)
    numbers = _numbers(rows, today) | {key: row.quantity for key, row in standing.items()}
    numbers |= {(each.year.label, each.modality): each.quantity for each in details}
    found = []
    for each in details:
        doubts = doubts_about(each, numbers=numbers, carried_out=sites_say)
        found.append(ReturnChange(each, standing.get((each.year.label, each.modality)), doubts))
    return found


def year_labels(rows: Iterable[ActivityReturn], today: date) -> dict[int, str]:
    """The reporting year of each return that covers exactly one, by its key. No query."""
    return {each.pk: year.label for each, year in _with_years(rows, today) if year is not None}


def _with_years(
    rows: Iterable[ActivityReturn], today: date
) -> Iterator[tuple[ActivityReturn, Period | None]]:
    """Each return with the reporting year that it covers exactly, if it does."""
    known = {(year.start, year.end): year for year in years_open(today)}
    for each in rows:
        yield each, known.get((each.period_start, each.period_end))


def _numbers(rows: Iterable[ActivityReturn], today: date) -> dict[tuple[str, str], int]:
    """The most trusted number for each reporting year and modality, of returns for exactly that year."""
    found: dict[tuple[str, str], int] = {}
    for each, year in _with_years(rows, today):
        if year is not None:
            found.setdefault((year.label, each.modality), each.quantity)
    return found


def _sources_in(year: Period, rows: Sequence[ActivityReturn]) -> dict[str, list[Source]]:
    """By modality, the returns that touch the year, the most trusted first."""
    touching = [each for each in rows if each.period_start <= year.end and each.period_end >= year.start]
    by_modality: dict[str, list[ActivityReturn]] = {modality: [] for modality in Modality.values}
    for each in touching:
        by_modality[each.modality].append(each)
    window = DayRange(year.start, year.end)
    return {modality: _shared_out(window, mine) for modality, mine in by_modality.items()}


def _shared_out(window: DayRange, rows: Sequence[ActivityReturn]) -> list[Source]:
    counted = first_to_cover(window, [DayRange(each.period_start, each.period_end) for each in rows])
    days = [sum(stretch.days for stretch in taken) for taken in counted]
    return [Source(each, count, count == window.days) for each, count in zip(rows, days, strict=True)]
