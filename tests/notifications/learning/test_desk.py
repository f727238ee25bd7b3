"""Learning cases on the desk: the forms of the deeds, the page with what the checks found, list and queue."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from notifications import services
from notifications.learning.desk_home import learning_waiting
from notifications.learning.facts import Kinds
from notifications.learning.models import LearningCase, PublishedLearning
from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.models import Case
from regulator.casework.services import lift
from tests.casework.closing import closed_to
from tests.factories import staff
from tests.notifications.learning.making import Desk, learning_in
from tests.notifications.learning.told import TEXTS, published
from tests.notifications.pages import browser, text

pytestmark = pytest.mark.usefixtures("reference")

LIST = reverse("admin:learning_learningcase_changelist")


def deed(case: Case, name: str) -> str:
    return reverse("admin:casework_case_do", args=[case.pk, name])


def send(by: User, case: Case, name: str, **said: Any) -> Any:
    """The deed's form as it stands, with these answers."""
    client = browser(by)
    shown: Any = client.get(deed(case, name))
    form, read = shown.context["form"], shown.context["read"]
    filled = {box.name: box.value() for box in form if box.value() not in (None, "")}
    filled |= {read.add_prefix(box.name): box.value() for box in read}
    return client.post(deed(case, name), filled | said)


def test_from_the_desk_alone_into_the_library() -> None:
    desk = Desk()
    case = desk.fresh.case
    assert send(desk.writer, case, "write_learning", **TEXTS).status_code == 302
    refused = send(desk.writer, case, "propose_learning")
    assert refused.status_code == 400
    assert "The combination of what is told is rare: only 1 in all" in text(refused)
    assert "leave out the kind within the modality" not in text(refused), (
        "no single step is enough of one case"
    )
    assert send(desk.writer, case, "propose_learning", doubts_reason="Many have had it.").status_code == 302
    unsure = send(desk.second, case, "approve_learning", learning_read="on")
    assert unsure.status_code == 400
    assert "Many have had it." in text(unsure)
    done = send(desk.second, case, "approve_learning", learning_read="on", doubts_confirmed="on")
    assert done.status_code == 302
    assert PublishedLearning.objects.get().title == TEXTS["title"]
    page = text(browser(desk.writer).get(reverse("admin:casework_case_change", args=[case.pk])))
    assert "Learning case" in page
    assert "Published. Written by" in page


def test_the_system_is_asked_about_before_what_happened() -> None:
    desk = Desk()
    shown: Any = browser(desk.writer).get(deed(desk.fresh.case, "write_learning"))
    order = [box.name for box in shown.context["form"] if not box.is_hidden]
    assert order[:5] == ["title", "system", "what_happened", "actions", "learning"]
    assert "Not who erred, but what made the error possible" in text(shown)


def test_a_published_one_stands_in_the_form_of_its_correction() -> None:
    desk = learning_in("published")
    shown: Any = browser(desk.writer).get(deed(desk.fresh.case, "write_learning"))
    assert shown.context["form"]["system"].value() == TEXTS["system"]


def test_whoever_wrote_at_once_with_somebody_sees_what_they_wrote() -> None:
    desk = learning_in("draft")
    case = desk.fresh.case
    client = browser(desk.writer)
    shown: Any = client.get(deed(case, "write_learning"))
    form, read = shown.context["form"], shown.context["read"]
    sent = {box.name: box.value() for box in form if box.value() not in (None, "")}
    sent |= {read.add_prefix(box.name): box.value() for box in read} | {"learning": "Mine.", "tiers": 1}
    desk.write(desk.second, learning="Theirs,\nin two lines.", kinds=Kinds(sub_modality="ct", tiers=0))
    answer: Any = client.post(deed(case, "write_learning"), sent)
    assert answer.status_code == 409
    assert ("What can others learn?", "Theirs,\nin two lines.") in answer.context["theirs"]
    assert ("Cause, as CQC coded it", "Not told") in answer.context["theirs"]
    assert "Title" not in dict(answer.context["theirs"])
    assert "Theirs,<br>in two lines." in text(answer)
    assert "Mine." in answer.context["form"]["learning"].value()


def rewritten(desk: Desk, learning: str) -> None:
    """Given back, written by a colleague and proposed again."""
    desk.give_back()
    desk.write(staff(Role.ANALYST), learning=learning)
    desk.propose()


