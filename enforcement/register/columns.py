"""The columns of the open data: what each is called, what it holds, and where it comes from.

One list, from which the files, the page that explains them and the descriptions for programs are made.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db.models import CharField, F, TextField, Value
from django.db.models.functions import Concat

from enforcement.register import licence
from enforcement.register.expressions import Provisions
from enforcement.register.models import RegisterEntry

TEXT, DAY, MOMENT, NUMBER, FLAG = "string", "date", "datetime", "integer", "boolean"
"""Kinds of value, as CSVW (https://www.w3.org/TR/tabular-metadata/) calls them."""


@dataclass(frozen=True, slots=True)
class Column:
    """``path``: the field of an entry that it shows. ``expression``: what makes it where that is none.
    ``choices``: the values that it can take, with what each means."""

    name: str
    title: str
    kind: str
    about: str
    path: str
    choices: Mapping[str, str]
    may_be_empty: bool

    @property
    def source(self) -> Any:
        """What the statement selects for it."""
        return _MADE[self.name]() if self.name in _MADE else F(self.path)


def _address() -> Any:
    base = f"{settings.PORTAL_URL}/register/"
    return Concat(Value(base), F("slug"), Value("/"), output_field=CharField())


_MADE: Final[Mapping[str, Any]] = {
    "address": _address,
    "licence": lambda: Value(licence.SPDX, output_field=TextField()),
}


_CHOICES: Final[Mapping[str, Any]] = {
    "form": RegisterEntry.Form,
    "notice_type": RegisterEntry.Type,
    "status": RegisterEntry.Status,
    "modality": RegisterEntry.Modality,
    "origin": RegisterEntry.Origin,
}
_OPTIONAL: Final = frozenset(
    {
        "reference",
        "employer_type",
        "location",
        "postcode",
        "region",
        "provisions",
        "timeline",
        "description",
        "compliance_due_on",
        "complied_on",
        "how_closed",
        "modality",
        "source_url",
        "document_sha256",
    }
)
_ABOUT: Final = (
    ("slug", "Address of the entry", TEXT, "The last part of its address. It never changes."),
    ("address", "Web address", TEXT, "Where the entry is published."),
    ("reference", "Reference", TEXT, "CQC’s reference. Entries from before this register have none."),
    ("form", "Form", TEXT, "Whether the entry says everything."),
    ("employer_name", "Employer", TEXT, "The employer on whom the notice was served."),
    ("employer_type", "Type of employer", TEXT, "What kind of organisation the employer is."),
    ("location", "Place", TEXT, "The premises that the notice is about."),
    ("postcode", "Postcode", TEXT, "Of the premises."),
    ("region", "Region", TEXT, "The region of England in which the premises are."),
    ("notice_type", "Type of notice", TEXT, "What the notice orders."),
    ("legal_power", "Power", TEXT, "The section of the Act under which it was served."),
    ("served_on", "Served on", DAY, "The day on which the notice was served."),
    (
        "breach_on",
        "Breach on",
        DAY,
        "The day of the breach, or the last on which it was seen; of a prohibition, of the risk.",
    ),
    (
        "provisions",
        "Provisions",
        TEXT,
        "What it cites, as the law stood that day; semicolons between. An improvement notice says that it "
        "was breached; a prohibition need not, and may cite none.",
    ),
    ("timeline", "Timeline", TEXT, "What happened, each with its day; semicolons between."),
    ("description", "Description", TEXT, "What the notice says in short."),
    (
        "compliance_due_on",
        "Comply by",
        DAY,
        "The day by which to comply, as it stands now, if there is one; of a deferred prohibition, the day "
        "at the end of which it takes effect.",
    ),
    ("status", "Status", TEXT, "How the notice stands."),
    ("complied_on", "Complied with on", DAY, "The day on which the employer complied, as CQC recorded it."),
    ("how_closed", "How closed", TEXT, "How compliance was shown."),
    ("modality", "Modality", TEXT, "The field of medicine, where the notice is about one."),
    ("source_url", "Source", TEXT, "Where CQC published the notice before this register."),
    ("origin", "Origin", TEXT, "How the entry came onto the register."),
    ("employer_is_invented", "Invented", FLAG, "Whether this is a demonstration about no real employer."),
    ("document_sha256", "SHA-256 of the PDF", TEXT, "Of the entry as a document (PDF), if there is one."),
    ("published_at", "Published at", MOMENT, "When it was first published here (UTC), whatever came since."),
    ("updated_at", "Updated at", MOMENT, "When what it shows last changed (UTC)."),
    ("version", "Version", NUMBER, "How often what it shows has been published: 1 for a new entry."),
    ("licence", "Licence", TEXT, f"The licence of this data: {licence.NAME}."),
)
_PATHS: Final = {
    "document_sha256": "document__sha256",
    "provisions": "provisions_in_words",
    "timeline": "timeline_in_words",
}
COLUMNS: Final = tuple(
    Column(
        name,
        title,
        kind,
        about,
        path=_PATHS.get(name, name),
        choices=dict(_CHOICES[name].choices) if name in _CHOICES else {},
        may_be_empty=name in _OPTIONAL,
    )
    for name, title, kind, about in _ABOUT
)


def nested_provisions() -> Provisions:
    """The provisions as a list of objects, for formats that can hold one."""
    return Provisions(F("pk"))
