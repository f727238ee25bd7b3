"""Redaction beside other writers, and beside itself: whoever holds the chain is first."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case, Event, Note
from regulator.casework.redaction import redact, standing
from regulator.casework.services import add_note, restrict
from regulator.casework.services.opening import break_glass
from tests.redaction.emptied import ALL, POLICY, REDACTION, emptied, over

pytestmark = pytest.mark.django_db(transaction=True)
MakeUser = Callable[..., User]


def together(*deeds: Callable[[], object]) -> list[object]:
    """Do the deeds at once, each on a connection of its own; what each answered, or why it was refused."""
    begin = Barrier(len(deeds))

    def each(deed: Callable[[], object]) -> object:
        begin.wait()
        try:
            return deed()
        except NotAllowedNow as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(each, deeds))


@pytest.fixture
def closed(case: Case) -> Case:
    return over(case)


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def do(case: Case, **payload: Any) -> Event:
    return redact(case=case, groups=ALL, by=REDACTION, payload={**POLICY, **payload})


def test_two_that_are_told_the_same_do_it_once(closed: Case) -> None:
    answered = together(*[partial(do, fresh(closed)) for _ in range(3)])
    assert {type(each) for each in answered} == {Event}
    assert Event.objects.filter(type="casework.redacted").count() == 1
    assert fresh(closed).version == closed.version + 1
    assert first_broken_link() is None


def test_a_note_comes_before_and_is_removed_or_is_refused(closed: Case, make_user: MakeUser) -> None:
    officer = make_user(Role.CASE_OFFICER)
    mine, theirs = fresh(closed), fresh(closed)
    noted, _ = together(lambda: add_note(case=mine, text="Rang.", by=officer), lambda: do(theirs))
    assert isinstance(noted, Note | NotAllowedNow)
    assert not Note.objects.exists()
    assert standing([closed.pk], ALL)[closed.pk] == {}
    written = Event.objects.filter(type="casework.note_added")
    assert written.exists() == isinstance(noted, Note)
    for event in written:
        assert event.sequence < Event.objects.get(type="casework.redacted").sequence


def test_a_restricted_case_that_was_redacted_is_still_opened_by_breaking_the_glass(
    case: Case, make_user: MakeUser
) -> None:
    manager, officer = make_user(Role.ENFORCEMENT_MANAGER), make_user(Role.CASE_OFFICER)
    restrict(case=case, by=manager, version=case.version, reason="In confidence.", people=[manager])
    emptied(case)
    assert break_glass(case=fresh(case), by=officer, reason="A court asked.").until is not None
    held = fresh(case)
    with pytest.raises(NotAllowedNow, match="under the retention policy"):
        restrict(case=held, by=manager, version=held.version, reason="Again.", people=[manager])
    assert first_broken_link() is None
