"""What programs read of a case's page: schema.org's words for an article, as JSON-LD."""

from typing import Any

from notifications.learning.models import PublishedLearning
from notifications.learning.themes import label_of


def described(entry: PublishedLearning, address: str) -> dict[str, Any]:
    """The page as JSON-LD. Of days it tells the year alone, as the page does."""
    return {
        "@context": "https://schema.org",
        "@type": "Article",
        "@id": address,
        "url": address,
        "headline": entry.title,
        "abstract": entry.learning,
        "about": [entry.get_modality_display(), *(label_of(each) for each in entry.themes)],
        "datePublished": str(entry.year),
        "isAccessibleForFree": True,
        "inLanguage": "en-GB",
        "publisher": {"@type": "GovernmentOrganization", "name": "Care Quality Commission"},
    }
