"""What a row of the open data takes beyond the fields of its entry, in the statement that reads the row: so
an entry is never told with the citations of another moment, and no chunk needs a query of its own."""

from typing import Any, Final

from django.db.models import Func, JSONField, TextField

_CITATIONS: Final = "FROM register_citation c WHERE c.entry_id = %(expressions)s"
_FACTS: Final = ("instrument", "reference", "citation", "heading", "in_force_from", "in_force_to")


class _Vendored(Func):
    """A function with SQL of its own for each database."""

    on_postgresql: str
    on_sqlite: str
    arity = 1

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template=self.on_postgresql, **extra)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template=self.on_sqlite, **extra)


class Provisions(_Vendored):
    """The citations of the entry with that key: a list of objects, in the order of their instrument."""

    output_field = JSONField()
    on_postgresql = (
        "(SELECT jsonb_agg(jsonb_build_object("
        + ", ".join(f"'{each}', c.{each}" for each in _FACTS)
        + f") ORDER BY c.position, c.id) {_CITATIONS})"
    )
    on_sqlite = (
        "(SELECT json_group_array(json(line)) FROM (SELECT json_object("  # noqa: S608
        + ", ".join(f"'{each}', c.{each}" for each in _FACTS)
        + f") AS line {_CITATIONS} ORDER BY c.position, c.id))"
    )


class Moment(Func):
    """A moment as text, in UTC, in PostgreSQL: 2025-01-10T09:30:00Z."""

    output_field = TextField()
    arity = 1
    template = """to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')"""


class Defused(Func):
    """As ``regulator.sheets.defused``, in PostgreSQL: a text that a spreadsheet would take for a formula gets
    an apostrophe before it. An empty text is ``NULL``, which CSV writes as nothing."""

    output_field = TextField()
    arity = 1
    template = (
        r"NULLIF(regexp_replace(%(expressions)s, E'^([ \u00a0]*[-=+@\\t\\r\\n＝＋－＠])', E'\'\\1'), '')"
    )
