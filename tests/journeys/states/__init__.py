"""What the portal's pages can show: for each route its states, and how a browser comes to each.

The tables are the ``STATES`` of the modules of this package and of any module beside it: an app that brings
pages of its own may keep their table with its journeys. ``NO_PAGE`` names the routes that show no page, with
the reason, and ``EXCUSED`` what a route can never show. ``test_every_state`` walks them all.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import walk_packages
from typing import Any, Final

from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from regulator.accounts.models import PortalSession, User
from tests.journeys.stage import Answers, answer, enter
from tests.notifications.addresses import BY_NAME, Scene

EMPTY, FILLED, REFUSED, CONFLICT, TYPED = "empty", "filled", "refused", "conflict", "typed before sign-in"
"""The names that the states of every page share; one may go on after a comma: "refused, no such day"."""


@dataclass
class Visit:
    """A browser at the pages of one employer, whose cases the scene makes as they are asked for."""

    page: Page
    portal: str
    scene: Scene = field(default_factory=Scene)
    user: User | None = None

    def become(self, user: User | None) -> None:
        """Sign in as ``user``, or out."""
        self.user = user
        self.page.context.clear_cookies()
        if user is not None:
            enter(self.page, user, self.portal)

    def address(self, route: str, **parts: Any) -> str:
        """That of a route, of the scene's own things where ``parts`` says nothing else."""
        if parts or route not in BY_NAME:
            return reverse(route, kwargs=parts)
        return self.scene.address(BY_NAME[route])

    def open(self, route: str, query: str = "", **parts: Any) -> None:
        self.page.goto(f"{self.address(route, **parts)}{query}")

    @property
    def form(self) -> Locator:
        """The page's form that is sent by POST."""
        return self.page.locator("main form[method=post]")

    def send(self) -> None:
        """Press the form's first button that sends it, and wait for the page that comes back."""
        with self.page.expect_navigation():
            self.form.locator("button:not([type=button])").first.click()

    def send_after_the_session(self) -> None:
        """Send the page when its session has ended, and come back to it after signing in again."""
        assert self.user is not None
        here = self.page.url
        PortalSession.objects.all().delete()
        self.send()
        expect(self.page).to_have_url(re.compile("/account/login/"))
        enter(self.page, self.user, self.portal)
        self.page.goto(here)

    def refused(self, words: str = "") -> None:
        """The page says that what was sent was not done."""
        expect(self.page.get_by_role("alert")).to_contain_text(words or "There is a problem")


Reach = Callable[[Visit], None]
Who = Callable[[Scene], User | None]


def reporter(scene: Scene) -> User:
    return scene.cast.reporter


def lead(scene: Scene) -> User:
    return scene.lead()


def nobody(scene: Scene) -> None:
    return None


@dataclass(frozen=True)
class State:
    """One thing that a route's page can show to ``who``, and how to come to it from anywhere."""

    route: str
    name: str
    reach: Reach
    who: Who = reporter

    def show(self, visit: Visit) -> None:
        """Bring the browser to it. Whoever makes something for a state makes it anew, so that any state can
        be shown after any other."""
        visit.become(self.who(visit.scene))
        self.reach(visit)


# Ways to come to a state ---------------------------------------------------------------------------


def opens(route: str, query: str = "", **parts: Any) -> Reach:
    """The page as it opens; a part that is a function is asked for the scene's own."""
    return lambda visit: visit.open(route, query, **_found(visit, parts))


def sent(route: str, answers: Answers | None = None, says: str = "", **parts: Any) -> Reach:
    """The page after it was sent with these answers and refused."""

    def reach(visit: Visit) -> None:
        visit.open(route, **_found(visit, parts))
        answer(visit.page, answers or {})
        visit.send()
        visit.refused(says)

    return reach


def overtaken(
    route: str, by: Callable[[Visit], object], answers: Answers | None = None, says: str = "", **parts: Any
) -> Reach:
    """The page sent after ``by`` changed what it was made from, while it stood open."""

    def reach(visit: Visit) -> None:
        visit.open(route, **_found(visit, parts))
        by(visit)
        answer(visit.page, answers or {})
        visit.send()
        visit.refused(says)

    return reach


def typed(route: str, answers: Answers, **parts: Any) -> Reach:
    """The page sent when its session had ended, after signing in again: what was typed stands in it."""

    def reach(visit: Visit) -> None:
        visit.open(route, **_found(visit, parts))
        answer(visit.page, answers)
        visit.send_after_the_session()
        expect(visit.page.get_by_text("You were signed out before this was saved.")).to_be_visible()

    return reach


def _found(visit: Visit, parts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: part(visit) if callable(part) else part for name, part in parts.items()}


# The tables, from wherever they stand --------------------------------------------------------------

_HERE: Final = __name__.rpartition(".")[0]


def _modules() -> Iterator[Any]:
    package = import_module(_HERE)
    for found in walk_packages(package.__path__, f"{_HERE}."):
        yield import_module(found.name)


def tables() -> dict[str, tuple[State, ...]]:
    """The states of each module that has any, by the module's last name."""
    return {
        module.__name__.rpartition(".")[2]: tuple(module.STATES)
        for module in _modules()
        if hasattr(module, "STATES") and module.__name__ != __name__
    }


def gathered(name: str) -> dict[Any, str]:
    """``NO_PAGE`` or ``EXCUSED`` of all modules together: what, and the reason."""
    return {what: why for module in _modules() for what, why in getattr(module, name, {}).items()}
