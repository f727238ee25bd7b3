"""Finding cases by what was typed: one interface, whichever database answers."""

from collections.abc import Callable, Sequence
from typing import Final, Protocol

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q
from django.db.models.expressions import RawSQL

from regulator.casework.search import postgresql, sqlite
from regulator.casework.search.words import Sought, read


class Engine(Protocol):
    """What a database brings: how its index is made, taken away, made anew and rid of what was removed, and
    how it is asked."""

    @property
    def INSTALL(self) -> Sequence[str]: ...  # noqa: N802

    @property
    def REMOVE(self) -> Sequence[str]: ...  # noqa: N802

    @property
    def REBUILD(self) -> Sequence[str]: ...  # noqa: N802

    @property
    def PURGE(self) -> Sequence[str]: ...  # noqa: N802

    @property
    def matching(self) -> Callable[[Sought], tuple[str, list[str]]]: ...


_ENGINES: Final[dict[str, Engine]] = {"sqlite": sqlite, "postgresql": postgresql}


def engine(vendor: str = "") -> Engine:
    """That of the database in use, or of ``vendor``."""
    return _ENGINES[vendor or connection.vendor]


def holding(typed: str) -> Q:
    """The condition on cases that they hold what was typed: all of its words, in any order and anywhere, or
    the whole of it within a name or a reference; a whole reference means its case alone. One subquery.

    Whoever asks begins from ``Case.objects.for_user``: what is found is not yet what they may read.
    """
    sought = read(typed)
    if sought.is_nothing:
        return Q(pk__in=[])
    if sought.reference:  # looked up in the case itself: what it is found by may not be written yet
        return Q(reference=sought.reference)
    sql, params = engine().matching(sought)
    return Q(pk__in=RawSQL(sql, params))  # noqa: S611 (what was typed is a parameter)


def install(on: BaseDatabaseWrapper) -> None:
    """Make the index (a migration does)."""
    _run(on, engine(on.vendor).INSTALL)


def remove(on: BaseDatabaseWrapper) -> None:
    """Take it away, to undo the migration."""
    _run(on, engine(on.vendor).REMOVE)


def rebuild(on: BaseDatabaseWrapper) -> None:
    """Make the index of the database anew from the rows."""
    _run(on, engine(on.vendor).REBUILD)


def purge(on: BaseDatabaseWrapper) -> None:
    """Let the database's index forget what was taken out of the rows, as far as it keeps that."""
    _run(on, engine(on.vendor).PURGE)


def _run(on: BaseDatabaseWrapper, statements: Sequence[str]) -> None:
    with on.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
