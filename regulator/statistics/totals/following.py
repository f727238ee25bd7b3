"""Keeping the totals in step: what happened is read off the chain by number, as the search reads it.

Every change of a total, of the case's own record and of the mark is one transaction that holds the mark: of
two workers the second waits and finds the work done, and one that is killed leaves nothing half done. What a
case counts as is asked anew each time and compared with what it was counted as, so that a turn may be
repeated at any time. No service waits for a turn (decision 39).
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, TypeVar

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from regulator import clock
from regulator.casework.models import Case, Event
from regulator.organisations.models import Employer
from regulator.statistics.totals.cells import SOURCES, Counted, Line
from regulator.statistics.totals.models import CountedCase, Mark, Revision, Total, key_of

__all__ = ["Differences", "anything_to_follow", "follow", "recount"]

A_TURN: Final = 200
"""Events that are followed at once."""
_A_BATCH: Final = 500
"""Cases or totals that are read and written at once."""
_OVERLAP: Final = timedelta(hours=1)
"""How far back edited employers are looked for: longer than any transaction is open."""
_WRITTEN: Final = ("series", "day", "modality", "parts", "employer_type")

Differences = Counter[Line]
"""By line, how much was added to a total or taken off it; none is 0."""
T = TypeVar("T")


def follow() -> int:
    """One turn: count anew the cases of the next events, and those of an employer whose type was changed.
    Answers how much was followed; 0 where there was nothing.

    At most 20 SQL queries beside those of the apps' cells, at any number of cases and totals.
    """
    if not anything_to_follow():
        return 0
    with transaction.atomic():
        mark = _held_mark()
        began = timezone.now()
        events = Event.objects.filter(sequence__gt=mark.followed_to).order_by("sequence")
        happened = list(events.values_list("sequence", "case_id")[:A_TURN])
        edited = _of_edited_employers(mark.edits_to)
        _tell(_apply(_count_anew({*edited, *(key for _, key in happened if key is not None)})))
        if happened:
            mark.followed_to = happened[-1][0]
        if len(edited) < A_TURN:
            mark.edits_to = began
        mark.save()
    return len(happened) + len(edited)


def anything_to_follow() -> bool:
    """Whether something happened that the totals do not know of (at most four queries)."""
    mark = Mark.objects.filter(pk=1).first() or Mark(pk=1)
    if Event.objects.filter(sequence__gt=mark.followed_to).exists():
        return True
    return bool(_of_edited_employers(mark.edits_to))


def recount() -> Differences:
    """Count every case anew, a batch at a time, and hold the totals against all that is counted; answers what
    differed, which is nothing where every turn did its work. Says the day up to which is counted now.

    May be run while people work: what happens meanwhile is followed as ever.
    """
    differed: Differences = Counter()
    last = 0
    while keys := _next_cases(last):
        with transaction.atomic():
            _held_mark()
            changed = _apply(_count_anew(keys))
            _tell(changed)
        differed.update(changed)
        last = keys[-1]
    with transaction.atomic():
        _held_mark()
        changed = _apply(_not_as_counted())
        _tell(changed, counted=True)
    differed.update(changed)
    return Counter({line: number for line, number in differed.items() if number})


def _next_cases(after: int) -> list[int]:
    found = Case.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)
    return list(found[:_A_BATCH])


def _held_mark() -> Mark:
    Mark.objects.get_or_create(pk=1)
    return Mark.objects.select_for_update().get(pk=1)


def _count_anew(keys: Collection[int]) -> Differences:
    """Bring the records of these cases in step, and answer by how much the totals must change."""
    held = {row.case_id: row for row in CountedCase.objects.filter(pk__in=keys)}
    wanted = _wanted(keys)
    changed = [row for key, row in wanted.items() if key not in held or not _is_same(row, held[key])]
    gone = [row for key, row in held.items() if key not in wanted]
    CountedCase.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["case"], update_fields=_WRITTEN
    )
    if gone:
        CountedCase.objects.filter(pk__in=[row.case_id for row in gone]).delete()
    differences: Differences = Counter()
    for row in changed:
        differences.update(_lines(row))
        if row.case_id in held:
            gone.append(held[row.case_id])
    for row in gone:
        differences.subtract(_lines(row))
    return differences


def _wanted(keys: Collection[int]) -> dict[int, CountedCase]:
    """As what each of these cases that counts should stand: one query, and those of the apps' cells."""
    found = [
        (series, key, counted) for series, source in SOURCES.items() for key, counted in source.cells(keys)
    ]
    cases = Case.objects.filter(pk__in=[key for _, key, _ in found])
    types = dict(cases.order_by().values_list("pk", "employer__type"))
    return {
        key: CountedCase(
            case_id=key,
            series=series,
            day=counted.day,
            modality=counted.modality,
            parts=dict(counted.parts),
            employer_type=types[key],
        )
        for series, key, counted in found
        if key in types
    }


