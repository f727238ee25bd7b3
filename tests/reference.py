"""The reference data as the project ships it: loaded once by the services, copied from then on.

Loading goes row by row and keeps a history, a fifth of a second each time; a copy of the rows as the database
holds them takes a few thousandths.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from django.db import connection, models

from notifications.models import Cause, ComplementaryCode, CriteriaRegime, Criterion, TaxonomyVersion
from notifications.services import load_reference
from regulator.legislation.models import Provision
from regulator.legislation.services import load_provisions

Rows = list[tuple[str, list[tuple[Any, ...]]]]
"""Of each table how a row is brought in, and its rows as the database holds them."""
_LOADED: Final[dict[Callable[[], Any], Rows]] = {}


def _ship(load: Callable[[], Any], *tables: Any) -> None:
    """Bring the rows of ``load``, with their history, into an empty database."""
    if load in _LOADED:
        with connection.cursor() as cursor:
            for insert, rows in _LOADED[load]:
                cursor.executemany(insert, rows)
        return
    load()
    _LOADED[load] = [_kept(each) for table in tables for each in (table, table.history.model)]


def _kept(table: type[models.Model]) -> tuple[str, list[tuple[Any, ...]]]:
    quoted = connection.ops.quote_name
    columns = [quoted(str(each.column)) for each in table._meta.concrete_fields]
    names, into = ", ".join(columns), quoted(table._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names} FROM {into}")
        rows = cursor.fetchall()
    return f"INSERT INTO {into} ({names}) VALUES ({', '.join(['%s'] * len(columns))})", rows


ship_reference = partial(
    _ship, load_reference, CriteriaRegime, Criterion, ComplementaryCode, TaxonomyVersion, Cause
)
"""The criteria with their regimes and complementary codes, and the taxonomy of causes."""
ship_provisions = partial(_ship, load_provisions, Provision)
"""The provisions of the Regulations."""
