"""Two people who decide on one letter at once: it is sent once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from inspections.correspondence import services
from inspections.correspondence.models import Correspondence
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.casework.models import Event
from regulator.outbox.models import Message
from tests.enforcement.scene import Scene
from tests.factories import staff
from tests.inspections.letters import Kind, prepared
from tests.reference import ship_provisions

pytestmark = pytest.mark.django_db(transaction=True)


def together(*deeds: Callable[[], object]) -> list[object]:
    """Do the deeds at once, each on a connection of its own; ``None``, or why it was refused."""
    begin = Barrier(len(deeds))

    def each(deed: Callable[[], object]) -> object:
        begin.wait()
        try:
            return deed()
        except (NotAllowedNow, StaleVersion) as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(each, deeds))


def test_of_three_who_decide_at_once_one_is_heard() -> None:
    ship_provisions()
    scene = Scene()
    letter = prepared(scene.inspection(), Kind.ANNOUNCEMENT, by=scene.inspector)
    version = letter.inspection.case.version

    def fresh() -> Correspondence:
        return Correspondence.objects.select_related("inspection__case").get(pk=letter.pk)

    def approving(by: User) -> Callable[[], object]:
        mine = fresh()
        return lambda: services.approve_letter(letter=mine, by=by, version=version)

    given_back = fresh()
    told = together(
        approving(scene.manager),
        approving(staff(Role.INSPECTOR)),
        lambda: services.reject_letter(letter=given_back, by=scene.manager, version=version, reason="No."),
    )
    assert [each for each in told if each is None] == [None]
    now = fresh()
    sent = Message.objects.filter(template="inspections/announcement").count()
    assert (sent, now.approved_at is not None) in ((1, True), (0, False))
    decided = Event.objects.filter(type__in=("correspondence.sent", "correspondence.rejected"))
    assert decided.count() == 1
    assert first_broken_link() is None
