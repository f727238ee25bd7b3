"""Reading a row of CQC's published entries into a snapshot for the register. Writes nothing.

A row that says something impossible or unreadable is refused with the reason. Three things are inferred, each
only where it follows, because CQC's entries do not state them: the modality from the words of the
inspection's context if they name just one, an acute trust from an NHS trust with a hospital, and the
region from the postcode, where the file has one. A name that is marked "(as titled)" loses the mark, and
the entry says whose title it was.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from django.utils.text import slugify

from enforcement.register.models import RegisterEntry
from enforcement.register.regions import region_of
from enforcement.register.services import EntrySnapshot, Happening, cited
from regulator import clock
from regulator.legislation.citations import CitationError, parse_citations
from regulator.legislation.models import Provision

REGULATIONS: Final = "IR(ME)R 2017"
ACT: Final = "HSWA 1974"
COLUMNS: Final = (
    "employer",
    "location",
    "notice_type",
    "legal_power",
    "served",
    "breach_observed_on_or_before",
    "regulations_as_published",
    "inspection_context",
    "published_deadline",
    "complied_on",
    "how_closed",
    "source_url",
)
MAY_BE_LEFT_OUT: Final = ("postcode",)
_AS_TITLED: Final = " (as titled)"
TYPES: Final = {
    "improvement notice": (RegisterEntry.Type.IMPROVEMENT, "s21"),
    "prohibition notice": (RegisterEntry.Type.PROHIBITION_IMMEDIATE, "s22"),
    "immediate prohibition notice": (RegisterEntry.Type.PROHIBITION_IMMEDIATE, "s22"),
    "deferred prohibition notice": (RegisterEntry.Type.PROHIBITION_DEFERRED, "s22"),
}
CLOSED: Final = {"": "", "evidence submitted": "Evidence submitted", "re-inspection": "Re-inspection"}
_POSTCODE: Final = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}")
_MODALITY_WORDS: Final = {
    RegisterEntry.Modality.RADIOTHERAPY: ("radiotherapy", "brachytherapy"),
    RegisterEntry.Modality.NUCLEAR_MEDICINE: ("nuclear medicine",),
    RegisterEntry.Modality.DIAGNOSTIC_IMAGING: ("radiology", "cardiology", "ct department", "imaging"),
}


class Unacceptable(ValueError):
    """A row that is not taken. ``str()`` says why, for whoever mends the file."""


def read_row(row: Mapping[str, str]) -> EntrySnapshot:
    """The snapshot of one row, its provisions as in force on the breach date (two queries).

    Raises ``Unacceptable``.
    """
    cells = {name: (row.get(name) or "").strip() for name in (*COLUMNS, *MAY_BE_LEFT_OUT)}
    employer, is_as_titled = _employer(cells)
    location, postcode = _text(cells, "location", 250), _postcode(cells)
    breach_on, served_on, complied_on = _dates(cells)
    notice_type, section = _type(cells)
    return EntrySnapshot(
        slug=_slug(employer, location, served_on),
        reference="",
        form=RegisterEntry.Form.FULL,
        employer_name=employer,
        employer_type=employer_type_of(employer, location),
        location=location,
        postcode=postcode,
        region=region_of(postcode),
        notice_type=notice_type,
        legal_power=str(_one_provision(ACT, section, breach_on)),
        served_on=served_on,
        breach_on=breach_on,
        citations=cited(_provisions(cells["regulations_as_published"], breach_on)),
        timeline=_timeline(served_on, complied_on),
        description=_description(cells["inspection_context"], is_as_titled),
        compliance_due_on=_optional_date(cells, "published_deadline", not_before=served_on),
        status=RegisterEntry.Status.COMPLIED if complied_on else RegisterEntry.Status.IN_FORCE,
        complied_on=complied_on,
        how_closed=_how(cells, complied_on),
        modality=modality_in(cells["inspection_context"]),
        source_url=_address(cells["source_url"]),
        origin=RegisterEntry.Origin.PUBLISHED_BY_CQC,
        employer_is_invented=False,
    )


def modality_in(context: str) -> str:
    """The one modality that the published context names; ``""`` where it names none or several."""
    said = context.lower()
    named = [modality for modality, words in _MODALITY_WORDS.items() if any(word in said for word in words)]
    return named[0] if len(named) == 1 else ""


def employer_type_of(employer: str, location: str) -> str:
    """An NHS trust with a hospital is an acute trust, as the portal names its types; of others we do not
    know."""
    words = f"{employer} {location}".lower().split()
    is_trust = employer.lower().endswith((" nhs trust", " nhs foundation trust"))
    return "NHS acute trust" if is_trust and {"hospital", "hospitals"} & set(words) else ""


def _employer(cells: Mapping[str, str]) -> tuple[str, bool]:
    """Its name, and whether that is only what the page's title calls it."""
    employer = _text(cells, "employer", 250, required=True)
    return employer.removesuffix(_AS_TITLED), employer.endswith(_AS_TITLED)


