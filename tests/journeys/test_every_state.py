"""Every state of every page, with and without the portal's script.

A route without a state fails here, so that a new page cannot be forgotten; so does a form that was never seen
refused, overtaken by a colleague, or typed in for too long.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

import pytest
from django.urls import get_resolver
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.journeys.conftest import WITHOUT_SCRIPT, OpenPage
from tests.journeys.looking import NARROW, WIDE, faults, misled, resize
from tests.journeys.stage import WITH_AND_WITHOUT
from tests.journeys.states import CONFLICT, REFUSED, TYPED, State, Visit, gathered, tables
from tests.notifications.addresses import walk

TABLES: Final = tables()
NO_PAGE: Final = gathered("NO_PAGE")
EXCUSED: Final = gathered("EXCUSED")
ELSEWHERE: Final = ("desk/", "api/", "healthz", "readyz")
"""Parts of the portal that are not pages of the public or of the employers. Journeys go over the desk; what
they do not come to is in the table ``desk``."""


def routes() -> Iterator[tuple[str, Any]]:
    for name, path, view in walk(get_resolver()):
        if not path.startswith(ELSEWHERE):
            yield name, view


def stated() -> dict[str, list[str]]:
    """The names of the states of each route."""
    found: dict[str, list[str]] = defaultdict(list)
    for table in TABLES.values():
        for state in table:
            found[state.route].append(state.name)
    return found


def test_every_route_has_its_states_or_a_reason_to_have_none() -> None:
    known = {name for name, _ in routes()}
    assert len(known) > 70
    told = stated()
    assert known - set(told) - set(NO_PAGE) == set(), "routes that nobody has looked at"
    assert set(told) & set(NO_PAGE) == set()
    there = {name for name, _, _ in walk(get_resolver())}
    assert (set(told) | set(NO_PAGE)) - there == set(), "routes that are no more"


def test_no_state_has_the_name_of_another() -> None:
    assert {name: names for name, names in stated().items() if len(set(names)) < len(names)} == {}


def test_every_page_that_keeps_what_was_typed_is_seen_after_signing_in_again() -> None:
    keeping = {name for name, view in routes() if getattr(view, "keeps_typed", False)}
    assert len(keeping) > 8
    assert {name for name in keeping if not has(name, TYPED)} == set()


def has(route: str, kind: str) -> bool:
    """Whether a state of that kind is among the route's, or it is excused from one."""
    return (route, kind) in EXCUSED or any(name.partition(",")[0] == kind for name in stated()[route])


@WITH_AND_WITHOUT
@pytest.mark.parametrize("table", TABLES)
def test_every_state_is_accessible_at_any_size(
    table: str,
    scripts: bool,
    reference_data: None,
    new_page: OpenPage,
    live_server: LiveServer,
    subtests: pytest.Subtests,
) -> None:
    """Axe is a script itself, so that here the portal's script alone is kept from the page."""
    page = new_page(headers=None if scripts else {WITHOUT_SCRIPT: "1"})
    visit = Visit(page, live_server.url)
    walked: set[str] = set()
    for state in TABLES[table]:
        with subtests.test(f"{state.route}: {state.name}"):
            resize(page, WIDE)
            state.show(visit)
            told = misled(page) if scripts else []
            told += faults(
                page,
                keyboard=scripts and state.route not in walked,
                axe_at=(WIDE, NARROW) if scripts else (WIDE,),
            )
            if told := told + unseen(page, state):
                pytest.fail("\n".join(told), pytrace=False)
        walked.add(state.route)


def unseen(page: Page, state: State) -> list[str]:
    """The kinds of state that the page's form implies and that no table has."""
    form = page.locator("main form[method=post]")
    if not form.count():
        return []
    wanted = [CONFLICT] if form.locator("input[name^=version]").count() else []
    if form.locator("input:visible, select:visible, textarea:visible").count():
        wanted.append(REFUSED)
    return [f"no state of {state.route} is called {kind!r}" for kind in wanted if not has(state.route, kind)]
