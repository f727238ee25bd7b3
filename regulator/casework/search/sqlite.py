"""Search on SQLite: three FTS5 tables over ``CaseText``, kept in step by triggers.

``stems`` finds "reporting" by "reports", ``starts`` finds it by "reporti", ``parts`` finds names and
references by any three characters of them.
"""

from typing import Final

from regulator.casework.search.words import Sought

_TABLES: Final = {
    "stems": ("words", "porter unicode61"),
    "starts": ("words", "unicode61"),
    "parts": ("names", "trigram"),
}


def _create(name: str, column: str, tokenizer: str) -> list[str]:
    table = f"casework_casetext_{name}"
    into = f"INSERT INTO {table}"
    add = f"{into}(rowid, {column}) VALUES (new.case_id, new.{column});"
    take = f"{into}({table}, rowid, {column}) VALUES ('delete', old.case_id, old.{column});"
    return [
        f"""CREATE VIRTUAL TABLE {table} USING fts5(
            {column}, content='casework_casetext', content_rowid='case_id', tokenize='{tokenizer}')""",
        f"CREATE TRIGGER {table}_insert AFTER INSERT ON casework_casetext BEGIN {add} END",
        f"CREATE TRIGGER {table}_delete AFTER DELETE ON casework_casetext BEGIN {take} END",
        f"CREATE TRIGGER {table}_update AFTER UPDATE ON casework_casetext BEGIN {take} {add} END",
    ]


def _drop(name: str) -> list[str]:
    table = f"casework_casetext_{name}"
    triggers = [f"DROP TRIGGER IF EXISTS {table}_{deed}" for deed in ("insert", "delete", "update")]
    return [*triggers, f"DROP TABLE IF EXISTS {table}"]


INSTALL: Final = [statement for name, how in _TABLES.items() for statement in _create(name, *how)]
REMOVE: Final = [statement for name in _TABLES for statement in _drop(name)]
REBUILD: Final = [
    "INSERT INTO casework_casetext_stems(casework_casetext_stems) VALUES ('rebuild')",
    "INSERT INTO casework_casetext_starts(casework_casetext_starts) VALUES ('rebuild')",
    "INSERT INTO casework_casetext_parts(casework_casetext_parts) VALUES ('rebuild')",
]
"""Make the three anew from the rows, whatever became of them."""

PURGE: Final = [
    "INSERT INTO casework_casetext_stems(casework_casetext_stems) VALUES ('optimize')",
    "INSERT INTO casework_casetext_starts(casework_casetext_starts) VALUES ('optimize')",
    "INSERT INTO casework_casetext_parts(casework_casetext_parts) VALUES ('optimize')",
]
"""FTS5 marks a word as deleted, and keeps it until its segments are merged: this merges them all."""

_TERM: Final = """SELECT * FROM (
    SELECT rowid FROM casework_casetext_stems WHERE casework_casetext_stems MATCH %s
    UNION SELECT rowid FROM casework_casetext_starts WHERE casework_casetext_starts MATCH %s)"""
_ALL: Final = "SELECT * FROM (%s)"
_PARTS: Final = " UNION SELECT rowid FROM casework_casetext_parts WHERE casework_casetext_parts MATCH %s"


def matching(sought: Sought) -> tuple[str, list[str]]:
    """One SELECT of the keys of the cases that are found, and its parameters."""
    params = []
    for term in sought.terms:
        words = " ".join(term)
        params += [f'"{words}"', f'"{words}" *']
    sql = _ALL % " INTERSECT ".join([_TERM] * len(sought.terms))
    if sought.parts:
        sql += _PARTS
        params.append(" OR ".join(f'"{_quoted(part)}"' for part in sought.parts))
    return sql, params


def _quoted(part: str) -> str:
    return part.replace('"', '""')