def _is_same(one: CountedCase, other: CountedCase) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in _WRITTEN)


def _lines(row: CountedCase) -> Iterator[Line]:
    return Counted(row.day, row.modality, row.parts).lines(row.series)


def _apply(differences: Differences) -> Differences:
    """Add the differences to the totals; answers those that are not 0."""
    wanted = {line: number for line, number in differences.items() if number}
    for some in _batches(sorted(wanted)):
        keys = {key_of(line): line for line in some}
        held = dict(Total.objects.filter(pk__in=keys).values_list("pk", "number"))
        rows = [_total(key, line, held.get(key, 0) + wanted[line]) for key, line in keys.items()]
        Total.objects.bulk_create(
            [row for row in rows if row.number],
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["number"],
        )
        if none := [row.key for row in rows if not row.number]:
            Total.objects.filter(pk__in=none).delete()
    return Counter(wanted)


def _total(key: str, line: Line, number: int) -> Total:
    series, month, modality, dimension, value = line
    return Total(
        key=key,
        series=series,
        month=month,
        modality=modality,
        dimension=dimension,
        value=value,
        number=number,
    )


def _not_as_counted() -> Differences:
    """By how much each total differs from what the records of the cases add up to."""
    differences: Differences = Counter()
    for row in CountedCase.objects.iterator(chunk_size=_A_BATCH):
        differences.update(_lines(row))
    columns = ("series", "month", "modality", "dimension", "value", "number")
    for *line, number in Total.objects.values_list(*columns).iterator():
        differences[tuple(line)] -= number
    return differences


def _tell(changed: Differences, *, counted: bool = False) -> None:
    """Give the totals their next revision, where they or the day up to which they count changed."""
    held, is_new = Revision.objects.get_or_create(pk=1)
    today = clock.today()
    if changed or is_new or (counted and held.counted_on != today):
        held.number += 1
        held.changed_at, held.counted_on = clock.now(), today
        held.save()


def renew() -> None:
    """Give the totals their next revision though no number changed, because what is said beside them did: a
    year was signed off."""
    Revision.objects.filter(pk=1).update(number=F("number") + 1, changed_at=clock.now())


def _of_edited_employers(moment: datetime | None) -> list[int]:
    """The cases that were counted under a former type of their employer, at most a turn of them (one query
    where no employer was edited since, two else)."""
    since = (moment or timezone.now()) - _OVERLAP
    edited = list(
        Employer.history.filter(history_date__gte=since).order_by().values_list("id", flat=True).distinct()
    )
    if not edited:
        return []
    theirs = CountedCase.objects.filter(case__employer__in=edited)
    former = theirs.exclude(employer_type=F("case__employer__type")).order_by("pk")
    return list(former.values_list("pk", flat=True)[:A_TURN])


def _batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), _A_BATCH):
        yield items[start : start + _A_BATCH]
