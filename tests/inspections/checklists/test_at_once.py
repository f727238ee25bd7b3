"""Two requests at the same moment: each answer once, none lost, and one of two holds."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from inspections.checklists import services
from inspections.checklists.models import Checklist, ChecklistAnswer
from inspections.models import Inspection
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.models import Event
from tests.enforcement.scene import Scene
from tests.factories import staff
from tests.inspections.checklists.conftest import answer, given, opened
from tests.reference import ship_provisions


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    barrier = Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        try:
            barrier.wait(timeout=20)
            return deed()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [each.result(timeout=60) for each in [pool.submit(run, deed) for deed in deeds]]


@pytest.mark.django_db(transaction=True)
def test_what_arrives_twice_at_once_is_kept_once_and_of_two_people_s_answers_one_holds() -> None:
    ship_provisions()
    scene = Scene()
    key = opened(scene).pk
    batch = [given("list"), given("sample", "not_met", "No dates.")]

    def send(by: Any, *answers: Any) -> Callable[[], Any]:
        return lambda: answer(Checklist.objects.get(pk=key), by, *answers)

    at_once(send(scene.inspector, *batch), send(scene.inspector, *batch))
    assert ChecklistAnswer.objects.count() == 2
    assert Event.objects.filter(type="checklists.answered").count() == 1

    other = staff(Role.INSPECTOR)
    at_once(send(scene.inspector, given("cpd", "met")), send(other, given("cpd", "not_met")))
    both = ChecklistAnswer.objects.filter(item="cpd")
    assert sorted(each.out_of_sight for each in both) == [False, True]

    inspection = Checklist.objects.get().inspection_id

    def open_it() -> Checklist:
        found = Inspection.objects.get(pk=inspection)
        return services.open_checklist(inspection=found, by=scene.inspector, key="drls")

    first, second = at_once(open_it, open_it)
    assert first == second
    assert first_broken_link() is None
