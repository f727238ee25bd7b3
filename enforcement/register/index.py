"""The register's index, by premises and by person (Environment and Safety Information Act 1988 s1(1)(b)), and
by provision and region: lines with their numbers of entries, kept in step with every entry put or removed."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Final

from django.db.models import Q
from django.utils.text import slugify

from enforcement.register.models import Citation, IndexLine, ProvisionText, RegisterEntry
from enforcement.register.texts import folded_name
from enforcement.register.words import parents

_NUMBER: Final = re.compile(r"\d+")
IN_ALL: Final = 0
"""The year of a line that counts them all."""
_KINDS: Final = IndexLine.Kind
TEXT_COLUMNS: Final = ("citation", "heading", "own_words", "position", "in_force_to")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an entry stands in the index, but for the year."""

    kind: str
    key: str
    name: str


def citation_of(reference: str) -> str:
    """A canonical reference as people read it, as the catalogue of provisions writes it."""
    if reference.startswith("Sch"):
        return f"Schedule {reference[3:]}"
    return f"section {reference[1:]}" if reference.startswith("s") else f"regulation {reference}"


def standings(entry: RegisterEntry, citations: Iterable[Citation]) -> set[Standing]:
    """The lines on which an entry counts."""
    place = ", ".join(each for each in (entry.location, entry.postcode) if each)
    found = {
        Standing(_KINDS.EMPLOYER, entry.employer_slug, entry.employer_name),
        Standing(_KINDS.PLACE, entry.premises_slug, place),
        Standing(_KINDS.REGION, slugify(entry.region), entry.region),
        Standing(_KINDS.EMPLOYER_TYPE, slugify(entry.employer_type), entry.employer_type),
    }
    cites = {reference for each in citations for reference in parents(each.reference)}
    found |= {Standing(_KINDS.PROVISION, each, citation_of(each)) for each in cites}
    return {each for each in found if each.key}


def sort_of(standing: Standing) -> str:
    """What a line is ordered by: its folded name; of a provision with its numbers by size, 6 before 17."""
    if standing.kind != _KINDS.PROVISION:
        return folded_name(standing.name)
    return _NUMBER.sub(lambda found: found.group().zfill(3), folded_name(standing.name))


def lines_of(entry: RegisterEntry, citations: Iterable[Citation]) -> Counter[tuple[Standing, int]]:
    """The lines on which an entry counts, in all and in its year."""
    years = (IN_ALL, entry.served_on.year)
    return Counter({(each, year): 1 for each in standings(entry, citations) for year in years})


def recount(before: Counter[tuple[Standing, int]], after: Counter[tuple[Standing, int]]) -> None:
    """Take what an entry counted on off the index, and put what it counts on now onto it (at most five
    queries). The caller holds the register."""
    difference = Counter(after)
    difference.subtract(before)
    changed = {line: number for line, number in difference.items() if number}
    if not changed:
        return
    held = {(line.kind, line.key, line.year): line for line in _held(changed)}
    new: list[IndexLine] = []
    altered: list[IndexLine] = []
    gone: list[IndexLine] = []
    by_place: dict[tuple[str, str, int], IndexLine] = {}
    for (standing, year), number in sorted(changed.items(), key=lambda each: each[1]):
        place = (standing.kind, standing.key, year)
        line = by_place.get(place) or held.get(place)
        if line is None:
            line = IndexLine(kind=standing.kind, key=standing.key, year=year, entries=0)
        line.entries += number
        if number > 0:
            line.name, line.sort = standing.name, sort_of(standing)
        by_place[place] = line
    for line in by_place.values():
        (gone if line.entries == 0 else altered if line.pk else new).append(line)
    IndexLine.objects.filter(pk__in=[line.pk for line in gone if line.pk]).delete()
    IndexLine.objects.bulk_create(new)
    IndexLine.objects.bulk_update(altered, ["entries", "name", "sort"], batch_size=100)


def keep_texts(citations: Sequence[Citation]) -> None:
    """Keep each text of a provision that is cited (one query)."""
    ProvisionText.objects.bulk_create(
        [
            ProvisionText(
                instrument=each.instrument,
                reference=each.reference,
                in_force_from=each.in_force_from,
                **{name: getattr(each, name) for name in TEXT_COLUMNS},
            )
            for each in citations
        ],
        update_conflicts=True,
        unique_fields=["reference", "instrument", "in_force_from"],
        update_fields=TEXT_COLUMNS,
    )


def _held(changed: Iterable[tuple[Standing, int]]) -> Iterable[IndexLine]:
    wanted: dict[str, set[str]] = {}
    for standing, _ in changed:
        wanted.setdefault(standing.kind, set()).add(standing.key)
    years = {year for _, year in changed}
    conditions = (Q(kind=kind, key__in=keys) for kind, keys in wanted.items())
    return IndexLine.objects.filter(reduce(or_, conditions), year__in=years)
