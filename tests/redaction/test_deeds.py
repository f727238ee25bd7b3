"""Nothing is written to a redacted case by employers, programs, scheduled work or from another case: each is
refused, in plain words, before it does anything. The deeds of the desk are tried by
``tests/platform/test_every_deed.py``."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, Final

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

import notifications.services as notifying
from notifications.models import Pattern, PatternCase
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework import services
from regulator.casework.chain import append, first_broken_link, writing
from regulator.casework.errors import NotAllowedNow
from regulator.casework.kinds import AFTER_REDACTION, EVENTS
from regulator.casework.models import Case
from tests.enforcement.scene import MORNING
from tests.factories import REPORT, Cast, notification_in, staff
from tests.platform.deeds import everything
from tests.redaction.emptied import REDACTION, emptied, marked
from tests.reference import ship_reference

WHY: Final = r"was removed on .* under the retention policy"


@pytest.fixture
def travel(db: None) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        ship_reference()
        yield traveller


@pytest.fixture
def cast(travel: time_machine.Traveller) -> Cast:
    return Cast()


def deeds_of_employers(cast: Cast) -> Iterator[Callable[[], object]]:
    """What an employer's people may try, by a page that stayed open or by a program, each in the state that
    allows it."""

    def on(state: str) -> Any:
        made = notification_in(state, cast=cast)
        marked(made.case)
        return {"notification": made, "by": cast.reporter, "version": made.case.version}

    asked = notification_in("further_information", cast=cast)
    request = asked.case.information_requests.get()
    marked(asked.case)
    given: Any = {"by": cast.reporter, "version": asked.case.version}
    yield lambda: notifying.answer_request(notification=asked, request=request, answer="So.", **given)
    yield lambda: services.answer_request(request=request, answer="So.", by=cast.reporter)
    late = on("awaiting_report")
    until = clock.today() + timedelta(days=100)
    yield lambda: notifying.ask_more_time(**late, asked_until=until, reason="Away.")
    yield lambda: notifying.file_report(**late, report=REPORT)
    told = on("submitted")
    yield lambda: notifying.withdraw(**told, reason="Sent twice.")
    case = told["notification"].case
    log = SimpleUploadedFile("log.txt", b"A log.")
    yield lambda: services.attach(case=case, upload=log, by=cast.reporter)


def test_what_employers_try_is_refused_as_well(cast: Cast) -> None:
    tried = 0
    for deed in deeds_of_employers(cast):
        before = everything()
        with pytest.raises(NotAllowedNow, match=WHY):
            deed()
        assert everything() == before
        tried += 1
    assert tried == 6


def test_a_case_is_not_linked_with_a_redacted_one_nor_a_pattern_of_one_decided_on(cast: Cast) -> None:
    case, other = (notification_in("closed", cast=cast) for _ in range(2))
    officer = staff(Role.CASE_OFFICER)
    pattern = Pattern.objects.create(kind=Pattern.Kind.DUPLICATE, key="a", title="Alike")
    for each in (case, other):
        PatternCase.objects.create(pattern=pattern, notification=each)
    emptied(other.case)
    with pytest.raises(NotAllowedNow, match=WHY):
        services.link_cases(case=case.case, reference=str(other), by=officer, reason="One scanner.")
    with pytest.raises(NotAllowedNow, match=WHY):
        notifying.decide_on_pattern(
            pattern=pattern, by=officer, version=1, confirmed=False, reason="Not the same."
        )
    pattern.refresh_from_db()
    assert pattern.state == Pattern.State.PROPOSED


def test_scheduled_work_writes_nothing_to_it_either(cast: Cast) -> None:
    case = notification_in("closed", cast=cast).case
    stale = Case.objects.get(pk=case.pk)
    emptied(case)
    for type in EVENTS:
        if type not in AFTER_REDACTION:
            with pytest.raises(NotAllowedNow, match=WHY), writing():
                append(type, case=stale, by=REDACTION)
    with writing():
        for type in AFTER_REDACTION:
            append(type, case=stale, by=REDACTION, payload={"groups": []})
    assert first_broken_link() is None
