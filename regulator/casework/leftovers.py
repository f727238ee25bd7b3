"""Files that no row names: left by a process that died between a commit and the storage, in either order.

Nobody can reach such a file; but of a case that was redacted nothing may stay on the disk either.
"""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Final

from django.core.files.storage import Storage, default_storage

from regulator import clock
from regulator.casework.models import Attachment, DisclosureBundle

FOLDERS: Final = ("attachments", "bundles")
"""Where casework keeps files."""
LEFT_ALONE: Final = timedelta(days=1)
"""How old a file must be: a younger one may belong to a row that is just being written."""
_AT_ONCE: Final = 500


def remove_leftovers() -> int:
    """Take the files off the storage that no row has named for a day; answers how many. Safe to repeat, and
    to be killed anywhere. Memory does not grow with their number."""
    removed = 0
    for folder in FOLDERS:
        found = _old(default_storage, folder)
        while names := list(islice(found, _AT_ONCE)):
            for name in sorted(set(names) - _named(names)):
                default_storage.delete(name)
                removed += 1
    return removed


def _named(names: list[str]) -> set[str]:
    """Those of the files that a row names (two queries)."""
    kept = Attachment.objects.filter(file__in=names).values_list("file", flat=True)
    bundled = DisclosureBundle.objects.filter(file__in=names).values_list("file", flat=True)
    return {*kept, *bundled}


def _old(storage: Storage, folder: str) -> Iterator[str]:
    """Every file below ``folder`` that is old enough, by its name on the storage."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    before = clock.now() - LEFT_ALONE
    for file in files:
        name = f"{folder}/{file}"
        try:
            written = storage.get_modified_time(name)
        except FileNotFoundError:  # somebody removed it meanwhile
            continue
        if written < before:
            yield name
    for inner in folders:
        yield from _old(storage, f"{folder}/{inner}")
