"""What every test stands on: cheap passwords, an empty cache, a flush that the audit trail lets through."""

import gc
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.template import Context, Template
from django.test import TransactionTestCase, override_settings
from whitenoise.middleware import WhiteNoiseMiddleware

from tests import databases, parts

# How long an example takes says how busy the machine is, and nothing about the code. Each run draws other
# examples, so that fifty of them soon are many.
hypothesis.settings.register_profile("any-machine", deadline=None, max_examples=50)
hypothesis.settings.load_profile("any-machine")


def pytest_configure() -> None:
    """Importing and collecting makes much and throws little away: garbage is seldom looked for."""
    gc.set_threshold(20_000)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--part", default=parts.WHOLE, help="run one part of the suite: 2/3 for the second of three"
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is of another part than ``--part`` says."""
    part = config.getoption("part")
    if part == parts.WHOLE:
        return
    kept = [each for each in items if parts.is_in(part, each.path.relative_to(config.rootpath))]
    config.hook.pytest_deselected(items=[each for each in items if each not in set(kept)])
    items[:] = kept


def pytest_sessionstart(session: pytest.Session) -> None:
    """Of the whole suite in several processes, the one that only waits for them begins to migrate at once,
    while the others still collect."""
    config: Any = session.config
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    if whole and config.getoption("numprocesses", None):
        database = databases.migrated(config._tmp_path_factory.getbasetemp() / "migrated")
        maker = ThreadPoolExecutor(max_workers=1)
        made = maker.submit(database.__enter__)
        # A failure is told by the process that tries again, because it needs the database.
        config.add_cleanup(lambda: made.exception() or database.__exit__(None, None, None))


def pytest_collection_finish() -> None:
    """What has been imported and collected stays to the end: searching it for garbage, again and again while
    tests run, took an eighth of all processor time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def migrated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The database with every table and no row, made once for all processes of the run."""
    folder = tmp_path_factory.getbasetemp()
    of_the_run = folder.parent if hasattr(request.config, "workerinput") else folder
    with databases.migrated(of_the_run / "migrated") as name:
        yield name


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, migrated: str
) -> Iterator[None]:
    """The database under test begins as a copy; Django's own set-up then finds nothing left to migrate."""
    settings.DATABASES["default"]["TEST"]["TEMPLATE"] = migrated  # as PostgreSQL copies
    # Django asks SQLite once a process whether it has JSON: the first test to ask would count the query.
    connection.features.supports_json_field = True
    creation: Any = connection.creation
    create = creation._create_test_db

    def create_and_copy(*asked: Any) -> str:
        name: str = create(*asked)
        if databases.is_file():
            shutil.copy(migrated, name)
        return name

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(creation, "_create_test_db", create_and_copy)
        yield


@pytest.fixture(scope="session", autouse=True)
def _a_page_notes_its_own_context_alone(django_test_environment: None) -> Iterator[None]:
    """``response.context`` is what the view gave to the page.

    Django's test client copies the context of each template that the page includes as well, every box and
    every option of a list: a fifth of the time of a page of the desk.
    """
    noted: Any = vars(Template)["_render"]
    here = threading.local()

    def render(template: Template, context: Context) -> Any:
        if getattr(here, "in_page", False):
            return template.nodelist.render(context)
        here.in_page = True
        try:
            return noted(template, context)
        finally:
            here.in_page = False

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", render)
        yield


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_looked_for_once() -> Iterator[None]:
    """WhiteNoise looks for every static file when a client makes its first request: one process of the
    portal does so once, and a test process did for each test, for a twelfth of its time."""
    look: Any = vars(WhiteNoiseMiddleware)["add_files_from_finders"]
    found: dict[object, dict[str, Any]] = {}

    def look_once(middleware: Any) -> None:
        asked = (middleware.static_prefix, middleware.max_age, str(settings.STATICFILES_DIRS))
        if asked not in found:
            look(middleware)
            found[asked] = dict(middleware.files)
        middleware.files.update(found[asked])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", look_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session", autouse=True)
def _flush_passes_the_append_only_triggers() -> Iterator[None]:
    """After a transactional test Django empties every table, which the triggers on the events rightly refuse.

    They are taken off for the flush alone and put back, so that the test itself runs under them.
    """
    flush = vars(TransactionTestCase)["_fixture_teardown"]

    def flush_without_triggers(case: TransactionTestCase) -> None:
        from regulator.casework import triggers

        for table in triggers.TABLES:
            triggers.drop(connection, table)
        try:
            flush(case)
        finally:
            for table in triggers.TABLES:
                triggers.install(connection, table)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_without_triggers)
        yield


@pytest.fixture(scope="session", autouse=True)
def _redis_without_the_last_run() -> None:
    """Empty this process's own Redis database of what an earlier run left, queues and cache alike."""
    if settings.REDIS_URL:
        cache.clear()


@pytest.fixture(autouse=True)
def _redis_without_the_last_test() -> None:
    """Counts of attempts in Redis are not rolled back with a test, as those in the database are."""
    if settings.REDIS_URL:
        cache.clear()


@pytest.fixture(scope="session", autouse=True)
def _as_many_calls_of_the_api_as_a_test_makes() -> Iterator[None]:
    """A test's clock stands still, so that all its calls fall into one minute. ``test_api_limits`` sets the
    limits again that it tests."""
    with override_settings(API_READS_A_MINUTE=0, API_WRITES_A_MINUTE=0, API_CHECKS_A_MINUTE=0):
        yield


@pytest.fixture
def empty_cache(db: None) -> Iterator[None]:
    """A cache without what another test left in it, such as counts of sign-in attempts."""
    cache.clear()
    yield
    cache.clear()