@pytest.mark.parametrize(
    ("state", "name", "by", "changed"),
    [
        ("draft", "propose_learning", "writer", lambda desk: desk.write(desk.second, learning="Anew.")),
        ("draft", "discard_learning", "writer", lambda desk: desk.write(desk.second, learning="Anew.")),
        ("proposed", "approve_learning", "second", lambda desk: rewritten(desk, learning="Anew.")),
        ("proposed", "return_learning", "second", lambda desk: rewritten(desk, learning="Anew.")),
        ("published", "withdraw_learning", "second", lambda desk: desk.published(learning="Anew.")),
    ],
)
def test_whoever_decides_on_what_was_changed_meanwhile_reads_what_changed(
    state: str, name: str, by: str, changed: Any
) -> None:
    desk = learning_in(state)
    person, page = getattr(desk, by), deed(desk.fresh.case, name)
    client = browser(person)
    shown: Any = client.get(page)
    read = shown.context["read"]
    sent = {read.add_prefix(box.name): box.value() for box in read}
    typed = {"reason": "Say more.", "doubts_reason": "Everybody had it."}
    typed |= dict.fromkeys(("learning_read", "doubts_confirmed"), "on")
    changed(desk)
    answer: Any = client.post(page, sent | typed)
    assert answer.status_code == 409
    assert [pair for pair in answer.context["theirs"] if pair[0] != "Revision"] == [("Learning", "Anew.")]
    said = text(answer)
    assert "What changed since you opened this page" in said
    for box in answer.context["form"].visible_fields():
        assert box.value() in (typed.get(box.name), True, None), box.name
    read = answer.context["read"]
    desk.coded_anew()
    again: Any = client.post(page, {read.add_prefix(box.name): box.value() for box in read} | typed)
    assert (again.status_code, again.context["theirs"]) == (409, []), "of the case, but not of its words"


def test_whoever_wrote_the_first_words_sees_none_of_anybody() -> None:
    """Something else happened to the case meanwhile: the boxes began with what is proposed."""
    desk = Desk()
    case = desk.fresh.case
    client = browser(desk.writer)
    read = client.get(deed(case, "write_learning")).context["read"]
    sent: dict[str, Any] = TEXTS | {"tiers": 0} | {read.add_prefix(box.name): box.value() for box in read}
    desk.reopened()
    desk.closed_again()
    answer: Any = client.post(deed(case, "write_learning"), sent)
    assert (answer.status_code, answer.context["theirs"]) == (409, [])


def test_the_page_tells_what_must_go_and_what_is_doubted() -> None:
    desk = Desk()
    employer = desk.fresh.case.employer
    employer.name = "Wexcombe Infirmary"
    employer.save()
    desk.write(
        system="At Wexcombe Infirmary on 12 March 2025 two lists stood open.", actions="Wexcombe changed it."
    )
    page = reverse("admin:learning_learningcase_change", args=[desk.learning.pk])
    said = text(browser(desk.writer).get(page))
    for words in (
        "the name of the employer or a site (“Wexcombe Infirmary”)",
        "an exact day (“12 March 2025”)",
        "In “Actions taken”: a word of the employer’s or a site’s name (“Wexcombe”).",
        "Counted notifications that share what is told",
        "As it is told now",
    ):
        assert words in said, words
    refused = send(desk.writer, desk.fresh.case, "propose_learning", doubts_reason="So.")
    assert refused.status_code == 400
    assert "Take it out." in text(refused)


def test_the_page_of_a_restricted_case_is_for_those_who_may_open_it_and_leaves_a_trace() -> None:
    desk = learning_in("proposed")
    case, manager = desk.fresh.case, staff(Role.ENFORCEMENT_MANAGER)
    assert case.assignee is not None
    closed_to(case, manager, case.assignee, by=manager)
    page = reverse("admin:learning_learningcase_change", args=[desk.learning.pk])
    assert browser(desk.writer).get(page).status_code == 404
    assert desk.learning.title not in text(browser(desk.writer).get(LIST))
    with CaptureQueriesContext(connection) as captured:
        assert browser(manager).get(page).status_code == 200
    assert any("casework_restrictedview" in each["sql"] for each in captured.captured_queries)


