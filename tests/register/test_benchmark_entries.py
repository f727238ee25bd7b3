"""The benchmarks' register is as the register's own services would have made it."""

import pytest
from django.core.management import call_command

from enforcement.register.models import EntryText, IndexLine, RegisterEntry, Word
from tests.benchmarks.register_entries import fill_register

DERIVED = (
    (EntryText, ("entry__slug", "served_on", "employer", "changed")),
    (Word, ("word", "entries")),
    (IndexLine, ("kind", "key", "year", "name", "entries")),
)


@pytest.mark.django_db
def test_what_is_derived_is_as_if_made_anew() -> None:
    fill_register(300)
    assert RegisterEntry.objects.count() == 300
    before = [sorted(table.objects.values_list(*names)) for table, names in DERIVED]
    words = {each.entry_id: set(each.words.split()) for each in EntryText.objects.all()}
    call_command("rebuild_register_index", verbosity=0)
    assert before[2] == sorted(IndexLine.objects.values_list(*DERIVED[2][1]))
    for each in EntryText.objects.all():
        missing = words[each.entry_id] ^ set(each.words.split())
        assert {word for word in missing if word.startswith("_")} == set()
    assert before[0] == sorted(EntryText.objects.values_list(*DERIVED[0][1]))
