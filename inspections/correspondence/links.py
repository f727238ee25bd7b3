"""Where a letter is read: one address, for the employer's people and for staff."""

from django.conf import settings
from django.urls import reverse

from inspections.correspondence.models import Correspondence


def pdf_url(letter: Correspondence) -> str:
    """The whole address of the letter's PDF. No query once the inspection's case is in hand."""
    path = reverse("correspondence:letter", args=[letter.inspection.case.reference, letter.number])
    return f"{settings.PORTAL_URL}{path}"
