"""What a notice and its leaflet state: facts, in the words of the day of service; the documents are set from
them (docs/decisions/0026).

Nobody of CQC's is named on them, and of the employer its offices only.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils import timezone

from enforcement.legal_clock import earliest_compliance, last_day_to_appeal_cautious
from enforcement.models import Notice
from enforcement.register.wording import appeal_means
from regulator.casework.models import Case
from regulator.casework.wording import as_text
from regulator.legislation.models import Provision

_ACTS: Final = {
    "HSWA 1974": "Health and Safety at Work etc. Act 1974",
    "IR(ME)R 2017": "Ionising Radiation (Medical Exposure) Regulations 2017",
}


@dataclass(frozen=True, slots=True)
class Service:
    """How a notice is being served, as its papers state it."""

    at: datetime
    method: str
    address: str
    office: str

    @property
    def on(self) -> date:
        """The day in London."""
        return timezone.localdate(self.at)


def of_notice(case: Case, notice: Notice, service: Service | None) -> dict[str, Any]:
    """What the notice says (two queries at most); before its service, without what that adds."""
    site = case.site
    return {
        "reference": case.reference or "",
        "type": notice.type,
        "title": notice.get_type_display(),
        "employer": case.employer.name,
        "invented": case.employer.is_invented,
        "site": ", ".join(filter(None, (site.name, site.postcode))) if site else "",
        "modality": case.get_modality_display() if case.modality else "",
        "power": _cited(notice.legal_power),
        "breach_on": as_text(notice.breach_on),
        "provisions": [
            _provision(each.provision) for each in notice.breaches.select_related("provision").order_by("pk")
        ],
        "opinion": notice.opinion,
        "reasons": notice.reasons,
        "required_action": notice.required_action,
        "directions": notice.directions,
        "compliance_days": notice.compliance_days or 0,
        "compliance_on": as_text(notice.compliance_on) if notice.compliance_on else "",
        "earliest": _earliest(notice, service),
        "served": _served(service) if service else {},
        "appeal": _appeal(service.on) if service else {},
        "appeal_means": appeal_means(notice.type),
    }


def of_leaflet(case: Case, notice: Notice, service: Service) -> dict[str, Any]:
    """What the leaflet on appeals says to whom the notice is served. No query."""
    return {
        "reference": case.reference or "",
        "type": notice.type,
        "title": notice.get_type_display(),
        "employer": case.employer.name,
        "invented": case.employer.is_invented,
        "served_on": as_text(service.on),
        "compliance_on": as_text(notice.compliance_on) if notice.compliance_on else "",
        "appeal": _appeal(service.on),
        "appeal_means": appeal_means(notice.type),
    }


def digest(facts: Mapping[str, Any]) -> str:
    """The SHA-256 (hex) of the facts."""
    written = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def _cited(provision: Provision) -> str:
    act = _ACTS.get(provision.instrument, provision.instrument)
    return f"{provision.citation} of the {act}"


def _provision(provision: Provision) -> dict[str, str]:
    """One provision, and for how long the text that was in force on the day of the breach has been so."""
    until = f" to {as_text(provision.in_force_to)}" if provision.in_force_to else ""
    return {
        "citation": provision.citation[:1].upper() + provision.citation[1:],
        "instrument": _ACTS.get(provision.instrument, provision.instrument),
        "heading": provision.heading,
        "words": provision.own_words,
        "in_force": f"In force from {as_text(provision.in_force_from)}{until}",
    }


def _earliest(notice: Notice, service: Service | None) -> str:
    """Why an improvement notice could not ask for less time (HSWA 1974 s21)."""
    if service is None or notice.type != Notice.Type.IMPROVEMENT:
        return ""
    return earliest_compliance(service.on).derivation


def _served(service: Service) -> dict[str, str]:
    local = timezone.localtime(service.at)
    return {
        "day": as_text(service.on),
        "time": f"{local:%H:%M}",
        "method": str(Notice.ServiceMethod(service.method).label),
        "address": service.address,
        "office": service.office,
    }


def _appeal(served_on: date) -> dict[str, str]:
    last = last_day_to_appeal_cautious(served_on)
    return {"by": as_text(last.on), "derivation": last.derivation}
