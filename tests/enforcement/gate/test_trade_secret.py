"""A claim that the entry would tell a trade secret (ESIA 1988 s4): the short entry until it is decided."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from pypdf import PdfReader

from enforcement import services
from enforcement.gate import clocks
from enforcement.gate import services as gate
from enforcement.gate.desk import ON_NOTICES
from enforcement.gate.desk_forms import CorrectForm, PrepareForm
from enforcement.gate.models import Claim
from enforcement.models import Notice
from enforcement.register.models import Change, RegisterEntry
from enforcement.register.wording import SHORT_MEANS
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow, NotPermitted
from regulator.casework.services import IdentifiersFound
from regulator.deadlines.models import Deadline
from regulator.outbox.models import Message
from tests.enforcement.gate.stage import WINDOW_OVER, entry_of, open_of, proposed
from tests.enforcement.scene import PORTAL, Scene
from tests.factories import EmployerFactory, person, staff

Travel = time_machine.Traveller
D = date.fromisoformat


def _claim(scene: Scene, notice: Notice, by: Any = None, **given: Any) -> Claim:
    said = {"claimed_on": clock.today(), "text": "It tells how the shielding is made."}
    claimed: Claim = scene.do(notice, gate.claim_trade_secret, by, **said | given)
    return claimed


def _serve(scene: Scene, notice: Notice, description: str = "Carry out the review.") -> None:
    scene.do(notice, gate.serve_safe_entry, description=description)


def _published_short(scene: Scene, travel: Travel) -> Notice:
    notice = scene.notice("served")
    _claim(scene, notice)
    travel.shift(WINDOW_OVER)
    services.propose_publication(notice=notice, by=PORTAL)
    scene.publish(notice)
    return notice


def _says_no_more_than_the_short_form(entry: RegisterEntry | None) -> None:
    assert entry is not None
    assert (entry.form, entry.description, entry.timeline, entry.modality) == ("short", "", [], "")
    assert (entry.compliance_due_on, entry.complied_on, entry.how_closed) == (None, None, "")
    assert entry.employer_name
    assert entry.location
    assert entry.citations.count() == 2


@pytest.mark.parametrize(
    ("name", "start", "due"),
    [
        ("claim_closes", "2024-02-15", "2024-02-29"),
        ("claim_closes", "2025-02-15", "2025-03-01"),
        ("safe_entry_due", "2025-12-20", "2026-01-03"),
        ("secretary_appeal_closes", "2025-03-20", "2025-04-03"),
        ("secretary_appeal_closes", "2025-10-20", "2025-11-03"),
    ],
)
def test_the_clocks_count_days_whatever_the_clocks_of_the_country_do(name: str, start: str, due: str) -> None:
    found = getattr(clocks, name)(D(start))
    assert found.on == D(due)
    assert found.derivation.startswith("14 days after ")


def test_while_it_is_open_the_public_sees_the_short_entry(scene: Scene, travel: Travel) -> None:
    notice = _published_short(scene, travel)
    _says_no_more_than_the_short_form(entry_of(notice))
    scene.do(notice, services.record_compliance, complied_on=clock.today(), how="evidence")
    assert open_of(notice).content["complied_on"] is None


def test_the_drafted_entry_becomes_the_entry_once_nobody_appealed(scene: Scene, travel: Travel) -> None:
    notice = _published_short(scene, travel)
    _serve(scene, notice)
    deadlines = {each.kind: each for each in Deadline.objects.filter(case=notice.case)}
    assert not deadlines["safe_entry"].is_open
    assert deadlines["secretary_appeal"].due_on == clock.today() + timedelta(days=14)
    told = Message.objects.filter(template="gate/safe_entry").values_list("to", flat=True)
    assert scene.lead.email in told
    assert scene.reporter.email not in told
    travel.shift(timedelta(days=14))
    with pytest.raises(ValidationError, match="may appeal until"):
        scene.do(notice, gate.decide_claim, outcome="full", decided_on=clock.today())
    travel.shift(timedelta(days=1))
    scene.do(notice, gate.decide_claim, outcome="full", decided_on=clock.today())
    _says_no_more_than_the_short_form(entry_of(notice))
    with pytest.raises(NotAllowedNow, match="changes the entry"):
        scene.do(notice, gate.approve_entry)
    scene.publish(notice)
    entry = entry_of(notice)
    assert entry is not None
    assert (entry.form, entry.description) == ("full", "Carry out the review.")
    assert not Deadline.objects.open().filter(case=notice.case, kind="secretary_appeal").exists()
    assert first_broken_link() is None


def test_after_an_appeal_only_a_decision_settles_it_and_the_short_entry_may_stay(
    scene: Scene, travel: Travel, client: Client
) -> None:
    notice = _published_short(scene, travel)
    _serve(scene, notice)
    changes = Change.objects.count()
    scene.do(notice, gate.record_secretary_appeal, appealed_on=clock.today())
    with pytest.raises(NotAllowedNow, match="on record"):
        scene.do(notice, gate.record_secretary_appeal, appealed_on=clock.today())
    travel.shift(timedelta(days=2))
    scene.do(notice, gate.decide_claim, outcome="short", decided_on=clock.today())
    _says_no_more_than_the_short_form(entry_of(notice))
    assert Change.objects.count() == changes
    entry = entry_of(notice)
    assert entry is not None
    page = " ".join(client.get(entry.get_absolute_url()).content.decode().split())
    assert "Until that is decided, and after it where the claim holds, the law lets the register" in page
    pages = PdfReader(BytesIO(bytes(entry.document.content))).pages
    assert SHORT_MEANS in " ".join("".join(each.extract_text() for each in pages).split())
    with pytest.raises(NotAllowedNow, match="No claim"):
        scene.do(notice, gate.decide_claim, outcome="full", decided_on=clock.today())


def test_a_claim_recorded_late_cuts_a_public_entry_down_at_once(scene: Scene, travel: Travel) -> None:
    notice = proposed(scene, travel)
    served = notice.served_on
    assert served is not None
    scene.publish(notice)
    _claim(scene, notice, claimed_on=served + timedelta(days=14))
    entry = entry_of(notice)
    _says_no_more_than_the_short_form(entry)
    assert entry is not None
    assert (entry.version, hasattr(entry, "document")) == (2, False)


def test_preparing_the_short_entry_keeps_the_description_that_was_prepared(
    scene: Scene, travel: Travel
) -> None:
    notice = proposed(scene, travel)
    scene.do(notice, gate.prepare_entry, scene.inspector, description="Review each year.")
    assert notice.served_on is not None
    _claim(scene, notice, claimed_on=notice.served_on + timedelta(days=14))
    form = PrepareForm(case=notice.case, by=scene.manager)
    assert "description" not in form.fields
    until = clock.now() + timedelta(days=3)
    scene.do(notice, gate.prepare_entry, scene.inspector, embargo_until=until)
    waiting = open_of(notice)
    assert (waiting.content["description"], waiting.embargo_until) == ("", until)
    assert waiting.overrides["description"]["says"] == "Review each year."


def test_what_waits_for_a_second_person_does_not_come_with_the_short_entry(
    scene: Scene, travel: Travel
) -> None:
    notice = proposed(scene, travel)
    served = notice.served_on
    assert served is not None
    scene.publish(notice)
    scene.employer.name = "A name that nobody approved"
    scene.employer.save()
    changes = {"location": "Elsewhere"}
    scene.do(notice, gate.correct_entry, scene.inspector, why="The site was the other.", changes=changes)
    _claim(scene, notice, claimed_on=served + timedelta(days=14))
    entry = entry_of(notice)
    _says_no_more_than_the_short_form(entry)
    assert entry is not None
    assert "nobody approved" not in entry.employer_name
    assert entry.location != "Elsewhere"


def test_a_claim_takes_the_place_of_what_waits(scene: Scene, travel: Travel) -> None:
    notice = proposed(scene, travel)
    served = notice.served_on
    assert served is not None
    _claim(scene, notice, claimed_on=served)
    assert (open_of(notice).number, open_of(notice).content["form"]) == (2, "short")


def test_the_employers_lead_claims_within_fourteen_days_and_nobody_elses_people(
    scene: Scene, travel: Travel
) -> None:
    notice = scene.notice("served")
    for stranger in (
        scene.reporter,
        person(Role.EMPLOYER_LEAD, EmployerFactory.create()),
        staff(Role.CASE_OFFICER),
    ):
        with pytest.raises(NotPermitted):
            _claim(scene, notice, stranger)
    travel.shift(timedelta(days=15))
    with pytest.raises(ValidationError, match="The last day was 17 March 2025"):
        _claim(scene, notice, scene.lead)
    for day in (clock.today() - timedelta(days=16), clock.today() + timedelta(days=1)):
        with pytest.raises(ValidationError):
            _claim(scene, notice, scene.lead, claimed_on=day)
    travel.shift(timedelta(days=-1))
    assert _claim(scene, notice, scene.lead).recorded_by == scene.lead
    with pytest.raises(NotAllowedNow, match="on record"):
        _claim(scene, notice)


def test_nonsense_is_refused_and_keeps_nothing(scene: Scene) -> None:
    with pytest.raises(NotAllowedNow, match="was served"):
        _claim(scene, scene.notice("draft"))
    notice = scene.notice("served")
    with pytest.raises(ValidationError, match="why it is a trade secret"):
        _claim(scene, notice, text=" ")
    with pytest.raises(IdentifiersFound):
        _claim(scene, notice, text="Ask Mr Patel.")
    with pytest.raises(NotAllowedNow, match="No claim"):
        _serve(scene, notice)
    assert not Claim.objects.exists()
    _claim(scene, notice)
    for deed, given in (
        (gate.record_secretary_appeal, {"appealed_on": clock.today()}),
        (gate.decide_claim, {"outcome": "full", "decided_on": clock.today()}),
    ):
        with pytest.raises(NotAllowedNow, match="served first"):
            scene.do(notice, deed, **given)
    scene.inspector.name = "Ada Quillfeather"
    scene.inspector.save()
    for description in ("", "Agreed with Ada  Quillfeather."):
        with pytest.raises(ValidationError):
            _serve(scene, notice, description)
    _serve(scene, notice)
    with pytest.raises(NotAllowedNow, match="already"):
        _serve(scene, notice)
    with pytest.raises(ValidationError, match="Choose"):
        scene.do(notice, gate.decide_claim, outcome="both", decided_on=clock.today())


def _told(letter: str) -> set[str]:
    return set(Message.objects.filter(template=letter).values_list("to", flat=True))


def test_whoever_decides_on_a_claim_is_told_of_it_and_the_employer_gets_a_receipt(scene: Scene) -> None:
    notice, second = scene.notice("served"), scene.second
    _claim(scene, notice, scene.lead)
    assert {scene.manager.email, second.email} <= _told("gate/claimed")
    assert scene.inspector.email not in _told("gate/claimed")
    assert _told("gate/claim_received") == {scene.lead.email, scene.employer.chief_executive_email}
    for letter in Message.objects.filter(template__startswith="gate/"):
        assert letter.case == notice.case
        assert "17 March 2025" in letter.body
        assert "shielding" not in letter.body
    staff_letter = Message.objects.filter(template="gate/claimed").first()
    assert staff_letter is not None
    assert f"/desk/casework/case/{notice.pk}/" in staff_letter.body
    assert scene.employer.name not in staff_letter.body


def test_whoever_recorded_a_claim_that_came_in_writing_is_not_told_of_it(scene: Scene) -> None:
    notice, second = scene.notice("served"), scene.second
    _claim(scene, notice)
    assert second.email in _told("gate/claimed")
    assert scene.manager.email not in _told("gate/claimed")
    assert scene.lead.email in _told("gate/claim_received")


def test_a_refused_claim_sends_nothing(scene: Scene) -> None:
    with pytest.raises(ValidationError):
        _claim(scene, scene.notice("served"), text=" ")
    assert not Message.objects.filter(template__startswith="gate/").exists()


@pytest.mark.parametrize(
    ("outcome", "words"),
    [("short", "shows no more than the short entry"), ("full", "says what we drafted and sent to you, once")],
)
def test_the_employer_is_told_how_its_claim_was_settled(scene: Scene, outcome: str, words: str) -> None:
    notice = scene.notice("safe_entry_served")
    scene.do(notice, gate.record_secretary_appeal, appealed_on=clock.today())
    scene.do(notice, gate.decide_claim, outcome=outcome, decided_on=clock.today())
    assert _told("gate/claim_decided") == {scene.lead.email, scene.employer.chief_executive_email}
    letters = Message.objects.filter(template="gate/claim_decided")
    assert all(words in " ".join(each.body.split()) for each in letters)
    assert all("3 March 2025" in each.body for each in letters)


def test_correcting_a_short_entry_leaves_what_it_does_not_tell_as_it_is(scene: Scene, travel: Travel) -> None:
    notice = _published_short(scene, travel)
    form = CorrectForm(case=notice.case, by=scene.inspector)
    assert {"location", "breach_on", "citations"} <= form.fields.keys()
    blank = {"description": "", "compliance_due_on": None, "complied_on": None, "how_closed": ""}
    assert not blank.keys() & form.fields.keys()
    changes = {"location": "East Wing", **blank}
    scene.do(notice, gate.correct_entry, scene.inspector, why="The site was the other.", changes=changes)
    made = open_of(notice)
    assert (made.content["location"], set(made.overrides)) == ("East Wing", {"location"})
    scene.publish(notice)
    with pytest.raises(NotAllowedNow, match="already"):
        scene.do(notice, gate.correct_entry, scene.inspector, why="The text.", changes={"description": "X"})


def test_the_receipt_says_nothing_about_what_the_notice_does(scene: Scene) -> None:
    """It may be under appeal, or complied with."""
    _claim(scene, scene.notice("under_appeal"))
    (told, *_) = Message.objects.filter(template="gate/claim_received").values_list("body", flat=True)
    assert "The claim changes nothing about the notice itself." in told
    assert "binds you" not in told


@pytest.mark.parametrize(("state", "ended"), [("served", "withdrawn"), ("under_appeal", "cancelled")])
def test_on_a_notice_that_is_over_nothing_is_served_and_nothing_decided(
    scene: Scene, state: str, ended: str
) -> None:
    def end(notice: Notice) -> None:
        if ended == "withdrawn":
            scene.do(notice, services.withdraw, reason="Served on the wrong employer.")
        else:
            scene.do(notice, services.dispose_appeal, outcome="cancelled", on=clock.today())
        assert notice.case.status == ended

    claimed, drafted = scene.notice(state), scene.notice(state)
    _claim(scene, claimed)
    _claim(scene, drafted)
    _serve(scene, drafted)
    scene.do(drafted, gate.record_secretary_appeal, appealed_on=clock.today())
    end(claimed)
    end(drafted)
    sent = Message.objects.filter(template__startswith="gate/").count()
    with pytest.raises(NotAllowedNow, match="has no entry"):
        _serve(scene, claimed)
    with pytest.raises(NotAllowedNow, match="has no entry"):
        scene.do(drafted, gate.decide_claim, outcome="short", decided_on=clock.today())
    assert Message.objects.filter(template__startswith="gate/").count() == sent
    bare = scene.notice(state)
    end(bare)
    for notice, name in (
        (claimed, "serve_safe_entry"),
        (drafted, "decide_claim"),
        (bare, "claim_trade_secret"),
    ):
        (action,) = (each for each in ON_NOTICES.actions if each.name == name)
        assert action.condition(notice.case, scene.manager), name
