"""A box in which staff name an employer: by its name or a part of it, or by any of its keys."""

from typing import Any, Final

from django import forms
from django.db.models import Q

from regulator.organisations.models import Employer

_LISTED: Final = 10


class EmployerField(forms.CharField):
    """Its value is the one employer that fits. Where several do they are named, so that one can be typed."""

    def __init__(self, **kwargs: Any) -> None:
        hint = "Its name or a part of it, its key, its ODS code or its CQC provider id."
        super().__init__(**{"label": "Employer", "max_length": 250, "help_text": hint, **kwargs})

    def clean(self, value: Any) -> Employer:
        """Raises ``ValidationError`` where none fits, and where several do."""
        typed = " ".join(str(super().clean(value)).split())
        named = Q(key__iexact=typed) | Q(ods_code__iexact=typed) | Q(cqc_provider_id__iexact=typed)
        exact = list(Employer.objects.filter(named | Q(name__iexact=typed))[:2])
        if len(exact) == 1:
            return exact[0]
        found = list(Employer.objects.filter(name__icontains=typed)[: _LISTED + 1])
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError("No employer fits. Look it up among the employers on the desk.")
        listed = "; ".join(f"{each.name} ({each.key})" for each in found[:_LISTED])
        more = "; and more" if len(found) > _LISTED else ""
        raise forms.ValidationError(
            f"Several employers fit: {listed}{more}. Type the key of the one you mean."
        )
