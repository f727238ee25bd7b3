"""Where the documents of a notice are read, as paths and as whole addresses for letters."""

from django.conf import settings
from django.urls import reverse

from regulator.casework.models import Case


def notice_path(case: Case) -> str:
    """The notice as it was served."""
    return reverse("papers:document", args=[case.reference])


def leaflet_path(case: Case) -> str:
    """The leaflet that went with it."""
    return reverse("papers:leaflet", args=[case.reference])


def draft_path(case: Case) -> str:
    """The notice as it stands, for staff."""
    return reverse("admin:enforcement_notice_draft", args=[case.pk])


def whole(path: str) -> str:
    """The whole address."""
    return f"{settings.PORTAL_URL}{path}"
