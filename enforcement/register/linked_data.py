"""An entry as linked data (JSON-LD), in the words of schema.org where it has them."""

from typing import Any

from enforcement.register.models import Citation, RegisterEntry

LICENCE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"


def described(entry: RegisterEntry, address: str) -> dict[str, Any]:
    """The entry as a document about an action of the regulator. Reads the prefetched citations alone."""
    said: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Report",
        "@id": address,
        "url": address,
        "name": f"{entry.get_notice_type_display()}: {entry.employer_name}",
        "identifier": entry.reference or entry.slug,
        "version": entry.version,
        "datePublished": entry.published_at.isoformat(),
        "dateModified": entry.updated_at.isoformat(),
        "inLanguage": "en-GB",
        "license": LICENCE,
        "publisher": {"@type": "GovernmentOrganization", "name": "Care Quality Commission"},
        "temporalCoverage": entry.served_on.isoformat(),
        "about": _organisation(entry),
        "creativeWorkStatus": entry.get_status_display(),
    }
    if cited := [_legislation(each) for each in entry.citations.all()]:
        said["citation"] = cited
    if entry.description:
        said["abstract"] = entry.description
    if entry.source_url:
        said["isBasedOn"] = entry.source_url
    return said


def _legislation(cited: Citation) -> dict[str, Any]:
    return {
        "@type": "Legislation",
        "name": f"{cited.instrument} {cited.citation}",
        "legislationIdentifier": cited.reference,
        "abstract": cited.own_words,
        "legislationDate": cited.in_force_from.isoformat(),
    }


def _organisation(entry: RegisterEntry) -> dict[str, Any]:
    told: dict[str, Any] = {"@type": "Organization", "name": entry.employer_name}
    address = {"postalCode": entry.postcode, "addressRegion": entry.region}
    if entry.location:
        place: dict[str, Any] = {"@type": "Place", "name": entry.location}
        held = {name: value for name, value in address.items() if value}
        if held:
            place["address"] = {"@type": "PostalAddress", "addressCountry": "GB"} | held
        told["location"] = place
    return told
