"""The journeys' browser: Debian's Chromium, driven over the live server. Without it they fail, not skip.

Playwright's synchronous interface runs an event loop in the test's own thread, where Django refuses to touch
the database. The loop does nothing while a test calls the ORM, so for the journeys, and only for them, Django
is told to let it happen.

A journey fails when a page's console reports an error, and so when the content security policy stops
anything.
"""

import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
import time_machine
from django.contrib.staticfiles.handlers import StaticFilesHandlerMixin
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import TransactionTestCase
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker
from whitenoise.middleware import WhiteNoiseMiddleware

from regulator.accounts.models import User
from tests import databases
from tests.journeys import looking
from tests.journeys.stage import enter
from tests.reference import ship_provisions, ship_reference

CHROMIUMS: Final = ("chromium-headless-shell", "chromium")
CHROMIUM_OPTIONS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE: Final = 1280
NARROW: Final = 320
PATIENCE_MILLISECONDS: Final = 15_000
MORNING: Final = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
REFUSED_ON_PURPOSE: Final = re.compile(r"the server responded with a status of (400|403|409)\b")
GONE_ON_PURPOSE: Final = re.compile(r"the server responded with a status of (401|404|410|503)\b")
"""Of the page itself; whatever else of it is not there was forgotten."""

PORTAL_SCRIPT: Final = re.compile(r"/portal/[^/]*\.js$")
WITHOUT_SCRIPT: Final = "X-Without-Script"
"""A request with this header is answered with an empty file where it asks for a script of the portal's pages.
A route of Playwright's would do the same, but keeps the browser from keeping any file."""

OpenPage = Callable[..., Page]
Look = Callable[[Page, str], None]
Screenshot = Callable[[Page, str], Path]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def _orm_beside_the_event_loop() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture(scope="session")
def browser(_orm_beside_the_event_loop: None) -> Iterator[Browser]:
    """Chromium from ``CHROMIUM`` or the path; its absence is a failure. The shell without a window is
    the same Chromium, and takes a quarter less processor time for a state."""
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if not chromium:
        pytest.fail(
            "The journeys need Chromium: install Debian's package chromium-headless-shell or chromium, or "
            "set CHROMIUM to its path."
        )
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_OPTIONS)
        yield running
        running.close()


@pytest.fixture(scope="package", autouse=True)
def _the_browser_keeps_static_files() -> Iterator[None]:
    """As in production, a browser asks for each static file once. Under the journeys' clock it would take
    every file for stale, and ask for all of them again with each page."""
    serve: Any = vars(StaticFilesHandlerMixin)["serve"]

    def serve_for_long(handler: Any, request: HttpRequest) -> HttpResponseBase:
        if WITHOUT_SCRIPT in request.headers and PORTAL_SCRIPT.search(request.path):
            answer: HttpResponseBase = HttpResponse(content_type="text/javascript")
        else:
            answer = serve(handler, request)
        answer["Cache-Control"] = f"max-age={WhiteNoiseMiddleware.FOREVER}, public, immutable"
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StaticFilesHandlerMixin, "serve", serve_for_long)
        yield


@pytest.fixture(scope="package", autouse=True)
def _the_database_begins_anew(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """After a journey SQLite is handed back its pages as they were before the first: a few hundredths of a
    second, where to empty every table and to make permissions and content types anew takes one or two."""
    if not databases.is_file():
        yield
        return
    with django_db_blocker.unblock(), closing(sqlite3.connect(":memory:")) as kept:
        connection.ensure_connection()
        connection.connection.backup(kept)

        def hand_back(case: TransactionTestCase) -> None:
            connection.ensure_connection()
            kept.backup(connection.connection)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(TransactionTestCase, "_fixture_teardown", hand_back)
            yield


@pytest.fixture
def clock_hand() -> Iterator[time_machine.Traveller]:
    """The clock of test and server: it goes on from 9 in the morning of Tuesday 3 March 2026."""
    with time_machine.travel(MORNING) as traveller:
        yield traveller


@pytest.fixture
def reference_data(clock_hand: time_machine.Traveller, transactional_db: None) -> None:
    """The provisions, the criteria and the taxonomy, as the project ships them; no sign-in counted yet."""
    cache.clear()
    ship_provisions()
    ship_reference()


@pytest.fixture
def console_errors() -> Iterator[list[str]]:
    """What the pages' consoles complained of, but for refusals that a journey provokes. None may remain."""
    errors: list[str] = []
    yield errors
    assert errors == []


@pytest.fixture
def new_page(browser: Browser, live_server: LiveServer, console_errors: list[str]) -> Iterator[OpenPage]:
    """Opens a page in a session of its own, so that one journey can be several people at once.

    ``user`` is signed in already: for journeys that are about something else than signing in.
    """
    contexts: list[BrowserContext] = []

    def note(message: ConsoleMessage) -> None:
        where = message.page.url if message.page else ""
        expected = REFUSED_ON_PURPOSE.search(message.text) or (
            GONE_ON_PURPOSE.search(message.text) and message.location["url"] == where
        )
        if message.type == "error" and not expected:
            console_errors.append(f"{where}: {message.text}")

    def open_page(
        *,
        width: int = WIDE,
        scripts: bool = True,
        user: User | None = None,
        headers: dict[str, str] | None = None,
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            locale="en-GB",
            timezone_id="Europe/London",
            java_script_enabled=scripts,
            extra_http_headers=headers,
        )
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        context.on("console", note)
        context.on("weberror", lambda error: console_errors.append(str(error.error)))
        contexts.append(context)
        page = context.new_page()
        if user is not None:
            enter(page, user, live_server.url)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: OpenPage) -> Page:
    return new_page()


@pytest.fixture
def screenshot(request: pytest.FixtureRequest) -> Screenshot:
    """Keeps the whole page as ``<journey>-<name>.png`` in ``var/journeys``; says where."""
    folder = Path(os.environ["PORTAL_SCREENSHOTS"])
    folder.mkdir(parents=True, exist_ok=True)
    journey = re.sub(r"\W+", "-", request.node.name.removeprefix("test_")).strip("-")

    def keep(page: Page, name: str) -> Path:
        path = folder / f"{journey}-{name}.png"
        page.screenshot(path=path, full_page=True)
        return path

    return keep


@pytest.fixture
def screenshot_narrow(screenshot: Screenshot) -> Screenshot:
    """The same page on a small telephone, which may not have to be scrolled sideways."""

    def keep(page: Page, name: str) -> Path:
        page.set_viewport_size({"width": NARROW, "height": 700})
        path = screenshot(page, f"{name}-narrow")
        wider = looking.sideways(page)
        page.set_viewport_size({"width": WIDE, "height": 900})
        assert wider == [], f"{name} at {NARROW}"
        return path

    return keep


@pytest.fixture
def look() -> Iterator[Look]:
    """Axe at both widths, and whether the page has to be scrolled sideways; all is told at the end."""
    found: list[str] = []

    def run(page: Page, name: str) -> None:
        for size in (looking.NARROW, looking.WIDE):
            looking.resize(page, size)
            told = [*looking.violations(page), *looking.sideways(page)]
            found.extend(f"{name} at {size['width']}: {each}" for each in told)

    yield run
    assert found == []
