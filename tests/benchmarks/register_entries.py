"""A register of any size, made by the database itself in seconds: invented entries for the benchmarks.

Words stand in a known share of the entries (``SHARES``); "evens" and "odds" each stand in half of them, and
never together. Every employer has one region and three places. The same number gives the same entries, and
the first of a larger register are those of a smaller one, but for their employers.
"""

from dataclasses import dataclass
from typing import Final

from django.db import connection

from enforcement.register import finding
from enforcement.register.words import parents

SHARES: Final = {
    "calibration": 2,
    "dosimetry": 10,
    "brachytherapy": 100,
    "phantom": 1000,
    "collimator": 10_000,
}
"""Each word stands in one of so many entries."""
FIRST_DAY: Final = "2018-03-01"
DAYS: Final = 2903
REFERENCES: Final = ("6(1)(a)", "6(5)(b)", "7", "8(4)", "11(5)", "12(3)", "15(2)", "17(4)")
REGIONS: Final = ("London", "South East", "East Midlands", "North West", "Yorkshire and The Humber")
TYPES: Final = ("NHS acute trust", "Dental practice", "Independent provider")

INDEXED: Final = {
    "employer": ("employer_slug", "employer_name"),
    "place": ("premises_slug", "location || ', ' || postcode"),
    "region": ("replace(lower(region), ' ', '-')", "region"),
    "employer_type": ("replace(lower(employer_type), ' ', '-')", "employer_type"),
}
"""Of each kind of line of the index its key and its name."""


@dataclass(frozen=True)
class Dialect:
    """What the two databases say differently."""

    day: str
    year: str
    now: str
    empty: str
    joined: str
    parted: str


POSTGRESQL: Final = Dialect(
    day=f"(date '{FIRST_DAY}' + (i * 7919::bigint % {DAYS})::int)",
    year="extract(year FROM served_on)::int",
    now="now()",
    empty="'[]'::jsonb",
    joined="string_agg",
    parted="SELECT unnest(string_to_array(words, ' ')) AS word FROM register_entrytext",
)
SQLITE: Final = Dialect(
    day=f"date('{FIRST_DAY}', '+' || (i * 7919 % {DAYS}) || ' days')",
    year="CAST(strftime('%Y', served_on) AS INTEGER)",
    now="'2026-01-01 00:00:00'",
    empty="'[]'",
    joined="group_concat",
    parted="""SELECT json_each.value AS word FROM register_entrytext,
        json_each('["' || replace(words, ' ', '","') || '"]')""",
)


def fill_register(entries: int) -> None:
    """Put so many entries, with two citations each and all that is derived from them, onto an empty register;
    then look at every table, so that the planner knows what there is. The index of words is made afterwards:
    row by row it would take minutes."""
    finding.remove(connection)
    _run(_statements(entries, POSTGRESQL if connection.vendor == "postgresql" else SQLITE))
    finding.rebuild(connection)
    _run([*_sequences(), *_looked_at()])


def _run(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement.replace("%", "%%"), ())
        if connection.vendor == "postgresql":  # no row may wait for a check when a table is altered
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _statements(entries: int, dialect: Dialect) -> list[str]:
    revision = f"""INSERT INTO register_revision (id, number, changed_at)
        VALUES (1, {entries}, {dialect.now})"""
    changes = f"""INSERT INTO register_change (number, slug, version, kind, at, fields)
        SELECT id, slug, 1, 'added', {dialect.now}, {dialect.empty} FROM register_registerentry"""
    vocabulary = f"""INSERT INTO register_word (word, entries)
        SELECT word, count(*) FROM ({dialect.parted}) AS each
        WHERE word NOT LIKE '~_place~_%' ESCAPE '~' AND word NOT LIKE '~_postcode~_%' ESCAPE '~'
        GROUP BY word"""
    return [
        _entries(entries, dialect),
        _citations(),
        _texts(dialect),
        *_lines(dialect),
        vocabulary,
        _provision_texts(),
        changes,
        revision,
    ]


