"""Evidence of compliance: gathered, submitted as a dated set, returned or accepted; and what breaks it."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from enforcement import services as enforcing
from enforcement.compliance import services
from enforcement.compliance.desk import ON_NOTICES
from enforcement.compliance.models import EvidenceFile, EvidenceItem, EvidenceSet
from enforcement.compliance.queries import evidence_waits, parts_of, sets_of
from enforcement.models import Notice
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow, NotPermitted, StaleVersion
from regulator.casework.models import Case, Event
from regulator.casework.services import IdentifiersFound
from regulator.deadlines.models import Deadline
from regulator.outbox.models import Message
from tests.casework.closing import closed_to, interest_of
from tests.enforcement.scene import Scene
from tests.factories import EmployerFactory, member, staff


def clocks(notice: Notice) -> dict[str, date]:
    return {each.kind: each.due_on for each in Deadline.objects.open().filter(case=notice.pk)}


def a_file(words: bytes = b"Fifty plans.") -> SimpleUploadedFile:
    return SimpleUploadedFile("audit.txt", words)


def test_a_set_is_gathered_by_provision_and_submitted_with_its_day(scene: Scene) -> None:
    notice = scene.notice("served")
    first, second = parts_of(notice, None)
    scene.answer(notice, services.write_evidence, part=first.key, text="Procedures rewritten.", file=a_file())
    with pytest.raises(ValidationError, match=r"Say what was done about regulation 17\(4\)"):
        scene.answer(notice, services.submit_evidence)
    scene.answer(notice, services.write_evidence, part=second.key, text="Audit begun.")
    scene.answer(notice, services.write_evidence, part=second.key, text="Audit done.")
    sent = scene.answer(notice, services.submit_evidence, about="Agreed by the board.")
    assert (sent.number, sent.submitted_by, sent.standing) == (1, scene.lead, "Submitted")
    assert [each.text for each in sent.items.order_by("pk")] == ["Procedures rewritten.", "Audit done."]
    assert EvidenceFile.objects.get(item__evidence=sent).attachment.name == "audit.txt"
    assert notice.case.status == "served"
    assert clocks(notice)["comply"] == notice.compliance_on, "the notice's own clock runs on"
    assert clocks(notice)["evidence_answer"] == date(2025, 3, 17), "ten working days"
    letters = Message.objects.filter(template="compliance/filed")
    assert {each.to for each in letters} == {scene.manager.email, scene.reviewer.email}
    assert all("submitted evidence of compliance" in each.body for each in letters)
    assert first_broken_link() is None


def test_acceptance_is_what_records_compliance(scene: Scene) -> None:
    notice = scene.notice("evidence_submitted")
    with pytest.raises(NotAllowedNow, match="accept it or return it first"):
        scene.do(notice, enforcing.record_compliance, complied_on=clock.today(), how="evidence")
    scene.do(notice, services.accept_evidence, complied_on=clock.today(), how="reinspection")
    assert notice.case.status == "complied"
    assert (notice.how_complied, notice.complied_on) == ("reinspection", clock.today())
    assert set(clocks(notice)) == {"appeal_window"}
    met = Deadline.objects.get(case=notice.pk, kind="evidence_answer")
    assert met.met_on == clock.today()
    assert Message.objects.filter(template="enforcement/compliance_accepted").exists()


def test_a_returned_set_stays_as_it_was_and_the_next_begins_with_it(scene: Scene) -> None:
    notice = scene.notice("served")
    for part in parts_of(notice, None):
        scene.answer(notice, services.write_evidence, part=part.key, text="First.", file=a_file())
    scene.answer(notice, services.submit_evidence, about="Before.")
    scene._return_evidence(notice)
    assert "evidence_answer" not in clocks(notice)
    assert clocks(notice)["comply"] == notice.compliance_on
    again = parts_of(notice, None)[0].key
    scene.answer(notice, services.write_evidence, part=again, text="Second.")
    first, second = sets_of(notice)
    assert (first.standing, second.standing) == ("Returned", "Being gathered")
    assert {each.text for each in first.items.all()} == {"First."}
    assert {each.remark for each in first.items.all()} == {"Which audit?"}
    assert {each.text for each in second.items.all()} == {"First.", "Second."}
    assert {each.remark for each in second.items.all()} == {""}
    assert second.about == "Before."
    assert EvidenceFile.objects.filter(item__evidence=second).count() == 2
    scene.answer(notice, services.submit_evidence)
    scene._accept_evidence(notice)
    assert [each.standing for each in sets_of(notice)] == ["Returned", "Accepted"]


@pytest.mark.parametrize("state", ["evidence_submitted", "evidence_accepted", "complied", "withdrawn"])
def test_none_is_filed_while_cqc_has_it_or_once_the_notice_is_over(scene: Scene, state: str) -> None:
    notice = scene.notice(state)
    part = parts_of(notice, None)[0].key
    before = (EvidenceSet.objects.count(), EvidenceItem.objects.count())
    for deed, given in (
        (services.write_evidence, {"part": part, "text": "More."}),
        (services.submit_evidence, {}),
    ):
        with pytest.raises(NotAllowedNow):
            scene.answer(notice, deed, **given)
    assert (EvidenceSet.objects.count(), EvidenceItem.objects.count()) == before


def test_under_appeal_an_improvement_notice_takes_none_and_a_prohibition_does(scene: Scene) -> None:
    suspended = scene.notice("under_appeal")
    with pytest.raises(NotAllowedNow, match="suspends this notice"):
        scene._write_evidence(suspended)
    binding = scene.notice("under_appeal", notice_type="prohibition_immediate", compliance_days=None)
    scene._write_evidence(binding)
    scene._submit_evidence(binding)
    with pytest.raises(NotAllowedNow):
        scene._accept_evidence(binding)
    assert EvidenceSet.objects.get(notice=binding).is_waiting, "what was refused changed nothing"
    scene.do(binding, enforcing.dispose_appeal, outcome="affirmed", on=clock.today())
    scene._accept_evidence(binding)
    assert binding.case.status == "complied"


def test_evidence_waits_with_its_clock_while_an_appeal_suspends_the_notice(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    """A letter that it is returned would ask for other evidence by a day that does not run."""
    notice = scene.notice("evidence_submitted")
    scene.do(notice, enforcing.record_appeal, lodged_on=clock.today())
    assert "evidence_answer" not in clocks(notice)
    button = next(each for each in ON_NOTICES.actions if each.name == "return_evidence")
    assert "suspends this notice" in button.refusal(notice.case, scene.manager)
    with pytest.raises(NotAllowedNow, match="suspends this notice"):
        scene._return_evidence(notice)
    assert notice.case.pk not in Case.objects.filter(evidence_waits()).values_list("pk", flat=True)
    assert not Message.objects.filter(template="compliance/returned").exists()
    travel.move_to("2025-06-10T12:00:00+00:00")
    scene.do(notice, enforcing.dispose_appeal, outcome="affirmed", on=clock.today())
    assert clocks(notice)["evidence_answer"] == date(2025, 6, 24), "ten working days, counted anew"
    assert notice.case.pk in Case.objects.filter(evidence_waits()).values_list("pk", flat=True)
    scene._return_evidence(notice)
    (told,) = Message.objects.filter(template="compliance/returned", to=scene.lead.email)
    assert f"stands: {notice.compliance_on:%A} {notice.compliance_on:%-d %B %Y}" in told.body


def test_no_clock_of_evidence_starts_after_an_appeal_where_none_waits(scene: Scene) -> None:
    notice = scene.notice("evidence_returned")
    scene.do(notice, enforcing.record_appeal, lodged_on=clock.today())
    scene.do(notice, enforcing.dispose_appeal, outcome="affirmed", on=clock.today())
    assert "evidence_answer" not in clocks(notice)


def test_evidence_about_a_prohibition_under_appeal_is_returned_and_its_clock_runs_on(scene: Scene) -> None:
    notice = scene.notice("evidence_submitted", notice_type=Notice.Type.PROHIBITION_DEFERRED)
    scene.do(notice, enforcing.record_appeal, lodged_on=clock.today())
    assert "evidence_answer" in clocks(notice)
    scene._return_evidence(notice)
    assert "evidence_answer" not in clocks(notice)


def test_evidence_that_waits_holds_up_a_failure(scene: Scene, travel: time_machine.Traveller) -> None:
    notice = scene.notice("evidence_submitted")
    assert notice.compliance_on is not None
    travel.shift(notice.compliance_on - clock.today() + timedelta(days=1))
    with pytest.raises(NotAllowedNow, match="Evidence of compliance waits"):
        scene.do(notice, enforcing.record_failure, reason="Late.")
    scene._return_evidence(notice)
    scene.do(notice, enforcing.record_failure, reason="Late.")
    scene.answer(notice, services.submit_evidence)
    scene._accept_evidence(notice)
    assert notice.case.status == "complied", "complied with late"


@pytest.mark.parametrize("who", ["reporter", "stranger", "manager"])
def test_only_the_employers_leads_file(scene: Scene, who: str) -> None:
    notice = scene.notice("evidence_begun")
    stranger = member(EmployerFactory.create(), Role.EMPLOYER_LEAD)
    by = {"reporter": scene.reporter, "stranger": stranger, "manager": scene.manager}[who]
    with pytest.raises(NotPermitted):
        scene.do(notice, services.submit_evidence, by)
    with pytest.raises(NotPermitted):
        scene.do(notice, services.write_evidence, by, part=parts_of(notice, None)[0].key, text="x")
    assert EvidenceSet.objects.get().is_draft


DECISIONS: list[tuple[str, Any, dict[str, Any]]] = [
    ("evidence_submitted", services.accept_evidence, {"complied_on": None, "how": "evidence"}),
    ("evidence_submitted", services.return_evidence, {"reason": "x"}),
    ("time_asked", services.refuse_more_time, {"reason": "x"}),
    ("appeal_told", services.confirm_appeal, {}),
    ("appeal_told", services.decline_appeal, {"reason": "x"}),
    ("not_complied", services.refer_for_prosecution, {"reason": "x"}),
    ("prosecution", services.record_prosecution, {"outcome": "prosecuted", "on": None, "reason": "x"}),
]


@pytest.mark.parametrize(("state", "deed", "given"), DECISIONS)
@pytest.mark.parametrize("why", ["role", "lead", "not named", "interest", "stale"])
def test_no_decision_gets_past_role_restriction_interest_or_version(
    scene: Scene, state: str, deed: Any, given: dict[str, Any], why: str
) -> None:
    notice = scene.notice(state)
    by, expected = staff(Role.ENFORCEMENT_MANAGER), NotPermitted
    version = notice.case.version
    if why == "role":
        by = scene.inspector
    elif why == "lead":
        by = scene.lead
    elif why == "not named":
        closed_to(notice.case, scene.manager, by=scene.manager)
        version = notice.case.version
    elif why == "interest":
        interest_of(by, scene.employer)
    else:
        version, expected = version - 1, StaleVersion  # type: ignore[assignment]
    arguments = {name: clock.today() if value is None else value for name, value in given.items()}
    before = Event.objects.count()
    with pytest.raises(expected):
        deed(notice=notice, by=by, version=version, **arguments)
    assert Event.objects.count() == before


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"reason": "  "}, "Give a reason"),
        ({"reason": "x", "remarks": {0: "Whose?"}}, "belongs to other evidence"),
    ],
)
def test_nonsense_in_a_return_is_refused(scene: Scene, given: dict[str, Any], error: str) -> None:
    notice = scene.notice("evidence_submitted")
    with pytest.raises(ValidationError, match=error):
        scene.do(notice, services.return_evidence, **given)
    assert EvidenceSet.objects.get().is_waiting


@pytest.mark.parametrize(
    ("days", "how"), [(-1, "evidence"), (1, "evidence"), (0, "hearsay")], ids=["before", "future", "how"]
)
def test_nonsense_in_an_acceptance_is_refused(scene: Scene, days: int, how: str) -> None:
    notice = scene.notice("evidence_submitted")
    on = clock.today() + timedelta(days=days)
    with pytest.raises(ValidationError):
        scene.do(notice, services.accept_evidence, complied_on=on, how=how)
    assert EvidenceSet.objects.get().is_waiting


def test_nothing_is_said_to_a_provision_that_the_notice_does_not_name(scene: Scene) -> None:
    notice = scene.notice("served")
    for part in (0, 10**9):
        with pytest.raises(ValidationError):
            scene.answer(notice, services.write_evidence, part=part, text="x")
    with pytest.raises(ValidationError, match="Say what was done"):
        scene.answer(notice, services.write_evidence, part=parts_of(notice, None)[0].key, text=" ")


def test_who_is_named_in_words_or_in_a_file_is_refused(scene: Scene) -> None:
    notice = scene.notice("served")
    part = parts_of(notice, None)[0].key
    said = "It was about 943 476 5919."
    with pytest.raises(IdentifiersFound):
        scene.answer(notice, services.write_evidence, part=part, text=said)
    with pytest.raises(IdentifiersFound):
        scene.answer(notice, services.write_evidence, part=part, text="Done.", file=a_file(said.encode()))
    assert not EvidenceSet.objects.exists()


def test_a_stale_version_is_told_and_loses_nothing_of_the_other(scene: Scene) -> None:
    notice = scene.notice("evidence_begun")
    old = notice.case.version
    scene.answer(notice, services.write_evidence, part=parts_of(notice, None)[0].key, text="Newer.")
    with pytest.raises(StaleVersion):
        services.submit_evidence(notice=notice, by=scene.lead, version=old)
    assert EvidenceItem.objects.filter(text="Newer.").exists()
