"""The straight way: proposed when the law allows, approved by a second person, public at once."""

from datetime import timedelta

import time_machine

from enforcement.gate.models import Paper, Proposal
from enforcement.publication import slug_of
from enforcement.register.models import Change, Document, RegisterEntry
from enforcement.tasks import propose_publication
from regulator import clock
from regulator.casework.chain import first_broken_link
from regulator.casework.models import Event
from regulator.deadlines.models import Deadline
from tests.enforcement.gate.stage import WINDOW_OVER
from tests.enforcement.scene import Scene


def test_proposed_by_the_portal_and_approved_by_a_person(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    notice = scene.notice("served")
    travel.shift(WINDOW_OVER)
    assert propose_publication() == 1
    proposal = Proposal.objects.get(notice=notice)
    assert (proposal.kind, proposal.cause, proposal.state) == ("new", "window", "waiting")
    assert (proposal.proposed_by, proposal.drafted_by) == (None, scene.inspector)
    assert not RegisterEntry.objects.exists()
    assert Deadline.objects.open().filter(case=notice.case, kind="publish").exists()

    travel.shift(timedelta(hours=3))
    scene.publish(notice)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.approved_by, proposal.version) == ("released", scene.second, 1)
    entry = RegisterEntry.objects.get(slug=slug_of(notice.case))
    document = Document.objects.get(entry=entry)
    assert bytes(document.content) == bytes(Paper.objects.get(proposal=proposal).content)
    assert document.sha256 == proposal.document_sha256
    assert Change.objects.count() == 1
    assert Deadline.objects.get(case=notice.case, kind="publish").met_on == clock.today()
    event = Event.objects.get(case=notice.case, type="enforcement.published")
    assert event.payload["proposal"] == proposal.number
    assert event.payload["sha256"] == proposal.sha256
    assert first_broken_link() is None
