"""Editions of the taxonomy of causes: the leaves by which cases are coded from a day on."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug

from notifications.editions.files import FileForm, is_json, read_json
from notifications.in_force import CAUSES
from notifications.models import Cause, Notification, TaxonomyVersion
from notifications.queries import KIND as NOTIFICATION
from notifications.queries import taxonomy_on
from notifications.taxonomy import Leaf, checked_leaves
from regulator.casework.mentions import row_for_anybody
from regulator.casework.wording import as_text
from regulator.editions.kinds import Content, Difference, EditionKind, Touched
from regulator.editions.models import Edition

SHOWN: Final = 200
COLUMNS: Final = tuple(each.name for each in fields(Leaf))


class CausesForm(FileForm):
    """An edition of the taxonomy."""

    key = forms.CharField(label="Key", max_length=20, help_text="A new one, for example 2026-27.")
    field_order = ("key", "label", "source", "file", "text", "holds_from", "reason")

    @classmethod
    def initial_of(cls, content: Content) -> dict[str, Any]:
        named = {name: content[name] for name in ("key", "label", "source")}
        return named | {"text": as_table(content)}

    def content(self) -> dict[str, Any]:
        text = self.given()
        try:
            causes = read_json(text) if is_json(text) else _rows(text)
        except ValueError as wrong:
            box = "file" if self.cleaned_data.get("file") else "text"
            raise ValidationError({box: f"This cannot be read: {wrong}."}) from wrong
        return {name: self.cleaned_data[name] for name in ("key", "label", "source")} | {"causes": causes}

    def shown_again(self, content: Content) -> dict[str, Any]:
        return {"text": as_table(content)}


def as_table(content: Content) -> str:
    """The causes as CSV, with the columns of the project's own file."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(content["causes"])
    return out.getvalue()


def _rows(text: str) -> list[dict[str, str]]:
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise ValueError(f"the columns are {', '.join(COLUMNS)}, in this order")
    try:
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as wrong:
        raise ValueError(f"line {reader.line_num}: it is no CSV ({wrong})") from wrong
    for line, row in rows:
        if None in row or None in row.values():
            raise ValueError(f"line {line}: it has not {len(COLUMNS)} cells")
    return [{name: cell.strip() for name, cell in row.items()} for _, row in rows]


def present(what: str, day: date) -> Content:
    """The edition by which cases are coded on ``day``; an empty one where none is loaded. Two or three
    queries."""
    edition = taxonomy_on(day)
    if edition is None:
        return {"key": "", "label": "", "source": "", "causes": []}
    leaves = edition.causes.order_by("position").values(*COLUMNS)
    named = {"key": edition.key, "label": edition.label, "source": edition.source}
    return named | {"causes": list(leaves)}


def check(what: str, holds_from: date, content: Content) -> dict[str, Any]:
    """The edition in its one form. Raises ``ValidationError`` for a cell that is empty, a slug or a place
    that is given twice, a modality that there is not, and a key that an edition has already."""
    try:
        leaves = checked_leaves(content["causes"])
    except (KeyError, TypeError, ValueError) as wrong:
        raise ValidationError({"text": f"This cannot be read: {wrong}."}) from wrong
    if not leaves:
        raise ValidationError({"text": "There is no cause in it."})
    if not all(isinstance(value, str) for leaf in leaves for value in asdict(leaf).values()):
        raise ValidationError({"text": "Every cell is text."})
    named = {name: str(content.get(name, "")).strip() for name in ("key", "label", "source")}
    validate_slug(named["key"])
    if TaxonomyVersion.objects.filter(key=named["key"]).exists():
        raise ValidationError({"key": "An edition has this key already. Give a new one."})
    TaxonomyVersion(**named, effective_from=holds_from).clean_fields(exclude=["edition"])
    for position, leaf in enumerate(leaves):
        try:
            Cause(position=position, **asdict(leaf)).clean_fields(exclude=["version"])
        except ValidationError as wrong:
            raise ValidationError({"text": [f"{leaf.slug}: {text}" for text in wrong.messages]}) from wrong
    return named | {"causes": [asdict(leaf) for leaf in leaves]}


def differences(what: str, before: Content, after: Content) -> list[Difference]:
    """Cause by cause, what is new, gone or named otherwise."""
    former, later = ({each["slug"]: each for each in side["causes"]} for side in (before, after))
    found = [
        Difference(slug, _told(former.get(slug)), _told(later.get(slug)))
        for slug in dict.fromkeys((*later, *former))
        if former.get(slug) != later.get(slug)
    ]
    if list(former) != list(later) and not found:
        found.append(Difference("Order of the causes", "as it was", "another"))
    return found


def _told(leaf: Mapping[str, str] | None) -> str:
    if leaf is None:
        return ""
    place = " > ".join(leaf[name] for name in ("modality", "tier1", "tier2", "tier3"))
    return f"{place}\nCounted as: {leaf['rollup_tier2']} > {leaf['rollup']}"


def touched(what: str, holds_from: date, content: Content) -> Touched:
    """The open cases that keep a coding which the edition no longer has. Three queries at any length."""
    kept = {each["slug"] for each in content["causes"]}
    sent = Notification.objects.filter(
        case__kind=NOTIFICATION, case__closed_at__isnull=True, case__reference__isnull=False
    )
    coded = sent.filter(cqc_cause__isnull=False).select_related("case", "cqc_cause")
    gone = coded.exclude(cqc_cause__slug__in=kept).order_by("case__reference")
    uncoded = sent.filter(cqc_cause__isnull=True).count()
    return Touched(
        headings=("Case", "Coded as", "Then"),
        rows=tuple(
            row_for_anybody(each.case, str(each.cqc_cause), "Keeps its coding") for each in gone[:SHOWN]
        ),
        count=gone.count(),
        notes=(
            f"{uncoded} open case{' is' if uncoded == 1 else 's are'} not coded yet. From "
            f"{as_text(holds_from)} they are coded by this edition.",
            "A case that was coded keeps its coding.",
        ),
    )


def approved(edition: Edition) -> int:
    """Put the edition and its causes into their tables; answers how many causes."""
    content = edition.content
    version = TaxonomyVersion.objects.create(
        key=content["key"],
        label=content["label"],
        source=content["source"],
        effective_from=edition.holds_from,
        edition=edition,
    )
    leaves: Sequence[Leaf] = checked_leaves(content["causes"])
    for position, leaf in enumerate(leaves):
        Cause.objects.create(version=version, position=position, **asdict(leaf))
    return len(leaves)


KIND: Final = EditionKind(
    name=CAUSES,
    label="Causes",
    lead="The taxonomy by which CQC codes causes, from a day on. Codings that were made stay.",
    whats=lambda: [("", "")],
    form=lambda: CausesForm,
    present=present,
    check=check,
    differences=differences,
    touched=touched,
    approved=approved,
    files={"csv": as_table},
)
