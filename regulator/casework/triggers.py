"""The database's own refusal to alter or remove an event, on SQLite and on PostgreSQL."""

from django.db.backends.base.base import BaseDatabaseWrapper

_MESSAGE = "events are only ever appended"

_SQLITE = [
    f"""CREATE TRIGGER casework_event_no_{deed.lower()} BEFORE {deed} ON casework_event
    BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END"""
    for deed in ("UPDATE", "DELETE")
]
_POSTGRESQL = [
    f"""CREATE OR REPLACE FUNCTION casework_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{_MESSAGE}' USING ERRCODE = 'restrict_violation'; END $$""",
    """CREATE TRIGGER casework_event_no_change BEFORE UPDATE OR DELETE ON casework_event
    FOR EACH ROW EXECUTE FUNCTION casework_event_refuse()""",
    """CREATE TRIGGER casework_event_no_truncate BEFORE TRUNCATE ON casework_event
    FOR EACH STATEMENT EXECUTE FUNCTION casework_event_refuse()""",
]
_DROP = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS casework_event_no_update",
        "DROP TRIGGER IF EXISTS casework_event_no_delete",
    ],
    "postgresql": [
        "DROP TRIGGER IF EXISTS casework_event_no_change ON casework_event",
        "DROP TRIGGER IF EXISTS casework_event_no_truncate ON casework_event",
    ],
}


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers in place (a migration does)."""
    statements = _SQLITE if connection.vendor == "sqlite" else _POSTGRESQL
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def drop(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away: to undo the migration, and for tests that tamper."""
    with connection.cursor() as cursor:
        for statement in _DROP[connection.vendor]:
            cursor.execute(statement)
