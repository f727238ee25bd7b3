"""Which provisions are cited: how often each, and which together. Counted and laid out the same for
recommendations and for notices."""

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Final, TypeVar

from regulator.legislation.catalogue import read_catalogue
from regulator.organisations.models import Modality
from regulator.statistics.figures import Plain, Reported
from regulator.statistics.layouts import ALL_MODALITIES, COUNT, cross_columns, cross_rows
from regulator.statistics.numbers import counted_at, register_count
from regulator.statistics.tables import Column, Kind, Row, Table
from regulator.statistics.tally import by_first

__all__ = ["NO_PROVISION", "Cited", "citation_tables", "cited", "gathered", "register_citations"]

Cited = tuple[tuple[int, str], ...]
"""The provisions that one thing cites, each as (place in the law, reference), in the order of the law."""
Thing = TypeVar("Thing", bound=Hashable)
NO_PROVISION: Final = "No provision cited"
_REGULATIONS: Final = "IR(ME)R"
_PART: Final = re.compile(r"[0-9]+[A-Z]?|[A-Za-z]+")


def gathered(rows: Iterable[tuple[Thing, int | None, str | None]]) -> dict[Thing, Cited]:
    """Rows (thing, place of a provision, its reference), in the order of the law and with neither for a thing
    that cites nothing, as what each thing cites."""
    found = dict[Thing, dict[tuple[int, str], None]]()
    for thing, place, reference in rows:
        provisions = found.setdefault(thing, {})
        if place is not None and reference:
            provisions[place, reference] = None
    return {thing: tuple(provisions) for thing, provisions in found.items()}


def cited(rows: Iterable[tuple[str, Cited]], modalities: Sequence[str]) -> Plain:
    """Of rows (modality, provisions): ``by_modality`` how many mention each provision, in the order of the
    law; ``as_cited`` how many cite the same provisions together, the most frequent first."""
    held = list(rows)
    mentions = Counter(
        (modality, each) for modality, provisions in held for each in dict.fromkeys(provisions)
    )
    together = Counter(held)
    in_order = sorted(mentions.items(), key=lambda item: (item[0][1], item[0][0]))
    frequent = sorted(together.items(), key=lambda item: (-item[1], item[0][1]))
    return {
        "by_modality": by_first(((name, each[1], number) for (name, each), number in in_order), modalities),
        "as_cited": by_first(
            ((name, _together(provisions), number) for (name, provisions), number in frequent), modalities
        ),
        "order": {reference: place for place, reference in sorted({each for _, each in mentions})},
    }


def _together(provisions: Cited) -> str:
    return ", ".join(dict.fromkeys(reference for _, reference in provisions)) or NO_PROVISION


def citation_tables(reported: Reported, what: str) -> tuple[Table, ...]:
    """Each provision by modality, and for each modality the provisions as cited together. ``what`` names the
    things that cite, in the plural ("recommendations")."""
    by_modality: Mapping[str, Mapping[str, int]] = reported.value["by_modality"]
    provision = Column("provision", "Regulation", Kind.TEXT)
    columns = cross_columns(provision, by_modality, reported.label, ALL_MODALITIES)
    rows = (
        (reference, {name: counts.get(reference, 0) for name, counts in by_modality.items()})
        for reference in reported.value["order"]
    )
    return (
        reported.table(
            "", f"{what.capitalize()} by regulation", columns, cross_rows(rows, list(by_modality))
        ),
        *(_as_cited(reported, what, name, counts) for name, counts in reported.value["as_cited"].items()),
    )


def _as_cited(reported: Reported, what: str, modality: str, counts: Mapping[str, int]) -> Table:
    rows = [Row((together, number)) for together, number in counts.items()]
    label = reported.label(modality)
    return reported.table(
        modality,
        f"{label} {what} by the regulations that each cites",
        (Column("provisions", "Regulations cited together", Kind.TEXT), COUNT),
        (*rows, Row((f"All {label.lower()} {what}", sum(counts.values())), is_total=True)),
        notes=("Each is counted once, under all that it cites.",),
        unit=what,
    )


def register_citations(what: str, figure: str, label: str) -> None:
    """The numbers ``<modality>_<what>_citing_<provision>`` for each of the Regulations in the catalogue, as
    ``radiotherapy_recommendations_citing_6_5_b``; ``figure`` is the name of the figure that counts them."""
    for reference in dict.fromkeys(
        row.reference for row in read_catalogue() if row.instrument.startswith(_REGULATIONS)
    ):
        written = "_".join(_PART.findall(reference)).lower()
        for modality in Modality:
            register_count(
                f"{modality.value}_{what}_citing_{written}",
                f"{label} in {modality.label.lower()} that cite {reference}",
                counted_at(figure, "by_modality", modality.value, reference),
            )
