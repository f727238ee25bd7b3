"""That somebody said why what looked like an identifier identifies nobody. ``models`` takes the table in."""

import hashlib
from typing import Final

from django.conf import settings
from django.db import models

from regulator import clock
from regulator.casework.identifiers import Finding, Kind
from regulator.secret import keyed_digests

PURPOSE: Final = "casework.identifier_confirmation"
"""What the key of these digests is derived for. Were it changed, nothing confirmed would be known again."""


class IdentifierConfirmation(models.Model):
    """One finding that its writer kept, with the reason. What matched is not stored, only its digest.

    ``digest`` is keyed (``digests_of``); once confirmed on a case it is not asked about again there.
    """

    case = models.ForeignKey(
        "casework.Case", on_delete=models.PROTECT, related_name="identifier_confirmations"
    )
    field = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.label) for kind in Kind])
    digest = models.CharField(max_length=64, help_text="HMAC-SHA-256 under the portal’s own key.")
    reason = models.TextField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Nobody where it was said by somebody without an account; the chain tells by which link.",
    )
    confirmed_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["confirmed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind", "digest"], name="casework_identifier_confirmed_once"
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="casework_identifier_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()[:1].upper()}{self.get_kind_display()[1:]} in “{self.field_label}”"

    @property
    def field_label(self) -> str:
        """The field in words: "Immediate actions"."""
        return in_words(self.field)


def digests_of(finding: Finding) -> tuple[str, ...]:
    """What stands for the identifier in a row and on the chain: the digest to keep, then those under the
    portal's former keys.

    There are few enough NHS numbers to try them all, so a plain digest would give them away. It is taken over
    the SHA-256 of ``Finding.normalised``, because that is what rows held before: so they could be keyed too
    (docs/decisions/0012).
    """
    return keyed_digests(PURPOSE, hashlib.sha256(finding.normalised.encode()).hexdigest())


def in_words(field: str) -> str:
    """A field's name for people: ``imaging.other_unit`` is "Other unit"."""
    return field.rpartition(".")[2].replace("_", " ").capitalize()