@pytest.mark.parametrize("state", ["draft", "proposed", "published"])
def test_pages_take_the_same_queries_at_any_size(state: str) -> None:
    reader = staff(Role.ANALYST)
    taken: dict[str, list[int]] = {"list": [], "one": []}
    for size in (1, 4):
        while LearningCase.objects.count() < size:
            learning_in(state)
            published()
        page = reverse("admin:learning_learningcase_change", args=[LearningCase.objects.latest("pk").pk])
        for name, address in (("list", LIST), ("one", page)):
            client = browser(reader)
            client.get(address)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            taken[name].append(len(captured))
    assert taken["list"][0] == taken["list"][1] <= 8
    assert taken["one"][0] == taken["one"][1] <= 12


def test_the_page_of_the_notification_costs_no_query_more_with_revisions() -> None:
    desk = Desk()
    reader = browser(staff(Role.ANALYST))
    page = reverse("admin:casework_case_change", args=[desk.fresh.case.pk])

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert reader.get(page).status_code == 200
        return len(captured)

    cost()
    desk.published()
    one = cost()
    for _ in range(3):
        desk.published()
    assert cost() == one


def test_home_and_queue_count_what_waits_for_whom() -> None:
    desk = learning_in("proposed")
    home = text(browser(desk.second).get("/desk/"))
    assert "Learning cases" in home
    queue = reverse("admin:casework_case_changelist")
    waiting = f"{queue}?mark=learning_to_approve&state=all"
    reference = str(desk.fresh.case.reference)
    assert reference in text(browser(desk.second).get(waiting))
    assert reference not in text(browser(desk.writer).get(waiting))
    desk.give_back()
    assert reference in text(browser(desk.writer).get(f"{queue}?mark=learning_to_write&state=all"))


def uncounted(by: User) -> int:
    panel = learning_waiting(by)
    assert panel is not None
    told = {line.label: line.count for line in panel.lines}
    return told["Published, but its notification no longer counts"]


def test_what_is_public_of_a_notification_that_counts_no_more_is_told() -> None:
    desk, other = learning_in("published"), learning_in("published")
    mark = f"{reverse('admin:casework_case_changelist')}?mark=learning_uncounted&state=all"
    reference = str(desk.fresh.case.reference)
    assert uncounted(desk.second) == 0
    desk.do(services.reopen, desk.cast.officer, reason="New facts.")
    assert uncounted(desk.second) == 0, "it is under review, and counts"
    desk.do(services.withdraw, desk.cast.officer, reason="No exposure happened.")
    assert uncounted(desk.second) == 1
    shown = text(browser(desk.second).get(mark))
    assert reference in shown
    assert str(other.fresh.case.reference) not in shown
    assert "Published, but its notification no longer counts" in text(browser(desk.second).get("/desk/"))
    with CaptureQueriesContext(connection) as captured:
        learning_waiting(desk.second)
    assert len(captured) == 1
    desk.withdraw()
    assert uncounted(desk.second) == 0


OTHERWISE = "Published, but its notification says otherwise since"


def told_otherwise(by: User) -> int:
    panel = learning_waiting(by)
    assert panel is not None
    return {line.label: line.count for line in panel.lines}[OTHERWISE]


@pytest.mark.parametrize("move", ["coded_anew", "corrected"])
def test_what_is_public_of_a_notification_that_says_otherwise_since_is_told(move: str) -> None:
    desk, other, silent = learning_in("published"), learning_in("published"), Desk()
    silent.write(kinds=Kinds(tiers=0))
    silent.propose()
    silent.approve()
    mark = f"{reverse('admin:casework_case_changelist')}?mark=learning_otherwise&state=all"
    page = reverse("admin:learning_learningcase_change", args=[desk.learning.pk])
    words = "The notification says otherwise since"
    assert told_otherwise(desk.writer) == 0
    assert not shows(desk.writer, page, words)
    for each in (desk, silent):
        getattr(each, move)(*(["plain_film"] if move == "corrected" else []))
    for person in (desk.writer, desk.second):
        assert told_otherwise(person) == 1
        assert shows(person, "/desk/", OTHERWISE)
        assert shows(person, mark, str(desk.fresh.case.reference))
        for unmoved in (other, silent):
            assert not shows(person, mark, str(unmoved.fresh.case.reference))
        assert shows(person, page, words)
    desk.published()
    assert told_otherwise(desk.writer) == 0


