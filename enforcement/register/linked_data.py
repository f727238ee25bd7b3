"""An entry as linked data (JSON-LD), in the words of schema.org where it has them."""

from typing import Any

from enforcement.register.models import RegisterEntry

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
        "citation": [
            {
                "@type": "Legislation",
                "name": f"{each.instrument} {each.citation}",
                "legislationIdentifier": each.reference,
                "abstract": each.own_words,
                "legislationDate": each.in_force_from.isoformat(),
            }
            for each in entry.citations.all()
        ],
        "creativeWorkStatus": entry.get_status_display(),
    }
    if entry.description:
        said["abstract"] = entry.description
    if entry.source_url:
        said["isBasedOn"] = entry.source_url
    return said


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
