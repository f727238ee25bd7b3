"""Where an event belongs besides CQC, or instead of it: before any criterion is looked at.

Pure. After CQC's page of the UK's enforcing authorities and its pages on notifying, read in 2024. A route
that is ``instead`` means that CQC's criteria do not decide this; any other stands beside a notification.
"""

from dataclasses import dataclass
from typing import Final

from notifications.criteria.incident import Incident

__all__ = ["Route", "routes_of"]

_AUTHORITIES: Final = (
    "https://www.cqc.org.uk/guidance-providers/ionising-radiation/"
    "ionising-radiation-medical-exposure-regulations-irmer/appropriate-uk-enforcing-authorities"
)
_LICENCES: Final = "https://www.cqc.org.uk/guidance-providers/ionising-radiation/notifying-us"


@dataclass(frozen=True, slots=True)
class Route:
    """A body that the event belongs to, and why."""

    body: str
    name: str
    why: str
    instead: bool
    source: str
    verified: bool


def _route(body: str, name: str, why: str, *, instead: bool, source: str = _AUTHORITIES) -> Route:
    return Route(body, name, why, instead, source, verified=True)


_ELSEWHERE: Final = "Each country of the United Kingdom has its own authority for exposures made there."
_BY_COUNTRY: Final = {
    "wales": _route("HIW", "Healthcare Inspectorate Wales", _ELSEWHERE, instead=True),
    "scotland": _route("HIS", "Healthcare Improvement Scotland", _ELSEWHERE, instead=True),
    "northern_ireland": _route(
        "RQIA", "Regulation and Quality Improvement Authority", _ELSEWHERE, instead=True
    ),
}
_DEVICE: Final = "A problem with a device is reported as well, also where nobody was exposed: good practice."
_DEVICES_BY_COUNTRY: Final = {
    "scotland": ("IRIC", "Incident Reporting and Investigation Centre"),
    "northern_ireland": ("NIAIC", "Northern Ireland Adverse Incident Centre"),
}
_BY_EVENT: Final = {
    "before_clinical_use": _route(
        "HSE",
        "Health and Safety Executive",
        "A fault found before clinical use falls under the Ionising Radiations Regulations 2017.",
        instead=True,
    ),
    "worker_or_public": _route(
        "HSE",
        "Health and Safety Executive",
        "Workers and members of the public are protected by the Ionising Radiations Regulations 2017.",
        instead=True,
    ),
    "licence_breach": _route(
        "ARSAC",
        "ARSAC Support Unit",
        "It advises the licensing authority. CQC asks for a voluntary report of the breach as well.",
        instead=True,
        source=_LICENCES,
    ),
    "learning_only": _route(
        "UKHSA",
        "UK Health Security Agency, medical exposures group",
        "Radiotherapy errors and near misses are shared for learning through LFPSE or directly.",
        instead=True,
    ),
}


def routes_of(incident: Incident) -> tuple[Route, ...]:
    """Every body besides CQC that the event belongs to; the first that is ``instead`` decides."""
    found = []
    if incident.country in _BY_COUNTRY:
        found.append(_BY_COUNTRY[incident.country])
    if incident.event in _BY_EVENT:
        found.append(_BY_EVENT[incident.event])
    if incident.event == "device_fault" or incident.equipment_failure:
        found.append(_device_body(incident))
    return tuple(found)


def _device_body(incident: Incident) -> Route:
    mhra = ("MHRA", "Medicines and Healthcare products Regulatory Agency")
    body, name = _DEVICES_BY_COUNTRY.get(incident.country or "", mhra)
    return _route(body, name, _DEVICE, instead=incident.event == "device_fault")
