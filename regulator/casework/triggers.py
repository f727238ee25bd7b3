"""The database's own refusal to alter or remove what is only ever appended, on SQLite and on PostgreSQL."""

from dataclasses import dataclass
from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True, slots=True)
class AppendOnly:
    """A table whose rows are written once: its name, and what the database says to whoever tries more."""

    table: str
    message: str

    def installation(self, vendor: str) -> list[str]:
        """The statements that put its triggers in place."""
        if vendor == "sqlite":
            return [
                f"""CREATE TRIGGER {self.table}_no_{deed.lower()} BEFORE {deed} ON {self.table}
                BEGIN SELECT RAISE(ABORT, '{self.message}'); END"""
                for deed in ("UPDATE", "DELETE")
            ]
        return [
            f"""CREATE OR REPLACE FUNCTION {self.table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '{self.message}' USING ERRCODE = 'restrict_violation'; END $$""",
            f"""CREATE TRIGGER {self.table}_no_change BEFORE UPDATE OR DELETE ON {self.table}
            FOR EACH ROW EXECUTE FUNCTION {self.table}_refuse()""",
            f"""CREATE TRIGGER {self.table}_no_truncate BEFORE TRUNCATE ON {self.table}
            FOR EACH STATEMENT EXECUTE FUNCTION {self.table}_refuse()""",
        ]

    def removal(self, vendor: str) -> list[str]:
        """The statements that take them away."""
        if vendor == "sqlite":
            return [f"DROP TRIGGER IF EXISTS {self.table}_no_{deed}" for deed in ("update", "delete")]
        return [
            f"DROP TRIGGER IF EXISTS {self.table}_no_{deed} ON {self.table}"
            for deed in ("change", "truncate")
        ]


EVENTS: Final = AppendOnly("casework_event", "events are only ever appended")
VIEWS: Final = AppendOnly("casework_restrictedview", "views of restricted cases are only ever appended")
TABLES: Final = (EVENTS, VIEWS)


def install(connection: BaseDatabaseWrapper, kept: AppendOnly = EVENTS) -> None:
    """Put the triggers of a table in place (a migration does)."""
    _run(connection, kept.installation(connection.vendor))


def drop(connection: BaseDatabaseWrapper, kept: AppendOnly = EVENTS) -> None:
    """Take the triggers of a table away: to undo the migration, and for tests that tamper."""
    _run(connection, kept.removal(connection.vendor))


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
