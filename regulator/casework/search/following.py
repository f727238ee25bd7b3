"""Keeping the index in step: what happened since the last turn is read off the chain, never told by a
service.

Events are numbered, and appended by one writer at a time, so "everything up to here" has no gaps. Whatever is
read before a turn is written stands or falls with the mark that it began from: of two workers one wins, and
the other begins again. Safe to repeat at any time; a turn with nothing to do writes nothing.
"""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from regulator.casework.kinds import REMOVERS
from regulator.casework.models import Case, ChainHead, Event
from regulator.casework.search import finding
from regulator.casework.search.tables import CaseText, SearchMark
from regulator.casework.search.texts import rows_for
from regulator.organisations.models import Employer, Site

A_TURN: Final = 200
"""Events that are followed at once, and cases that are written at once when all are made anew."""
_OVERLAP: Final = timedelta(hours=1)
"""How far back renamed employers and sites are looked for: longer than any transaction is open."""
_WRITTEN: Final = ("names", "words", "employer", "site", "sha256")


def follow() -> int:
    """One turn: bring the cases of the next events up to date, and those of an employer or a site that was
    renamed. Answers how much was followed; 0 where there was nothing, or another worker was faster.

    At most 12 SQL queries beside those of the apps' contributions, at any number of cases.
    """
    mark = _mark()
    events = Event.objects.filter(sequence__gt=mark.followed_to).order_by("sequence")
    happened = list(events.values_list("sequence", "case_id", "type")[:A_TURN])
    began = timezone.now()
    renamed = _renamed_since(mark.renames_to)
    if not happened and not renamed:
        return 0
    changed, gone = _compared({*renamed, *(key for _, key, _ in happened if key is not None)})
    after = SearchMark(
        followed_to=happened[-1][0] if happened else mark.followed_to,
        renames_to=mark.renames_to if len(renamed) == A_TURN else began,
    )
    purge = any(type in REMOVERS for _, _, type in happened)
    return len(happened) + len(renamed) if _write(mark, after, changed, gone, purge=purge) else 0


def anything_to_follow() -> bool:
    """Whether something happened that the index does not know of (two queries)."""
    return Event.objects.filter(sequence__gt=_mark().followed_to).exists()


def write_now(keys: Collection[int]) -> None:
    """Bring the rows of these cases up to date in the transaction of whoever asks, not a turn later: what was
    removed of a case must not be found any more. The mark stays: a turn finds them as they should be."""
    _apply(*_compared(keys))


def rebuild() -> Iterator[int]:
    """Write the row of every case anew, a batch at a time, and the database's own index after them; answers
    after each batch how many cases it held.

    May be run while people work: what happens meanwhile is followed again afterwards.
    """
    head = ChainHead.objects.filter(pk=1).first()
    mark = SearchMark(pk=1, followed_to=head.sequence if head else 0, renames_to=timezone.now())
    last = 0
    while batch := list(
        Case.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:A_TURN]
    ):
        changed, gone = _compared(batch)
        with transaction.atomic():
            _apply(changed, gone)
        last = batch[-1]
        yield len(batch)
    with transaction.atomic():
        finding.rebuild(connection)
        mark.save()
    while follow():
        pass


def _mark() -> SearchMark:
    return SearchMark.objects.filter(pk=1).first() or SearchMark(pk=1)


def _compared(keys: Collection[int]) -> tuple[list[CaseText], list[int]]:
    """The rows that are not as they should be, and the keys of those that should not be there."""
    held = dict(CaseText.objects.filter(pk__in=keys).values_list("pk", "sha256"))
    wanted = rows_for(keys)
    changed = [row for row in wanted if held.get(row.case_id) != row.sha256]
    return changed, sorted(held.keys() - {row.case_id for row in wanted})


def _write(
    read: SearchMark, after: SearchMark, changed: list[CaseText], gone: list[int], *, purge: bool
) -> bool:
    """Keep the rows and move the mark, unless it was moved meanwhile: then nothing was done. ``purge`` where
    something was removed for good, so that the index of the database forgets it too."""
    with transaction.atomic():
        SearchMark.objects.get_or_create(pk=1)
        unmoved = SearchMark.objects.filter(pk=1, followed_to=read.followed_to, renames_to=read.renames_to)
        if not unmoved.update(followed_to=after.followed_to, renames_to=after.renames_to):
            return False
        _apply(changed, gone)
        if purge:
            finding.purge(connection)
    return True


def _apply(changed: list[CaseText], gone: list[int]) -> None:
    CaseText.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["case"], update_fields=_WRITTEN
    )
    if gone:
        CaseText.objects.filter(pk__in=gone).delete()


def _renamed_since(moment: datetime | None) -> list[int]:
    """The cases whose row carries a former name of their employer or site, at most a turn of them (two
    queries where nothing was edited since, four else)."""
    since = (moment or timezone.now()) - _OVERLAP
    found: list[int] = []
    for table, relation in ((Employer, "employer"), (Site, "site")):
        edited = list(table.history.filter(history_date__gte=since).values_list("id", flat=True).distinct())
        if edited:
            theirs = CaseText.objects.filter(**{f"case__{relation}__in": edited})
            former = theirs.exclude(**{relation: F(f"case__{relation}__name")}).order_by("pk")
            found += former.values_list("pk", flat=True)[:A_TURN]
    return found[:A_TURN]
