"""The keys by which the work queue stands in order, and the indexes that serve them at any size.

Each is a column that the database itself computes and stores, never NULL, so that a page is found by
comparing (key, primary key) with the last row seen: ``regulator.casework.queue.paging``.
"""

from datetime import UTC, date, datetime
from typing import Any, ClassVar, Final

from django.db import models
from django.db.models import Case as Choice
from django.db.models import F, Func, Q, Value, When
from django.db.models.functions import Coalesce

HIGH: Final = 3
NOT_ASSESSED: Final = 0
"""``Case.Risk`` as it is stored; ``Case`` itself is made of what stands here."""
RANK: Final = 10**12
"""One place in the order of urgency. More than there are seconds until the year 9999."""
CLOSED: Final = 9 * RANK
"""From here on ``urgency`` is that of closed cases."""
NEVER: Final = date(9999, 12, 31)
_NEVER_SECONDS: Final = int(datetime(NEVER.year, NEVER.month, NEVER.day, tzinfo=UTC).timestamp())


class Seconds(Func):
    """A day or a moment as whole seconds since 1970, in UTC; NULL for NULL.

    What the database stores must not depend on anybody's time zone, and PostgreSQL insists that it does not.
    """

    arity = 1
    output_field: ClassVar["models.BigIntegerField[Any, Any]"] = models.BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # The sign of a format is doubled twice: for this template, and for the statement with its values.
        template = "CAST(STRFTIME('%%%%s', %(expressions)s) AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        [source] = self.get_source_expressions()
        is_moment = isinstance(source.output_field, models.DateTimeField)
        inside = "%(expressions)s AT TIME ZONE 'UTC'" if is_moment else "%(expressions)s"
        template = f"CAST(EXTRACT(EPOCH FROM {inside}) AS BIGINT)"
        return self.as_sql(compiler, connection, template=template, **context)


def _by(moment: F) -> Coalesce:
    return Coalesce(Seconds(moment), Value(_NEVER_SECONDS))


def urgency_column() -> "models.GeneratedField":
    """Open ones first: high risk, then what nobody has assessed, which may be anything, then medium and low.

    Among those not assessed the longest open first, among the others whatever is due first. Closed ones stand
    last, the latest closed first.
    """
    expression = Choice(
        When(closed_at__isnull=False, then=Value(CLOSED + _NEVER_SECONDS) - Seconds(F("closed_at"))),
        When(risk=HIGH, then=_by(F("next_due_on"))),
        When(risk=NOT_ASSESSED, then=Value(RANK) + _by(F("opened_at"))),
        default=Value((1 + HIGH) * RANK) - F("risk") * Value(RANK) + _by(F("next_due_on")),
        output_field=models.BigIntegerField(),
    )
    return models.GeneratedField(
        expression=expression, output_field=models.BigIntegerField(), db_persist=True
    )


def due_column() -> "models.GeneratedField":
    """By the next deadline; what has none stands last."""
    expression = Coalesce("next_due_on", Value(NEVER, output_field=models.DateField()))
    return models.GeneratedField(expression=expression, output_field=models.DateField(), db_persist=True)


def age_column() -> "models.GeneratedField":
    """By the moment of opening; a case that is not opened yet by when it was begun."""
    expression = Coalesce("opened_at", "created_at")
    return models.GeneratedField(expression=expression, output_field=models.DateTimeField(), db_persist=True)


_OPEN: Final = Q(closed_at__isnull=True)
INDEXES: Final = (
    models.Index(fields=["urgency", "id"], name="casework_case_urgency"),
    models.Index(fields=["kind", "urgency", "id"], name="casework_case_kind_urgency"),
    models.Index(fields=["due_order", "id"], name="casework_case_due_order"),
    models.Index(fields=["due_order", "id"], name="casework_case_due_order_open", condition=_OPEN),
    models.Index(fields=["age_order", "id"], name="casework_case_age_order"),
    models.Index(fields=["age_order", "id"], name="casework_case_age_order_open", condition=_OPEN),
)
"""Together with the conditions that ``queue.orders`` states for open and for closed cases."""
