"""Two at once about the same notice: one wins, and the other is told; what is filed and what is decided never
cross."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections

from enforcement.compliance import services
from enforcement.compliance.models import AppealClaim, EvidenceSet
from enforcement.compliance.queries import parts_of
from enforcement.models import Appeal, Notice
from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import StaleVersion
from regulator.deadlines.models import ExtensionRequest
from tests.enforcement.scene import Scene
from tests.factories import member, staff
from tests.reference import ship_provisions

Deed = Callable[..., object]
Doer = tuple[Deed, User, dict[str, Any]]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene() -> Scene:
    ship_provisions()
    return Scene()


def race(key: int, *doers: Doer) -> list[str]:
    """What became of each, all started at once on the notice as all of them read it."""
    barrier = Barrier(len(doers))

    def attempt(deed: Deed, by: User, given: dict[str, Any]) -> str:
        try:
            notice = Notice.objects.select_related("case").get(pk=key)
            barrier.wait(timeout=20)
            deed(notice=notice, by=by, version=notice.case.version, **given)
        except StaleVersion:
            return "told"
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(doers)) as pool:
        futures = [pool.submit(attempt, *each) for each in doers]
        return sorted(future.result(timeout=60) for future in futures)


def test_of_two_leads_who_submit_at_once_one_set_is_sent(scene: Scene) -> None:
    key = scene.notice("evidence_begun").pk
    colleague = member(scene.employer, Role.EMPLOYER_LEAD)
    doers: list[Doer] = [(services.submit_evidence, by, {}) for by in (scene.lead, colleague)]
    assert race(key, *doers) == ["done", "told"]
    assert EvidenceSet.objects.waiting().filter(notice=key).count() == 1
    assert first_broken_link() is None


def test_of_two_leads_who_begin_at_once_one_set_is_begun(scene: Scene) -> None:
    notice = scene.notice("served")
    part = parts_of(notice, None)[0].key
    colleague = member(scene.employer, Role.EMPLOYER_LEAD)
    doers: list[Doer] = [
        (services.write_evidence, by, {"part": part, "text": f"By {by.pk}."})
        for by in (scene.lead, colleague)
    ]
    assert race(notice.pk, *doers) == ["done", "told"]
    assert EvidenceSet.objects.filter(notice=notice).count() == 1


def test_accepted_and_returned_at_once_it_is_one_of_them(scene: Scene) -> None:
    key = scene.notice("evidence_submitted").pk
    accepting = {"complied_on": clock.today(), "how": "evidence"}
    outcomes = race(
        key,
        (services.accept_evidence, scene.manager, accepting),
        (services.return_evidence, staff(Role.ENFORCEMENT_MANAGER), {"reason": "More."}),
    )
    assert outcomes == ["done", "told"]
    found, notice = EvidenceSet.objects.get(), Notice.objects.select_related("case").get(pk=key)
    assert (found.accepted_at is None) is not (found.returned_at is None)
    assert (notice.case.status == "complied") is (found.accepted_at is not None)
    assert first_broken_link() is None


def test_confirmed_and_declined_at_once_an_appeal_is_one_of_them(scene: Scene) -> None:
    key = scene.notice("appeal_told").pk
    outcomes = race(
        key,
        (services.confirm_appeal, scene.manager, {}),
        (services.decline_appeal, staff(Role.ENFORCEMENT_MANAGER), {"reason": "None."}),
    )
    assert outcomes == ["done", "told"]
    confirmed = AppealClaim.objects.get().decision == "confirmed"
    assert Appeal.objects.filter(notice=key).exists() is confirmed


def test_of_two_requests_at_once_one_is_open(scene: Scene) -> None:
    key = scene.notice("served").pk
    asked = {"asked_until": clock.today() + timedelta(days=90), "reason": "The part is late."}
    colleague = member(scene.employer, Role.EMPLOYER_LEAD)
    doers: list[Doer] = [(services.ask_more_time, by, asked) for by in (scene.lead, colleague)]
    assert race(key, *doers) == ["done", "told"]
    assert ExtensionRequest.objects.filter(decision="").count() == 1


def test_of_two_appeals_told_at_once_one_waits(scene: Scene) -> None:
    key = scene.notice("served").pk
    colleague = member(scene.employer, Role.EMPLOYER_LEAD)
    doers: list[Doer] = [
        (
            services.tell_of_appeal,
            by,
            {"lodged_on": clock.today(), "file": SimpleUploadedFile("appeal.txt", f"By {by.pk}.".encode())},
        )
        for by in (scene.lead, colleague)
    ]
    assert race(key, *doers) == ["done", "told"]
    assert AppealClaim.objects.filter(decision="").count() == 1
