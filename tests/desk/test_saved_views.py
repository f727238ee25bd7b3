"""A person's own views of the queue: kept, opened first, renamed, deleted; and nobody else's."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.errors import NotPermitted, StaleVersion
from regulator.casework.models import Case, SavedView
from regulator.casework.queue.saving import (
    MOST_VIEWS,
    delete_view,
    rename_view,
    save_view,
    set_default,
)
from regulator.casework.saved import LONGEST_NAME

SignIn = Callable[[Role], Client]
QUEUE = "/desk/casework/case/"
VIEWS = f"{QUEUE}views/"


def address(view: SavedView, deed: str) -> str:
    return reverse(f"admin:casework_view_{deed}", args=[view.pk])


@pytest.fixture
def mine(people: dict[Role, User]) -> SavedView:
    return save_view(name="High risk", kind="", asked={"risk": "3", "o": "due"}, by=people[Role.CASE_OFFICER])


def test_what_the_list_shows_is_saved_under_a_name_and_shown_again(
    officer: Client, people: dict[Role, User], case: Case
) -> None:
    query = "risk=3&o=-due&q=&kind=trial&status="
    save = officer.get(f"{QUEUE}?{query}").context["save"]
    assert officer.get(save).status_code == 200
    answer = officer.post(save, {"name": "  High   risk "})
    view = SavedView.objects.get()
    assert (view.owner, view.name, view.kind) == (people[Role.CASE_OFFICER], "High risk", "")
    assert view.asked == {"risk": "3", "o": "-due", "kind": "trial"}
    assert answer["Location"] == f"{QUEUE}?kind=trial&o=-due&risk=3"
    shown = officer.get(QUEUE).content.decode()
    assert f'href="{answer["Location"].replace("&", "&amp;")}">High risk</a>' in shown


def test_the_view_of_one_kinds_list_leads_back_to_it(officer: Client, case: Case) -> None:
    officer.post(f"{QUEUE}kind/trial/save/?risk=0", {"name": "Not looked at"})
    view = SavedView.objects.get()
    assert (view.kind, view.asked) == ("trial", {"risk": "0"})
    assert f"{QUEUE}kind/trial/?risk=0" in officer.get(VIEWS).content.decode()
    assert officer.get(f"{QUEUE}kind/nothing/save/").status_code == 404


@pytest.mark.parametrize("query", ["risk=9", "foo=bar", "opened_from=x", "status=trial:", "q=%00", "o=x"])
def test_a_view_holds_only_filters_that_make_sense(officer: Client, query: str) -> None:
    for method in (officer.get, officer.post):
        assert method(f"{QUEUE}save/?{query}", {"name": "Nonsense"} if method == officer.post else None) \
            .status_code == 400  # fmt: skip
    assert SavedView.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "Enter the name of the view"),
        ("   ", "Enter the name of the view"),
        ("x" * (LONGEST_NAME + 1), "must be 80 characters or fewer"),
        ("Mr Patel", "identify somebody"),
        ("943 476 5919", "identify somebody"),
        ("HIGH RISK", "a view of this name"),
        ("\x00", "must not contain hidden characters"),
    ],
)
def test_a_name_is_refused_beside_its_box_and_stands_there_still(
    officer: Client, mine: SavedView, name: str, words: str
) -> None:
    for where in (f"{QUEUE}save/?risk=1", address(other_of(mine), "rename")):
        answer = officer.post(where, {"name": name, "version": "1"})
        assert answer.status_code == 400
        assert words in answer.content.decode()
        assert answer.context["form"]["name"].value() == name
    assert SavedView.objects.count() == 2


def other_of(view: SavedView) -> SavedView:
    found = SavedView.objects.filter(owner=view.owner).exclude(pk=view.pk).first()
    return found or save_view(name="Another", kind="", asked={}, by=view.owner)


def test_what_somebody_is_searched_by_is_not_kept(people: dict[Role, User]) -> None:
    for asked in ({"q": "Mr Patel"}, {"employer": "943 476 5919"}):
        with pytest.raises(ValidationError):
            save_view(name="View", kind="", asked=asked, by=people[Role.CASE_OFFICER])


def test_the_queue_opens_with_the_default_view_and_the_plain_list_stays_within_reach(
    officer: Client, mine: SavedView, case: Case
) -> None:
    assert officer.get(QUEUE).status_code == 200
    assert officer.post(address(mine, "default"), {"default": "on"})["Location"] == VIEWS
    assert officer.get(QUEUE)["Location"] == f"{QUEUE}?o=due&risk=3"
    plain = officer.get(QUEUE, follow=True).context["plain"]
    assert officer.get(plain).status_code == 200
    assert [case.pk for case in officer.get(plain).context["cl"].result_list] == [case.pk]
    assert officer.get(f"{QUEUE}kind/trial/").status_code == 200  # another list is what it says
    another = other_of(mine)
    officer.post(address(another, "default"), {"default": "on"})
    assert list(SavedView.objects.filter(is_default=True)) == [another]
    assert officer.get(QUEUE).status_code == 200  # a view of everything is the plain list
    officer.post(address(another, "default"), {"default": "off"})
    assert not SavedView.objects.filter(is_default=True).exists()


def test_a_default_view_that_no_longer_makes_sense_says_so(officer: Client, mine: SavedView) -> None:
    SavedView.objects.update(is_default=True, asked={"assignee": "999999"})
    answer = officer.get(QUEUE, follow=True)
    assert answer.status_code == 400
    assert "Assigned to: Choose one of the list" in answer.content.decode()


def test_a_view_is_renamed_and_a_stale_page_loses_nothing(officer: Client, mine: SavedView) -> None:
    page = address(mine, "rename")
    start = officer.get(page).context["form"].initial
    assert officer.post(page, {"name": "Riskiest", "version": start["version"]})["Location"] == VIEWS
    answer = officer.post(page, {"name": "Worst", "version": start["version"]})
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Someone else changed this view" in shown
    assert "It is now called “Riskiest”" in shown
    form = answer.context["form"]
    again = {"name": form["name"].value(), "version": form["version"].value()}
    assert again == {"name": "Worst", "version": "2"}
    assert officer.post(page, again).status_code == 302
    assert SavedView.objects.get().name == "Worst"


def test_a_view_is_deleted_once_it_was_asked_for(officer: Client, mine: SavedView) -> None:
    assert officer.get(address(mine, "delete")).status_code == 200
    assert SavedView.objects.count() == 1
    assert officer.post(address(mine, "delete"))["Location"] == VIEWS
    assert SavedView.objects.count() == 0
    assert officer.post(address(mine, "delete")).status_code == 404


def test_somebody_elses_view_does_not_exist(
    signed_in: SignIn, people: dict[Role, User], mine: SavedView
) -> None:
    inspector = signed_in(Role.INSPECTOR)
    for deed in ("rename", "delete", "default"):
        for pk in (mine.pk, 0, 10**18, 10**30):
            where = f"{VIEWS}{pk}/{deed}/"
            assert inspector.post(where, {"name": "Taken", "version": 1, "default": "on"}).status_code == 404
            if deed != "default":
                assert inspector.get(where).status_code == 404
    assert "High risk" not in inspector.get(VIEWS).content.decode().replace("High risk</", "", 0)
    for write in (
        lambda: rename_view(view=mine, name="Taken", version=1, by=people[Role.INSPECTOR]),
        lambda: set_default(view=mine, is_default=True, by=people[Role.INSPECTOR]),
        lambda: delete_view(view=mine, by=people[Role.INSPECTOR]),
    ):
        with pytest.raises(SavedView.DoesNotExist):
            write()
    mine.refresh_from_db()
    assert (mine.name, mine.is_default) == ("High risk", False)
    save_view(name="High risk", kind="", asked={}, by=people[Role.INSPECTOR])  # names are one's own


def test_who_reads_no_cases_keeps_no_views(people: dict[Role, User], mine: SavedView) -> None:
    for role in (Role.ADMINISTRATOR, Role.EMPLOYER_LEAD):
        with pytest.raises(NotPermitted):
            save_view(name="View", kind="", asked={}, by=people[role])
    mine.owner.role = Role.ADMINISTRATOR
    with pytest.raises(NotPermitted):
        rename_view(view=mine, name="Other", version=1, by=mine.owner)


def test_the_services_refuse_what_the_pages_do(people: dict[Role, User], mine: SavedView) -> None:
    by = people[Role.CASE_OFFICER]
    nonsense: list[dict[str, Any]] = [
        {"name": "", "kind": "", "asked": {}},
        {"name": "x" * 81, "kind": "", "asked": {}},
        {"name": "View", "kind": "nothing", "asked": {}},
        {"name": "View", "kind": "", "asked": {"foo": "bar"}},
        {"name": "View", "kind": "trial", "asked": {"kind": "trial"}},
        {"name": "high RISK", "kind": "", "asked": {}},
    ]
    for each in nonsense:
        with pytest.raises(ValidationError):
            save_view(**each, by=by)
    with pytest.raises(StaleVersion):
        rename_view(view=mine, name="Other", version=7, by=by)
    for number in range(MOST_VIEWS - 1):
        save_view(name=f"View {number}", kind="", asked={}, by=by)
    with pytest.raises(ValidationError, match="the most"):
        save_view(name="One more", kind="", asked={}, by=by)
    rename_view(view=mine, name="Still renamed", version=1, by=by)


@pytest.mark.parametrize(
    "sent", [{}, {"name": "x"}, {"name": "x", "version": "abc"}, {"name": "x", "version": "-1"},
             {"name": "x", "version": "9" * 5000}, {"name": ["a", "b"], "version": "\x00"}]
)  # fmt: skip
def test_nonsense_is_answered_with_the_form(officer: Client, mine: SavedView, sent: dict[str, Any]) -> None:
    assert officer.post(address(mine, "rename"), sent).status_code == 400
    assert officer.get(address(mine, "default")).status_code == 405
    mine.refresh_from_db()
    assert (mine.name, mine.version) == ("High risk", 1)
