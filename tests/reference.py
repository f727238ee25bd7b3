"""The reference data as the project ships it: loaded once by the services, copied from then on.

Loading goes row by row and keeps a history, a fifth of a second each time; a copy of the rows takes a tenth.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from django.db import models

from notifications.models import Cause, ComplementaryCode, CriteriaRegime, Criterion, TaxonomyVersion
from notifications.services import load_reference
from regulator.legislation.models import Provision
from regulator.legislation.services import load_provisions

Rows = list[tuple[type[models.Model], list[models.Model]]]
_LOADED: Final[dict[Callable[[], Any], Rows]] = {}


def _ship(load: Callable[[], Any], *tables: Any) -> None:
    """Bring the rows of ``load``, with their history, into an empty database."""
    if load in _LOADED:
        for table, rows in _LOADED[load]:
            table._base_manager.bulk_create(rows)
        return
    load()
    both = [each for table in tables for each in (table, table.history.model)]
    _LOADED[load] = [(table, list(table._base_manager.all())) for table in both]


ship_reference = partial(
    _ship, load_reference, CriteriaRegime, Criterion, ComplementaryCode, TaxonomyVersion, Cause
)
"""The criteria with their regimes and complementary codes, and the taxonomy of causes."""
ship_provisions = partial(_ship, load_provisions, Provision)
"""The provisions of the Regulations."""
