"""What notifications contribute to risk: incidents, what came late, what came again, harm, and equipment."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final

from django.db.models import Q, QuerySet

from notifications.counting import counted
from notifications.in_force import criteria_in_force
from notifications.models import Harm, Notification
from regulator.deadlines.models import Deadline
from regulator.risk.incidents import Incident
from regulator.risk.indicators import (
    INCIDENTS,
    INDICATORS,
    REGIMES,
    REPORTS,
    RULES,
    Asked,
    Indicator,
    Report,
    Rule,
)

_LASTING: Final = (Harm.LASTING, Harm.DEATH)
_A_YEAR: Final = timedelta(days=366)


def incidents(asked: Asked) -> Iterator[Incident]:
    """Statutory notifications that stood, by the day of discovery (1 query).

    Severe is what was clinically significant, or harmed for good. Notifications of one failing machine share
    a root: the make and model, where the failure was the direct cause.
    """
    columns = ("pk", "case__employer_id", "case__modality", "discovered_on", "clinically_significant", "harm")
    equipment = ("equipment_failure", "equipment_manufacturer", "equipment_model")
    for pk, employer, modality, day, significant, harm, failed, maker, model in _discovered(
        asked
    ).values_list(*columns, *equipment):
        root = root_of(failed, maker, model)
        yield Incident(employer, modality, day, str(pk), bool(significant) or harm in _LASTING, root)


def root_of(failed: bool | None, maker: str, model: str) -> str:
    """What notifications of one failing machine share: its make and model, where the failure was the direct
    cause; else ``""``."""
    return _machine(maker, model) if failed and model else ""


def late_reports(asked: Asked) -> Iterable[tuple[int, int, int]]:
    """Investigation reports that came after their day, or have not come, of those that were due by the
    window's end; as extended (1 query)."""
    return _late(asked, "report")


def late_notices(asked: Asked) -> Iterable[tuple[int, int, int]]:
    """Notifications that came after their day, of all of the window (1 query)."""
    return _late(asked, "notify")


def recurrence(asked: Asked) -> Iterator[tuple[int, int, int]]:
    """Incidents with a cause that the employer had in the twelve months before, of all coded ones but the
    first (1 query)."""
    coded = _discovered(asked).exclude(cqc_cause=None).order_by("discovered_on", "pk")
    last: dict[tuple[int, int], date] = {}
    again, number = Counter[int](), Counter[int]()
    for employer, cause, day in coded.values_list("case__employer_id", "cqc_cause_id", "discovered_on"):
        if day is None or cause is None:
            continue  # neither is so in what was asked for
        before = last.get((employer, cause))
        again[employer] += before is not None and day - before <= _A_YEAR
        number[employer] += 1
        last[employer, cause] = day
    for employer, coded_ones in number.items():
        if coded_ones > 1:
            yield employer, again[employer], coded_ones - 1


def lasting_harm(asked: Asked) -> Iterable[tuple[int, int]]:
    """Incidents that harmed for good, or contributed to a death (1 query)."""
    held = _discovered(asked).filter(harm__in=_LASTING).values_list("case__employer_id", flat=True)
    return Counter(held).items()


def first_days() -> list[date]:
    """The days on which criteria began to hold."""
    return [each.effective_from for each in criteria_in_force().regimes if each.effective_from is not None]


def on_equipment(asked: Asked) -> Iterator[Report]:
    """Coded incidents that name a make and model, by the cause that CQC coded (1 query)."""
    named = _discovered(asked).exclude(equipment_model="").exclude(cqc_cause=None)
    columns = ("case__employer_id", "equipment_manufacturer", "equipment_model", "cqc_cause__rollup")
    for employer, maker, model, error in named.order_by("pk").values_list(*columns):
        yield Report(employer, _machine(maker, model), error)


def _discovered(asked: Asked) -> QuerySet[Notification]:
    window = asked.window
    found = counted().filter(discovered_on__range=(window.start, window.end), **asked.only())
    return found.exclude(case__modality="")


def _late(asked: Asked, kind: str) -> Iterator[tuple[int, int, int]]:
    """(employer, late, due) of the clocks of ``kind`` on notifications of the window."""
    end = asked.window.end
    due = Deadline.objects.filter(
        kind=kind, case__in=_discovered(asked).values("case"), ended_at=None
    ).order_by()
    settled = due.filter(Q(met_on__lte=end) | Q(due_on__lt=end))
    late, number = Counter[int](), Counter[int]()
    for employer, met_on, due_on in settled.values_list("case__employer_id", "met_on", "due_on"):
        number[employer] += 1
        late[employer] += due_on < (met_on if met_on is not None and met_on <= end else end)
    for employer, due_ones in number.items():
        yield employer, late[employer], due_ones


def _machine(maker: str, model: str) -> str:
    return " ".join(f"{maker} {model}".lower().split())


def contribute() -> None:
    """Register everything. Called once, when the application is ready."""
    INCIDENTS.register("notifications", incidents)
    for source in (
        Indicator(
            "late_reports", "Investigation reports that came late, of those that were due.", late_reports
        ),
        Indicator("late_notices", "Notifications that came late.", late_notices),
        Indicator("recurrence", "Incidents of a cause that was there the year before.", recurrence),
    ):
        INDICATORS.register(f"notifications.{source.weighs_as}", source)
    RULES.register(
        "lasting_harm",
        Rule(
            "Rule: lasting harm, or a part in a death, was notified in the last 12 months ({number}).",
            lasting_harm,
        ),
    )
    REGIMES.register("notifications", first_days)
    REPORTS.register("notifications", on_equipment)
