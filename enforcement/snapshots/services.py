"""Making snapshots, and taking out of the earlier ones what the register no longer shows.

Both find their own work in the tables, and may be killed or run twice anywhere: a file counts only once its
row names it, and a file that no row names is removed a day later.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.functional import partition

from enforcement.register.asked import every_entry
from enforcement.register.caching import present
from enforcement.register.models import Change, RegisterEntry
from enforcement.register.records import in_utc
from enforcement.snapshots.files import FOLDER, Stored, store, without
from enforcement.snapshots.models import Snapshot, SnapshotFile
from regulator import clock

LEFT_ALONE: Final = timedelta(days=1)
"""How old a file without a row must be to be removed: a younger one may be on its way to its row."""
_ATTEMPTS: Final = 3


def make_snapshot() -> Snapshot | None:
    """A snapshot of the register as it stands; ``None`` where there is one already, where nothing was ever
    published, or where the register changes faster than it can be read (then the next run makes it)."""
    for _ in range(_ATTEMPTS):
        number, _when = present()
        if number == 0 or Snapshot.objects.filter(revision=number).exists():
            return None
        made = {form: store(form, every_entry()) for form in SnapshotFile.Form.values}
        if present()[0] == number:
            # Each change takes the next number, so what was read between the two is one and the same.
            return _kept(number, made)
        _discard(each.file for each in made.values())
    return None


def _kept(number: int, made: dict[str, Stored]) -> Snapshot | None:
    former = Snapshot.objects.filter(revision__lt=number).values_list("revision", flat=True).first() or 0
    try:
        with transaction.atomic():
            snapshot = Snapshot.objects.create(revision=number, former_revision=former)
            SnapshotFile.objects.bulk_create(
                SnapshotFile(
                    snapshot=snapshot,
                    form=form,
                    file=each.file,
                    sha256=each.sha256,
                    size=each.size,
                    rows=each.rows,
                    cleaned_through=number,
                )
                for form, each in made.items()
            )
    except IntegrityError:  # another worker was first
        _discard(each.file for each in made.values())
        return None
    return snapshot


def take_out_removed() -> int:
    """Write anew each file that holds an entry which was removed since, or whose text was shortened while a
    claim of a trade secret is decided (ESIA 1988 s3(4), s4); answers how many were written anew."""
    number, _ = present()
    replaced = 0
    for kept in SnapshotFile.objects.filter(cleaned_through__lt=number).order_by("pk"):
        slugs = withdrawn_between(kept.cleaned_through, number)
        try:
            made = without(kept, slugs) if slugs else None
        except FileNotFoundError:
            if SnapshotFile.objects.filter(pk=kept.pk, file=kept.file).exists():
                raise
            continue  # another worker was first
        if made is None:
            SnapshotFile.objects.filter(pk=kept.pk, file=kept.file).update(cleaned_through=number)
        elif _replace(kept, made, number):
            replaced += 1
    return replaced


def _replace(kept: SnapshotFile, made: Stored, number: int) -> bool:
    former = {"sha256": kept.sha256, "replaced_at": in_utc(clock.now())}
    with transaction.atomic():
        won = SnapshotFile.objects.filter(pk=kept.pk, file=kept.file).update(
            file=made.file,
            sha256=made.sha256,
            size=made.size,
            rows=made.rows,
            cleaned_through=number,
            replaced=[*kept.replaced, former],
        )
    _discard([kept.file if won else made.file])
    return bool(won)


def withdrawn_between(after: int, through: int) -> set[str]:
    """The addresses of entries that stopped showing what they said, by the changes of the register numbered
    ``after`` (without) to ``through`` (two queries)."""
    changes = Change.objects.filter(number__gt=after, number__lte=through)
    told = changes.filter(~Q(kind=Change.Kind.ADDED)).values_list("slug", "kind", "fields")
    other, removed = partition(lambda each: each[1] == Change.Kind.REMOVED, told.iterator())
    reformed = {slug for slug, _, fields in other if "form" in fields}
    short = RegisterEntry.objects.filter(slug__in=reformed, form=RegisterEntry.Form.SHORT)
    return {slug for slug, _, _ in removed} | set(short.values_list("slug", flat=True))


def awaits_cleaning(kept: SnapshotFile) -> bool:
    """Whether an entry that the file may hold was withdrawn since: then it must not be given out."""
    return bool(withdrawn_between(kept.cleaned_through, present()[0]))


def remove_leftovers() -> int:
    """Take the files off the storage that no row has named for a day; answers how many."""
    try:
        _, names = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return 0
    named = set(SnapshotFile.objects.values_list("file", flat=True))
    before = clock.now() - LEFT_ALONE
    loose = [
        name
        for each in names
        if (name := f"{FOLDER}/{each}") not in named and default_storage.get_modified_time(name) < before
    ]
    _discard(loose)
    return len(loose)


def _discard(names: Iterable[str]) -> None:
    for name in names:
        default_storage.delete(name)
