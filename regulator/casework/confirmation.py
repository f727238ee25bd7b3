"""That somebody said why what looked like an identifier identifies nobody. ``models`` takes the table in."""

from django.conf import settings
from django.db import models

from regulator import clock
from regulator.casework.identifiers import Kind


class IdentifierConfirmation(models.Model):
    """One finding that its writer kept, with the reason. What matched is not stored, only its digest.

    ``sha256`` is over ``Finding.normalised``; once confirmed on a case it is not asked about again there.
    """

    case = models.ForeignKey(
        "casework.Case", on_delete=models.PROTECT, related_name="identifier_confirmations"
    )
    field = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.label) for kind in Kind])
    sha256 = models.CharField(max_length=64)
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
                fields=["case", "kind", "sha256"], name="casework_identifier_confirmed_once"
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="casework_identifier_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()[:1].upper()}{self.get_kind_display()[1:]} in “{self.field_label}”"

    @property
    def field_label(self) -> str:
        """The field in words: "Immediate actions"."""
        return in_words(self.field)


def in_words(field: str) -> str:
    """A field's name for people: ``imaging.other_unit`` is "Other unit"."""
    return field.rpartition(".")[2].replace("_", " ").capitalize()
