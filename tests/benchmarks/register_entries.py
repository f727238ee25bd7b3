"""A register of any size, made by the database itself in seconds: invented entries for the benchmarks.

Words stand in a known share of the entries (``SHARES``); "evens" and "odds" each stand in half of them, and
never together. Every employer has one region and three places. The same number gives the same entries, and the
first of a larger register are those of a smaller one, but for their employers.
"""

from typing import Final

from django.db import connection

from enforcement.register import finding

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

_CASES: Final = "CASE {number} {cases} END"


def fill_register(entries: int) -> None:
    """Put so many entries, with two citations each and all that is derived from them, onto an empty register;
    then look at every table, so that the planner knows what there is. The index of words is made afterwards:
    row by row it would take minutes."""
    finding.remove(connection)
    with connection.cursor() as cursor:
        for statement in _statements(entries):
            cursor.execute(statement.replace("%", "%%"), ())
    finding.rebuild(connection)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _one_of(values: tuple[str, ...], number: str) -> str:
    cases = " ".join(f"WHEN {place} THEN '{value}'" for place, value in enumerate(values))
    return _CASES.format(number=f"(({number}) % {len(values)})", cases=cases)


def _position(reference: str) -> int:
    return REFERENCES.index(reference) + 1


def _mark(value: str) -> str:
    return f"replace(replace(replace(replace({value}, '(', '_'), ')', ''), '-', '_'), ' ', '_')"


