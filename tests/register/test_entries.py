"""Writing the register."""

from dataclasses import replace
from datetime import date

import pytest

from enforcement.register.models import RegisterEntry
from enforcement.register.services import put_entry, remove_entry
from tests.register.entries import cited, entry, snapshot

pytestmark = pytest.mark.usefixtures("provisions")


def test_putting_the_same_again_changes_nothing() -> None:
    said = snapshot()
    first = put_entry(said)
    again = put_entry(said)
    assert (again.pk, again.version, again.updated_at) == (first.pk, 1, first.updated_at)


def test_a_change_raises_the_version_and_keeps_the_address() -> None:
    said = snapshot()
    first = put_entry(said)
    changed = put_entry(replace(said, status="complied", complied_on=date(2025, 2, 1)))
    assert (changed.pk, changed.version, changed.status) == (first.pk, 2, "complied")
    other = put_entry(replace(said, citations=cited("7")))
    assert other.version == 3
    assert [each.reference for each in other.citations.all()] == ["7"]


def test_a_removed_entry_is_gone() -> None:
    made = entry()
    assert remove_entry(made.slug)
    assert not remove_entry(made.slug)
    assert not RegisterEntry.objects.exists()