def _postcode(cells: Mapping[str, str]) -> str:
    typed = "".join(cells["postcode"].upper().split())
    if typed and not _POSTCODE.fullmatch(typed):
        raise Unacceptable(f"postcode is not a full postcode: {cells['postcode']!r}")
    return f"{typed[:-3]} {typed[-3:]}".strip()


def _timeline(served_on: date, complied_on: date | None) -> tuple[Happening, ...]:
    served = Happening(served_on, "Notice served")
    return (served, Happening(complied_on, "Complied with")) if complied_on else (served,)


def _text(cells: Mapping[str, str], name: str, longest: int, *, required: bool = False) -> str:
    value = cells[name]
    if required and not value:
        raise Unacceptable(f"{name} is empty")
    if len(value) > longest or "\x00" in value:
        raise Unacceptable(f"{name} is longer than {longest} characters or holds a null character")
    return value


def _date(cells: Mapping[str, str], name: str) -> date:
    try:
        return date.fromisoformat(cells[name])
    except ValueError:
        raise Unacceptable(f"{name} is not a date like 2024-05-31: {cells[name]!r}") from None


def _optional_date(cells: Mapping[str, str], name: str, *, not_before: date) -> date | None:
    if not cells[name]:
        return None
    found = _date(cells, name)
    if found < not_before:
        raise Unacceptable(f"{name}, {found}, is before the day of service, {not_before}")
    return found


def _dates(cells: Mapping[str, str]) -> tuple[date, date, date | None]:
    breach_on, served_on = _date(cells, "breach_observed_on_or_before"), _date(cells, "served")
    if served_on < breach_on:
        raise Unacceptable(f"served, {served_on}, is before the breach, {breach_on}")
    complied_on = _optional_date(cells, "complied_on", not_before=served_on)
    for name, day in (("served", served_on), ("complied_on", complied_on)):
        if day is not None and day > clock.today():
            raise Unacceptable(f"{name}, {day}, lies in the future")
    return breach_on, served_on, complied_on


def _type(cells: Mapping[str, str]) -> tuple[str, str]:
    found = TYPES.get(cells["notice_type"].lower())
    if found is None:
        raise Unacceptable(f"notice_type is not known: {cells['notice_type']!r}")
    if cells["legal_power"] != f"HSWA {found[1]}":
        raise Unacceptable(f"legal_power of this type is HSWA {found[1]}, not {cells['legal_power']!r}")
    return found


def _how(cells: Mapping[str, str], complied_on: date | None) -> str:
    how = CLOSED.get(cells["how_closed"].lower())
    if how is None:
        raise Unacceptable(f"how_closed is not known: {cells['how_closed']!r}")
    if how and complied_on is None:
        raise Unacceptable("how_closed is given, but complied_on is empty")
    return how


def _provisions(text: str, day: date) -> tuple[Provision, ...]:
    try:
        references = parse_citations(text)
    except CitationError as error:
        raise Unacceptable(f"regulations_as_published: {error}") from None
    in_force = Provision.objects.in_force_on(day)
    found = {
        each.reference: each for each in in_force.filter(instrument=REGULATIONS, reference__in=references)
    }
    missing = [reference for reference in references if reference not in found]
    if missing:
        raise Unacceptable(f"{REGULATIONS} had no {', '.join(missing)} in force on {day}")
    return tuple(found[reference] for reference in references)


def _one_provision(instrument: str, reference: str, day: date) -> Provision:
    in_force = Provision.objects.in_force_on(day)
    found: Provision | None = in_force.filter(instrument=instrument, reference=reference).first()
    if found is None:
        raise Unacceptable(f"{instrument} had no {reference} in force on {day}")
    return found


def _address(url: str) -> str:
    if not url:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    usable = parts.scheme in ("http", "https") and parts.netloc and url.isprintable()
    if not usable or len(url) > 400:
        raise Unacceptable(f"source_url is not a web address: {url[:80]!r}")
    return url


def _description(context: str, is_as_titled: bool) -> str:
    told = [f"Inspection: {context}."] if context else []
    if is_as_titled:
        told.append("The employer is named as in the title of CQC's page.")
    return " ".join(told)


def _slug(employer: str, location: str, served_on: date) -> str:
    return f"{slugify(employer)[:90]}-{slugify(location)[:90]}-{served_on.isoformat()}".replace(
        "--", "-"
    ).strip("-")