def _entries(entries: int, dialect: Dialect) -> str:
    employers = max(50, entries // 50)
    words = " || ".join(
        f"CASE WHEN i % {share} = 0 THEN ' {word}' ELSE '' END" for word, share in SHARES.items()
    )
    types = ("improvement", "improvement", "prohibition_immediate", "prohibition_deferred")
    statuses = ("complied", "complied", "in_force", "not_complied")
    modalities = ("radiotherapy", "diagnostic_imaging", "nuclear_medicine")
    return f"""INSERT INTO register_registerentry (id, slug, reference, form, employer_name, employer_slug,
            employer_type, location, premises_slug, postcode, region, notice_type, legal_power, served_on,
            breach_on, description, compliance_due_on, status, complied_on, how_closed, modality, timeline,
            source_url, origin, employer_is_invented, published_at, updated_at, version)
        WITH RECURSIVE numbers(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < {entries}),
            made AS (SELECT i, i % {employers} AS e, {dialect.day} AS served_on FROM numbers)
        SELECT i, 'entry-' || i, '', 'full', 'Invented employer ' || e, 'invented-employer-' || e,
            {_one_of(TYPES, "e")}, 'Place ' || e || 'p' || (i % 3),
            'place-' || e || 'p' || (i % 3) || '-zz1-1zz', 'ZZ1 1ZZ', {_one_of(REGIONS, "e")},
            {_one_of(types, "i / 7")}, 'HSWA 1974 section 21', served_on, served_on,
            'Number' || i || ': keep records of training.' || {words}
                || CASE WHEN i % 2 = 0 THEN ' evens' ELSE ' odds' END,
            served_on, {_one_of(statuses, "i / 3")},
            CASE WHEN (i / 3) % {len(statuses)} < 2 THEN served_on END, '', {_one_of(modalities, "i / 5")},
            {dialect.empty}, '', 'portal', true, {dialect.now}, {dialect.now}, 1
        FROM made"""


def _citations() -> str:
    count = len(REFERENCES)
    return f"""INSERT INTO register_citation (entry_id, position, instrument, reference, citation, heading,
            own_words, in_force_from, in_force_to)
        WITH cited AS ({_cited()})
        SELECT entry.id, cited.position, 'IR(ME)R 2017', cited.reference, 'regulation ' || cited.reference,
            'Heading', 'What it asks for.', '2018-02-06', NULL
        FROM register_registerentry AS entry
        JOIN cited ON cited.place IN (entry.id % {count}, (entry.id / 11 + 1) % {count})"""


def _texts(dialect: Dialect) -> str:
    description = "replace(replace(description, ':', ''), '.', '')"
    words = " || ' ' || ".join(
        (
            "marks",
            description,
            "employer_name",
            "location",
            "region",
            "employer_type",
            "'heading notice'",
            *(f"replace({each}, '_', ' ')" for each in ("notice_type", "status", "modality")),
            *(
                f"'_{each.removeprefix('notice_')}_' || {each}"
                for each in ("notice_type", "status", "modality")
            ),
            *(f"'_{each}_' || {_mark(each)}" for each in ("region", "employer_type")),
            f"'_employer_' || {_mark('employer_slug')}",
            f"'_place_' || {_mark('premises_slug')}",
            f"'_year_' || {dialect.year}",
            "'_postcode_zz11zz _area_zz1'",
        )
    )
    return f"""INSERT INTO register_entrytext (entry_id, words, served_on, employer, changed)
        WITH parts AS ({_paired()}),
            cites AS (SELECT DISTINCT entry_id, part FROM register_citation
                JOIN parts ON parts.reference = register_citation.reference),
            marked AS (SELECT entry_id, {dialect.joined}('_cites_' || {_mark("part")}, ' ') AS marks
                FROM cites GROUP BY entry_id)
        SELECT id, lower({words}), served_on, lower(employer_name), id
        FROM register_registerentry JOIN marked ON marked.entry_id = id"""


def _lines(dialect: Dialect) -> list[str]:
    into = "INSERT INTO register_indexline (kind, key, year, name, sort, entries)"
    whens = ("0", dialect.year)
    lines = [
        f"""{into} SELECT '{kind}', {key}, {when}, min({name}), min(lower(replace({name}, ',', ''))), count(*)
            FROM register_registerentry GROUP BY 2, 3"""
        for kind, (key, name) in INDEXED.items()
        for when in whens
    ]
    provisions = [
        f"""{into} WITH parts AS ({_paired()})
            SELECT 'provision', part, {when}, 'regulation ' || min(part), 'regulation ' || min(part),
                count(DISTINCT entry_id)
            FROM register_citation JOIN parts ON parts.reference = register_citation.reference
            JOIN register_registerentry ON register_registerentry.id = entry_id GROUP BY 2, 3"""
        for when in whens
    ]
    return [*lines, *provisions]


def _provision_texts() -> str:
    return f"""INSERT INTO register_provisiontext (instrument, reference, citation, heading, own_words,
    position,
            in_force_from)
        SELECT 'IR(ME)R 2017', reference, 'regulation ' || reference, 'Heading', 'What it asks for.',
        position,
            '2018-02-06'
        FROM ({_cited()}) AS cited"""


def _cited() -> str:
    return " UNION ALL ".join(
        f"SELECT {place} AS place, '{each}' AS reference, {place + 1} AS position"
        for place, each in enumerate(REFERENCES)
    )


def _paired() -> str:
    """Each reference beside itself and each that it is a part of."""
    return " UNION ALL ".join(
        f"SELECT '{each}' AS reference, '{part}' AS part" for each in REFERENCES for part in parents(each)
    )


def _one_of(values: tuple[str, ...], number: str) -> str:
    cases = " ".join(f"WHEN {place} THEN '{value}'" for place, value in enumerate(values))
    return f"CASE (({number}) % {len(values)}) {cases} END"


def _mark(value: str) -> str:
    return f"replace(replace(replace(replace({value}, '(', '_'), ')', ''), '-', '_'), ' ', '_')"


def _looked_at() -> list[str]:
    """What a database does by itself soon after rows come in; within a transaction it can only count them."""
    free = connection.vendor == "postgresql" and not connection.in_atomic_block
    return ["VACUUM (ANALYZE)"] if free else ["ANALYZE"]


def _sequences() -> list[str]:
    """What PostgreSQL numbers the next rows from."""
    if connection.vendor != "postgresql":
        return []
    return [
        f"SELECT setval(pg_get_serial_sequence('register_{each}', 'id'), max(id)) FROM register_{each}"
        for each in ("registerentry", "citation", "indexline", "provisiontext")
    ]
