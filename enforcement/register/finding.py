"""Finding entries by words and marks: one interface, whichever database answers.

PostgreSQL keeps the words of ``EntryText`` as a ``tsvector`` with a GIN index, computed by itself; SQLite
keeps an FTS5 table of them by triggers. Neither stems nor splits: words come folded and parted
(``register.words``). All names of tables below are the register's own.
"""

# ruff: noqa: S608

from collections.abc import Sequence
from typing import Final

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from enforcement.register.models import EntryText, RegisterEntry
from enforcement.register.words import Sought, Term

TABLE: Final = "register_entrytext"
_FTS: Final = f"{TABLE}_words"

_INSTALL: Final[dict[str, Sequence[str]]] = {
    "postgresql": (
        f"""ALTER TABLE {TABLE} ADD COLUMN vector tsvector
            GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED""",
        # Without a list of what is pending, which every search would have to read through.
        f"CREATE INDEX register_text_vector ON {TABLE} USING gin (vector) WITH (fastupdate = off)",
        f"ALTER TABLE {TABLE} ALTER COLUMN vector SET STATISTICS 1000",
    ),
    "sqlite": (
        f"""CREATE VIRTUAL TABLE {_FTS} USING fts5(words, content='{TABLE}', content_rowid='entry_id',
            tokenize="unicode61 remove_diacritics 0 tokenchars '_'")""",
        f"""CREATE TRIGGER {_FTS}_insert AFTER INSERT ON {TABLE} BEGIN
            INSERT INTO {_FTS}(rowid, words) VALUES (new.entry_id, new.words); END""",
        f"""CREATE TRIGGER {_FTS}_delete AFTER DELETE ON {TABLE} BEGIN
            INSERT INTO {_FTS}({_FTS}, rowid, words) VALUES ('delete', old.entry_id, old.words); END""",
        f"""CREATE TRIGGER {_FTS}_update AFTER UPDATE ON {TABLE} BEGIN
            INSERT INTO {_FTS}({_FTS}, rowid, words) VALUES ('delete', old.entry_id, old.words);
            INSERT INTO {_FTS}(rowid, words) VALUES (new.entry_id, new.words); END""",
    ),
}
_REMOVE: Final[dict[str, Sequence[str]]] = {
    "postgresql": (
        "DROP INDEX IF EXISTS register_text_vector",
        f"ALTER TABLE {TABLE} DROP COLUMN IF EXISTS vector",
    ),
    "sqlite": (
        *(f"DROP TRIGGER IF EXISTS {_FTS}_{deed}" for deed in ("insert", "delete", "update")),
        f"DROP TABLE IF EXISTS {_FTS}",
    ),
}
_CONDITION: Final = {
    "postgresql": f"SELECT entry_id FROM {TABLE} WHERE vector @@ %s::tsquery",
    "sqlite": f"SELECT rowid FROM {_FTS} WHERE {_FTS} MATCH %s",
}


def install(on: BaseDatabaseWrapper) -> None:
    """Make the database's index of the words (a migration does)."""
    _run(on, _INSTALL[on.vendor])


def remove(on: BaseDatabaseWrapper) -> None:
    """Take it away, to undo the migration."""
    _run(on, _REMOVE[on.vendor])


def rebuild(on: BaseDatabaseWrapper) -> None:
    """Make it anew from the rows."""
    remove(on)
    install(on)
    if on.vendor == "sqlite":
        _run(on, (f"INSERT INTO {_FTS}({_FTS}) VALUES ('rebuild')",))


def holding(queryset: QuerySet[RegisterEntry], sought: Sought) -> QuerySet[RegisterEntry]:
    """The entries of ``queryset`` that hold all of what is sought; none where there is nothing in it."""
    if sought.nothing:
        return queryset.none()
    if not sought.terms:
        return queryset
    sql = _CONDITION[connection.vendor]
    return queryset.filter(pk__in=RawSQL(sql, [expression(sought)]))  # noqa: S611 (a parameter)


def texts_holding(sought: Sought) -> QuerySet[EntryText]:
    """The rows of the entries that hold it."""
    if sought.nothing:
        return EntryText.objects.none()
    if not sought.terms:
        return EntryText.objects.all()
    if connection.vendor == "postgresql":
        return EntryText.objects.extra(where=["vector @@ %s::tsquery"], params=[expression(sought)])
    return EntryText.objects.filter(pk__in=RawSQL(_CONDITION["sqlite"], [expression(sought)]))  # noqa: S611


def expression(sought: Sought) -> str:
    """What is sought, as the database in use reads it. Words hold no sign, so none needs escaping."""
    every = " & " if connection.vendor == "postgresql" else " AND "
    return every.join(f"({_any(term)})" for term in sought.terms)


def _any(term: Term) -> str:
    if connection.vendor == "postgresql":
        return " | ".join((*(f"'{each}'" for each in term.exact), *(f"'{each}':*" for each in term.starts)))
    return " OR ".join((*(f'"{each}"' for each in term.exact), *(f'"{each}" *' for each in term.starts)))


def _run(on: BaseDatabaseWrapper, statements: Sequence[str]) -> None:
    with on.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