RESTRICTED = "Published before its notification was restricted"
SINCE = "The notification was restricted after this was published"


def hours_later(hours: int) -> time_machine.travel:
    return time_machine.travel(clock.now() + timedelta(hours=hours), tick=False)


def told_of_restricted(by: User) -> int:
    panel = learning_waiting(by)
    assert panel is not None
    return {line.label: line.count for line in panel.lines}[RESTRICTED]


def shows(by: User, address: str, words: str) -> bool:
    return words in text(browser(by).get(address))


def test_a_case_restricted_after_its_learning_was_published_is_told_to_those_who_may_open_it() -> None:
    desk, other = learning_in("published"), learning_in("published")
    case, manager = desk.fresh.case, staff(Role.ENFORCEMENT_MANAGER)
    mark = f"{reverse('admin:casework_case_changelist')}?mark=learning_restricted&state=all"
    page = reverse("admin:casework_case_change", args=[case.pk])
    revision = reverse("admin:learning_learningcase_change", args=[desk.learning.pk])
    assert told_of_restricted(desk.second) == told_of_restricted(manager) == 0
    assert not shows(desk.second, page, SINCE)
    assert not shows(desk.second, revision, SINCE)
    assert case.assignee is not None
    with hours_later(1):
        closed_to(case, desk.writer, desk.second, case.assignee, by=manager)
    for person in (desk.writer, desk.second):
        assert told_of_restricted(person) == 1
        assert shows(person, mark, str(case.reference))
        assert not shows(person, mark, str(other.fresh.case.reference))
        assert shows(person, page, SINCE)
        assert shows(person, revision, SINCE)
        assert shows(person, "/desk/", RESTRICTED)
    for stranger in (manager, staff(Role.ANALYST)):
        assert told_of_restricted(stranger) == 0
        assert not shows(stranger, mark, str(case.reference))
        assert browser(stranger).get(revision).status_code == 404
    with CaptureQueriesContext(connection) as captured:
        learning_waiting(desk.second)
    assert len(captured) == 1
    desk.withdraw()
    assert told_of_restricted(desk.second) == 0
    assert not shows(desk.second, page, SINCE)


def test_a_revision_that_two_people_let_stand_since_ends_the_mark_and_another_restriction_begins_it() -> None:
    desk = learning_in("published")
    case, manager = desk.fresh.case, staff(Role.ENFORCEMENT_MANAGER)
    named = (desk.writer, desk.second, manager, desk.cast.officer)
    with hours_later(1):
        closed_to(case, *named, by=manager)
    assert told_of_restricted(desk.second) == 1
    desk.write()
    desk.propose(reason="The kind of incident is everywhere, and nothing in it is the case's own.")
    assert told_of_restricted(desk.second) == 1, "what is public is still what it was"
    with hours_later(2):
        desk.approve()
    assert told_of_restricted(desk.second) == 0
    fresh = desk.fresh.case
    with hours_later(3):
        lift(case=fresh, by=manager, version=fresh.version, reason="It is public now.")
    assert told_of_restricted(desk.second) == 0
    with hours_later(4):
        closed_to(desk.fresh.case, *named, by=manager)
    assert told_of_restricted(desk.second) == 1


def test_fewer_kinds_make_it_common() -> None:
    """What the page advises helps: with five of the kind from two employers, leaving out is enough."""
    desks = [Desk() for _ in range(5)]
    desk = desks[0]
    desk.write(kinds=Kinds(sub_modality="ct", tiers=3, equipment="ct_scanner"))
    desk.propose()
    assert desk.learning.doubts["rare"], "no other gave its equipment"
    assert "leave out the equipment (CT scanner)" in desk.learning.doubts["told"][0]
    desk.give_back()
    desk.write(kinds=Kinds(sub_modality="ct", tiers=3))
    desk.propose(reason="")
    assert desk.learning.doubts == {}


def test_a_writer_in_between_gets_no_further_than_the_service() -> None:
    """The button goes by the rows; who edited between the first and the last is known by the chain."""
    desk = Desk()
    between = staff(Role.ANALYST)
    desk.write()
    desk.write(between)
    desk.write()
    desk.propose()
    refused = send(between, desk.fresh.case, "approve_learning", learning_read="on", doubts_confirmed="on")
    assert refused.status_code == 409
    assert "You had a hand in writing this" in text(refused)
