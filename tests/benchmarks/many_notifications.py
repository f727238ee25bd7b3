"""Two years of notifications of any size, made by the database itself: each with its case, deadlines and
report, one in eight with an action. Everything but what the figures tell apart is copied from one row.
"""

from datetime import UTC, date, datetime
from typing import Final

from django.db import connection
from django.db.models import Model
from django.utils import timezone

from notifications.models import (
    MODALITY_OF,
    Cause,
    CorrectiveAction,
    InvestigationReport,
    Notification,
    RadionuclideExposure,
    SubModality,
)
from regulator.casework.models import Case
from regulator.deadlines.models import Deadline
from regulator.organisations.models import ActivityReturn, Employer, EmployerType
from tests.factories import UserFactory
from tests.reference import ship_reference

EMPLOYERS: Final = 400
DAYS: Final = 720
"""From 2 April 2022 on, so that half of them fall into 2022/23 and half into 2023/24."""
_KINDS: Final = 997
"""A prime: how often a kind of incident comes round."""
_BASE: Final = 10_000_000
"""Keys from here on, far from those of the rows that were made one by one."""


def fill(size: int) -> None:
    """``size`` notifications, one in a hundred withdrawn, one in fifty a voluntary report."""
    ship_reference()
    first = _employers()
    _kinds()
    case = _template()
    _check_keys(checked=False)
    moment = _moment(f"n % {DAYS}")
    filed = _moment(f"n % {DAYS} + 70")
    _multiply(
        Case,
        case,
        size,
        id=f"{_BASE} + n",
        reference="'BENCH-' || n",
        employer_id=f"{first} + ((n % {EMPLOYERS}) * 7919) % {EMPLOYERS}",
        modality="k.modality",
        status="CASE WHEN n % 100 = 7 THEN 'withdrawn' ELSE 'closed' END",
        opened_at=moment,
        closed_at=filed,
    )
    _multiply(
        Notification,
        case,
        size,
        case_id=f"{_BASE} + n",
        sub_modality="k.sub_modality",
        cqc_cause_id="k.cause_id",
        basis="CASE WHEN n % 50 = 3 THEN 'voluntary' ELSE 'statutory' END",
        exposed_group="CASE WHEN n % 4 = 3 THEN 'child' ELSE 'adult' END",
        equipment_type="CASE n % 3 WHEN 0 THEN 'CT scanner ' || (n % 700) WHEN 1 THEN 'Mobile ' || (n % 90)"
        " ELSE '' END",
    )
    for kind, late in (("notify", 20), ("report", 8)):
        template = Deadline.objects.get(case=case, kind=kind).pk
        base = _BASE * (2 if kind == "notify" else 4)
        met = f"CASE WHEN n % {late} = 1 THEN due_on ELSE start_on END"
        due = "start_on" if kind == "notify" else "due_on"
        _multiply(Deadline, template, size, id=f"{base} + n", case_id=f"{_BASE} + n", met_on=met, due_on=due)
    _multiply(InvestigationReport, case, size, notification_id=f"{_BASE} + n", filed_at=filed)
    strengths = "CASE n % 16 WHEN 0 THEN 'barrier' WHEN 8 THEN 'training' END"
    action = CorrectiveAction.objects.get().pk
    _multiply(
        CorrectiveAction,
        action,
        size,
        where="n % 8 = 0",
        id=f"{_BASE} + n",
        notification_id=f"{_BASE} + n",
        strength=strengths,
    )
    _multiply(
        RadionuclideExposure,
        case,
        size,
        where="k.modality = 'nuclear_medicine'",
        notification_id=f"{_BASE} + n",
    )
    _check_keys(checked=True)
    _measure()


def _employers() -> int:
    """The employers, each with its activity; the key of the first, from which the keys run on."""
    kinds = EmployerType.values
    made = Employer.objects.bulk_create(
        Employer(
            pk=_BASE + number,
            key=f"bench-{number}",
            name=f"Bench employer {number}",
            type=kinds[number % len(kinds)],
        )
        for number in range(EMPLOYERS)
    )
    ActivityReturn.objects.bulk_create(
        ActivityReturn(
            employer=employer,
            modality=modality,
            period_start=date(2023, 4, 1),
            period_end=date(2024, 3, 31),
            quantity=100_000,
            unit="episodes" if modality == "radiotherapy" else "examinations",
            source="Bench",
            completeness="complete",
        )
        for employer in made
        for modality in ("diagnostic_imaging", "radiotherapy", "nuclear_medicine")
    )
    return _BASE


