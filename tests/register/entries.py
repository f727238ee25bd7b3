"""Entries for the register's tests, put through its own service."""

from datetime import date
from itertools import count
from typing import Any

from enforcement.register.models import RegisterEntry
from enforcement.register.services import Cited, EntrySnapshot, Happening, put_entry
from enforcement.register.services import cited as as_cited
from regulator.legislation.models import Provision

_numbers = count(1)


def cited(*references: str, on: date = date(2025, 1, 1)) -> tuple[Cited, ...]:
    in_force = Provision.objects.in_force_on(on)
    return as_cited(in_force.filter(instrument="IR(ME)R 2017", reference__in=references))


def snapshot(**changes: Any) -> EntrySnapshot:
    number = next(_numbers)
    values: dict[str, Any] = {
        "slug": f"ire-2025-{number:05d}-a",
        "reference": f"IRE-2025-{number:05d}-A",
        "employer_name": f"Invented Employer {number}",
        "employer_type": "NHS acute trust",
        "location": "Invented Hospital",
        "postcode": "AB1 2CD",
        "region": "",
        "notice_type": "improvement",
        "legal_power": "HSWA 1974 section 21",
        "served_on": date(2025, 1, 10),
        "breach_on": date(2025, 1, 2),
        "form": "full",
        "citations": cited("6(5)(b)", "17(4)"),
        "timeline": (Happening(date(2025, 1, 10), "Notice served"),),
        "description": "Carry out quality assurance.",
        "compliance_due_on": date(2025, 2, 21),
        "status": "in_force",
        "complied_on": None,
        "how_closed": "",
        "modality": "radiotherapy",
        "source_url": "",
        "origin": "portal",
        "employer_is_invented": True,
    }
    return EntrySnapshot(**(values | changes))


def entry(**changes: Any) -> RegisterEntry:
    return put_entry(snapshot(**changes))
