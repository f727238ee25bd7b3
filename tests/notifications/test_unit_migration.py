"""Units of dose that were typed freely become one of the list, and back."""

from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps

from notifications.models import ImagingExposure
from tests.factories import notification_in

pytestmark = pytest.mark.usefixtures("reference")

MIGRATION = import_module("notifications.migrations.0004_kinds_and_their_fields")


@pytest.mark.parametrize(
    ("typed", "key", "method"),
    [
        ("mGy", "mgy", "DLP"),
        ("cGy·cm²", "cgy_cm2", "DLP"),
        ("cGycm2", "cgy_cm2", "DLP"),
        ("Gy cm^2", "gy_cm2", "DLP"),
        ("rad", "other", "Unit: rad. DLP"),
        ("", "", "DLP"),
    ],
)
def test_a_unit_that_was_typed_is_found_on_the_list_or_kept_beside_the_method(
    typed: str, key: str, method: str
) -> None:
    draft = notification_in("draft")
    row = ImagingExposure.objects.filter(pk=draft.pk)
    row.update(other_unit=typed, other_value=Decimal(2))
    MIGRATION.choose_units(apps, None)
    assert row.values_list("other_unit", "estimation_method").get() == (key, method)
    if key not in ("", "other"):
        MIGRATION.name_units(apps, None)
        MIGRATION.choose_units(apps, None)
        assert row.get().other_unit == key
