"""Finding entries by words and marks: one interface, whichever database answers.

PostgreSQL keeps the words of ``EntryText`` as a ``tsvector`` with a GIN index, computed by itself; SQLite
keeps an FTS5 table of them by triggers. Neither stems nor splits: words come folded and parted
(``register.words``), and the beginning of one is made whole by the register's own list of words, which is
faster than either, and knows beforehand how much will be found. All tables below are the register's own.
"""

# ruff: noqa: S608

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from enforcement.register.models import RegisterEntry
from enforcement.register.texts import NOT_COUNTED
from enforcement.register.words import Sought, Term

TABLE: Final = "register_entrytext"
_FTS: Final = f"{TABLE}_words"
MOST_ENDINGS: Final = 100
"""Words with one beginning that are looked for one by one; where there are more, the database is asked for
the beginning itself."""

_INSTALL: Final[dict[str, Sequence[str]]] = {
    "postgresql": (
        f"""ALTER TABLE {TABLE} ADD COLUMN vector tsvector
            GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED""",
        # Without a list of what is pending, which every search would have to read through.
        f"CREATE INDEX register_text_vector ON {TABLE} USING gin (vector) WITH (fastupdate = off)",
        f"ALTER TABLE {TABLE} ALTER COLUMN vector SET STATISTICS 1000",
        "CREATE EXTENSION IF NOT EXISTS pg_trgm",
        "CREATE INDEX register_word_near ON register_word USING gin (word gin_trgm_ops)"
        " WHERE word !~ '[0-9_]'",
        # By the index whatever the planner expects: it takes words for independent, and 0 of two halves for
        # a quarter, for which it would read the whole table.
        f"""CREATE FUNCTION register_gathered(sought tsquery)
            RETURNS TABLE (entry_id bigint, served_on date, employer varchar, changed bigint) LANGUAGE sql
            STABLE SET enable_seqscan = off SET enable_indexscan = off SET work_mem = '32MB' AS
            $$ SELECT entry_id, served_on, employer, changed FROM {TABLE} WHERE vector @@ sought $$""",
        f"""CREATE FUNCTION register_counted(sought tsquery, most integer) RETURNS bigint LANGUAGE sql STABLE
            SET enable_seqscan = off SET enable_indexscan = off SET work_mem = '32MB' AS
            $$ SELECT count(*) FROM (SELECT 1 FROM {TABLE} WHERE vector @@ sought LIMIT most) AS found $$""",
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
        "DROP FUNCTION IF EXISTS register_counted(tsquery, integer)",
        "DROP FUNCTION IF EXISTS register_gathered(tsquery)",
        "DROP INDEX IF EXISTS register_word_near",
        "DROP INDEX IF EXISTS register_text_vector",
        f"ALTER TABLE {TABLE} DROP COLUMN IF EXISTS vector",
    ),
    "sqlite": (
        *(f"DROP TRIGGER IF EXISTS {_FTS}_{deed}" for deed in ("insert", "delete", "update")),
        f"DROP TABLE IF EXISTS {_FTS}",
    ),
}
CONDITION: Final = {
    "postgresql": f"SELECT entry_id FROM {TABLE} WHERE vector @@ %s::tsquery",
    "sqlite": f"SELECT rowid FROM {_FTS} WHERE {_FTS} MATCH %s",
}
"""The keys of the entries that hold an ``expression``."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the database is asked: for each term any of ``words`` or of the words that begin with one of
    ``starts``. ``most`` is in how many entries it stands at most; ``None`` where that is not known.
    ``exact``: it stands in exactly so many."""

    said: str
    words: tuple[str, ...]
    starts: tuple[str, ...]
    most: int | None
    exact: bool


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


def asked(sought: Sought) -> tuple[Asked, ...]:
    """What is sought in the register's own words (one query, none where nothing is)."""
    if not sought.terms:
        return ()
    held: list[dict[str, int]] = [{} for _ in sought.terms]
    many: set[tuple[int, str]] = set()
    for place, start, word, entries in _vocabulary(sought.terms):
        held[place][word] = entries
        if start and len([each for each in held[place] if each.startswith(start)]) > MOST_ENDINGS:
            many.add((place, start))
    return tuple(
        _asked(term, held[place], tuple(start for start in term.starts if (place, start) in many))
        for place, term in enumerate(sought.terms)
    )


def expression(terms: Sequence[Asked]) -> str:
    """These terms as the database in use reads them. Words hold no sign, so none needs escaping."""
    every = " & " if connection.vendor == "postgresql" else " AND "
    return every.join(f"({_any(term)})" for term in terms)


def holding(queryset: QuerySet[RegisterEntry], sought: Sought) -> QuerySet[RegisterEntry]:
    """The entries of ``queryset`` that hold all of what is sought; none where there is nothing in it."""
    terms = asked(sought)
    if sought.nothing or any(term.most == 0 for term in terms):
        return queryset.none()
    if not terms:
        return queryset
    sql = CONDITION[connection.vendor]
    return queryset.filter(pk__in=RawSQL(sql, [expression(terms)]))  # noqa: S611 (a parameter)


def _asked(term: Term, held: dict[str, int], many: tuple[str, ...]) -> Asked:
    alone = tuple(each for each in term.exact if each.startswith(NOT_COUNTED))
    words = tuple(dict.fromkeys((*(each for each in held if not (many and each.startswith(many))), *alone)))
    known = not many and not alone
    return Asked(
        said=term.said,
        words=words,
        starts=many,
        most=sum(held[each] for each in words) if known else None,
        exact=known and len(words) == 1,
    )


def _vocabulary(terms: Sequence[Term]) -> list[tuple[int, str, str, int]]:
    """Of each term, by its place, the words that stand on the register, each with its number of entries."""
    like, anything = ("LIKE", "%") if connection.vendor == "postgresql" else ("GLOB", "*")
    parts, params = [], []
    for place, term in enumerate(terms):
        for start in term.starts:
            parts.append(
                f"""SELECT * FROM (SELECT {place} AS place, CAST(%s AS text) AS start, word, entries
                FROM register_word WHERE word {like} %s LIMIT {MOST_ENDINGS + 1}) AS found"""
            )
            params += [start, f"{start}{anything}"]
        for word in term.exact:
            parts.append(f"SELECT {place}, '', word, entries FROM register_word WHERE word = %s")
            params.append(word)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), params)
        return list(cursor.fetchall())


def _any(term: Asked) -> str:
    if connection.vendor == "postgresql":
        return " | ".join((*(f"'{each}'" for each in term.words), *(f"'{each}':*" for each in term.starts)))
    return " OR ".join((*(f'"{each}"' for each in term.words), *(f'"{each}" *' for each in term.starts)))


def _run(on: BaseDatabaseWrapper, statements: Sequence[str]) -> None:
    with on.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
