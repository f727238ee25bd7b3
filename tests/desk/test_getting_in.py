"""A restricted case against whoever is not named on it: every way in that anybody thought of, tried and kept.

What a stranger may learn is that a case whose reference they know is restricted. Nothing else: each attempt
looks for the case's words in whatever comes back.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role, roles_with
from regulator.casework.desk import EVERYDAY, HOME_PANELS, actions_for
from regulator.casework.links import case_path
from regulator.casework.models import Attachment, Case, Event, RestrictedView
from regulator.casework.queue.orders import ORDERS, URGENCY
from regulator.casework.queue.paging import token
from regulator.casework.queue.registries import BULK_DEEDS
from regulator.casework.queue.together import tick
from regulator.casework.search.following import follow
from regulator.casework.services import add_note
from regulator.organisations.models import Employer
from tests.casework.closing import broken_by, closed_to
from tests.desk.kind import open_trial

SignIn = Callable[[Role], Client]
READERS = sorted(roles_with("casework.read"))
SECRET = "Whistle blown at the northern site"
QUEUE = "/desk/casework/case/"
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')


@pytest.fixture
def closed(people: dict[Role, User], employer: Employer) -> Case:
    """A restricted case with everything on it, high of risk, overdue, assigned; closed to all but two."""
    case = open_trial(employer=employer, by=people[Role.ADMINISTRATOR], summary=SECRET)
    lead = User.objects.create_user("lead@example.invalid", name="Named Lead", role=Role.CASE_OFFICER)
    Case.objects.filter(pk=case.pk).update(
        risk=3, assignee=lead, next_due_on=clock.today() - timedelta(days=3), modality="radiotherapy"
    )
    case.refresh_from_db()
    add_note(case=case, text=f"{SECRET}, the note", by=lead)
    kept = Attachment(
        case=case, name="secret.txt", content_type="text/plain", size=4, sha256="0", scan="clean",
        uploaded_by=lead,
    )  # fmt: skip
    kept.file.save("secret.txt", ContentFile(SECRET.encode()))
    closed_to(case, lead, by=lead)
    while follow():
        pass
    return case


@pytest.fixture(params=READERS)
def stranger(request: pytest.FixtureRequest, signed_in: SignIn) -> Client:
    """Somebody who reads cases, in each such role, and is not named."""
    return signed_in(request.param)


@pytest.fixture
def named(closed: Case) -> Client:
    """The lead, to whom the same addresses answer: an attempt that finds nothing for anybody proves
    nothing."""
    client = Client()
    client.force_login(User.objects.get(email="lead@example.invalid"))
    return client


def shown(answer: Any) -> str:
    if answer.streaming:
        return b"".join(answer).decode(errors="replace")
    return _TOKEN.sub("", answer.content.decode(errors="replace"))


def tells_nothing(answer: Any, case: Case) -> bool:
    words = shown(answer)
    return not any(each in words for each in (SECRET, str(case.reference), "secret.txt", "Named Lead, who"))


def addresses(case: Case) -> list[str]:
    """Every page of a case on the desk."""
    page = reverse("admin:casework_case_change", args=[case.pk])
    deeds = [action.name for action in (*actions_for(case.kind), *EVERYDAY.values())]
    kept = case.attachments.get()
    return [
        page,
        f"{page}timeline/",
        f"{page}timeline/?page=1",
        f"{page}files/{kept.pk}/",
        *(f"{page}do/{name}/" for name in deeds),
    ]


def test_by_the_address_of_a_page_of_its_timeline_of_a_deed_and_of_a_file(
    closed: Case, stranger: Client, named: Client
) -> None:
    nowhere = stranger.get(reverse("admin:casework_case_change", args=[10**9]))
    for address in addresses(closed):
        assert named.get(address).status_code in (200, 403, 409), address
        before = RestrictedView.objects.count()
        answer = stranger.get(address)
        assert answer.status_code == 404, address
        assert tells_nothing(answer, closed), address
        assert RestrictedView.objects.count() == before
        assert stranger.head(address).status_code == 404
    assert shown(nowhere) == shown(stranger.get(addresses(closed)[0])), (
        "it answers as a case that is not there"
    )


def test_by_sending_a_deed_that_was_drawn_before_it_was_restricted(
    closed: Case, stranger: Client, people: dict[Role, User]
) -> None:
    data = {
        "read-version": closed.version, "read-seen": 0, "comment": "x", "risk": "1", "text": "x", "reason":
        "x", "people": [people[Role.CASE_OFFICER].pk], "assignee": people[Role.CASE_OFFICER].pk,
    }  # fmt: skip
    before = Event.objects.count()
    for action in (*actions_for(closed.kind), *EVERYDAY.values()):
        answer = stranger.post(reverse("admin:casework_case_do", args=[closed.pk, action.name]), data)
        assert answer.status_code == 404, action.name
        assert tells_nothing(answer, closed)
    assert Event.objects.count() == before


FILTERS = [
    "",
    "state=all",
    "state=closed",
    "kind=trial",
    "status=trial:waiting",
    "risk=3",
    "due=overdue",
    "modality=radiotherapy",
    "assignee=nobody",
    "mark=interest",
    "q=Whistle",
    "q=Trial+Trust",
    "q=northern+site",
    "id__exact={pk}",
    "pk__exact={pk}",
    "reference__exact={reference}",
    "is_restricted__exact=1",
    "assignee={lead}",
    "q={reference}",
    "q={part}",
]


def test_by_a_filter_or_a_search_of_the_queue(closed: Case, stranger: Client, named: Client) -> None:
    for query in FILTERS:
        asked_of_the_queue(query, closed, stranger, named)


def asked_of_the_queue(query: str, closed: Case, stranger: Client, named: Client) -> None:
    query = query.format(
        pk=closed.pk, reference=closed.reference, part=str(closed.reference)[4:12], lead=closed.assignee_id
    )
    answer = stranger.get(f"{QUEUE}?{query}", follow=True)
    assert answer.status_code == (400 if "__exact" in query else 200), query
    assert answer.context["cl"].result_count == 0, query
    assert SECRET not in shown(answer), query
    if query == f"q={closed.reference}":  # what was typed stands on the page, as for any other reference
        nothing = shown(stranger.get(f"{QUEUE}?q=TRL-2026-09999-X"))
        assert shown(answer).replace(str(closed.reference), "TRL-2026-09999-X") == nothing
    else:
        assert str(closed.reference) not in shown(answer), query
    if query in ("", "risk=3", "due=overdue", "q=Whistle"):
        listed = named.get(f"{QUEUE}?{query}").context["cl"].result_list
        assert [each.summary for each in listed] == [SECRET]


PLACES = ("", "&state=all", "&p=1", "&all=", "&page=first", "&page=last", "&after={here}", "&before={here}")


def sorted_and_turned(order: str, place: str, closed: Case, stranger: Client) -> None:
    here = quote(token(closed, ORDERS.get(order, URGENCY)))
    answer = stranger.get(f"{QUEUE}?o={order}{place.format(here=here)}", follow=True)
    assert answer.status_code in (200, 400)
    assert not answer.context["cl"].rows
    assert tells_nothing(answer, closed), (order, place)


@pytest.mark.parametrize("order", ["1", "7", "-7", "1.5.-7", *ORDERS])
def test_by_a_sort_order_and_by_a_page(closed: Case, officer: Client, order: str) -> None:
    for place in PLACES:
        sorted_and_turned(order, place, closed, officer)


def test_by_a_page_of_the_queue_in_any_role(closed: Case, stranger: Client) -> None:
    """Whatever the order, what may be listed is settled before it is sorted: one order stands for all."""
    for place in PLACES:
        sorted_and_turned("age", place, closed, stranger)


def test_by_a_list_that_is_taken_away(closed: Case, stranger: Client, named: Client) -> None:
    queries = ("", "state=all", "risk=3", "q=Whistle", "o=age")
    for kind, query in product(("", "kind/trial/"), queries):
        address = f"{QUEUE}{kind}export/csv/?{query}"
        assert SECRET in shown(named.post(address))
        answer = stranger.post(address)
        assert answer.status_code == 200
        assert tells_nothing(answer, closed)
        assert Event.objects.filter(type="casework.exported").latest("sequence").payload["rows"] == 0


def test_by_what_a_filter_offers(closed: Case, stranger: Client, named: Client) -> None:
    """The states in which cases stand are listed: none in which only restricted ones do."""
    assert "Trial: Waiting" in shown(named.get(QUEUE))
    assert "Trial: Waiting" not in shown(stranger.get(QUEUE))


def test_by_doing_something_to_many_at_once(closed: Case, stranger: Client) -> None:
    data = {"action": "delete_selected", "_selected_action": [closed.pk], "select_across": "1", "post": "yes"}
    assert stranger.post(QUEUE, data).status_code in (403, 405)
    assert stranger.post(f"{QUEUE}?id__exact={closed.pk}", data).status_code in (403, 405)
    assert Case.objects.filter(pk=closed.pk).exists()
    ticked: Any = {"case": tick(closed), "assignee": closed.assignee_id, "risk": "1", "reason": "x"}
    before = Event.objects.count()
    for name in BULK_DEEDS:
        for send in (stranger.get, stranger.post):
            answer = send(f"{QUEUE}together/{name}/", ticked)
            assert answer.status_code in (200, 400, 403)
            assert tells_nothing(answer, closed)
    assert Event.objects.count() == before


def test_by_the_counts_of_the_home(closed: Case, stranger: Client, named: Client) -> None:
    lead = User.objects.get(email="lead@example.invalid")
    for panel in HOME_PANELS.values():
        for role in READERS:
            someone = User.objects.filter(role=role).exclude(pk=lead.pk)[0]
            told = panel(someone)
            assert told is None or sum(line.count for line in told.lines) == 0
    assert tells_nothing(stranger.get("/desk/"), closed)
    assert f"Oldest: {closed.reference}" in shown(named.get("/desk/"))


def test_by_the_chain_of_events(closed: Case, signed_in: SignIn, people: dict[Role, User]) -> None:
    auditor = signed_in(Role.AUDITOR)
    event = Event.objects.get(type="casework.restricted")
    page = reverse("admin:casework_event_change", args=[event.pk])
    for address in (
        "/desk/casework/event/",
        f"/desk/casework/event/?q={closed.reference}",
        "/desk/casework/event/?type=casework.restricted",
        page,
        reverse("admin:casework_event_history", args=[event.pk]),
    ):
        answer = auditor.get(address, follow=True)
        assert answer.status_code in (200, 404)
        assert SECRET not in shown(answer)
        assert f"/desk/casework/event/{event.pk}/" not in shown(answer)
    assert not RestrictedView.objects.filter(person=people[Role.AUDITOR]).exists()
    broken_by(people[Role.AUDITOR], closed)
    assert auditor.get(page).status_code == 200
    assert str(closed.reference) in shown(auditor.get("/desk/casework/event/"))
    look = RestrictedView.objects.get(person=people[Role.AUDITOR])
    assert (look.what, look.path) == ("casework_event_change", page)


def test_by_the_admins_own_addresses(closed: Case, stranger: Client) -> None:
    tails = ("history/", "change/", "delete/", "add/", "1/history/", "export/", "autocomplete/")
    for under, tail in product((f"{QUEUE}{closed.pk}/", QUEUE), tails):
        address = f"{under}{tail}"
        answer = stranger.get(address)
        assert answer.status_code in (302, 403, 404), address
        assert tells_nothing(answer, closed)


def test_by_the_suggestions_of_a_search(closed: Case, stranger: Client) -> None:
    for query in (
        "app_label=casework&model_name=event&field_name=case&term=TRL",
        "app_label=casework&model_name=attachment&field_name=case&term=TRL",
        "app_label=casework&model_name=restriction&field_name=case&term=TRL",
        "app_label=casework&model_name=note&field_name=case&term=Whistle",
    ):
        answer = stranger.get(f"/desk/autocomplete/?{query}")
        assert answer.status_code in (200, 403, 404), query
        assert tells_nothing(answer, closed), query


def test_by_the_admins_way_to_a_page_of_any_row(closed: Case, stranger: Client) -> None:
    from django.contrib.contenttypes.models import ContentType

    kind = ContentType.objects.get_for_model(Case).pk
    there, nowhere = (stranger.get(f"/desk/r/{kind}/{pk}/") for pk in (closed.pk, 10**9))
    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert shown(there) == shown(nowhere)


def test_by_the_link_of_a_letter(closed: Case, stranger: Client, named: Client) -> None:
    path = case_path(closed, for_staff=True)
    assert named.get(path).status_code == 200
    assert stranger.get(path).status_code == 404


def test_by_the_interface_of_employers_systems(closed: Case, stranger: Client) -> None:
    for address in ("/api/v1/notifications/", f"/api/v1/notifications/{closed.pk}/"):
        answer = stranger.get(address)
        assert answer.status_code == 403
        assert tells_nothing(answer, closed)


def test_by_the_page_of_its_employer(closed: Case, stranger: Client) -> None:
    address = reverse("admin:organisations_employer_change", args=[closed.employer_id])
    assert tells_nothing(stranger.get(address), closed)


def test_by_the_page_of_another_case_that_names_it(
    closed: Case, stranger: Client, named: Client, people: dict[Role, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Facts and tables give other cases as themselves; whoever may not see one is told that there is one."""
    from regulator.casework.desk import DESK_PAGES, DESK_PANELS, DeskPage, DeskTable, FactSection

    other = open_trial(employer=closed.employer, by=people[Role.ADMINISTRATOR], summary="Open to all")
    mine = Case.objects.get(pk=closed.pk)
    facts = [FactSection("Linked", (("Follows", mine), (mine, f"said {SECRET}"), ("Both", [other, mine])))]
    table = DeskTable("Links", ("Case", "Why"), ((mine, f"said {SECRET}"), (other, "open")), "None")
    page = DESK_PAGES.get("trial")
    monkeypatch.setitem(DESK_PAGES._items, "trial", DeskPage(lambda case: facts, page.actions))
    monkeypatch.setitem(DESK_PANELS._items, "links", lambda case: table)
    address = reverse("admin:casework_case_change", args=[other.pk])
    assert SECRET in shown(named.get(address))
    assert shown(named.get(address)).count(str(closed.reference)) == 4
    answer = stranger.get(address)
    assert tells_nothing(answer, closed)
    assert shown(answer).count("A restricted case") == 4
    assert str(other.reference) in shown(answer)


def test_a_former_colleague_and_an_employer_are_shut_out_of_the_desk(
    closed: Case, named: Client, signed_in: SignIn
) -> None:
    address = reverse("admin:casework_case_change", args=[closed.pk])
    assert named.get(address).status_code == 200
    User.objects.filter(email="lead@example.invalid").update(is_active=False)
    assert named.get(address).status_code == 302
    for role in (Role.EMPLOYER_LEAD, Role.EMPLOYER_REPORTER, Role.ADMINISTRATOR):
        assert signed_in(role).get(address).status_code == 403