def _statements(entries: int) -> list[str]:
    employers = max(50, entries // 50)
    day = (
        f"(date '{FIRST_DAY}' + (i * 7919::bigint % {DAYS})::int)"
        if connection.vendor == "postgresql"
        else f"date('{FIRST_DAY}', '+' || (i * 7919 % {DAYS}) || ' days')"
    )
    year = (
        "extract(year FROM served_on)::int"
        if connection.vendor == "postgresql"
        else "CAST(strftime('%Y', served_on) AS INTEGER)"
    )
    now = "now()" if connection.vendor == "postgresql" else "'2026-01-01 00:00:00'"
    empty = "'[]'::jsonb" if connection.vendor == "postgresql" else "'[]'"
    yes = "true"
    words = " || ".join(
        f"CASE WHEN i % {share} = 0 THEN ' {word}' ELSE '' END" for word, share in SHARES.items()
    )
    numbers = f"""WITH RECURSIVE numbers(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < {entries}),
        made AS (SELECT i, i % {employers} AS e, {day} AS served_on FROM numbers)"""
    insert_entries = f"""INSERT INTO register_registerentry (id, slug, reference, form, employer_name, employer_slug,
        employer_type, location, premises_slug, postcode, region, notice_type, legal_power, served_on, breach_on,
        description, compliance_due_on, status, complied_on, how_closed, modality, timeline, source_url, origin,
        employer_is_invented, published_at, updated_at, version, provisions_in_words)
        {numbers}
        SELECT i, 'entry-' || i, 'BEN-' || i, 'full', 'Invented employer ' || e, 'invented-employer-' || e,
            {_one_of(TYPES, "e")}, 'Place ' || e || 'p' || (i % 3), 'place-' || e || 'p' || (i % 3) || '-zz1-1zz',
            'ZZ1 1ZZ', {_one_of(REGIONS, "e")},
            {_one_of(("improvement", "improvement", "prohibition_immediate", "prohibition_deferred"), "i / 7")},
            'HSWA 1974 section 21', served_on, served_on,
            'Number' || i || ': keep records of training.' || {words} ||
            CASE WHEN i % 2 = 0 THEN ' evens' ELSE ' odds' END,
            served_on, {_one_of(("complied", "complied", "in_force", "not_complied"), "i / 3")},
            CASE WHEN (i / 3) % 4 < 2 THEN served_on END, '',
            {_one_of(("radiotherapy", "diagnostic_imaging", "nuclear_medicine"), "i / 5")},
            {empty}, '', 'portal', {yes}, {now}, {now}, 1,
            'IR(ME)R 2017 regulation ' || {_one_of(REFERENCES, "i")} || '; IR(ME)R 2017 regulation ' ||
            {_one_of(REFERENCES, "i / 11 + 1")}
        FROM made"""
    cited = " UNION ALL ".join(
        f"SELECT {place} AS place, '{each}' AS reference, {_position(each)} AS position"
        for place, each in enumerate(REFERENCES)
    )
    insert_citations = f"""INSERT INTO register_citation (entry_id, position, instrument, reference, citation,
        heading, own_words, in_force_from, in_force_to)
        WITH cited AS ({cited})
        SELECT entry.id, cited.position, 'IR(ME)R 2017', cited.reference, 'regulation ' || cited.reference,
            'Heading', 'What it asks for.', '2018-02-06', NULL
        FROM register_registerentry AS entry
        JOIN cited ON cited.place IN (entry.id % {len(REFERENCES)}, (entry.id / 11 + 1) % {len(REFERENCES)})"""
    parents = sorted(
        {part for each in REFERENCES for part in (each, each.split("(")[0], each.rpartition("(")[0]) if part}
    )
    paired = " UNION ALL ".join(
        f"SELECT '{each}' AS reference, '{part}' AS part"
        for each in REFERENCES
        for part in parents
        if each == part or each.startswith(f"{part}(")
    )
    insert_texts = f"""INSERT INTO register_entrytext (entry_id, words, served_on, employer, changed)
        WITH parts AS ({paired}), cites AS (SELECT DISTINCT entry_id, part FROM register_citation JOIN parts
            ON parts.reference = register_citation.reference),
        marks AS (SELECT entry_id, {"string_agg" if connection.vendor == "postgresql" else "group_concat"}(
            '_cites_' || {_mark("part")}, ' ') AS marks FROM cites GROUP BY entry_id)
        SELECT id, lower(marks || ' ' || replace(replace(replace(description, ':', ''), '.', ''), '  ', ' ') || ' '
            || lower(employer_name) || ' ' || replace(location, ',', '') || ' ' || region || ' ' || employer_type || ' heading notice '
            || replace(notice_type, '_', ' ') || ' ' || replace(status, '_', ' ') || ' ' || replace(modality, '_', ' ')
            || ' _type_' || notice_type || ' _status_' || status || ' _modality_' || modality
            || ' _year_' || {year} || ' _region_' || {_mark("region")}
            || ' _employer_type_' || {_mark("employer_type")}
            || ' _employer_' || {_mark("employer_slug")} || ' _place_' || {_mark("premises_slug")}
            || ' _postcode_zz11zz _area_zz1'), served_on, lower(employer_name), id
        FROM register_registerentry JOIN marks ON marks.entry_id = id"""
    index = []
    for kind, key, name in (
        ("employer", "employer_slug", "employer_name"),
        ("place", "premises_slug", "location || ', ' || postcode"),
        ("region", "replace(lower(region), ' ', '-')", "region"),
        ("employer_type", "replace(lower(employer_type), ' ', '-')", "employer_type"),
    ):
        for when in ("0", year):
            index.append(f"""INSERT INTO register_indexline (kind, key, year, name, sort, entries)
                SELECT '{kind}', {key}, {when}, min({name}), min(lower(replace({name}, ',', ''))), count(*)
                FROM register_registerentry GROUP BY 2, 3""")
    for when in ("0", year):
        index.append(f"""INSERT INTO register_indexline (kind, key, year, name, sort, entries)
            WITH parts AS ({paired})
            SELECT 'provision', part, {when}, 'regulation ' || min(part), 'regulation ' || min(part),
                count(DISTINCT entry_id)
            FROM register_citation JOIN parts ON parts.reference = register_citation.reference
            JOIN register_registerentry ON register_registerentry.id = entry_id GROUP BY 2, 3""")
    if connection.vendor == "postgresql":
        parted = "SELECT unnest(string_to_array(words, ' ')) AS word FROM register_entrytext"
    else:
        parted = """SELECT json_each.value AS word FROM register_entrytext,
            json_each('["' || replace(words, ' ', '","') || '"]')"""
    vocabulary = f"""INSERT INTO register_word (word, entries) SELECT word, count(*) FROM ({parted}) AS each
        WHERE word NOT LIKE '~_place~_%' ESCAPE '~' AND word NOT LIKE '~_postcode~_%' ESCAPE '~' GROUP BY word"""
    insert_changes = f"""INSERT INTO register_change (number, slug, version, kind, at, fields)
        SELECT id, slug, 1, 'added', {now}, {empty} FROM register_registerentry"""
    revision = f"INSERT INTO register_revision (id, number, changed_at) VALUES (1, {entries}, {now})"
    texts = f"""INSERT INTO register_provisiontext (instrument, reference, citation, heading, own_words, position,
        in_force_from) SELECT 'IR(ME)R 2017', reference, 'regulation ' || reference, 'Heading', 'What it asks for.',
        position, '2018-02-06' FROM ({cited}) AS cited"""
    return [
        insert_entries,
        insert_citations,
        insert_texts,
        *index,
        vocabulary,
        texts,
        insert_changes,
        revision,
        *_after(),
    ]


def _after() -> list[str]:
    if connection.vendor != "postgresql":
        return []
    tables = ("registerentry", "citation", "indexline", "provisiontext")
    return [
        f"SELECT setval(pg_get_serial_sequence('register_{each}', 'id'), max(id)) FROM register_{each}"
        for each in tables
    ]
