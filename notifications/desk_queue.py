"""What notifications bring to the work queue: filters that only they know, columns, deeds on many at once.

Rules are the services'.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, Final, cast

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet, Value

from notifications import services
from notifications.desk import RiskForm, told_of
from notifications.models import (
    MODALITY_OF,
    Acknowledgement,
    Basis,
    Cause,
    Criterion,
    Notification,
    SubModality,
)
from notifications.queries import KIND
from notifications.services.acknowledge import ACKNOWLEDGED_WHERE, acknowledgement_refusal
from regulator.accounts.models import User
from regulator.casework.desk import DESK_EXTRAS, QUEUE_MARKS, DeskAction, DeskExtra, DeskForm, QueueMark
from regulator.casework.models import Case
from regulator.casework.queue.filters import choice, day
from regulator.casework.queue.registries import (
    BULK_DEEDS,
    EXPORT_COLUMNS,
    QUEUE_FILTERS,
    BulkDeed,
    Column,
    KindFilters,
)

_TIERS: Final = ("tier1", "tier2", "tier3")


@dataclass(frozen=True, slots=True)
class Reference:
    """The causes and the codes that there are, whatever their edition: tiers as labelled, codes by regime."""

    causes: frozenset[tuple[str, ...]]
    codes: frozenset[tuple[str, str, str]]

    def labels(self, tier: int, within: Iterable[str] = ()) -> list[tuple[str, str]]:
        """What stands in a tier (from 0), below the labels chosen of the tiers above it."""
        above = tuple(within)
        fitting = {
            cause[tier]
            for cause in self.causes
            if all(chosen in ("", label) for chosen, label in zip(above, cause, strict=False))
        }
        return [(label, label) for label in sorted(fitting)]

    def regimes(self) -> list[tuple[str, str]]:
        return sorted({(key, label) for key, label, _ in self.codes})

    def codes_of(self, regime: str = "") -> list[tuple[str, str]]:
        """The codes of a regime, or of any, as numbers run: 2 before 10."""
        found = {code for key, _, code in self.codes if regime in ("", key)}
        return [(code, code) for code in sorted(found, key=_as_numbers)]


def _as_numbers(code: str) -> list[tuple[int, str]]:
    return [(int(part) if part.isdigit() else 0, part) for part in code.split(".")]


def read_reference() -> Reference:
    """Causes and codes together (one query)."""
    causes = Cause.objects.order_by().values_list(Value("cause"), *_TIERS)
    codes = Criterion.objects.order_by().values_list(Value("code"), "regime__key", "regime__label", "code")
    rows = list(causes.union(codes))
    return Reference(
        causes=frozenset(tuple(row[1:]) for row in rows if row[0] == "cause"),
        codes=frozenset((row[1], row[2], row[3]) for row in rows if row[0] == "code"),
    )


def make_filters() -> KindFilters:
    """Filters by what only a notification says of itself."""
    reference = cache(read_reference)
    tiers = {
        name: choice(
            f"Cause coded by CQC, tier {tier + 1}",
            partial(lambda tier: reference().labels(tier), tier),
            field_name=f"notification__cqc_cause__{name}",
        )
        for tier, name in enumerate(_TIERS)
    }
    regimes = choice("Criteria", lambda: reference().regimes(), field_name="notification__criteria_regime")
    codes = choice(
        "Notification code", lambda: reference().codes_of(), field_name="notification__criterion_code"
    )
    found = "notification__discovered_on"
    filters = {
        "basis": choice("Kind of notification", Basis.choices, field_name="notification__basis"),
        "sub_modality": choice("Sub-modality", SubModality.choices, field_name="notification__sub_modality"),
        "regime": regimes,
        "code": codes,
        **tiers,
        "discovered_from": day("Discovered from", field_name=found, lookup_expr="gte"),
        "discovered_to": day("Discovered until", field_name=found, lookup_expr="lte"),
    }
    return KindFilters(filters, narrow=lambda form: _narrow(form, reference()))


def _narrow(form: forms.Form, reference: Reference) -> None:
    """A tier below one that was chosen offers what stands under it; the codes are the chosen criteria's, the
    sub-modalities the modality's."""
    said = form.cleaned_data
    chosen = [str(said.get(name) or "") for name in _TIERS]
    for tier, name in enumerate(_TIERS[1:], start=1):
        _offer(form, name, reference.labels(tier, chosen[:tier]))
    _offer(form, "code", reference.codes_of(said.get("regime") or ""))
    if said.get("modality"):
        fitting = [each for each in SubModality.choices if MODALITY_OF[each[0]] == said["modality"]]
        _offer(form, "sub_modality", fitting)


