"""From a closed notification to the library and out of it again: every step, and every refusal."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from notifications.learning import services
from notifications.learning.conditions import OWN
from notifications.learning.doubts import RESTRICTED, known_of, texts_of
from notifications.learning.facts import Kinds
from notifications.learning.models import LearningCase, PublishedLearning
from notifications.learning.naming import look
from notifications.learning.services.deciding import CHANGED, OTHERWISE
from regulator.accounts.actors import Scheduled
from regulator.accounts.roles import STAFF_ROLES, Role, roles_with
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.casework.models import Case, Event, IdentifierConfirmation
from regulator.casework.services import IdentifiersFound
from regulator.organisations.policies import InterestDeclared, NotPermitted
from tests.casework.closing import closed_to, interest_of
from tests.factories import EmployerFactory, SiteFactory, member, notification_in, staff
from tests.notifications.learning.making import STATES, Desk, learning_in
from tests.notifications.learning.told import TEXTS

pytestmark = pytest.mark.usefixtures("reference")

DEEDS = ("write", "propose", "approve", "give_back", "withdraw", "discard")
POSSIBLE = {
    "draft": {"write", "propose", "discard"},
    "proposed": {"approve", "give_back"},
    "returned": {"write", "propose", "discard"},
    "published": {"write", "withdraw"},
    "withdrawn": {"write"},
    "discarded": {"write"},
}


def events(case: Case) -> list[str]:
    told = Event.objects.filter(case=case, type__startswith="learning.").order_by("sequence")
    return [each.removeprefix("learning.") for each in told.values_list("type", flat=True)]


def test_from_writing_to_the_library_and_out_of_it(client: Client) -> None:
    desk = Desk()
    desk.write(title="Half of it", learning="")
    with pytest.raises(ValidationError, match="Say what others can learn"):
        desk.propose()
    desk.write()
    desk.propose()
    desk.give_back()
    assert desk.learning.returned_why == "Say more of the system."
    desk.write(system="The system showed no name on the second list.")
    desk.propose()
    assert desk.learning.returned_why == ""
    entry = desk.approve()
    page = client.get(entry.get_absolute_url()).content.decode()
    assert "The system showed no name on the second list." in page
    desk.withdraw()
    assert client.get(entry.get_absolute_url()).status_code == 410
    told = ["saved", "saved", "proposed", "returned", "saved", "proposed", "published", "withdrawn"]
    assert events(desk.fresh.case) == told
    assert first_broken_link() is None
    assert desk.learning.state == "withdrawn"


def test_what_is_proposed_comes_from_the_case() -> None:
    notification = notification_in("closed", equipment_type="Siemens CT, second room", exposed_group="child")
    desk = Desk(notification)
    desk.write()
    made = desk.learning
    cause = desk.fresh.cqc_cause
    assert cause is not None
    assert (made.modality, made.sub_modality, made.equipment) == ("diagnostic_imaging", "ct", "ct_scanner")
    assert made.cause_told == (cause.tier1, cause.rollup_tier2, cause.rollup)
    assert "paediatric-exposures" in made.themes


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("deed", DEEDS)
def test_each_state_allows_what_it_allows(state: str, deed: str) -> None:
    desk = learning_in(state)
    before = list(LearningCase.objects.values_list())
    if deed in POSSIBLE[state]:
        getattr(desk, deed)()
        return
    with pytest.raises(NotAllowedNow):
        getattr(desk, deed)()
    assert list(LearningCase.objects.values_list()) == before


@pytest.mark.parametrize("state", ["submitted", "under_review", "provisionally_closed", "withdrawn"])
def test_only_a_closed_notification_is_written_of(state: str) -> None:
    with pytest.raises(NotAllowedNow, match="once the notification is closed"):
        Desk(notification_in(state)).write()


def test_a_voluntary_one_is_not_counted_and_not_written_of() -> None:
    made = notification_in("closed")
    made.basis = "voluntary"
    made.save()
    with pytest.raises(NotAllowedNow, match="those that are counted"):
        Desk(made).write()


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_who_may(role: Role) -> None:
    desk = Desk()
    person = staff(role)
    writes, approves = role in roles_with("learning.write"), role in roles_with("learning.approve")
    if writes:
        desk.write(person)
        desk.propose(person)
    else:
        with pytest.raises(NotPermitted):
            desk.write(person)
        desk.write()
        desk.propose()
    other = staff(role)
    if approves:
        desk.approve(other)
    else:
        for deed in (desk.approve, desk.give_back, desk.withdraw):
            with pytest.raises(NotPermitted):
                deed(other)
    assert (writes, approves) == (
        role in (Role.ANALYST, Role.CASE_OFFICER, Role.INSPECTOR),
        role in (Role.ANALYST, Role.ENFORCEMENT_MANAGER),
    )


def test_no_employers_person_and_no_scheduled_work_may() -> None:
    desk = Desk()
    for by in (member(desk.fresh.case.employer, Role.EMPLOYER_LEAD), Scheduled("tests")):
        with pytest.raises(NotPermitted):
            desk.write(by)  # type: ignore[arg-type]


def test_nobody_approves_what_they_wrote_in_also_in_an_earlier_revision() -> None:
    desk = Desk()
    third = staff(Role.ANALYST)
    desk.write()
    desk.write(third)
    fourth = staff(Role.CASE_OFFICER)
    desk.propose(fourth)
    for by in (desk.writer, third):
        with pytest.raises(NotAllowedNow, match=OWN[:30]):
            desk.approve(by)
    desk.approve()
    desk.write(desk.second)
    desk.propose(desk.second)
    for by in (desk.writer, third, desk.second):
        with pytest.raises(NotAllowedNow, match=OWN[:30]):
            desk.approve(by)
    desk.approve(staff(Role.ENFORCEMENT_MANAGER))


def test_the_database_holds_writer_and_approver_apart() -> None:
    desk = learning_in("published")
    for field in ("written_by", "edited_by", "proposed_by"):
        with pytest.raises(IntegrityError), transaction.atomic():
            LearningCase.objects.filter(pk=desk.learning.pk).update(**{field: desk.second})


def test_a_correction_is_a_new_revision_at_the_same_number_with_a_second_person(client: Client) -> None:
    desk = Desk()
    entry = desk.published(title="Before")
    desk.write(title="Afterwards")
    assert "Before" in client.get(entry.get_absolute_url()).content.decode(), "until it is approved"
    desk.propose()
    again = desk.approve()
    assert (again.number, again.revision) == (entry.number, 2)
    rows = LearningCase.objects.order_by("number").values_list("number", "state", "title")
    assert list(rows) == [(1, "replaced", "Before"), (2, "published", "Afterwards")]
    assert PublishedLearning.objects.count() == 1


def test_what_is_withdrawn_meanwhile_does_not_come_back_at_its_address(client: Client) -> None:
    desk = Desk()
    entry = desk.published()
    desk.write(title="Afterwards")
    desk.withdraw()
    desk.propose()
    again = desk.approve()
    assert again.number != entry.number
    assert client.get(entry.get_absolute_url()).status_code == 410


@pytest.mark.parametrize("deed", DEEDS)
def test_whoever_read_an_older_version_is_told(deed: str) -> None:
    state = next(each for each in STATES if deed in POSSIBLE[each])
    desk = learning_in(state)
    fresh = desk.fresh
    said: dict[str, Any] = {"notification": fresh, "version": fresh.case.version - 1}
    with pytest.raises(StaleVersion):
        _service(deed)(by=desk.second if deed in ("approve", "give_back", "withdraw") else desk.writer,
                       **said | _arguments(deed))  # fmt: skip


def _service(deed: str) -> Any:
    return getattr(services, {"give_back": "return_learning"}.get(deed, f"{deed}_learning"))


def _arguments(deed: str) -> dict[str, Any]:
    reasons = {key: {"reason": "So."} for key in ("give_back", "withdraw", "discard")}
    said: dict[str, dict[str, Any]] = {"write": {"texts": TEXTS, "kinds": Kinds()}, **reasons}
    return said.get(deed, {})


@pytest.mark.parametrize("deed", ["give_back", "withdraw", "discard"])
def test_what_ends_or_goes_back_needs_a_reason(deed: str) -> None:
    desk = learning_in(next(each for each in STATES if deed in POSSIBLE[each]))
    with pytest.raises(ValidationError, match="Give a reason"):
        getattr(desk, deed)(reason=" ")


def test_kinds_stay_within_their_bounds() -> None:
    desk = Desk()
    wrong = Kinds(sub_modality="mammography", tiers=4, equipment="sofa", themes=("nothing",))
    with pytest.raises(ValidationError) as refused:
        desk.write(kinds=wrong)
    assert set(refused.value.message_dict) == {"sub_modality", "tiers", "equipment", "themes"}
    four = ("patient-identification", "workforce", "cancelling-requests", "referral-scope")
    with pytest.raises(ValidationError, match="at most 3"):
        desk.write(kinds=Kinds(themes=four))
    with pytest.raises(ValidationError, match="each theme once"):
        desk.write(kinds=Kinds(themes=("workforce", "workforce")))
    with pytest.raises(ValidationError, match="10,000 characters"):
        desk.write(system="x" * 10_001)
    assert not LearningCase.objects.exists()


MOVES: dict[str, Callable[[Desk], None]] = {
    "the cause": Desk.coded_anew,
    "the kind": lambda desk: desk.corrected("plain_film"),
}


@pytest.mark.parametrize("move", MOVES)
def test_what_the_notification_says_no_more_is_not_proposed_until_it_is_written_again(move: str) -> None:
    desk = learning_in("draft")
    MOVES[move](desk)
    with pytest.raises(ValidationError) as refused:
        desk.propose()
    assert set(refused.value.message_dict) == {"tiers" if move == "the cause" else "sub_modality"}
    assert desk.learning.state == "draft"
    desk.write()
    desk.propose()
    entry = desk.approve()
    cause = desk.fresh.cqc_cause
    assert cause is not None
    told = (entry.sub_modality, entry.tier1, entry.tier2, entry.tier3)
    assert told == (desk.fresh.sub_modality, cause.tier1, cause.rollup_tier2, cause.rollup)


@pytest.mark.parametrize("move", MOVES)
def test_what_the_notification_says_no_more_since_it_was_proposed_goes_back(move: str) -> None:
    desk = learning_in("proposed")
    MOVES[move](desk)
    with pytest.raises(NotAllowedNow, match=OTHERWISE):
        desk.approve()
    assert not PublishedLearning.objects.exists()
    desk.give_back()
    desk.write()
    desk.propose()
    desk.approve()


@pytest.mark.parametrize("move", MOVES)
def test_what_is_not_told_may_move(move: str) -> None:
    desk = Desk()
    desk.write(kinds=Kinds(tiers=0))
    MOVES[move](desk)
    desk.propose()
    MOVES["the cause"](desk)
    assert desk.approve().tier1 == ""


def test_an_identifier_needs_a_reason_at_each_step() -> None:
    desk = Desk()
    number = "It was about 943 476 5919."
    with pytest.raises(IdentifiersFound):
        desk.write(system=number)
    desk.do(services.write_learning, desk.writer, texts=TEXTS | {"system": number},
            kinds=Kinds(), identifies_nobody="The invented number of the guidance.")  # fmt: skip
    desk.propose()
    assert IdentifierConfirmation.objects.get().field == "system"
    with pytest.raises(IdentifiersFound):
        desk.give_back(reason=number.replace("943 476 5919", "401 023 2137"))


def test_whoever_declared_an_interest_writes_and_decides_nothing() -> None:
    desk = learning_in("proposed")
    for by in (desk.writer, desk.second):
        interest_of(by, desk.fresh.case.employer)
    with pytest.raises(InterestDeclared):
        desk.approve()
    desk.give_back(staff(Role.ANALYST))
    with pytest.raises(InterestDeclared):
        desk.write()


def test_on_a_restricted_case_only_those_who_may_open_it() -> None:
    desk = learning_in("proposed")
    case, manager = desk.fresh.case, staff(Role.ENFORCEMENT_MANAGER)
    assert case.assignee is not None
    closed_to(case, manager, case.assignee, by=manager)
    for deed in (desk.approve, desk.give_back):
        with pytest.raises(NotPermitted):
            deed()
    assert not PublishedLearning.objects.exists()


def test_what_became_rare_without_a_reason_goes_back() -> None:
    desk = Desk()
    others = [notification_in("closed") for _ in range(5)]
    desk.write()
    desk.propose(reason="")
    for each in others:
        each.basis = "voluntary"
        each.save()
    with pytest.raises(NotAllowedNow, match=CHANGED[:40]):
        desk.approve()
    desk.give_back()


def test_a_reason_covers_what_was_there_when_it_was_given() -> None:
    """A name that came since is no exact name in the text, but a word of it is."""
    desk = learning_in("proposed")
    assert desk.learning.doubts["rare"]
    employer = desk.fresh.case.employer
    employer.name = "Attention and Overmere Trust"
    employer.save()
    with pytest.raises(NotAllowedNow, match="a word of the employer’s or a site’s name"):
        desk.approve()
    desk.give_back()
    desk.propose()
    assert desk.learning.doubts["words"] == 1
    desk.approve()


def test_what_was_doubted_at_first_and_rarer_since_was_there() -> None:
    desk = Desk()
    other = notification_in("closed")
    desk.write()
    desk.propose()
    assert desk.learning.doubts["notifications"] == 2
    other.basis = "voluntary"
    other.save()
    desk.approve()


def common_case() -> Desk:
    """One of which nothing is doubted."""
    for _ in range(5):
        notification_in("closed")
    desk = Desk()
    desk.write()
    return desk


def test_a_restricted_case_is_a_doubt_of_its_own() -> None:
    desk = common_case()
    desk.propose(reason="")
    desk.give_back()
    case, manager = desk.fresh.case, staff(Role.ENFORCEMENT_MANAGER)
    assert case.assignee is not None
    closed_to(case, manager, case.assignee, desk.writer, desk.second, by=manager)
    with pytest.raises(ValidationError, match="restricted to those who may open it"):
        desk.propose(reason="")
    desk.propose()
    assert desk.learning.doubts == {
        **desk.learning.doubts, "told": [RESTRICTED], "restricted": True, "rare": False, "words": 0,
    }  # fmt: skip
    with pytest.raises(ValidationError, match="Confirm that what is doubted"):
        desk.approve(doubts_confirmed=False)
    desk.approve()


def test_a_case_that_was_restricted_since_goes_back() -> None:
    desk = common_case()
    desk.propose(reason="")
    case, manager = desk.fresh.case, staff(Role.ENFORCEMENT_MANAGER)
    assert case.assignee is not None
    closed_to(case, manager, case.assignee, desk.second, by=manager)
    with pytest.raises(NotAllowedNow, match="restricted to those who may open it"):
        desk.approve()


@pytest.mark.parametrize(
    ("field", "held", "text", "certain"),
    [
        ("mhra_reference", "2026/003/0042", "2026-003-0042", True),
        ("lfpse_id", "LF-99871", "LF 99871", True),
        ("equipment_model", "Somatom Go", "somatom go", False),
        ("equipment_manufacturer", "Vexil", "Vexil", False),
    ],
)
def test_what_the_case_holds_is_looked_for(field: str, held: str, text: str, certain: bool) -> None:
    changes: dict[str, Any] = {field: held}
    desk = Desk(notification_in("closed", **changes))
    desk.write(system=f"The record {text} says so.")
    found = look(texts_of(desk.learning), known_of(desk.fresh.case, desk.fresh))
    assert [(each.text, each.certain) for each in found] == [(text, certain)]


def test_a_reference_that_is_none_is_no_code() -> None:
    desk = Desk(notification_in("closed", mhra_reference="None", lfpse_id="3"))
    desk.write(system="None of the 3 lists said so.")
    assert look(texts_of(desk.learning), known_of(desk.fresh.case, desk.fresh)) == []


def test_former_names_must_go_and_words_of_other_employers_need_a_reason() -> None:
    desk = Desk()
    employer = desk.fresh.case.employer
    site = SiteFactory.create(employer=employer)
    for made, name in ((employer, "Wexcombe Infirmary"), (site, "Hollowick Wing")):
        former, made.name = made.name, name
        made.save()
        made.name = former
        made.save()
    EmployerFactory.create(name="Overmere Dental Practice")
    desk.write(system="At Wexcombe Infirmary, in the Hollowick Wing, and as Overmere did.")
    found = look(texts_of(desk.learning), known_of(desk.fresh.case, desk.fresh))
    assert [(each.text, each.certain) for each in found] == [
        ("Hollowick Wing", True), ("Wexcombe Infirmary", True), ("Overmere", False)
    ]  # fmt: skip


def test_what_is_held_takes_four_queries_at_any_size() -> None:
    desk = Desk()
    taken = []
    for _ in range(2):
        fresh = desk.fresh
        with CaptureQueriesContext(connection) as captured:
            known_of(fresh.case, fresh)
        taken.append(len(captured))
        for number in range(4):
            EmployerFactory.create(name=f"Overmere {number}")
    assert taken == [4, 4]


def test_doubts_are_confirmed_by_the_second_person() -> None:
    desk = learning_in("proposed")
    assert desk.learning.doubts["rare"]
    with pytest.raises(ValidationError, match="Confirm that what is doubted"):
        desk.approve(doubts_confirmed=False)
    desk.approve()


def test_a_name_that_the_employer_took_since_goes_back() -> None:
    desk = learning_in("proposed")
    employer = desk.fresh.case.employer
    employer.name = "The information system"
    employer.save()
    with pytest.raises(NotAllowedNow, match="It says the name of the employer or a site"):
        desk.approve()