def _kinds() -> None:
    """The kinds of incident in turn: imaging the most, each of a sub-modality and with one of its causes."""
    causes: dict[str, list[int]] = {}
    for key, modality in Cause.objects.values_list("pk", "modality"):
        causes.setdefault(modality, []).append(key)
    kinds = [SubModality.CT] * 4 + [SubModality.PLAIN_FILM] * 2 + list(SubModality)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE kind (i INTEGER, modality TEXT, sub_modality TEXT, cause_id INTEGER)"
        )
        rows = []
        for place in range(_KINDS):
            kind = kinds[place % len(kinds)]
            known = causes[MODALITY_OF[kind]]
            rows.append((place, MODALITY_OF[kind], kind.value, known[place % len(known)]))
        cursor.executemany("INSERT INTO kind VALUES (%s, %s, %s, %s)", rows)


def _template() -> int:
    """One notification with all that belongs to it, from which the others are copied; itself not counted."""
    person, day = UserFactory.create(), datetime(2020, 1, 1, 12, tzinfo=UTC)
    case = Case.objects.create(
        kind="notification",
        reference="BENCH-TEMPLATE",
        status="closed",
        employer_id=_BASE,
        modality="radiotherapy",
        opened_at=day,
        closed_at=day,
    )
    made = Notification.objects.create(
        case=case,
        sub_modality="external_beam",
        discovered_on=day.date(),
        cqc_cause=Cause.objects.first(),
        coded_at=day,
        coded_by=person,
        narrative="What happened, in a few sentences. " * 10,
    )
    for kind in ("notify", "report"):
        Deadline.objects.create(
            case=case,
            kind=kind,
            start_on=day.date(),
            due_on=date(2020, 3, 25),
            first_due_on=date(2020, 3, 25),
        )
    InvestigationReport.objects.create(notification=made, filed_by=person, filed_at=day)
    CorrectiveAction.objects.create(
        notification=made,
        strength="barrier",
        planned_for=day.date(),
        added_by=person,
        added_at=timezone.now(),
    )
    RadionuclideExposure.objects.create(notification=made, wrong_radiopharmaceutical=True)
    return case.pk


def _multiply(model: type[Model], template: int, size: int, where: str = "TRUE", **changed: str) -> None:
    """Copy the row with the key ``template`` for each n from 0; ``changed`` are expressions over n, the row
    and the kind ``k`` of n."""
    meta = model._meta
    columns = [str(field.column) for field in meta.concrete_fields if not field.generated]
    quote = connection.ops.quote_name
    told = ", ".join(f"({changed[each]})" if each in changed else f"t.{quote(each)}" for each in columns)
    numbers = (
        f"generate_series(0, {size - 1}) AS s(n)"
        if connection.vendor == "postgresql"
        else f"(WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n < {size - 1})"
        " SELECT n FROM c) AS s"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(meta.db_table)} ({', '.join(map(quote, columns))}) SELECT {told}"
            f" FROM {numbers} JOIN kind k ON k.i = n % {_KINDS}"
            f" JOIN {quote(meta.db_table)} t ON t.{quote(_key(model))} = {template} WHERE {where}"
        )


def _key(model: type[Model]) -> str:
    key = model._meta.pk
    assert key is not None
    return str(key.column)


def _moment(days: str) -> str:
    if connection.vendor == "postgresql":
        return f"TIMESTAMPTZ '2022-04-02 12:00+00' + ({days}) * INTERVAL '1 day'"
    return f"datetime('2022-04-02 12:00:00', '+' || ({days}) || ' days')"


def _check_keys(*, checked: bool) -> None:
    """Whether PostgreSQL looks up each foreign key of a row: for millions of copies that takes minutes."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET session_replication_role = {'origin' if checked else 'replica'}")


def _measure() -> None:
    """Let the database learn how much there is."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