def _offer(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    """Let the box offer ``choices``, and what was chosen already."""
    chosen = form.cleaned_data.get(name)
    kept = [(chosen, chosen)] if chosen and chosen not in dict(choices) else []
    cast("Any", form.fields[name].widget).choices = [("", "Any"), *kept, *choices]


class BulkTriageForm(RiskForm):
    """One risk, one reason and one lead for all of them. What is noted of a single one is noted on its own
    page."""

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        self.fields["reason"].help_text = (
            "Needed where another risk is suggested: such a case stays as it is without one. Kept for good; "
            "the employer does not see it."
        )


def _of(case: Case) -> Notification:
    notification = Notification.objects.get(pk=case.pk)
    notification.case = case
    return notification


def _triage(*, case: Case, by: User, version: int, **cleaned: Any) -> None:
    services.triage(notification=_of(case), by=by, version=version, **cleaned)


def _suggested(cases: Sequence[Case]) -> dict[int, str]:
    """What is suggested for each, and why (four queries at any number)."""
    found = services.suggestions([case.pk for case in cases])
    return {key: told_of(suggestion) for key, suggestion in found.items()}


def _acknowledge(*, case: Case, by: User, version: int) -> None:
    services.acknowledge(notification=_of(case), by=by, version=version)


def _acknowledgeable(case: Case, by: User) -> str:
    return acknowledgement_refusal(case)


ACKNOWLEDGE: Final = DeskAction(
    "acknowledge",
    "Acknowledge",
    "notifications.triage",
    DeskForm,
    _acknowledge,
    condition=_acknowledgeable,
)
BULK_TRIAGE: Final = DeskAction(
    "triage", "Triage", "notifications.triage", BulkTriageForm, _triage, transition="triage"
)


def with_acknowledgement(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Cases that know whether they were acknowledged."""
    told = Acknowledgement.objects.filter(notification=OuterRef("pk"))
    return cases.annotate(is_acknowledged=Exists(told))


def not_acknowledged() -> Q:
    """Notifications that wait for somebody to tell the employer that they were read."""
    told = Acknowledgement.objects.filter(notification=OuterRef("pk"))
    return Q(kind=KIND, status__in=ACKNOWLEDGED_WHERE) & ~Q(Exists(told))


_BASES: Final = dict(Basis.choices)
_SUB_MODALITIES: Final = dict(SubModality.choices)


def _text(value: str | None) -> str | None:
    return value


def _column(heading: str, path: str, cell: Callable[[Any], object] = _text) -> Column:
    return Column(heading, (f"notification__{path}",), cell)


COLUMNS: Final = (
    _column("Kind of notification", "basis", _BASES.get),
    _column("Sub-modality", "sub_modality", _SUB_MODALITIES.get),
    _column("Criteria", "criteria_regime"),
    _column("Notification code", "criterion_code"),
    _column("Incident on", "occurred_on"),
    _column("Discovered on", "discovered_on"),
    *(_column(f"Cause coded by CQC, tier {n}", f"cqc_cause__tier{n}") for n in (1, 2, 3)),
    _column("Acknowledged on", "acknowledgement__at"),
)


def contribute() -> None:
    """Register it all, once, when Django is ready."""
    QUEUE_FILTERS.register(KIND, make_filters)
    QUEUE_MARKS.register("not_acknowledged", QueueMark("Not acknowledged yet", not_acknowledged))
    DESK_EXTRAS.register("notifications.acknowledge", DeskExtra(KIND, actions=(ACKNOWLEDGE,)))
    BULK_DEEDS.register("triage", BulkDeed(BULK_TRIAGE, KIND, telling=_suggested))
    BULK_DEEDS.register("acknowledge", BulkDeed(ACKNOWLEDGE, KIND, with_acknowledgement))
    EXPORT_COLUMNS.register("notifications", COLUMNS)
