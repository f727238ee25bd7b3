"""Whether somebody may sign the newest freeze of a report now, and why not: asked by the service, the page of
the report and the desk's home, so that none offers what another refuses. Whether their role signs at all is
asked apart.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Exists, OuterRef

from regulator.accounts.models import User
from regulator.statistics.reports.frozen import Content
from regulator.statistics.reports.models import Block, Freeze, Report
from regulator.statistics.reports.overtaken import Overtaken, overtaken

__all__ = ["FROZE", "REWRITTEN", "STARTED", "WROTE", "Newest", "newest_of", "to_sign"]

FROZE: Final = "You froze this. Somebody else signs it."
STARTED: Final = "You started this edition. Somebody else signs it."
WROTE: Final = "You wrote some of its text, in this edition or an earlier one. Somebody else signs it."
REWRITTEN: Final = "Some text was written after this freeze. It is frozen again first."
_NOTHING: Final = "Nothing is frozen yet."
_SIGNED: Final = "It was signed already."


@dataclass(frozen=True, slots=True)
class Newest:
    """A report with its newest freeze (``None`` where nothing is frozen), whoever wrote any version of any
    text of any edition of its year, whether its text was rewritten since the freeze, and what the library
    tells otherwise since of the cases in it."""

    report: Report
    freeze: Freeze | None
    writers: frozenset[int]
    is_rewritten: bool
    overtaken: tuple[Overtaken, ...]

    def own(self, by: User) -> str:
        """Why ``by`` is no second person to it, in plain English; ``""`` where they are one."""
        if self.freeze is not None and by.pk == self.freeze.frozen_by_id:
            return FROZE
        if by.pk in self.writers:
            return WROTE
        return STARTED if by.pk == self.report.started_by_id else ""

    def refusal(self, by: User) -> str:
        """Why ``by`` may not sign it now, in plain English; ``""`` where they may."""
        if self.report.state != Report.State.DRAFTING:
            return _SIGNED
        if self.freeze is None:
            return _NOTHING
        if refused := self.own(by):
            return refused
        return REWRITTEN if self.is_rewritten else " ".join(map(str, self.overtaken))


def newest_of(report: Report) -> Newest:
    """What there is to sign of a report (3 queries at most)."""
    [found] = _newest([report])
    return found


def to_sign(by: User) -> list[Report]:
    """The reports that ``by`` may sign now, if their role signs (4 queries at most, 1 where none is drafted
    and frozen)."""
    drafts = Report.objects.filter(state=Report.State.DRAFTING, freezes__isnull=False).distinct()
    return [each.report for each in _newest(list(drafts)) if not each.refusal(by)]


def _newest(reports: Sequence[Report]) -> Iterable[Newest]:
    if not reports:
        return
    later = Freeze.objects.filter(report=OuterRef("report"), number__gt=OuterRef("number"))
    found = Freeze.objects.filter(~Exists(later), report__in=reports)
    freezes = {each.report_id: each for each in found}
    texts, writers = _written({each.starts_on for each in reports})
    contents = {key: Content.read(freeze.content) for key, freeze in freezes.items()}
    since = overtaken(contents)
    for report in reports:
        content = contents.get(report.pk)
        standing = {place: text for place, text in texts.get(report.pk, {}).items() if text}
        yield Newest(
            report,
            freezes.get(report.pk),
            frozenset(writers.get(report.starts_on, ())),
            content is not None and standing != dict(content.texts),
            tuple(since.get(report.pk, ())),
        )


def _written(years: Iterable[date]) -> tuple[dict[int, dict[str, str]], Mapping[date, set[int]]]:
    """By report the text that stands at each place, and by year who wrote any version of any text of any
    edition (1 query)."""
    texts: dict[int, dict[str, str]] = {}
    writers: dict[date, set[int]] = {}
    rows = Block.objects.filter(report__starts_on__in=years).order_by("report", "place", "number")
    told = rows.values_list("report", "report__starts_on", "place", "text", "written_by")
    for report, year, place, text, writer in told:
        texts.setdefault(report, {})[place] = text
        writers.setdefault(year, set()).add(writer)
    return texts, writers
