"""What has been written to the database since a test began, as one number.

Every test begins with the same rows, and is rolled back. So two tests that have written the same statements
in the same order have the same rows before them: this is how ``tests.remembering`` knows a scene again.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db import connection

_WITHOUT_ROWS: Final = ("SELECT", "BEGIN", "RELEASE", "EXPLAIN", "PRAGMA", "SET ")
"""How statements begin that change no row."""


class Course:
    """The number, kept up by each statement of the connection of the main thread."""

    def __init__(self) -> None:
        self.number = 0
        self.is_on = False
        self.has_patches: Callable[[], bool] = lambda: False
        """Whether the test has replaced something of the product."""
        self._began = 0
        self._is_watching = True
        self._at: dict[str, int] = {}

    def begin(self, *, is_rolled_back: bool) -> None:
        """A test begins. One that is not rolled back leaves behind what no later test can name."""
        if not is_rolled_back:
            self.lose()
        self.is_on = is_rolled_back
        if not connection.in_atomic_block:  # else the rows of a module stand before those of the test
            self.number = self._began
            self._at.clear()

    def lose(self) -> None:
        """Something was written that stays: what follows is like nothing before."""
        self._began = self.number = random.SystemRandom().getrandbits(60)

    @contextmanager
    def step(self, *what: object) -> Iterator[None]:
        """What is written inside is one step, named by ``what``, which alone decides what it writes."""
        before = self.number
        yield
        self.number = hash((before, what))

    @contextmanager
    def unwatched(self) -> Iterator[None]:
        """Many rows are copied, as part of a step: to look at each of them would take as long."""
        former, self._is_watching = self._is_watching, False
        try:
            yield
        finally:
            self._is_watching = former

    def __call__(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        """Django's wrapper of every statement."""
        said = sql if isinstance(sql, str) else repr(sql)  # PostgreSQL takes psycopg's own as well
        if self._is_watching and not said.startswith(_WITHOUT_ROWS):
            self._note(said, params)
        return execute(sql, params, many, context)

    def _note(self, sql: str, params: Any) -> None:
        if sql.startswith("SAVEPOINT"):
            self._at[sql.rpartition(" ")[2]] = self.number
        elif sql.startswith("ROLLBACK TO SAVEPOINT"):
            self.number = self._at[sql.rpartition(" ")[2]]
        elif not connection.in_atomic_block:
            self.lose()
        else:
            self.number = hash((self.number, sql, told(params)))


def told(value: Any) -> Any:
    """Parameters so that they can be compared; psycopg's wrappers show but their beginning."""
    if isinstance(value, list | tuple):
        return tuple(told(each) for each in value)
    return repr(getattr(value, "obj", value))


COURSE: Final = Course()
