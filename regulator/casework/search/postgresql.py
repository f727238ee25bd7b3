"""Search on PostgreSQL: a ``tsvector`` of the words with a GIN index, and trigrams of the names.

The vector holds each word twice, stemmed as English and as it is: "reporting" is found by "reports" and by
"reporti", of which the one is no beginning of the stem and the other no stem.
"""

from typing import Final

from regulator.casework.search.words import Sought

INSTALL: Final = [
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    """ALTER TABLE casework_casetext ADD COLUMN vector tsvector GENERATED ALWAYS AS
        (to_tsvector('english', words) || to_tsvector('simple', words)) STORED""",
    "CREATE INDEX casework_casetext_vector ON casework_casetext USING gin (vector)",
    "CREATE INDEX casework_casetext_parts ON casework_casetext USING gin (names gin_trgm_ops)",
]
REMOVE: Final = [
    "DROP INDEX IF EXISTS casework_casetext_parts",
    "DROP INDEX IF EXISTS casework_casetext_vector",
    "ALTER TABLE casework_casetext DROP COLUMN IF EXISTS vector",
]
REBUILD: Final[list[str]] = []
"""Column and indexes are the database's own, and follow each row by themselves."""

PURGE: Final[list[str]] = []
"""A row that was overwritten is gone with the next vacuum, which the database does by itself."""

_WORDS: Final = "SELECT case_id FROM casework_casetext WHERE vector @@ "
_TERM: Final = "(phraseto_tsquery('english', %s) || to_tsquery('simple', %s))"
_PART: Final = " OR names LIKE %s"


def matching(sought: Sought) -> tuple[str, list[str]]:
    """One SELECT of the keys of the cases that are found, and its parameters.

    Of one table, so that the planner may begin from the words where they are rare and from the queue's own
    order where they are common.
    """
    params = []
    for term in sought.terms:
        params += [" ".join(term), " <-> ".join((*term[:-1], f"{term[-1]}:*"))]
    params += [f"%{_literally(part)}%" for part in sought.parts]
    every = " && ".join([_TERM] * len(sought.terms))
    return f"{_WORDS}({every}){_PART * len(sought.parts)}", params


def _literally(text: str) -> str:
    """``text`` with nothing in it that LIKE reads as a sign."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
